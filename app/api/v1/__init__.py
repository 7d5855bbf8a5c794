"""The first version of the API: a file for each noun, JSON in, a use case, JSON out."""

from flask import Blueprint

from app.api.v1 import (
    activities,
    agendas,
    availability,
    bookings,
    calendar,
    counter,
    counts,
    desk_entries,
    disputes,
    document,
    experts,
    holds,
    leaves,
    needs,
    outcomes,
    panels,
    paper_sheets,
    persons,
    places,
    service_sessions,
    tasks,
    terms,
    time_offers,
    waiting_lists,
    waivers,
    written_answers,
)

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")
for noun in (
    needs,
    panels,
    places,
    experts,
    availability,
    terms,
    leaves,
    bookings,
    holds,
    time_offers,
    agendas,
    waiting_lists,
    service_sessions,
    disputes,
    outcomes,
    waivers,
    persons,
    desk_entries,
    counter,
    paper_sheets,
    written_answers,
    tasks,
    calendar,
    counts,
    activities,
    document,
):
    noun.register(blueprint)

__all__ = ["blueprint"]
