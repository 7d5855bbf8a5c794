"""The bureau's pages: a room for each kind of work."""

from flask import Blueprint

from app.web.bureau import (
    administering,
    auditing,
    counter,
    counting,
    diagnosing,
    duty,
    pairing,
    plan,
    pool,
    queues,
    reporting,
    running,
    scheduling,
)

blueprint = Blueprint("bureau", __name__)
ROOMS = (
    counting,
    auditing,
    queues,
    counter,
    scheduling,
    pairing,
    pool,
    administering,
    diagnosing,
    duty,
    plan,
    reporting,
    running,
)
for room in ROOMS:
    for group in room.GROUPS:
        group.register(blueprint)

__all__ = ["blueprint"]
