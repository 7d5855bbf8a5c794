"""The main road as other systems read it: one thing at a time, codes as they are kept."""

from app.queries.exchange.alternatives import (
    Wanted,
    alternatives_for,
    alternatives_to,
    other_times,
)
from app.queries.exchange.availability import (
    AvailabilityDetail,
    ClinicDetail,
    availability_detail,
    clinic_detail,
)
from app.queries.exchange.bookings import (
    BookingDetail,
    BookingPage,
    booking_detail,
    bookings_page,
)
from app.queries.exchange.needs import NeedDetail, TopicDetail, need_detail
from app.queries.exchange.outcomes import ActionDetail, OutcomeDetail, outcome_detail
from app.queries.exchange.service_sessions import (
    AttendanceDetail,
    DecisionDetail,
    DisputeDetail,
    ServiceSessionDetail,
    dispute_detail,
    service_session_detail,
)
from app.queries.exchange.terms import (
    LeavesDetail,
    TermsDetail,
    leaves_detail,
    terms_detail,
)
from app.queries.exchange.times import FreeTimeDetail, FreeTimesPage, TimesAsked, free_times_page

__all__ = [
    "ActionDetail",
    "AttendanceDetail",
    "AvailabilityDetail",
    "BookingDetail",
    "BookingPage",
    "ClinicDetail",
    "DecisionDetail",
    "DisputeDetail",
    "FreeTimeDetail",
    "FreeTimesPage",
    "LeavesDetail",
    "NeedDetail",
    "OutcomeDetail",
    "ServiceSessionDetail",
    "TermsDetail",
    "TimesAsked",
    "TopicDetail",
    "Wanted",
    "alternatives_for",
    "alternatives_to",
    "availability_detail",
    "booking_detail",
    "bookings_page",
    "clinic_detail",
    "dispute_detail",
    "free_times_page",
    "leaves_detail",
    "need_detail",
    "other_times",
    "outcome_detail",
    "service_session_detail",
    "terms_detail",
]
