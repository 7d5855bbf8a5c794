"""Work to do at a time: states, retry, lateness."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

MOST_ATTEMPTS = 8
FIRST_RETRY = timedelta(seconds=10)
LONGEST_RETRY = timedelta(hours=1)
_MOST_DOUBLINGS = 9
LEASE_SECONDS = 60
LATE_AFTER = timedelta(minutes=10)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimedJob:
    """A job as its worker claimed it; `owner` and `attempts` are the fence around its writes."""

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
