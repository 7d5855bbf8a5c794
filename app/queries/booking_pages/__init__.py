"""What the pages of a founder's road show: proposals, times, bookings, meetings."""

from app.queries.booking_pages.bookings import (
    COMING,
    TO_CONFIRM,
    BookingView,
    Stage,
    booking_of,
    bookings_of,
)
from app.queries.booking_pages.meetings import MeetingPage, meeting_page
from app.queries.booking_pages.proposals import (
    NeedView,
    ProposalsPage,
    need_of,
    proposals_page,
)
from app.queries.booking_pages.times import (
    Asked,
    TimesPage,
    place_of,
    times_for_booking,
    times_for_need,
)

__all__ = [
    "COMING",
    "TO_CONFIRM",
    "Asked",
    "BookingView",
    "MeetingPage",
    "NeedView",
    "ProposalsPage",
    "Stage",
    "TimesPage",
    "booking_of",
    "bookings_of",
    "meeting_page",
    "need_of",
    "place_of",
    "proposals_page",
    "times_for_booking",
    "times_for_need",
]
