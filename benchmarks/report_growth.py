"""The figures and every split of a year, from the columns of the decisions that stand.

The peer is what the service does for one month: load every decision of the stretch and add up in
Python, by the same rules over the same rows in the same process, once at each size it is asked
for. Both answers must be equal to the last split. Decisions are drawn at random and written past
the foreign keys of a throw-away PostgreSQL, since a report looks at nothing else.
Exits 1 when an answer differs or 200 000 records take 500 ms or more.
"""

import argparse
import gc
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, text

from app.db import open_engine
from app.domain.actor import SYSTEM
from app.domain.clock import FixedClock
from app.domain.service_record import Decision, SplitBy, split, tally_period
from app.queries.service_counts.decisions import of_months
from app.queries.service_counts.summed import Sums, summed
from app.unit_of_work import Store
from tests import databases, postgres
from tests.drawn_decisions import FIRST, YEAR, drawn, write

MOST_MS, ASKED = 500, 200_000


def added_up(versions: Sequence[Decision]) -> object:
    """Return the figures of the year and every split of them, added up in Python."""
    months = {month: [d for d in versions if d.month == month] for month in YEAR}
    splits: dict[SplitBy, dict[str, object]] = {}
    for by in SplitBy:
        whole: dict[str, Any] = {}
        for month, decisions in months.items():
            for label, part in split(decisions, month, by).items():
                whole[label] = whole[label] + part if label in whole else part
        splits[by] = whole
    return tally_period(versions, YEAR), splits


def timed(act: Callable[[], Any]) -> tuple[Any, float]:
    """Return what the act answers and how many milliseconds it took."""
    gc.collect()
    begun = time.perf_counter()
    answer = act()
    return answer, (time.perf_counter() - begun) * 1000


def measure(store: Store, count: int, rounds: int, *, with_peer: bool) -> bool:
    """Print the times for so many records; tell whether the answer is right and in time."""
    with store.read(SYSTEM) as reader:
        laps = []
        answer: Sums | None = None
        for _round in range(rounds):
            answer, lap = timed(lambda: summed(reader, YEAR[0], YEAR[-1]))
            laps.append(lap)
        median = statistics.median(laps)
        line = f"{count:>9,} records: median {median:7.0f} ms ({min(laps):.0f} to {max(laps):.0f})"
        is_right = True
        if with_peer and answer is not None:
            peer, lap = timed(
                lambda: added_up([version.decision for version in of_months(reader, YEAR).values()])
            )
            is_right = peer == (answer.measures, answer.splits)
            line += f", added up in Python {lap:.0f} ms: {lap / median:.0f} x"
            line += ", answers agree" if is_right else ", answers DIFFER"
    print(line, flush=True)
    return is_right and (count > ASKED or median < MOST_MS)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure; 0 when every answer is right and 200 000 records take less than 500 ms."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[50_000, ASKED, 1_000_000])
    parser.add_argument("--rounds", type=int, default=9)
    asked = parser.parse_args(arguments)
    dice, is_met, written = random.Random(7), True, 0
    postgres.prepare(durable=True)
    try:
        with tempfile.TemporaryDirectory(prefix="jieban-report-") as folder:
            server = postgres.url()
            databases.postgresql_template(Path(folder), server)
            databases.create(server, "report", databases.TEMPLATE)
            url = databases.database(server, "report")
            store = Store(open_engine(url), FixedClock(FIRST), databases.AUDIT_KEY)
            writer = create_engine(url)
            for count in sorted(asked.sizes):
                with writer.begin() as connection:
                    write(connection, drawn(count - written, dice), dice)
                with writer.connect().execution_options(isolation_level="AUTOCOMMIT") as bare:
                    bare.execute(text("VACUUM ANALYZE"))
                written = count
                with_peer = count <= ASKED
                is_met = measure(store, count, asked.rounds, with_peer=with_peer) and is_met
            writer.dispose()
            store.engine.dispose()
    finally:
        postgres.stop()
    return 0 if is_met else 1


if __name__ == "__main__":
    sys.exit(main())
