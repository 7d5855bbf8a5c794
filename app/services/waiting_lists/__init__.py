"""A line of people who wait for one thing; what is kept for them is reserved by its own noun.

The nouns that free times or seats call `offer_next` with the way they reserve one, in the
transaction in which it becomes free: so nobody else can come first.
"""

from app.services.waiting_lists.ending import (
    OVER,
    close_for_need,
    close_for_person,
    close_line,
    end_at,
    lapse,
    leave,
    pass_over,
    take,
)
from app.services.waiting_lists.offering import LAPSE, Reservation, offer_next
from app.services.waiting_lists.standing import entry_of, join, standing

__all__ = [
    "LAPSE",
    "OVER",
    "Reservation",
    "close_for_need",
    "close_for_person",
    "close_line",
    "end_at",
    "entry_of",
    "join",
    "lapse",
    "leave",
    "offer_next",
    "pass_over",
    "standing",
    "take",
]
