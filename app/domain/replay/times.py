"""Instants for a file that mostly knows days."""

from datetime import UTC, date, datetime, time, timedelta

from app.domain.calendar import ZONE
from app.domain.replay.errors import UnknownReplayInputError
from app.domain.service_record import Span

# Later than anything a file can say: the knowledge by which figures are restated.
END_OF_TIME = datetime(9999, 12, 31, 12, tzinfo=UTC)


def noon_of(day: date) -> datetime:
    """Return the instant that stands for a day of which no time is known.

    Noon lies before the end of its own day and after the end of the day before, which is all
    the comparison with a cut at midnight needs.
    """
    return datetime.combine(day, time(12), tzinfo=ZONE).astimezone(UTC)


def span_of(day: date, start: int | None, minutes: int, where: str) -> Span:
    """Return the span of a record from its day, its start in minutes of the day, its length."""
    try:
        midnight = datetime.combine(day, time.min, tzinfo=ZONE)
        starts_at = noon_of(day) if start is None else midnight + timedelta(minutes=start)
        return Span(
            starts_at.astimezone(UTC), (starts_at + timedelta(minutes=minutes)).astimezone(UTC)
        )
    except OverflowError as error:
        raise UnknownReplayInputError.of(where, f"{day} {start} {minutes}") from error
