"""The verbs of a booking."""

from app.services.bookings.answering import accept, decline
from app.services.bookings.claims import close_days
from app.services.bookings.deputising import accept_as_deputy, decline_as_deputy
from app.services.bookings.ending import cancel, expire, release, withdraw
from app.services.bookings.falling_out import fall_out
from app.services.bookings.giving import give_slot
from app.services.bookings.holding import hold, request, request_now
from app.services.bookings.moving import move
from app.services.bookings.offering import offer_times
from app.services.bookings.offers import LAPSE
from app.services.bookings.placing import Choice
from app.services.bookings.reassigning import reassign
from app.services.bookings.resuming import lift, resume, suspended_by
from app.services.bookings.suspending import end_causes, pass_to, suspend
from app.services.bookings.taking import decline_offer, lapse_offer, take_offer
from app.services.bookings.waiting import REOFFER, offer_freed
from app.services.bookings.waiting_answers import (
    join_line,
    lapse_place,
    leave_line,
    pass_place,
    take_place,
)

__all__ = [
    "LAPSE",
    "REOFFER",
    "Choice",
    "accept",
    "accept_as_deputy",
    "cancel",
    "close_days",
    "decline",
    "decline_as_deputy",
    "decline_offer",
    "end_causes",
    "expire",
    "fall_out",
    "give_slot",
    "hold",
    "join_line",
    "lapse_offer",
    "lapse_place",
    "leave_line",
    "lift",
    "move",
    "offer_freed",
    "offer_times",
    "pass_place",
    "pass_to",
    "reassign",
    "release",
    "request",
    "request_now",
    "resume",
    "suspend",
    "suspended_by",
    "take_offer",
    "take_place",
    "withdraw",
]
