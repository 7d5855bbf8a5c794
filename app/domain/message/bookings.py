"""What is told of bookings."""

from collections.abc import Mapping

from app.domain.calendar_entry import Method
from app.domain.message.notice import Audience, Notice
from app.domain.message.time_offers import TIME_OFFERS
from app.domain.message.waiting_lists import WAITING_LISTS

_FOUNDER, _MENTOR, _OFFICERS = Audience.FOUNDER, Audience.MENTOR, Audience.OFFICERS
_COMPANIONS = Audience.COMPANIONS
_BOOKING = "/bookings/{booking_id}"
_REQUESTS = "/mentor"
_AGENDA = "/mentor/calendar"
_MENTORS = "/needs/{need_id}/mentors"
_MEETING = "/sessions/{session_id}/confirm"

BOOKINGS: Mapping[str, tuple[Notice, ...]] = {
    "booking.requested": (
        Notice(
            to=_MENTOR,
            words="booking.requested",
            href=_REQUESTS,
            mail_while=frozenset({"requested"}),
        ),
    ),
    "booking.accepted": (
        Notice(
            to=_FOUNDER,
            words="booking.accepted",
            href=_BOOKING,
            mail_while=frozenset({"accepted", "fulfilled"}),
            calendar=Method.REQUEST,
        ),
        Notice(
            to=_MENTOR,
            words="booking.accepted.mentor",
            href=_AGENDA,
            mail_while=frozenset({"accepted", "fulfilled"}),
            calendar=Method.REQUEST,
        ),
        Notice(
            to=_COMPANIONS,
            words="booking.accepted.companion",
            href=_MEETING,
            mail_while=frozenset({"accepted", "fulfilled"}),
            calendar=Method.REQUEST,
        ),
    ),
    "booking.given": (
        Notice(
            to=_FOUNDER,
            words="booking.given.founder",
            href=_BOOKING,
            mail_while=frozenset({"accepted", "fulfilled"}),
            calendar=Method.REQUEST,
        ),
        Notice(
            to=_MENTOR,
            words="booking.given.mentor",
            href=_AGENDA,
            mail_while=frozenset({"accepted", "fulfilled"}),
            calendar=Method.REQUEST,
        ),
    ),
    "booking.declined": (
        Notice(
            to=_FOUNDER,
            words="booking.declined",
            href=_MENTORS,
            passed_on="booking.passed_on",
        ),
    ),
    "booking.expired": (
        Notice(
            to=_FOUNDER,
            words="booking.expired.founder",
            href=_MENTORS,
            passed_on="booking.passed_on",
        ),
        Notice(to=_MENTOR, words="booking.expired.mentor", href=_REQUESTS),
        Notice(to=_OFFICERS, words="booking.expired.officers", href="/bureau/needs", by_mail=False),
    ),
    "booking.withdrawn": (
        Notice(to=_MENTOR, words="booking.withdrawn", href=_REQUESTS, unless_by="mentor"),
        Notice(to=_FOUNDER, words="booking.withdrawn", href=_BOOKING, unless_by="founder"),
    ),
    "booking.cancelled": (
        Notice(
            to=_FOUNDER,
            words="booking.cancelled.founder",
            href=_MENTORS,
            unless_by="founder",
            calendar=Method.CANCEL,
        ),
        Notice(
            to=_MENTOR,
            words="booking.cancelled.mentor",
            href=_REQUESTS,
            unless_by="mentor",
            calendar=Method.CANCEL,
        ),
        Notice(
            to=_FOUNDER,
            words="booking.cancelled.by_founder",
            href=_MENTORS,
            only_by="founder",
            calendar=Method.CANCEL,
        ),
        Notice(
            to=_MENTOR,
            words="booking.cancelled.by_mentor",
            href=_AGENDA,
            only_by="mentor",
            calendar=Method.CANCEL,
        ),
        Notice(
            to=_COMPANIONS,
            words="booking.cancelled.companion",
            href=_MEETING,
            calendar=Method.CANCEL,
        ),
    ),
    "booking.moved": (
        Notice(to=_FOUNDER, words="booking.moved.founder", href=_BOOKING, calendar=Method.REQUEST),
        Notice(to=_MENTOR, words="booking.moved.mentor", href=_REQUESTS, calendar=Method.REQUEST),
        Notice(
            to=_COMPANIONS,
            words="booking.moved.companion",
            href=_MEETING,
            calendar=Method.REQUEST,
        ),
    ),
    "booking.member_joined": (
        Notice(
            to=Audience.EXPERT,
            words="booking.accepted.mentor",
            href=_AGENDA,
            calendar=Method.REQUEST,
        ),
        Notice(to=_FOUNDER, words="booking.member_joined", href=_BOOKING, calendar=Method.REQUEST),
    ),
    "booking.member_left": (
        Notice(
            to=Audience.EXPERT,
            words="booking.cancelled.by_mentor",
            href=_AGENDA,
            calendar=Method.CANCEL,
        ),
        Notice(to=_FOUNDER, words="booking.member_left", href=_BOOKING, calendar=Method.REQUEST),
        Notice(to=_MENTOR, words="booking.member_left", href=_AGENDA, calendar=Method.REQUEST),
    ),
    "booking.member_out": (
        Notice(
            to=Audience.EXPERT,
            words="booking.member_out.expert",
            href=_AGENDA,
            calendar=Method.CANCEL,
        ),
        Notice(to=_FOUNDER, words="booking.member_left", href=_BOOKING, calendar=Method.REQUEST),
        Notice(to=_MENTOR, words="booking.member_left", href=_AGENDA, calendar=Method.REQUEST),
    ),
    "booking.panel_short": (
        Notice(to=_FOUNDER, words="booking.panel_short", href=_BOOKING),
        Notice(
            to=_OFFICERS, words="booking.panel_short.officers", href="/bureau/tasks", by_mail=False
        ),
    ),
    "booking.panel_off": (
        Notice(to=_FOUNDER, words="booking.panel_off", href=_BOOKING),
        Notice(to=_MENTOR, words="booking.panel_off.mentor", href=_REQUESTS),
        Notice(
            to=_OFFICERS,
            words="booking.panel_off.officers",
            href="/bureau/needs/{need_id}",
            by_mail=False,
        ),
    ),
    "booking.suspended": (
        Notice(to=_FOUNDER, words="booking.suspended", href=_BOOKING),
        Notice(to=_MENTOR, words="booking.suspended", href=_AGENDA),
        Notice(to=_COMPANIONS, words="booking.suspended", href=_MEETING),
    ),
    "booking.resumed": (
        Notice(to=_FOUNDER, words="booking.resumed", href=_BOOKING),
        Notice(to=_MENTOR, words="booking.resumed", href=_AGENDA),
        Notice(to=_COMPANIONS, words="booking.resumed", href=_MEETING),
    ),
    "booking.asked_again": (
        Notice(to=_FOUNDER, words="booking.asked_again", href=_BOOKING),
        Notice(
            to=_MENTOR,
            words="booking.requested",
            href=_REQUESTS,
            mail_while=frozenset({"requested"}),
        ),
    ),
    "booking.answer_due": (
        Notice(
            to=_MENTOR,
            words="booking.answer_due",
            href=_REQUESTS,
            mail_while=frozenset({"requested"}),
        ),
    ),
    "booking.reassigned": (
        Notice(
            to=_FOUNDER,
            words="booking.reassigned.founder",
            href=_BOOKING,
            calendar=Method.CANCEL,
        ),
        Notice(
            to=_MENTOR,
            words="booking.reassigned.mentor",
            href=_AGENDA,
            calendar=Method.CANCEL,
        ),
        Notice(
            to=_COMPANIONS,
            words="booking.cancelled.companion",
            href=_MEETING,
            calendar=Method.CANCEL,
        ),
    ),
    "booking.superseded": (
        Notice(to=_FOUNDER, words="booking.superseded.founder", href=_BOOKING, by_mail=False),
        Notice(to=_MENTOR, words="booking.superseded.mentor", href=_REQUESTS),
    ),
    **TIME_OFFERS,
    **WAITING_LISTS,
}
