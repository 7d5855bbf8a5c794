"""The first version of the API: a file for each noun, JSON in, a use case, JSON out."""

from flask import Blueprint

from app.api.v1 import (
    agendas,
    bookings,
    counts,
    desk_entries,
    document,
    experts,
    holds,
    needs,
    outcomes,
    panels,
    persons,
    service_sessions,
    time_offers,
)

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")
for noun in (
    needs,
    panels,
    experts,
    bookings,
    service_sessions,
    outcomes,
    persons,
    desk_entries,
    holds,
    time_offers,
    agendas,
    counts,
    document,
):
    noun.register(blueprint)

__all__ = ["blueprint"]
