"""The first version of the API: a file for each noun, JSON in, a use case, JSON out."""

from flask import Blueprint

from app.api.v1 import (
    bookings,
    counts,
    desk_entries,
    document,
    experts,
    needs,
    outcomes,
    panels,
    persons,
    service_sessions,
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
    counts,
    document,
):
    noun.register(blueprint)

__all__ = ["blueprint"]
