"""The bureau's pages: figures, the rows behind them, evidence, queues, the pool, the trail."""

from flask import Blueprint

from app.web.bureau import (
    agenda,
    board,
    bookings,
    corrections,
    desk,
    desk_people,
    disputes,
    evidence,
    imports,
    log,
    mentors,
    needs,
    outbox,
    outcomes,
    overview,
    panels,
    persons,
    place_feeds,
    reports,
    round_acts,
    rounds,
    rules,
    sessions,
    supply,
    tasks,
    waiting,
    waivers,
    why,
)

blueprint = Blueprint("bureau", __name__)
for group in (
    overview,
    agenda,
    sessions,
    evidence,
    corrections,
    outcomes,
    disputes,
    persons,
    waiting,
    tasks,
    needs,
    why,
    waivers,
    rounds,
    round_acts,
    board,
    supply,
    desk,
    desk_people,
    bookings,
    panels,
    mentors,
    imports,
    reports,
    rules,
    place_feeds,
    log,
    outbox,
):
    group.register(blueprint)

__all__ = ["blueprint"]
