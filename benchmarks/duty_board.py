"""The duty board of a whole pool, counted by the database from the columns made of the ledger.

A year of drawn decisions over the experts of a pool, written past the foreign keys of a throw-away
PostgreSQL, each with its meeting and attendance. The peer adds up the same meters from the stored
decisions of every service, as one expert's sheet does; both must agree for every expert.
Exits 1 when they differ or the board takes a second or more.
"""

import argparse
import random
import statistics
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import Connection, create_engine, text

from app.db import open_engine
from app.domain.actor import SYSTEM
from app.domain.clock import FixedClock
from app.queries.duty import duty_board, own_services
from app.queries.duty.board import BoardOrder
from app.unit_of_work import Reader, Store
from benchmarks.report_growth import laps_of, timed, told
from tests import databases, postgres
from tests.drawn_decisions import FIRST, drawn, write

MOST_MS = 1_000
NOW = FIRST + timedelta(days=340)
BEGUN, ENDED = date(2026, 3, 1), date(2029, 2, 28)
POOL = (
    "INSERT INTO experts (id, person_id, name, category, organisation, title, bio, expertise,"
    " topics, industries, stages, areas, modes, languages, is_paused, monthly_limit, notice_hours,"
    " buffer_minutes, created_at, buffer_before_minutes, horizon_days, time_zone, minutes, version)"
    " SELECT id, id, 'E' || row_number() OVER (ORDER BY id), 'scholar', '', '', '', '[]', '[]',"
    " '[]', '[]', '[]', '[]', '[]', false, 8, 24, 15, :at, 0, 30, 'Asia/Shanghai', '{}', 1"
    " FROM unnest(CAST(:experts AS uuid[])) AS id",
    "INSERT INTO appointments (id, expert_id, kind, document, starts_on, ends_on, approved_on,"
    " version) SELECT gen_random_uuid(), id, 'term', '', :begun, :ended, :begun, 1 FROM experts",
    "INSERT INTO service_sessions (id, reference, booking_id, need_id, founder_person_id,"
    " lead_expert_id, session_type, mode, place,"
    " channel, department, planned_starts_at, planned_ends_at, actual_start, actual_end,"
    " break_minutes, anonymous_heads, status, is_test, is_written, version)"
    " SELECT r.service_session_id, 'TZ' || row_number() OVER (ORDER BY r.id), r.id, r.id, r.id,"
    " CAST(s.detail -> 'expert_minutes' -> 0 ->> 0 AS uuid),"
    " r.session_type, 'onsite', '', 'web', coalesce(r.department, 'hr'), r.started_at,"
    " r.started_at + interval '1 hour', r.started_at, r.started_at + interval '1 hour', 0, 0,"
    " 'finished', false, false, 1"
    " FROM standing_records r JOIN service_records s ON s.id = r.service_record_id",
    "INSERT INTO attendances (id, service_session_id, side, person_id, expert_id, is_lead,"
    " identity_level, is_present, version) SELECT gen_random_uuid(), id, 'expert',"
    " lead_expert_id, lead_expert_id, true, 'document', true, 1 FROM service_sessions",
)


def furnish(connection: Connection, experts: Sequence[str]) -> None:
    """Give the decisions their meetings, and the experts their terms."""
    known = {"experts": list(experts), "at": FIRST, "begun": BEGUN, "ended": ENDED}
    for statement in POOL:
        connection.execute(text(statement), known)


def added_up(reader: Reader) -> dict[UUID, tuple[int, int]]:
    """Return services of the year and minutes of the term by expert, from the decisions."""
    services: Counter[UUID] = Counter()
    minutes: Counter[UUID] = Counter()
    for row in own_services(reader, date(2026, 1, 1), date(2026, 12, 31)):
        services[row.expert_id] += 1
        minutes[row.expert_id] += row.minutes * (row.day >= BEGUN)
    return {key: (services[key], minutes[key]) for key in services}


def shown(reader: Reader) -> dict[UUID, tuple[int, int]]:
    """Return the same numbers as the pages of the board show them."""
    found: dict[UUID, tuple[int, int]] = {}
    pages = duty_board(reader, 2026, order=BoardOrder.NAME).pages
    for page in range(1, pages + 1):
        for row in duty_board(reader, 2026, order=BoardOrder.NAME, page=page).rows:
            term = row.standing.term
            found[row.id] = (row.standing.year.done, term.done if term else 0)
    return found


def measure(store: Store, rounds: int) -> bool:
    """Print the times; tell whether every expert's numbers agree and the board is in time."""
    with store.read(SYSTEM) as reader:
        laps = laps_of(lambda: duty_board(reader, 2026), rounds)
        expected, lap = timed(lambda: added_up(reader))
        agree = shown(reader) == expected
    median = statistics.median(laps)
    words = "answers agree" if agree else "answers DIFFER"
    print(f"board {told(laps)}; added up in Python {lap:.0f} ms: {lap / median:.1f} x, {words}")
    return agree and median < MOST_MS


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure; 0 when the numbers agree and the board takes less than a second."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=200_000)
    parser.add_argument("--experts", type=int, default=1_000)
    parser.add_argument("--rounds", type=int, default=9)
    asked = parser.parse_args(arguments)
    dice = random.Random(11)
    experts = [str(UUID(int=dice.getrandbits(128))) for _ in range(asked.experts)]
    postgres.prepare(durable=True)
    try:
        with tempfile.TemporaryDirectory(prefix="jieban-duty-") as folder:
            server = postgres.url()
            databases.postgresql_template(Path(folder), server)
            databases.create(server, "duty", databases.TEMPLATE)
            url = databases.database(server, "duty")
            writer = create_engine(url)
            with writer.begin() as connection:
                write(connection, drawn(asked.records, dice, experts), dice)
                furnish(connection, experts)
            with writer.connect().execution_options(isolation_level="AUTOCOMMIT") as bare:
                bare.execute(text("VACUUM ANALYZE"))
            writer.dispose()
            store = Store(open_engine(url), FixedClock(NOW), databases.AUDIT_KEY)
            is_met = measure(store, asked.rounds)
            store.engine.dispose()
    finally:
        postgres.stop()
    return 0 if is_met else 1


if __name__ == "__main__":
    sys.exit(main())
