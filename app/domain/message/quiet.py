"""Quiet hours: what can wait is not sent at night, by the reader's own clock."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

EVENING, MORNING = time(21), time(8)


def send_at(
    now: datetime, zone: str, *, is_urgent: bool = False, until: datetime | None = None
) -> datetime:
    """Return when something said now may go out: at once, or when the night is over.

    Args:
        now: when it is said.
        zone: the reader's time zone.
        is_urgent: it goes out at any hour.
        until: when it is of no use any more; what would not live to see the morning goes at once.
    """
    local = now.astimezone(ZoneInfo(zone))
    if is_urgent or MORNING <= local.time() < EVENING:
        return now
    day = local.date() + timedelta(days=local.time() >= EVENING)
    morning = datetime.combine(day, MORNING, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    return now if until is not None and until <= morning else morning
