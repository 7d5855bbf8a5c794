"""The earliest time that five of two hundred experts share within thirty days, with the database.

The peer gets the same diaries and asks each for its list of free times, then keeps what is in
every list: what a booking system does that has free times of one person and no bitmaps. The
database is the same for both, so the ratio is of the searches, by processor time; the limit is on
the whole answer. Panels are drawn anew in each round. Exits 1 when an answer takes too long or
the two differ.
"""

import argparse
import random
import statistics
import sys
import time
from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from app.domain.actor import SYSTEM
from app.domain.availability import Question, free_times, joint_times, upcoming
from app.queries.free_times import Diaries, load_diaries
from app.queries.joint_times import DAYS, JointAsked, joint_page
from app.unit_of_work import Store
from benchmarks.booked_pool import booked_pools
from tests.founder_road import statements
from tests.moments import START

PANEL, MINUTES = 5, 90
MODES = ("onsite", "online", "phone")
MOST_MS = 100


def by_bitmaps(diaries: Diaries, question: Question, days: Sequence[date]) -> datetime | None:
    """Return the earliest time that all share, found by the bits of their days."""
    people = list(diaries.by_expert.values())
    found = next(joint_times(people, None, diaries.calendar, question, days), None)
    return None if found is None else found.starts_at


def by_lists(diaries: Diaries, question: Question, days: Sequence[date]) -> datetime | None:
    """Return the earliest time that all share, found in their lists of free times."""
    lists = [
        {
            (time.starts_at, mode)
            for time in free_times(diary, diaries.calendar, question, days)
            for mode in time.modes
        }
        for diary in diaries.by_expert.values()
    ]
    return min((starts_at for starts_at, _ in set.intersection(*lists)), default=None)


def of_the_pool(store: Store, experts: Sequence[UUID], rounds: int) -> bool:
    """Search panel after panel; tell whether the answers agree and come in time."""
    days, dice = upcoming(START, DAYS), random.Random(4)
    question = Question(MINUTES, MODES, START)
    whole: list[float] = []
    ratios: list[float] = []
    is_same, counted = True, 0
    with store.read(SYSTEM) as reader, statements(store) as seen:
        for _round in range(rounds):
            panel = tuple(dice.sample(experts, PANEL))
            asked = JointAsked(expert_ids=panel, session_type="diagnosis", minutes=MINUTES)
            reader.session.expunge_all()
            seen.clear()
            begun = time.perf_counter()
            page = joint_page(reader, asked)
            whole.append((time.perf_counter() - begun) * 1000)
            counted = max(counted, len(seen))
            laps, answers = [], []
            for search in (by_bitmaps, by_lists):
                diaries = load_diaries(reader, panel, days)
                begun_ns = time.process_time_ns()
                answers.append(search(diaries, question, days))
                laps.append(time.process_time_ns() - begun_ns)
            ratios.append(laps[1] / laps[0])
            is_same = is_same and answers[0] == answers[1] == page.items[0].starts_at
    p95 = statistics.quantiles(whole, n=20)[-1]
    print(
        f"{PANEL} of {len(experts)} experts, {DAYS} days, {store.engine.dialect.name}:"
        f" {counted} statements, median {statistics.median(whole):.1f} ms, p95 {p95:.1f} ms"
        f" (wanted < {MOST_MS}); the search {statistics.median(ratios):.1f} x faster than"
        f" by lists, answers {'agree' if is_same else 'DIFFER'}"
    )
    return is_same and p95 < MOST_MS


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure; 0 when both databases answer in time."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=60)
    rounds = parser.parse_args(arguments).rounds
    is_met = True
    with booked_pools() as pools:
        for store, experts in pools:
            is_met = of_the_pool(store, experts, rounds) and is_met
            store.engine.dispose()
    return 0 if is_met else 1


if __name__ == "__main__":
    sys.exit(main())
