"""The founder's pages: home, needs, mentors, times, bookings, meetings, directory."""

from flask import Blueprint

from app.web.founder import (
    absences,
    board,
    bookings,
    diagnoses,
    directory,
    follow_ups,
    home,
    meetings,
    needs,
    offers,
    proposals,
    requests,
    times,
    topics,
    waiting,
    why,
    written_answers,
)
from app.web.founder.own import GROUPS as OWN_GROUPS

blueprint = Blueprint("founder", __name__)
for pages in (
    home,
    needs,
    offers,
    proposals,
    why,
    topics,
    board,
    times,
    requests,
    bookings,
    waiting,
    meetings,
    absences,
    diagnoses,
    follow_ups,
    directory,
    written_answers,
    *OWN_GROUPS,
):
    pages.register(blueprint)

__all__ = ["blueprint"]
