"""The mentor's pages: requests, agenda, hours, records, ledger."""

from flask import Blueprint

from app.web.mentor import (
    absences,
    agenda,
    board,
    hours,
    reports,
    requests,
    sessions,
    special_days,
)

blueprint = Blueprint("mentor", __name__)
requests.register(blueprint)
board.register(blueprint)
agenda.register(blueprint)
hours.register(blueprint)
special_days.register(blueprint)
sessions.register(blueprint)
absences.register(blueprint)
reports.register(blueprint)

__all__ = ["blueprint"]
