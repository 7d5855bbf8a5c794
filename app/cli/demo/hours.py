"""The hours of the demo's experts: the plain week, and days that differ from it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from app.cli.demo.history import Event
from app.cli.demo.stated import minute_of, modes_of
from app.domain.actor import SYSTEM
from app.domain.availability import Closing, ExceptionKind, Opening, Week, WeekSpan
from app.domain.calendar import day_starts_at
from app.models.expert import Expert
from app.services import availability
from app.unit_of_work import Store

HOURS_OF_NOTICE, PAUSE_MINUTES = 24, 15
Rows = Sequence[Mapping[str, Any]]


class Hours:
    """Sets weeks and special days as the experts would."""

    def __init__(self, store: Store, pool: Mapping[str, Expert], rows: Rows) -> None:
        self._store = store
        self._pool = pool
        self._rows = rows

    def set_weeks(self) -> None:
        """Set the plain week of everybody who has one of his own."""
        for row in self._rows:
            expert = self._pool[row["expert_ref"]]
            spans = [
                WeekSpan(
                    span["weekday"],
                    minute_of(span["starts"]),
                    minute_of(span["ends"]),
                    modes_of(span["mode"], expert),
                )
                for span in row["weekly"]
            ]
            week = Week(spans, expert.monthly_limit, PAUSE_MINUTES, HOURS_OF_NOTICE)
            self._store.execute(SYSTEM, availability.set_week, expert.id, week)

    def special_days(self, beginning: datetime, until: datetime) -> Iterator[Event]:
        """Yield each special day as it is entered: some weeks ahead, as the rules ask."""
        for row in self._rows:
            expert = self._pool[row["expert_ref"]]
            for special in row["exceptions"]:
                day = day_starts_at(date.fromisoformat(special["on"]))
                at = max(min(day - timedelta(days=30), until), beginning)
                yield Event(at, special["on"], partial(self._special, expert, special))

    def _special(self, expert: Expert, row: Mapping[str, Any]) -> None:
        day = date.fromisoformat(row["on"])
        starts = minute_of(row["starts"] or "00:00")
        ends = minute_of(row["ends"] or "24:00")
        if row["kind"] == ExceptionKind.EXTRA:
            opening = Opening(day, starts, ends, modes_of(row["mode"], expert), row["note"])
            self._store.execute(SYSTEM, availability.open_day, expert.id, opening)
        else:
            closing = Closing(day, day, row["note"], starts, ends)
            self._store.execute(SYSTEM, availability.close_day, expert.id, closing)
