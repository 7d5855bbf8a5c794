"""The life of a booking: its states, its deadlines, what makes a cancellation late."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.domain.errors import ConflictError, InvalidInputError, RuleError

HOLD_LENGTH = timedelta(minutes=10)
LATE_CANCEL = timedelta(hours=24)
LATE_CANCEL_GRACE = timedelta(minutes=60)
LONGEST_SPAN = timedelta(hours=8)
OPEN_HOLDS_PER_FOUNDER = 2
OPEN_REQUESTS_PER_FOUNDER = 4
GRID_MINUTES = 15
ALTERNATIVES = 3


class BookingStatus(StrEnum):
    """States of decisions.md; claims on time are active in the first five."""

    ON_HOLD = "on_hold"
    REQUESTED = "requested"
    ACCEPTED = "accepted"
    SUSPENDED = "suspended"
    FULFILLED = "fulfilled"
    RELEASED = "released"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    NO_SHOW = "no_show"


class BookingEvent(StrEnum):
    """What may happen to a booking."""

    REQUEST = "request"
    RELEASE = "release"
    ACCEPT = "accept"
    DECLINE = "decline"
    WITHDRAW = "withdraw"
    EXPIRE = "expire"
    CANCEL = "cancel"
    MOVE = "move"
    SUSPEND = "suspend"
    RESUME_REQUEST = "resume_request"
    RESUME = "resume"
    FULFIL = "fulfil"
    MISS = "miss"
    VOID = "void"


CLAIMING = frozenset(
    {
        BookingStatus.ON_HOLD,
        BookingStatus.REQUESTED,
        BookingStatus.ACCEPTED,
        BookingStatus.SUSPENDED,
        BookingStatus.FULFILLED,
    }
)

TRANSITIONS: dict[tuple[BookingStatus, BookingEvent], BookingStatus] = {
    (BookingStatus.ON_HOLD, BookingEvent.REQUEST): BookingStatus.REQUESTED,
    (BookingStatus.ON_HOLD, BookingEvent.RELEASE): BookingStatus.RELEASED,
    (BookingStatus.REQUESTED, BookingEvent.ACCEPT): BookingStatus.ACCEPTED,
    (BookingStatus.REQUESTED, BookingEvent.DECLINE): BookingStatus.DECLINED,
    (BookingStatus.REQUESTED, BookingEvent.WITHDRAW): BookingStatus.WITHDRAWN,
    (BookingStatus.REQUESTED, BookingEvent.EXPIRE): BookingStatus.EXPIRED,
    (BookingStatus.REQUESTED, BookingEvent.MOVE): BookingStatus.REQUESTED,
    (BookingStatus.REQUESTED, BookingEvent.SUSPEND): BookingStatus.SUSPENDED,
    (BookingStatus.ACCEPTED, BookingEvent.CANCEL): BookingStatus.CANCELLED,
    (BookingStatus.ACCEPTED, BookingEvent.MOVE): BookingStatus.ACCEPTED,
    (BookingStatus.ACCEPTED, BookingEvent.SUSPEND): BookingStatus.SUSPENDED,
    (BookingStatus.ACCEPTED, BookingEvent.FULFIL): BookingStatus.FULFILLED,
    (BookingStatus.ACCEPTED, BookingEvent.MISS): BookingStatus.NO_SHOW,
    (BookingStatus.FULFILLED, BookingEvent.VOID): BookingStatus.CANCELLED,
    (BookingStatus.SUSPENDED, BookingEvent.RESUME_REQUEST): BookingStatus.REQUESTED,
    (BookingStatus.SUSPENDED, BookingEvent.RESUME): BookingStatus.ACCEPTED,
    (BookingStatus.SUSPENDED, BookingEvent.CANCEL): BookingStatus.CANCELLED,
}


class IllegalTransitionError(ConflictError):
    """The booking is not in a state in which this may happen."""

    default_code = "booking.illegal_transition"


class TimeTakenError(ConflictError):
    """Somebody else holds a part of this time; `alternatives` names the nearest free spans."""

    default_code = "booking.time_taken"


class FounderBusyError(ConflictError):
    """The founder has another meeting at this time."""

    default_code = "booking.founder_busy"


class TooManyOpenError(RuleError):
    """The founder has as many open holds or requests as allowed."""

    default_code = "booking.too_many_open"


class HoldOverError(ConflictError):
    """The hold has run out; the time may be somebody else's by now."""

    default_code = "booking.hold_over"


class AnswerOverError(ConflictError):
    """The time to answer has passed; the request goes to somebody else."""

    default_code = "booking.answer_over"


class MoveTooLateError(RuleError):
    """Less than 24 h before a meeting its time is no longer moved by one side alone."""

    default_code = "booking.move_too_late"


class AlreadyStartedError(RuleError):
    """The time of the booking has come; it is too late for this."""

    default_code = "booking.already_started"


class SameExpertError(RuleError):
    """The booking is with this expert already."""

    default_code = "booking.same_expert"


class PanelReassignError(RuleError):
    """A panel is not handed on as a whole: its alternates are asked one by one."""

    default_code = "booking.panel_reassign"


def next_status(status: BookingStatus, event: BookingEvent) -> BookingStatus:
    """Return the state after the event.

    Raises:
        IllegalTransitionError: when the table has no such step.
    """
    try:
        return TRANSITIONS[status, event]
    except KeyError:
        raise IllegalTransitionError(status=status.value, event=event.value) from None


def status_pairs() -> frozenset[tuple[str, str]]:
    """Return the pairs of different states the database lets pass."""
    return frozenset((a.value, b.value) for (a, _), b in TRANSITIONS.items() if a != b)


class Side(StrEnum):
    """Who ends a booking."""

    FOUNDER = "founder"
    MENTOR = "mentor"
    BUREAU = "bureau"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class EndReason:
    """A row of vocabulary decline_cancel_reason: who may give it, and whether it excuses."""

    side: Side
    excuses: bool
    excuses_only_early: bool = False


END_REASONS: dict[str, EndReason] = {
    "m_time_conflict": EndReason(Side.MENTOR, True, excuses_only_early=True),
    "m_not_my_field": EndReason(Side.MENTOR, True),
    "m_conflict": EndReason(Side.MENTOR, True),
    "m_overload": EndReason(Side.MENTOR, True),
    "m_official_duty": EndReason(Side.MENTOR, True),
    "m_illness": EndReason(Side.MENTOR, True),
    "m_late_no_reason": EndReason(Side.MENTOR, False),
    "f_solved": EndReason(Side.FOUNDER, True),
    "f_time_conflict": EndReason(Side.FOUNDER, True, excuses_only_early=True),
    "f_change_mentor": EndReason(Side.FOUNDER, True),
    "f_withdrawn": EndReason(Side.FOUNDER, True),
    "f_in_writing": EndReason(Side.FOUNDER, True),
    "f_late_no_reason": EndReason(Side.FOUNDER, False),
    "b_room": EndReason(Side.BUREAU, True),
    "b_emergency": EndReason(Side.BUREAU, True),
    "b_term_expired": EndReason(Side.BUREAU, True),
    "b_suspended": EndReason(Side.BUREAU, True),
    "b_ineligible": EndReason(Side.BUREAU, True),
    "b_entry_error": EndReason(Side.BUREAU, True),
    "s_offer_timeout": EndReason(Side.SYSTEM, False),
    "s_duplicate": EndReason(Side.SYSTEM, True),
    "s_calendar_change": EndReason(Side.SYSTEM, True),
}


def ensure_reason(reason: str, side: Side) -> EndReason:
    """Return the reason when this side may give it.

    Raises:
        InvalidInputError: at field `reason`.
    """
    row = END_REASONS.get(reason)
    if row is None or row.side is not side:
        raise InvalidInputError.at("reason", "booking.reason_unknown")
    return row


def is_late(starts_at: datetime, booked_at: datetime, at: datetime) -> bool:
    """Tell whether cancelling now is late: under 24 h before, save within 60 min of booking."""
    return starts_at - at < LATE_CANCEL and at - booked_at > LATE_CANCEL_GRACE


def is_excused(reason: str, late: bool) -> bool:
    """Tell whether the reason excuses, for some only when given in time."""
    row = END_REASONS[reason]
    return row.excuses and not (late and row.excuses_only_early)
