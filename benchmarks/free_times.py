"""Free times against named peers, and of the whole pool with the database.

The peers get the same facts: each weekly span an event that recurs, each booking an event, each
closed day an exception. They only expand them to spans; Jieban also lays pauses, notice, limits
and the length of the meeting over them and answers the steps at which one can start.

Easy!Appointments is written in PHP and not measured here; dateutil stands in as a yardstick, with
its ratio printed and no target of its own.
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

import icalendar
import recurring_ical_events
from dateutil.rrule import rrulestr

from app.db import open_engine
from app.domain.actor import SYSTEM
from app.domain.availability import (
    Diary,
    ExceptionKind,
    Mode,
    Question,
    Span,
    SpecialDay,
    WeeklyRule,
    free_times,
    starts,
    upcoming,
)
from app.domain.calendar import WorkingCalendar, day_starts_at
from app.domain.clock import FixedClock
from app.domain.expert import Term
from app.queries.free_times import load_diaries
from app.unit_of_work import Store
from tests import databases, postgres
from tests.builders import an_expert
from tests.founder_road import statements
from tests.moments import START, day

HOURS = ((9 * 60, 12 * 60), (13 * 60 + 30, 17 * 60))
CLOSED = (day("09-24"), day("10-15"))
BOOKED = [day("09-17") + timedelta(days=offset) for offset in range(12)]
MONDAY = day("09-07")
MODES = frozenset(mode.value for mode in Mode)
MEETING_MINUTES = 50
EXPERTS, MONTH_DAYS = 200, 31
TIMES_FASTER = {"recurring-ical-events": 100}
MOST_MS, MOST_STATEMENTS = 300, 6


def a_diary() -> Diary:
    """Return an expert with ten weekly spans, two closed days and twelve bookings."""
    return Diary(
        is_official=False,
        modes=MODES,
        terms=(Term(day("01-01"), day("12-31"), day("01-01")),),
        rules=tuple(WeeklyRule(weekday, *span, MODES) for weekday in range(5) for span in HOURS),
        special_days=tuple(SpecialDay(on, ExceptionKind.OFF, 0, 24 * 60, MODES) for on in CLOSED),
        claims=tuple(Span(at(on, 10 * 60), at(on, 10 * 60 + MEETING_MINUTES)) for on in BOOKED),
        notice=timedelta(hours=24),
        buffer=timedelta(minutes=15),
        monthly_limit=60,
    )


def at(on: date, minute: int) -> datetime:
    """Return the instant of a minute of a day."""
    return day_starts_at(on) + timedelta(minutes=minute)


def an_icalendar() -> icalendar.Calendar:
    """Return the same expert as a calendar."""
    calendar = icalendar.Calendar()
    for weekday in range(5):
        for first, last in HOURS:
            on = MONDAY + timedelta(days=weekday)
            event = an_event(at(on, first), at(on, last))
            event.add("rrule", {"freq": "weekly"})
            for closed in CLOSED:
                if closed.weekday() == weekday:
                    event.add("exdate", at(closed, first))
            calendar.add_component(event)
    for on in BOOKED:
        calendar.add_component(an_event(at(on, 10 * 60), at(on, 10 * 60 + MEETING_MINUTES)))
    return icalendar.Calendar.from_ical(calendar.to_ical())


def an_event(starts_at: datetime, ends_at: datetime) -> icalendar.Event:
    """Return an event of the span."""
    event = icalendar.Event()
    event.add("uid", f"{starts_at:%Y%m%dT%H%M%S}")
    event.add("dtstamp", START)
    event.add("dtstart", starts_at)
    event.add("dtend", ends_at)
    return event


def rule_sets() -> list[object]:
    """Return the weekly spans as rules of dateutil."""
    found = []
    for weekday in range(5):
        for first, _ in HOURS:
            stamp = f"{at(MONDAY + timedelta(days=weekday), first):%Y%m%dT%H%M%S}"
            gone = ",".join(f"{at(on, first):%Y%m%dT%H%M%S}" for on in CLOSED)
            text = f"DTSTART:{stamp}\nRRULE:FREQ=WEEKLY\nEXDATE:{gone}"
            found.append(rrulestr(text, forceset=True))
    return found


def contestants() -> dict[str, Callable[[], Sequence[object]]]:
    """Return each method as a call that answers what it finds in sixty days."""
    diary, calendar, days = a_diary(), WorkingCalendar({}), upcoming(START)
    question = Question(MEETING_MINUTES, (Mode.ONSITE.value,), START)
    first, last = day_starts_at(days[0]), day_starts_at(days[-1])
    ical, rules = an_icalendar(), rule_sets()
    naive = [instant.replace(tzinfo=None) for instant in (first, last)]
    return {
        "Jieban, a bitmap a day": lambda: list(starts(diary, calendar, question, days)),
        "Jieban, every time as an object": lambda: list(
            free_times(diary, calendar, question, days)
        ),
        "recurring-ical-events": lambda: list(recurring_ical_events.of(ical).between(first, last)),
        "dateutil.rrule": lambda: [each for rule in rules for each in rule.between(*naive)],  # type: ignore[attr-defined]  # dateutil says nothing of its types
    }


def race(rounds: int) -> dict[str, float]:
    """Return the best time of each method in milliseconds of the processor, taken by turns."""
    best: dict[str, float] = {}
    calls = contestants()
    for _ in range(rounds):
        for name, call in calls.items():
            begun = time.process_time_ns()
            call()
            spent = (time.process_time_ns() - begun) / 1e6
            best[name] = min(spent, best.get(name, spent))
    return best


def with_peers(rounds: int) -> bool:
    """Race one expert over sixty days; tell whether every target is met."""
    best = race(rounds)
    own = best["Jieban, a bitmap a day"]
    print(f"one expert, 60 days, best of {rounds}, processor time")
    for name, spent in best.items():
        wanted = TIMES_FASTER.get(name)
        said = f", wanted >= {wanted}" if wanted else ""
        print(f"  {name:34} {spent:8.3f} ms  {spent / own:6.1f} x the bitmaps{said}")
    return all(best[name] / own >= wanted for name, wanted in TIMES_FASTER.items())


def of_the_pool(url: str, rounds: int) -> bool:
    """Ask for the month of two hundred experts; tell whether both targets are met."""
    engine = open_engine(url)
    store = Store(engine, FixedClock(START), databases.AUDIT_KEY)
    experts = [an_expert(store, name=f"E{number}").id for number in range(EXPERTS)]
    days = upcoming(START, MONTH_DAYS)
    spent, counted = [], 0
    with store.read(SYSTEM) as reader, statements(store) as seen:
        for _round in range(rounds):
            reader.session.expunge_all()
            seen.clear()
            begun = time.perf_counter()
            diaries = load_diaries(reader, experts, days)
            found = 0
            for expert_id, diary in diaries.by_expert.items():
                question = diaries.question(expert_id, "consultation", ("onsite",), START)
                for each in starts(diary, diaries.calendar, question, days):
                    found += each.bits.bit_count()
            spent.append((time.perf_counter() - begun) * 1000)
            counted = max(counted, len(seen))
    name = engine.dialect.name
    engine.dispose()
    p95 = statistics.quantiles(spent, n=20)[-1]
    print(
        f"{EXPERTS} experts, {MONTH_DAYS} days, {name}: {found} times, {counted} statements"
        f" (wanted <= {MOST_STATEMENTS}), p95 {p95:.0f} ms (wanted < {MOST_MS})"
    )
    return p95 < MOST_MS and counted <= MOST_STATEMENTS


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure; 0 when every target is met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=100)
    rounds = parser.parse_args(arguments).rounds
    is_met = with_peers(rounds)
    postgres.prepare(durable=True)
    try:
        with tempfile.TemporaryDirectory(prefix="jieban-times-") as folder:
            path = databases.sqlite_template(Path(folder))
            is_met = of_the_pool(f"sqlite:///{path}", rounds=20) and is_met
            server = postgres.url()
            databases.postgresql_template(Path(folder), server)
            databases.create(server, "times", databases.TEMPLATE)
            is_met = of_the_pool(databases.database(server, "times"), rounds=20) and is_met
    finally:
        postgres.stop()
    return 0 if is_met else 1


if __name__ == "__main__":
    sys.exit(main())
