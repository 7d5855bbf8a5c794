"""The founder's pages: home, needs, mentors, times, bookings, meetings, messages, directory."""

from flask import Blueprint

from app.web.founder import (
    absences,
    bookings,
    directory,
    home,
    inbox,
    meetings,
    needs,
    proposals,
    requests,
    times,
    why,
)

blueprint = Blueprint("founder", __name__)
for pages in (
    home,
    needs,
    proposals,
    why,
    times,
    requests,
    bookings,
    meetings,
    absences,
    inbox,
    directory,
):
    pages.register(blueprint)

__all__ = ["blueprint"]
