"""What the pages of a founder's road show: proposals, times, bookings, meetings."""

from app.queries.booking_pages.bookings import FOUNDER_REASONS, BookingView, booking_of, bookings_of
from app.queries.booking_pages.checks import CheckPage, check_page
from app.queries.booking_pages.meetings import MeetingPage, meeting_page
from app.queries.booking_pages.needs import NeedView, need_of
from app.queries.booking_pages.offer import Slot
from app.queries.booking_pages.proposals import ProposalsPage, ProposalView, proposals_page
from app.queries.booking_pages.stages import COMING, OPEN, Stage
from app.queries.booking_pages.time_offers import OfferedTime, TimesOffered, times_offered
from app.queries.booking_pages.times import (
    Asked,
    TimesPage,
    circumstances,
    times_for_booking,
    times_for_need,
)

__all__ = [
    "COMING",
    "FOUNDER_REASONS",
    "OPEN",
    "Asked",
    "BookingView",
    "CheckPage",
    "MeetingPage",
    "NeedView",
    "OfferedTime",
    "ProposalView",
    "ProposalsPage",
    "Slot",
    "Stage",
    "TimesOffered",
    "TimesPage",
    "booking_of",
    "bookings_of",
    "check_page",
    "circumstances",
    "meeting_page",
    "need_of",
    "proposals_page",
    "times_for_booking",
    "times_for_need",
    "times_offered",
]
