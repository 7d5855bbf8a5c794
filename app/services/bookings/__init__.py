"""The verbs of a booking."""

from app.services.bookings.answering import accept, decline
from app.services.bookings.ending import cancel, expire, release, withdraw
from app.services.bookings.holding import hold, request, request_now
from app.services.bookings.moving import move
from app.services.bookings.offering import offer_times
from app.services.bookings.offers import LAPSE
from app.services.bookings.placing import Choice
from app.services.bookings.taking import decline_offer, lapse_offer, take_offer

__all__ = [
    "LAPSE",
    "Choice",
    "accept",
    "cancel",
    "decline",
    "decline_offer",
    "expire",
    "hold",
    "lapse_offer",
    "move",
    "offer_times",
    "release",
    "request",
    "request_now",
    "take_offer",
    "withdraw",
]
