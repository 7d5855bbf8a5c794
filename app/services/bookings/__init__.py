"""The verbs of a booking."""

from app.services.bookings.answering import accept, decline
from app.services.bookings.ending import cancel, expire, release, withdraw
from app.services.bookings.holding import hold, request, request_now
from app.services.bookings.moving import move
from app.services.bookings.placing import Choice

__all__ = [
    "Choice",
    "accept",
    "cancel",
    "decline",
    "expire",
    "hold",
    "move",
    "release",
    "request",
    "request_now",
    "withdraw",
]
