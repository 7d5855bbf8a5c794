"""Free times against named peers, and of the whole pool with the database.

The peers get the same facts: each weekly span an event that recurs, each booking an event, each
closed day an exception. They only expand them to spans; Jieban also lays pauses, notice, limits
and the length of the meeting over them and answers the steps at which one can start.

Every method has its facts parsed once and starts from them anew in each call, as a request does:
recurring-ical-events makes its query of a parsed calendar (`of`) and expands it, the cheapest
way to use it for a calendar that is asked once; Jieban makes a diary, which remembers nothing,
and searches it. The kept query of the peer, with what it remembers, is shown beside a kept diary.
Methods take turns, each for a slice of processor time, so that both a call of 0.1 ms and one of
10 ms are met warm; ratios are medians over the turns.

Easy!Appointments is written in PHP and not shipped here: with `--easyappointments PATH`, the
`application/libraries/Availability.php` of a copy of it, its own class answers the same days in
the same run, from memory. dateutil is a yardstick, with its ratio printed and no target.
"""

import argparse
import calendar
import gc
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import fields
from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import icalendar
import recurring_ical_events
from dateutil.rrule import rrulestr

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
from app.domain.expert import Term
from app.queries.free_times import load_diaries
from app.unit_of_work import Store
from benchmarks.booked_pool import booked_pools
from tests.founder_road import statements
from tests.moments import START, day

HOURS = ((9 * 60, 12 * 60), (13 * 60 + 30, 17 * 60))
CLOSED = (day("09-24"), day("10-15"))
BOOKED = [day("09-17") + timedelta(days=offset) for offset in range(12)]
MONDAY = day("09-07")
MODES = frozenset(mode.value for mode in Mode)
MEETING_MINUTES = 50
MONTH_DAYS = 31
OURS = "Jieban, one bitmap"
# A look at the clock costs as much as a tenth of a search.
CALLS, SLICE_NS = 5, 30_000_000
TIMES_FASTER = {"recurring-ical-events": 100, "Easy!Appointments": 15}
# Its class leaves out what is past by the clock of the machine; weekdays stay what they are.
FAR_AHEAD = timedelta(weeks=52 * 50)
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
    found = icalendar.Calendar()
    for weekday in range(5):
        for first, last in HOURS:
            on = MONDAY + timedelta(days=weekday)
            event = an_event(at(on, first), at(on, last))
            event.add("rrule", {"freq": "weekly"})
            for closed in CLOSED:
                if closed.weekday() == weekday:
                    event.add("exdate", at(closed, first))
            found.add_component(event)
    for on in BOOKED:
        found.add_component(an_event(at(on, 10 * 60), at(on, 10 * 60 + MEETING_MINUTES)))
    return icalendar.Calendar.from_ical(found.to_ical())


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
    diary, worked, days = a_diary(), WorkingCalendar({}), upcoming(START)
    question = Question(MEETING_MINUTES, (Mode.ONSITE.value,), START)
    first, last = day_starts_at(days[0]), day_starts_at(days[-1])
    ical, rules = an_icalendar(), rule_sets()
    naive = [instant.replace(tzinfo=None) for instant in (first, last)]
    facts = {each.name: getattr(diary, each.name) for each in fields(diary)}
    kept = recurring_ical_events.of(ical)
    return {
        OURS: lambda: list(starts(Diary(**facts), worked, question, days)),
        "Jieban, the diary kept": lambda: list(starts(diary, worked, question, days)),
        "Jieban, every time as an object": lambda: list(free_times(diary, worked, question, days)),
        "recurring-ical-events": lambda: list(recurring_ical_events.of(ical).between(first, last)),
        "recurring-ical-events, the query kept": lambda: list(kept.between(first, last)),
        "dateutil.rrule": lambda: [each for rule in rules for each in rule.between(*naive)],  # type: ignore[attr-defined]  # dateutil says nothing of its types
    }


def of_easyappointments(availability: Path) -> float:
    """Return the milliseconds of the processor that its class takes for the same days."""
    (first, lunch), (afternoon, last) = HOURS
    plan = {
        "start": clock(first),
        "end": clock(last),
        "breaks": [{"start": clock(lunch), "end": clock(afternoon)}],
    }
    ends = 10 * 60 + MEETING_MINUTES
    facts = {
        "plan": {calendar.day_name[weekday].lower(): plan for weekday in range(5)},
        "exceptions": {far(on): None for on in CLOSED},
        "bookings": {
            far(on): [
                {"start_datetime": f"{far(on)} 10:00", "end_datetime": f"{far(on)} {clock(ends)}"}
            ]
            for on in BOOKED
        },
        "days": [far(on) for on in upcoming(START)],
        "minutes": MEETING_MINUTES,
    }
    script = Path(__file__).with_name("easyappointments.php")
    done = subprocess.run(
        ["php", str(script), str(availability)],
        input=json.dumps(facts),
        capture_output=True,
        text=True,
        check=True,
    )
    return float(json.loads(done.stdout)["ms"])


def far(on: date) -> str:
    """Return the same weekday half a century later."""
    return (on + FAR_AHEAD).isoformat()


def clock(minute: int) -> str:
    """Return the minute of a day as HH:MM."""
    return f"{minute // 60:02}:{minute % 60:02}"


def race(rounds: int) -> dict[str, list[float]]:
    """Return the milliseconds of the processor that each method takes, round by round."""
    calls = contestants()
    found: dict[str, list[float]] = {name: [] for name in calls}
    for _round in range(rounds):
        for name, call in calls.items():
            count, begun = 0, time.process_time_ns()
            while (spent := time.process_time_ns() - begun) < SLICE_NS or not count:
                for _ in range(CALLS):
                    call()
                count += CALLS
            found[name].append(spent / count / 1e6)
    return found


def with_peers(rounds: int, easyappointments: Path | None) -> bool:
    """Race one expert over sixty days; tell whether every target is met."""
    found = race(rounds)
    if easyappointments:
        found["Easy!Appointments"] = [of_easyappointments(easyappointments)] * rounds
    own = found[OURS]
    print(f"one expert, {len(upcoming(START))} days, medians of {rounds} rounds, processor time")
    is_met = True
    for name, spent in found.items():
        times = statistics.median(theirs / ours for theirs, ours in zip(spent, own, strict=True))
        wanted = TIMES_FASTER.get(name, 0)
        said = f", wanted >= {wanted}" if wanted else ""
        median = statistics.median(spent)
        print(f"  {name:36} {median:8.3f} ms  {times:6.1f} x the bitmap{said}")
        is_met = is_met and times >= wanted
    return is_met


def of_the_pool(store: Store, experts: Sequence[UUID], rounds: int) -> bool:
    """Ask for the month of the whole pool; tell whether both targets are met."""
    days = upcoming(START, MONTH_DAYS)
    # As a web process does with what it has loaded once.
    gc.collect()
    gc.freeze()
    spent, busy, counted = [], [], 0
    with store.read(SYSTEM) as reader, statements(store) as seen:
        for _round in range(rounds):
            reader.session.expunge_all()
            seen.clear()
            begun, worked = time.perf_counter(), time.process_time()
            diaries = load_diaries(reader, experts, days)
            found = 0
            for expert_id, diary in diaries.by_expert.items():
                question = diaries.question(expert_id, "consultation", ("onsite",), START)
                for each in starts(diary, diaries.calendar, question, days):
                    found += each.bits.bit_count()
            spent.append((time.perf_counter() - begun) * 1000)
            busy.append((time.process_time() - worked) * 1000)
            counted = max(counted, len(seen))
    p95 = statistics.quantiles(spent, n=20)[-1]
    print(
        f"{len(experts)} experts, {MONTH_DAYS} days, {store.engine.dialect.name}: {found} times,"
        f" {counted} statements (wanted <= {MOST_STATEMENTS}), p95 {p95:.0f} ms"
        f" (wanted < {MOST_MS}), processor {statistics.median(busy):.0f} ms"
    )
    return p95 < MOST_MS and counted <= MOST_STATEMENTS


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure; 0 when every target is met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=21)
    parser.add_argument("--easyappointments", type=Path, help="its Availability.php; asks php")
    given = parser.parse_args(arguments)
    is_met = with_peers(given.rounds, given.easyappointments)
    with booked_pools() as pools:
        for store, experts in pools:
            is_met = of_the_pool(store, experts, rounds=40) and is_met
            store.engine.dispose()
    return 0 if is_met else 1


if __name__ == "__main__":
    sys.exit(main())
