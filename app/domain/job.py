"""Work to do at a time: states, retry, lateness."""

from datetime import timedelta
from enum import StrEnum

MOST_ATTEMPTS = 8
FIRST_RETRY = timedelta(seconds=10)
LONGEST_RETRY = timedelta(hours=1)
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


def retry_delay(attempts: int, jitter: float) -> timedelta:
    """Return how long to wait after the given number of attempts.

    Args:
        attempts: tries so far, from 1.
        jitter: 0…1, spreads retries over half to the whole of the doubled delay.
    """
    delay = min(FIRST_RETRY * 2 ** (attempts - 1), LONGEST_RETRY)
    return timedelta(seconds=delay.total_seconds() * (0.5 + jitter / 2))
