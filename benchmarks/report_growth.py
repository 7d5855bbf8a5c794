"""The figures and every split of a year, from the columns of the decisions that stand.

The peer is what the service does for one month: load every decision of the stretch and add up in
Python, by the same rules over the same rows in the same process, once at each size it is asked
for. Both answers must be equal to the last split. Decisions are drawn at random and written past
the foreign keys of a throw-away PostgreSQL, since a report looks at nothing else; persons hold a
verified group each, the twelve months are closed, and of every two-hundredth record there was news
afterwards, so that the whole report, as reported and now, is timed as its page reads it.
Exits 1 when an answer differs or the whole report of 200 000 records takes 500 ms or more.
"""

import argparse
import gc
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, text

from app.db import open_engine
from app.domain.actor import SYSTEM
from app.domain.clock import FixedClock
from app.domain.service_record import FIGURE_NAMES, Decision, SplitBy, split, tally_period
from app.domain.stretch import Stretch
from app.queries.service_counts.decisions import of_months
from app.queries.service_counts.group_labels import by_every_label
from app.queries.service_counts.stretches import StretchCounts, stretch_counts
from app.queries.service_counts.summed import summed
from app.unit_of_work import Reader, Store
from tests import databases, postgres
from tests.drawn_decisions import FIRST, YEAR, drawn, write

MOST_MS, ASKED = 500, 200_000
WHOLE = Stretch.parse("2026")
CLOSED_AT = FIRST + timedelta(days=380)
GROUPED = (
    "TRUNCATE founder_groups",
    "INSERT INTO founder_groups (id, person_id, code, verified_at)"
    " SELECT gen_random_uuid(), person_id, 'veteran', :at FROM standing_persons GROUP BY person_id",
)
# What a closed month prints of its additive measures is read from here; nothing else is timed.
CLOSED = (
    "TRUNCATE periods, published_figures, adjustments CASCADE",
    "INSERT INTO periods (id, month, cut_at, closed_at, policy_code)"
    " SELECT gen_random_uuid(), month, :at, :at, 'LC-COUNT-1' FROM standing_records GROUP BY month",
    "INSERT INTO published_figures (id, period_id, measure, value, rows, sha256)"
    " SELECT gen_random_uuid(), id, unnest(CAST(:measures AS text[])), 1, '[]', '' FROM periods",
    "INSERT INTO adjustments (id, period_id, posted_month, service_session_id, service_record_id,"
    " cause, deltas, created_at) SELECT gen_random_uuid(), periods.id, '2027-01',"
    " service_session_id, service_record_id, 'correction', '{}', :at"
    " FROM standing_records JOIN periods USING (month)"
    " WHERE hashtext(CAST(service_session_id AS text)) % 200 = 0",
)


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


def report(reader: Reader) -> StretchCounts:
    """Read all that the page of the year's report prints."""
    counts = stretch_counts(reader, WHOLE)
    by_every_label(reader, WHOLE.first, WHOLE.last)
    if counts.as_reported is None:
        raise RuntimeError("the year was not closed")
    return counts


def measure(store: Store, count: int, rounds: int, *, with_peer: bool) -> bool:
    """Print the times for so many records; tell whether the answer is right and in time."""
    with store.read(SYSTEM) as reader:
        sums = laps_of(lambda: summed(reader, YEAR[0], YEAR[-1]), rounds)
        whole = laps_of(lambda: report(reader), rounds)
        is_right = True
        line = f"{count:>9,} records: figures {told(sums)}, whole report {told(whole)}"
        if with_peer:
            answer = summed(reader, YEAR[0], YEAR[-1])
            peer, lap = timed(
                lambda: added_up([version.decision for version in of_months(reader, YEAR).values()])
            )
            is_right = peer == (answer.measures, answer.splits)
            line += f"; added up in Python {lap:.0f} ms: {lap / statistics.median(sums):.0f} x"
            line += ", answers agree" if is_right else ", answers DIFFER"
    print(line, flush=True)
    return is_right and (count > ASKED or statistics.median(whole) < MOST_MS)


def laps_of(act: Callable[[], Any], rounds: int) -> list[float]:
    """Return how many milliseconds each round took, after one that warms up."""
    act()
    return [timed(act)[1] for _round in range(rounds)]


def told(laps: Sequence[float]) -> str:
    """Return the median and the range in words."""
    return f"{statistics.median(laps):.0f} ms ({min(laps):.0f} to {max(laps):.0f})"


def close_year(connection: Connection) -> None:
    """Give every person a verified group and close the year, with news of some records since."""
    connection.execute(text("SET session_replication_role = replica"))
    for statement in (*GROUPED, *CLOSED):
        connection.execute(text(statement), {"at": CLOSED_AT, "measures": list(FIGURE_NAMES)})


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure; 0 when every answer is right and a report of 200 000 takes less than 500 ms."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[50_000, ASKED, 500_000, 1_000_000])
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--peer-up-to", type=int, default=ASKED)
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
                    close_year(connection)
                with writer.connect().execution_options(isolation_level="AUTOCOMMIT") as bare:
                    bare.execute(text("VACUUM ANALYZE"))
                written = count
                with_peer = count <= asked.peer_up_to
                is_met = measure(store, count, asked.rounds, with_peer=with_peer) and is_met
            writer.dispose()
            store.engine.dispose()
    finally:
        postgres.stop()
    return 0 if is_met else 1


if __name__ == "__main__":
    sys.exit(main())
