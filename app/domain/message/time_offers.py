"""What is told of times that one side of a booking offers to the other."""

from collections.abc import Mapping

from app.domain.calendar_entry import Method
from app.domain.message.notice import Audience, Notice

_FOUNDER, _MENTOR = Audience.FOUNDER, Audience.MENTOR
_REQUESTS = "/mentor"
_BOOKING = "/bookings/{booking_id}"
_MENTORS = "/needs/{need_id}/mentors"
_AGENDA = "/mentor/calendar"
_OFFER = "/mentor/requests/{booking_id}/propose"

TIME_OFFERS: Mapping[str, tuple[Notice, ...]] = {
    "booking.times_offered": (
        Notice(
            to=_FOUNDER,
            words="booking.times_offered",
            href=_BOOKING,
            mail_while=frozenset({"requested"}),
        ),
    ),
    "booking.offer_taken": (
        Notice(
            to=_FOUNDER,
            words="booking.offer_taken.founder",
            href=_BOOKING,
            mail_while=frozenset({"accepted", "fulfilled"}),
            calendar=Method.REQUEST,
        ),
        Notice(
            to=_MENTOR,
            words="booking.offer_taken.mentor",
            href=_AGENDA,
            mail_while=frozenset({"accepted", "fulfilled"}),
            calendar=Method.REQUEST,
        ),
        Notice(
            to=Audience.COMPANIONS,
            words="booking.accepted.companion",
            href="/sessions/{session_id}/confirm",
            mail_while=frozenset({"accepted", "fulfilled"}),
            calendar=Method.REQUEST,
        ),
    ),
    "booking.offer_refused": (
        Notice(
            to=_FOUNDER,
            words="booking.offer_refused.founder",
            href=_MENTORS,
            passed_on="booking.passed_on",
        ),
        Notice(to=_MENTOR, words="booking.offer_refused.mentor", href=_REQUESTS),
    ),
    "booking.move_offered": (
        Notice(
            to=_FOUNDER,
            words="booking.move_offered.founder",
            href=_BOOKING,
            unless_by="founder",
            mail_while=frozenset({"accepted"}),
        ),
        Notice(
            to=_MENTOR,
            words="booking.move_offered.mentor",
            href=_OFFER,
            unless_by="mentor",
            mail_while=frozenset({"accepted"}),
        ),
    ),
    "booking.move_refused": (
        Notice(to=_FOUNDER, words="booking.move_refused.founder", href=_BOOKING),
        Notice(to=_MENTOR, words="booking.move_refused.mentor", href=_OFFER),
    ),
}
