"""Why something came late: by how much, and when the service stood still meanwhile."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from app.domain.job import lateness
from app.models.job import Stoppage
from app.unit_of_work import Reader

Due = tuple[datetime | None, datetime | None]


@dataclass(frozen=True, slots=True)
class Lateness:
    """By how much something was late; the stoppage behind it, where it was that."""

    length: timedelta
    stopped_at: datetime | None = None
    resumed_at: datetime | None = None


def latenesses(reader: Reader, things: Sequence[Due]) -> list[Lateness | None]:
    """Return how late each was, None where it was in time; one statement, none where all were.

    Args:
        reader: the look.
        things: when each was due and when it was done, None where it is not.
    """
    lengths = [lateness(due, done) if done else None for due, done in things]
    late = [
        (due, done)
        for (due, done), length in zip(things, lengths, strict=True)
        if length and due and done
    ]
    if not late:
        return [None] * len(things)
    stoppages = reader.session.scalars(
        select(Stoppage)
        .where(Stoppage.ended_at > min(due for due, _ in late))
        .where(Stoppage.began_at < max(done for _, done in late))
    ).all()
    return [
        _with_cause(length, due, done, stoppages) if length and due and done else None
        for (due, done), length in zip(things, lengths, strict=True)
    ]


def _with_cause(
    length: timedelta, due: datetime, done: datetime, stoppages: Sequence[Stoppage]
) -> Lateness:
    def shared(stoppage: Stoppage) -> timedelta:
        return min(stoppage.ended_at, done) - max(stoppage.began_at, due)

    longest = max(stoppages, key=shared, default=None)
    if longest is None or shared(longest) <= timedelta(0):
        return Lateness(length)
    return Lateness(length, longest.began_at, longest.ended_at)
