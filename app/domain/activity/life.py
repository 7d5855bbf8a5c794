"""The life of an activity and of a seat in it."""

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from app.domain.errors import ConflictError, NotFoundError, RuleError


class ActivityKind(StrEnum):
    """What is held; the codes are those of the kinds of service."""

    LECTURE = "lecture"
    ROUNDTABLE = "roundtable"
    REVIEW = "review"

    @property
    def has_seats(self) -> bool:
        """Tell whether people join; a review has projects instead."""
        return self is not ActivityKind.REVIEW


class ActivityStatus(StrEnum):
    """An activity is announced, then called off, or held and its list closed."""

    OPEN = "open"
    CANCELLED = "cancelled"
    CLOSED = "closed"


class RegistrationStatus(StrEnum):
    """Somebody holds a seat, gave it back, or came to the door without one."""

    JOINED = "joined"
    LEFT = "left"
    WALKED_IN = "walked_in"


class OverError(ConflictError):
    """The activity was cancelled or closed; `status` says which."""

    default_code = "activity.over"


class JoiningOverError(RuleError):
    """The activity has begun; who still comes signs in at the door."""

    default_code = "activity.joining_over"


class FullError(ConflictError):
    """All seats are taken."""

    default_code = "activity.full"


class SeatFreeError(RuleError):
    """There is a free seat: it is taken, not waited for."""

    default_code = "activity.seat_free"


class SeatsTakenError(ConflictError):
    """More seats are taken than would be left."""

    default_code = "activity.seats_taken"


class AlreadyJoinedError(ConflictError):
    """The person joined in another press of the same moment."""

    default_code = "activity.already_joined"


class NotRegisteredError(NotFoundError):
    """The person has no seat in this activity."""

    default_code = "activity.not_registered"


class SpeakerError(RuleError):
    """Who speaks is not a listener."""

    default_code = "activity.is_speaker"


class SpeakerOutOfTermError(RuleError):
    """An expert is not appointed on the day, so that nothing of it would count."""

    default_code = "activity.out_of_term"


class NotOverError(RuleError):
    """The activity still goes on; `until_at` says until when."""

    default_code = "activity.not_over"


class CloserSpeaksError(RuleError):
    """Who speaks or judges does not close the list that vouches for it."""

    default_code = "activity.closer_speaks"


def ensure_open(status: ActivityStatus) -> None:
    """Refuse a step in an activity that was cancelled or closed.

    Raises:
        OverError: with the state.
    """
    if status is not ActivityStatus.OPEN:
        raise OverError(status=status.value)


def ensure_joinable(status: ActivityStatus, starts_at: datetime, now: datetime) -> None:
    """Refuse to take or give back a seat once the activity has begun.

    Raises:
        OverError, JoiningOverError: with the state, or the start.
    """
    ensure_open(status)
    if now >= starts_at:
        raise JoiningOverError(starts_at=starts_at)


def ensure_closable(
    status: ActivityStatus,
    ends_at: datetime,
    now: datetime,
    *,
    closer: UUID | None,
    experts: Collection[UUID],
) -> None:
    """Refuse to close a list early, twice, or by who stood in front.

    Args:
        status: of the activity.
        ends_at: its real end.
        now: the instant of closing.
        closer: the person of who closes, None where his account belongs to nobody.
        experts: the persons of those who spoke or judged.

    Raises:
        OverError, NotOverError, CloserSpeaksError: naming why.
    """
    ensure_open(status)
    if now < ends_at:
        raise NotOverError(until_at=ends_at)
    if closer is not None and closer in experts:
        raise CloserSpeaksError
