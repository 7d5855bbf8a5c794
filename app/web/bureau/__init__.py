"""The bureau's pages: a room for each kind of work."""

from flask import Blueprint

from app.web.bureau import (
    administering,
    auditing,
    counter,
    counting,
    duty,
    pairing,
    pool,
    queues,
    running,
    scheduling,
)

blueprint = Blueprint("bureau", __name__)
for room in (
    counting,
    auditing,
    queues,
    counter,
    scheduling,
    pairing,
    pool,
    duty,
    running,
    administering,
):
    for group in room.GROUPS:
        group.register(blueprint)

__all__ = ["blueprint"]
