"""The mentor's pages: requests, calendar, hours, records, ledger."""

from flask import Blueprint

from app.web.mentor import (
    absences,
    appeals,
    board,
    calendar,
    calendars,
    certificates,
    clinics,
    diagnoses,
    duty,
    hearing,
    hours,
    leaves,
    months,
    reports,
    requests,
    reviews,
    sessions,
    signing,
    standing_aside,
    times,
    written_answers,
)

blueprint = Blueprint("mentor", __name__)
requests.register(blueprint)
times.register(blueprint)
board.register(blueprint)
calendar.register(blueprint)
clinics.register(blueprint)
hours.register(blueprint)
calendars.register(blueprint)
leaves.register(blueprint)
sessions.register(blueprint)
months.register(blueprint)
duty.register(blueprint)
appeals.register(blueprint)
certificates.register(blueprint)
hearing.register(blueprint)
absences.register(blueprint)
reports.register(blueprint)
signing.register(blueprint)
standing_aside.register(blueprint)
written_answers.register(blueprint)
diagnoses.register(blueprint)
reviews.register(blueprint)

__all__ = ["blueprint"]
