"""Work to do at a time: states, retry, lateness."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from app.domain.errors import ConflictError, RuleError

DELIVER = "deliver_message"
MOST_ATTEMPTS = 8
FIRST_RETRY = timedelta(seconds=10)
LONGEST_RETRY = timedelta(hours=1)
_MOST_DOUBLINGS = 9
# How long what leaves the service is tried while its carrier is away: at least, at most.
LEAST_SPAN, LONGEST_SPAN = timedelta(days=1), timedelta(days=3)
LEASE_SECONDS = 60
LATE_AFTER = timedelta(minutes=10)
# Job processes show each half minute that they work; who missed four of these is gone.
STOPPED_AFTER = timedelta(minutes=2)
# One job process leads for so long at a time, and renews well before that is over.
LEADER = "leader"
LEADER_SECONDS = 15
RENEW_SECONDS = 5
# A wake that brought nothing about in this time is taken for lost.
WAKE_AGAIN_SECONDS = 60


class JobState(StrEnum):
    """States of a job row."""

    READY = "ready"
    LEASED = "leased"
    DONE = "done"
    DEAD = "dead"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


class DeliveryState(StrEnum):
    """States of one message on one channel; the truth for 'was he told'."""

    PLANNED = "planned"
    SENDING = "sending"
    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    FAILED = "failed"
    UNKNOWN = "unknown"
    SKIPPED = "skipped"
    EXPIRED = "expired"


# What may have gone wrong for good, or nobody knows; what is on its way needs no help.
RESENDABLE = frozenset({DeliveryState.FAILED, DeliveryState.UNKNOWN})


class TryLaterError(Exception):
    """A fault that is expected to pass; its words say what, and nobody needs a traceback."""


class JobNotDeadError(ConflictError):
    """The job is not given up: it waits, runs or has ended."""

    default_code = "job.not_dead"


class ResendInsteadError(RuleError):
    """What the job was to send is settled; only sending it once more, under a new key, helps."""

    default_code = "job.resend_instead"


class NotResendableError(ConflictError):
    """It is on its way, has arrived, or was not sent for a reason."""

    default_code = "delivery.not_resendable"


class ResentAlreadyError(ConflictError):
    """Somebody has sent it once more already."""

    default_code = "delivery.resent_already"


class DeliveryTooLateError(RuleError):
    """What it says was of use until a moment that has passed."""

    default_code = "delivery.too_late"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimedJob:
    """A job as its worker claimed it; `owner` and `attempts` are the fence around its writes.

    `due_at` is when it was due at first, where `run_at` does not say.
    """

    id: UUID
    kind: str
    subject_id: UUID | None
    payload: Mapping[str, object]
    run_at: datetime
    not_after: datetime | None
    attempts: int
    max_attempts: int
    owner: UUID
    lease_seconds: float = LEASE_SECONDS
    due_at: datetime | None = None

    @property
    def first_due_at(self) -> datetime:
        """Return when it was due before anything was tried."""
        return self.due_at or self.run_at

    def is_worthless(self, now: datetime) -> bool:
        """Tell whether doing it now would come too late to be of use."""
        return self.not_after is not None and now > self.not_after

    @property
    def has_tries_left(self) -> bool:
        """Tell whether a failure of this try may be tried again."""
        return self.attempts < self.max_attempts

    @property
    def is_overtried(self) -> bool:
        """Tell whether earlier workers died over it as often as it may be tried."""
        return self.attempts > self.max_attempts


def retry_delay(attempts: int, jitter: float) -> timedelta:
    """Return how long to wait after the given number of attempts.

    Args:
        attempts: tries so far, from 1.
        jitter: 0…1, spreads retries over half to the whole of the doubled delay.
    """
    doublings = min(attempts - 1, _MOST_DOUBLINGS)
    delay = min(FIRST_RETRY * 2**doublings, LONGEST_RETRY)
    return timedelta(seconds=delay.total_seconds() * (0.5 + jitter / 2))


def tries_within(span: timedelta) -> int:
    """Return how many tries fill the span, whatever the jitter; never fewer than others have.

    Args:
        span: taken as a day when it is shorter, and as three when it is longer.
    """
    left, tries = min(max(span, LEAST_SPAN), LONGEST_SPAN), 0
    while left > timedelta(0):
        tries += 1
        left -= retry_delay(tries, jitter=0.0)
    return max(tries + 1, MOST_ATTEMPTS)


def lateness(due_at: datetime | None, done_at: datetime) -> timedelta | None:
    """Return by how much something was late, None when it was in time or nobody knows."""
    if due_at is None or done_at - due_at <= LATE_AFTER:
        return None
    return done_at - due_at


def needs_resending(kind: str, not_after: datetime | None, now: datetime) -> bool:
    """Tell whether a job given up is helped only by sending its letter once more.

    Its delivery was settled as failed or unknown with it. After its last moment it may be queued,
    to end as expired.
    """
    return kind == DELIVER and (not_after is None or now <= not_after)


def ensure_requeueable(
    state: JobState, kind: str, *, not_after: datetime | None, now: datetime
) -> None:
    """Refuse to queue a job anew that is not given up, or that would do nothing.

    Raises:
        JobNotDeadError: naming the state.
        ResendInsteadError: it was to send a letter.
    """
    if state is not JobState.DEAD:
        raise JobNotDeadError(state=state.value)
    if needs_resending(kind, not_after, now):
        raise ResendInsteadError


def ensure_resendable(
    state: DeliveryState, *, is_newest: bool, not_after: datetime | None, now: datetime
) -> None:
    """Refuse to send once more what did not fail, was sent again already, or comes too late.

    Raises:
        ResentAlreadyError, NotResendableError, DeliveryTooLateError: whichever holds first.
    """
    if not is_newest:
        raise ResentAlreadyError
    if state not in RESENDABLE:
        raise NotResendableError(state=state.value)
    if not_after is not None and now > not_after:
        raise DeliveryTooLateError(until=not_after.isoformat())
