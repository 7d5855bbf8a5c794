"""Who hears of what, and where the message leads."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.domain.job import DeliveryState


class UnknownEventError(LookupError):
    """An event was told that no row of the table names."""


class Audience(StrEnum):
    """Whom an event concerns."""

    FOUNDER = "founder"
    MENTOR = "mentor"
    MENTORS = "mentors"
    OFFICERS = "officers"
    MAKER = "maker"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What one audience is told of an event.

    Attributes:
        to: the audience.
        words: key of the wording.
        href: pattern of the page it leads to.
        by_mail: whether a letter goes out besides.
        passed_on: the wording instead, where another mentor was asked in the same step.
        unless_by: the side that did it itself and need not be told.
        absent: told only when this side was reported absent.
        mail_while: the states of the subject in which a letter is of use; empty means always.
    """

    to: Audience
    words: str
    href: str
    by_mail: bool = True
    passed_on: str | None = None
    unless_by: str | None = None
    absent: str | None = None
    mail_while: frozenset[str] = frozenset()


_FOUNDER, _MENTOR, _OFFICERS = Audience.FOUNDER, Audience.MENTOR, Audience.OFFICERS
_MAKER = Audience.MAKER
_BOOKING = "/bookings/{booking_id}"
_REQUESTS = "/mentor"
_REPORT = "/mentor/sessions/{session_id}/report"
_EVIDENCE = "/bureau/sessions/{reference}"
_MENTORS = "/needs/{need_id}/mentors"
_TIMES = "/mentor/availability"
_WAIVER = "/bureau/needs/{need_id}/waivers/{expert_id}"
_BOARD = "/needs/{need_id}/board"
_DESK = "/bureau/needs/{need_id}"

EVENTS: Mapping[str, tuple[Notice, ...]] = {
    "need.submitted": (Notice(to=_FOUNDER, words="need.submitted", href=_MENTORS, by_mail=False),),
    "need.bureau_asked": (
        Notice(to=_FOUNDER, words="need.bureau_asked.founder", href=_MENTORS, by_mail=False),
        Notice(to=_OFFICERS, words="need.bureau_asked.officers", href="/bureau/needs"),
    ),
    "need.unmatched": (
        Notice(to=_FOUNDER, words="need.unmatched.founder", href=_MENTORS),
        Notice(to=_OFFICERS, words="need.unmatched.officers", href=_DESK),
    ),
    "board_post.drafted": (Notice(to=_FOUNDER, words="board_post.drafted", href=_BOARD),),
    "board_post.opened": (
        Notice(to=_OFFICERS, words="board_post.opened.officers", href=_DESK, by_mail=False),
        Notice(
            to=Audience.MENTORS,
            words="board_post.opened.mentors",
            href="/mentor/board/{post_id}",
            by_mail=False,
        ),
    ),
    "board_post.refused": (
        Notice(to=_OFFICERS, words="board_post.refused", href=_DESK, by_mail=False),
    ),
    "board_post.withdrawn": (
        Notice(to=_FOUNDER, words="board_post.withdrawn", href=_BOARD, unless_by="founder"),
        Notice(
            to=_OFFICERS,
            words="board_post.withdrawn",
            href=_DESK,
            by_mail=False,
            unless_by="bureau",
        ),
    ),
    "board_post.expired": (
        Notice(to=_FOUNDER, words="board_post.expired.founder", href=_MENTORS),
        Notice(to=_OFFICERS, words="board_post.expired.officers", href=_DESK, by_mail=False),
    ),
    "board_claim.offered": (Notice(to=_FOUNDER, words="board_claim.offered", href=_MENTORS),),
    "board_claim.withdrawn": (
        Notice(to=_FOUNDER, words="board_claim.withdrawn", href=_MENTORS, by_mail=False),
    ),
    "board_claim.lapsed": (
        Notice(to=_MENTOR, words="board_claim.lapsed", href="/mentor/board", by_mail=False),
    ),
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
        Notice(to=_FOUNDER, words="booking.cancelled.founder", href=_MENTORS, unless_by="founder"),
        Notice(to=_MENTOR, words="booking.cancelled.mentor", href=_REQUESTS, unless_by="mentor"),
    ),
    "booking.moved": (
        Notice(to=_FOUNDER, words="booking.moved.founder", href=_BOOKING),
        Notice(to=_MENTOR, words="booking.moved.mentor", href=_REQUESTS),
    ),
    "booking.suspended": (
        Notice(to=_FOUNDER, words="booking.suspended", href=_BOOKING),
        Notice(to=_MENTOR, words="booking.suspended", href=_REQUESTS),
    ),
    "service_session.reminded": (
        Notice(to=_FOUNDER, words="service_session.reminded.founder", href=_BOOKING),
        Notice(to=_MENTOR, words="service_session.reminded.mentor", href=_REPORT),
    ),
    "service_session.no_show": (
        Notice(to=_FOUNDER, words="service_session.no_show", href=_BOOKING, absent="founder"),
        Notice(to=_MENTOR, words="service_session.no_show", href=_REPORT, absent="mentor"),
    ),
    "outcome.record_due": (Notice(to=_MENTOR, words="outcome.record_due", href=_REPORT),),
    "outcome.recorded": (Notice(to=_FOUNDER, words="outcome.recorded", href=_BOOKING),),
    "outcome.confirm_due": (Notice(to=_FOUNDER, words="outcome.confirm_due", href=_BOOKING),),
    "outcome.confirmed": (
        Notice(to=_MENTOR, words="outcome.confirmed", href=_REPORT, by_mail=False),
    ),
    "outcome.certified": (
        Notice(to=_FOUNDER, words="outcome.certified.founder", href=_BOOKING),
        Notice(to=_MENTOR, words="outcome.certified.mentor", href=_REPORT, by_mail=False),
    ),
    "outcome.unconfirmed": (Notice(to=_FOUNDER, words="outcome.unconfirmed", href=_BOOKING),),
    "outcome.disputed": (
        Notice(to=_MENTOR, words="outcome.disputed.mentor", href=_REPORT, unless_by="mentor"),
        Notice(to=_FOUNDER, words="outcome.disputed.founder", href=_BOOKING, unless_by="founder"),
        Notice(to=_OFFICERS, words="outcome.disputed.officers", href=_EVIDENCE),
    ),
    "dispute.ruled": (
        Notice(to=_FOUNDER, words="dispute.ruled", href=_BOOKING),
        Notice(to=_MENTOR, words="dispute.ruled", href=_REPORT),
    ),
    "correction.approved": (
        Notice(to=_OFFICERS, words="correction.approved", href=_EVIDENCE, by_mail=False),
    ),
    "waiver.proposed": (Notice(to=_OFFICERS, words="waiver.proposed", href=_WAIVER),),
    "waiver.approved": (
        Notice(to=_FOUNDER, words="waiver.approved.founder", href=_MENTORS),
        Notice(to=_MENTOR, words="waiver.approved.mentor", href=_REQUESTS),
    ),
    "waiver.cap_approved": (Notice(to=_FOUNDER, words="waiver.cap_approved", href=_MENTORS),),
    "batch.computed": (
        Notice(to=_MAKER, words="batch.computed", href="/bureau/rounds/{batch_id}", by_mail=False),
    ),
    "batch_pair.published": (
        Notice(
            to=_FOUNDER,
            words="batch_pair.published.founder",
            href=_MENTORS,
            mail_while=frozenset({"published"}),
        ),
        Notice(
            to=_MENTOR,
            words="batch_pair.published.mentor",
            href=_REQUESTS,
            mail_while=frozenset({"published"}),
        ),
    ),
    "batch_pair.withdrawn": (
        Notice(to=_FOUNDER, words="batch_pair.withdrawn.founder", href=_MENTORS),
        Notice(to=_MENTOR, words="batch_pair.withdrawn.mentor", href=_REQUESTS),
    ),
    "batch_pair.time_wanted": (Notice(to=_MENTOR, words="batch_pair.time_wanted", href=_TIMES),),
    "batch_pair.place_wanted": (Notice(to=_MENTOR, words="batch_pair.place_wanted", href=_TIMES),),
    "period.closed": (
        Notice(to=_OFFICERS, words="period.closed", href="/bureau/reports/{month}", by_mail=False),
    ),
}
_ABSENT = {
    "no_show_founder": frozenset({"founder"}),
    "no_show_mentor": frozenset({"mentor"}),
    "no_show_both": frozenset({"founder", "mentor"}),
    "tech_failure": frozenset({"founder", "mentor"}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One message to be sent to one address; the key is the same however often it is tried."""

    key: str
    address: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a letter, and what its carrier calls it."""

    state: DeliveryState
    reference: str | None = None
    reason: str | None = None


def notices(event: str, facts: Mapping[str, object]) -> tuple[Notice, ...]:
    """Return who is told of the event, as its facts have it.

    Args:
        event: its name.
        facts: `by` names the side that acted, `who` the absence that was reported.

    Raises:
        UnknownEventError: when the table does not name the event.
    """
    try:
        rows = EVENTS[event]
    except KeyError:
        raise UnknownEventError(event) from None
    absent = _ABSENT.get(str(facts.get("who")), frozenset())
    return tuple(
        row
        for row in rows
        if (row.unless_by is None or row.unless_by != facts.get("by"))
        and (row.absent is None or row.absent in absent)
    )
