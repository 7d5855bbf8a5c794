"""Single tampers by somebody with all rights on the database and no key: every one is found.

The demo district's year is played, sealed and signed. Then, drawn in equal parts over all ledger
tables that hold rows, the looks among them, over the entries and over the seals, one thing is
changed, taken out, put in, swapped, cut off, or sealed anew without the key, every trigger and
constraint being out of force. The verifier has the database, the public key and one published
head, nothing secret. An untampered control passes before and after. In the same run: how long it
takes to verify 100 000 entries.
"""

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import patch

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, create_engine, func, select, text

from app.adapters.attachment_files import FileFolder
from app.adapters.signing import SealChecker, SealSigner
from app.cli.demo import Belongings, DemoDistrict
from app.db import open_engine
from app.domain.actor import SYSTEM, Actor, Role
from app.domain.clock import FixedClock
from app.domain.ids import AccountId
from app.models.account import AccountRole
from app.models.audit_entry import AuditEntry
from app.models.availability import CalendarDay
from app.services import access_entries, audit_entries
from app.services.audit_entries import Report, sealing
from app.services.audit_entries.comparing import ledger_models
from app.services.proposals import learning
from app.unit_of_work import Reader, Store, UnitOfWork
from app.unit_of_work.scope import ScopedSession
from benchmarks.trail_attacker import Attacker
from tests import databases

TAMPERS, SEED = 1_000, 20_251
LOOKS = 200
NEEDS_TO_LEARN = 10
TOLD_EACH = 100
MANY, LONGEST_SECONDS = 100_000, 10.0
SEEDS = Path(__file__).parents[1] / "seeds" / "demo"
UNTIL = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
SIGNER = SealSigner(Ed25519PrivateKey.generate())
CHECKER = SealChecker([SIGNER.public])
OUT_OF_FORCE = ("foreign_keys = OFF", "ignore_check_constraints = ON")
# Small ones, so that there are many to break.
SEALED_AT_ONCE = 100


def seal(store: Store) -> None:
    """Seal everything that waits, in seals of at most one batch."""
    while store.execute(SYSTEM, audit_entries.seal, store.audit_key(), SIGNER).is_full:
        pass


def verify(connection: Connection, heads: dict[int, str]) -> Report:
    """Verify as an auditor with a copy, the public key and published heads does."""
    with ScopedSession(connection, actor=SYSTEM, autoflush=False) as session:
        reader = Reader(session, SYSTEM, UNTIL)
        return audit_entries.verify(reader, None, heads, CHECKER)


def plan(tables: list[str], count: int) -> Iterator[tuple[str, str]]:
    """Yield what to do to which table, in equal parts."""
    on_any = ("edit", "delete", "insert", "edit")
    of_its_own = {
        "audit_entries": ("edit", "delete", "insert", "swap", "edit_with_entry"),
        "audit_seals": ("edit", "delete", "cut_off", "sign_anew"),
    }
    for number in range(count):
        table = tables[number % len(tables)]
        kinds = of_its_own.get(table, on_any)
        yield table, kinds[number // len(tables) % len(kinds)]


def disarm(url: str) -> None:
    """Remove every trigger."""
    engine = create_engine(url)
    with engine.begin() as connection:
        triggers = text("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for name in connection.execute(triggers).scalars().all():
            connection.execute(text(f'DROP TRIGGER "{name}"'))
    engine.dispose()


def look_around(store: Store) -> None:
    """Have an auditor look at so many pages: looks are a ledger like the others."""
    account_id = _holder(store, Role.AUDITOR)
    auditor = Actor(roles=frozenset({Role.AUDITOR}), account_id=account_id)
    for number in range(LOOKS):
        facts: dict[str, object] = {"method": "GET", "query": {"page": str(number)}}
        store.execute(auditor, access_entries.note, "/bureau/sessions", facts, "10.0.0.7")


def teach(store: Store) -> None:
    """Have a version of the matcher learned, from fewer needs than would do for ranking by it."""
    admin = Actor(roles=frozenset({Role.SYS_ADMIN}), account_id=_holder(store, Role.SYS_ADMIN))
    with patch.object(learning, "FEWEST_NEEDS", NEEDS_TO_LEARN):
        store.execute(admin, learning.learn)


def _holder(store: Store, role: Role) -> AccountId:
    def ask(uow: UnitOfWork) -> AccountId:
        found = select(AccountRole.account_id).where(AccountRole.role == role)
        return AccountId(uow.all(found)[0])

    return store.execute(SYSTEM, ask)


def build(url: str) -> Report:
    """Play the year, have it looked at, seal it, and return how it verifies untampered."""
    store = Store(open_engine(url), FixedClock(UNTIL), databases.AUDIT_KEY)
    files = FileFolder(Path(store.engine.url.database or "").with_suffix(".files"))
    with patch.object(sealing, "MOST_IN_A_BATCH", SEALED_AT_ONCE):
        DemoDistrict(store, SEEDS, UNTIL, Belongings(signer=SIGNER, files=files)).load()
        look_around(store)
        teach(store)
        seal(store)
    with store.read(SYSTEM) as reader:
        control = audit_entries.verify(reader, None, {}, CHECKER)
    store.engine.dispose()
    return control


def attack(url: str, count: int) -> bool:
    """Tamper so many times and return whether each was found and the control passed."""
    control = build(url)
    assert control.head is not None
    heads = dict([control.head])
    disarm(url)
    tables = [*_held(url), "audit_entries", "audit_seals"]
    dice, missed, done = random.Random(SEED), [], Counter[str]()
    engine = create_engine(url)
    with engine.connect() as connection:
        for law in OUT_OF_FORCE:
            connection.exec_driver_sql(f"PRAGMA {law}")
        for table, kind in plan(tables, count):
            connection.exec_driver_sql("SAVEPOINT before")
            attacker = Attacker(connection, dice)
            act: Callable[[str], None] = getattr(attacker, kind)
            act(table)
            done[kind] += 1
            if verify(connection, heads).is_ok:
                missed.append((table, kind, attacker.did))
            connection.exec_driver_sql("ROLLBACK TO before")
            _tell(done.total(), len(missed))
        after = verify(connection, heads)
    engine.dispose()
    print(f"tampers: {sum(done.values())} {dict(done)} over {len(tables)} tables")
    print(f"trail: {control.entries} entries, {control.seals} seals, {control.rows} rows")
    print(
        f"missed: {len(missed)} {missed[:5]}; control before {control.is_ok}, after {after.is_ok}"
    )
    return not missed and control.is_ok and after.is_ok


def _tell(done: int, missed: int) -> None:
    if done % TOLD_EACH == 0:
        print(f"{done} tampers, {missed} missed", file=sys.stderr, flush=True)


def _held(url: str) -> list[str]:
    engine = create_engine(url)
    with engine.connect() as connection:
        names = [str(model.__tablename__) for model in ledger_models()]
        count = {
            n: connection.execute(text(f"SELECT count(*) FROM {n}")).scalar_one() for n in names
        }
    engine.dispose()
    print("ledger tables without rows:", ", ".join(n for n in names if not count[n]) or "none")
    return [name for name in names if count[name]]


def many(url: str) -> bool:
    """Write so many entries, seal them, and return whether they are verified in time."""
    store = Store(open_engine(url), FixedClock(UNTIL), databases.AUDIT_KEY)

    def write(uow: UnitOfWork) -> None:
        rows = uow.all(select(CalendarDay).order_by(CalendarDay.day).limit(50))
        for turn in range(100):
            for row in rows:
                uow.audit("calendar_day.renamed", row, turn=turn)

    while _entries(store) < MANY:
        store.execute(SYSTEM, write)
    seal(store)
    began, worked = time.perf_counter(), time.process_time()
    with store.read(SYSTEM) as reader:
        report = audit_entries.verify(reader, None, {}, CHECKER)
    seconds, worked = time.perf_counter() - began, time.process_time() - worked
    store.engine.dispose()
    print(
        f"{report.entries} entries, {report.seals} seals verified in {seconds:.1f} s,"
        f" {worked:.1f} s of processor time"
    )
    return report.is_ok and report.entries >= MANY and seconds < LONGEST_SECONDS


def _entries(store: Store) -> int:
    with store.read(SYSTEM) as reader:
        return reader.session.scalars(select(func.count(AuditEntry.id))).one()


def main() -> int:
    """Attack and measure; return 1 when a tamper was missed or a verification took too long."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tampers", type=int, default=TAMPERS)
    count = parser.parse_args().tampers
    with tempfile.TemporaryDirectory(prefix="jieban-trail-") as folder:
        template = databases.sqlite_template(Path(folder))
        urls = []
        for name in ("attacked", "many"):
            path = Path(folder) / f"{name}.db"
            path.write_bytes(Path(template).read_bytes())
            urls.append(f"sqlite:///{path}")
        found, fast = attack(urls[0], count), many(urls[1])
    print("ok" if found and fast else "FAILED")
    return 0 if found and fast else 1


if __name__ == "__main__":
    sys.exit(main())
