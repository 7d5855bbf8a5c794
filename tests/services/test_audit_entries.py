import random
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Engine, create_engine, select, text, update
from sqlalchemy.exc import DBAPIError

from app.adapters.signing import SealChecker, SealSigner
from app.db import StaleVersionError, open_engine
from app.domain.actor import SYSTEM, Role
from app.domain.clock import FixedClock
from app.domain.errors import ConflictError
from app.domain.ids import new_id
from app.models.audit_entry import AuditEntry, AuditSeal
from app.models.availability import CalendarDay
from app.queries.audit_entries import TrailFilter, audit_entries, trail
from app.services import audit_entries as entries
from app.services.audit_entries import Report, Sealed, sealing
from app.services.audit_entries.comparing import ledger_models
from app.unit_of_work import Store, UnitOfWork
from app.unit_of_work.trail import Trail
from tests import builders
from tests.databases import AUDIT_KEY
from tests.depth import THOROUGH
from tests.moments import START
from tests.scenes import Plays
from tests.services import audit_tampering as tampering
from tests.turns import on_each

MOST_ROUNDS = 7
ROUNDS = MOST_ROUNDS if THOROUGH else 3
REWRITES = (
    "UPDATE audit_entries SET body = 'x'",
    "UPDATE audit_entries SET action = 'x' WHERE seq IS NULL",
    "UPDATE audit_entries SET seq = seq + 1000",
    "UPDATE audit_entries SET seq = NULL",
    "DELETE FROM audit_entries",
    "UPDATE audit_seals SET root = 'x'",
    "DELETE FROM audit_seals",
)


# The same in each run, so that a scene kept from another process verifies.
SIGNER = SealSigner(Ed25519PrivateKey.from_private_bytes(b"jieban".ljust(32, b".")))
CHECKER = SealChecker([SIGNER.public])


def seal(store: Store) -> Sealed:
    return store.execute(SYSTEM, entries.seal, store.audit_key(), SIGNER)


def verify(store: Store, heads: dict[int, str] | None = None) -> Report:
    with store.read(SYSTEM) as reader:
        return entries.verify(reader, store.audit_key(), heads, CHECKER)


def verify_outside(store: Store, heads: dict[int, str]) -> Report:
    """Verify with what an auditor has: the database, the public key and published heads."""
    with store.read(SYSTEM) as reader:
        return entries.verify(reader, None, heads, CHECKER)


def rename_days(store: Store, name: str, *, most: int = 12) -> None:
    """Change some ledger rows, in one transaction, audited."""

    def use_case(uow: UnitOfWork) -> None:
        for row in uow.all(select(CalendarDay).order_by(CalendarDay.day).limit(most)):
            row.name = name
            uow.audit("calendar_day.renamed", row)

    store.execute(SYSTEM, use_case)


def a_busy_trail(store: Store, _clock: FixedClock) -> Store:
    """A trail of four seals, the later ones over changes of the same rows, and a loose end."""
    seal(store)
    for number in range(3):
        rename_days(store, f"name {number}")
        seal(store)
    rename_days(store, "last", most=3)
    return store


@pytest.fixture
def plays() -> Plays:
    return {"busy": a_busy_trail}


@pytest.fixture
def busy(scene: Store) -> Store:
    return scene


@pytest.fixture
def raw(database_url: str) -> Iterator[Engine]:
    """The database past the service, as its administrator has it."""
    engine = create_engine(database_url)
    yield engine
    engine.dispose()


def chance(seed: str) -> random.Random:
    return random.Random(seed)  # noqa: S311  # repeatable choices


@on_each
def test_what_was_written_verifies(busy: Store) -> None:
    report = verify(busy)
    assert report.faults == []
    assert report.seals == 4
    assert report.unsealed == 3
    assert report.rows >= 60
    assert report.entries == report.rows + 36 + 3


def test_an_empty_trail_is_sealed_without_a_seal(store: Store) -> None:
    assert seal(store).entries > 0
    assert seal(store).entries == 0
    assert verify(store).seals == 1


def test_seals_hang_on_each_other_and_leave_no_number_out(busy: Store) -> None:
    with busy.read(SYSTEM) as reader:
        seals = reader.session.scalars(select(AuditSeal).order_by(AuditSeal.number)).all()
        seqs = reader.session.scalars(
            select(AuditEntry.seq).where(AuditEntry.seq.is_not(None)).order_by(AuditEntry.seq)
        ).all()
    assert [row.number for row in seals] == [1, 2, 3, 4]
    assert [row.previous for row in seals[1:]] == [row.digest for row in seals[:-1]]
    assert list(seqs) == list(range(1, seals[-1].last_seq + 1))


def test_more_than_one_batch_is_sealed_batch_by_batch(store: Store, monkeypatch) -> None:
    monkeypatch.setattr(sealing, "MOST_IN_A_BATCH", 25)
    sealed = seal(store)
    assert sealed.is_full
    while seal(store).is_full:
        pass
    report = verify(store)
    assert report.is_ok
    assert report.unsealed == 0
    assert report.seals == -(-report.entries // 25)


def test_an_entry_without_a_valid_mark_is_refused_and_reported(busy: Store, raw: Engine) -> None:
    key = new_id()
    with raw.begin() as connection:
        row = tampering.pick(connection, chance("any"), tampering.ENTRIES)
        values = {"id": key, "entity_id": new_id(), "mac": "0" * 64, "seq": None}
        connection.execute(tampering.ENTRIES.insert().values({**row, **values}))
    sealed = seal(busy)
    assert (sealed.entries, sealed.refused) == (3, (key,))
    assert seal(busy).refused == (key,)
    assert [fault["entry"] for fault in verify(busy).faults if "entry" in fault] == [str(key)]


def write_and_seal(store: Store, outcomes: Counter[str]) -> None:
    try:
        for number in range(6):
            with suppress(ConflictError):
                rename_days(store, f"{number}", most=1)
            with suppress(ConflictError):
                seal(store)
                outcomes["sealed"] += 1
    except Exception as error:
        outcomes[repr(error)] += 1


@on_each
def test_several_sealers_leave_one_unbroken_chain(busy: Store, database_url: str) -> None:
    stores = [Store(open_engine(database_url), FixedClock(START), AUDIT_KEY) for _ in range(3)]
    outcomes: Counter[str] = Counter()
    threads = [threading.Thread(target=write_and_seal, args=(store, outcomes)) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for store in stores:
        store.engine.dispose()
    seal(busy)
    report = verify(busy)
    assert report.faults == []
    assert report.unsealed == 0
    assert outcomes.keys() == {"sealed"}, outcomes


@pytest.mark.parametrize("tamper", tampering.TAMPERS, ids=lambda tamper: tamper.__name__)
def test_a_single_tamper_is_found_and_named(
    busy: Store, raw: Engine, tamper: tampering.Tamper
) -> None:
    tampering.disarm(raw)
    with raw.begin() as connection:
        kept = tampering.copy(connection)
    choices = chance(tamper.__name__)
    for _ in range(ROUNDS):
        with raw.begin() as connection:
            expected = tamper(connection, choices)
        report = verify(busy)
        assert not report.is_ok
        assert expected.is_met_by(report.faults), (expected, report.faults)
        with raw.begin() as connection:
            tampering.restore(connection, kept)
    assert verify(busy).is_ok


def test_there_are_more_than_a_hundred_single_tampers() -> None:
    assert len(tampering.TAMPERS) * MOST_ROUNDS >= 100


def test_a_head_published_earlier_proves_the_tail(busy: Store) -> None:
    head = verify(busy).head
    assert head is not None
    number, digest = head
    assert verify(busy, {number: digest}).is_ok
    assert verify(busy, {number: "0" * 64}).faults[0]["kind"] == "seal.not_as_published"
    assert verify(busy, {number + 1: digest}).faults == [
        {"kind": "seal.missing", "seal": number + 1}
    ]


def test_an_auditor_without_any_secret_finds_each_tamper(busy: Store, raw: Engine) -> None:
    seal(busy)
    head = verify(busy).head
    assert head is not None
    assert verify_outside(busy, dict([head])).faults == []
    tampering.disarm(raw)
    with raw.begin() as connection:
        kept = tampering.copy(connection)
    choices, missed = chance("outside"), []
    # Marks alone, without what they mark, are no facts; and nothing is unsealed to be deleted.
    aside = {tampering.edit_mark, tampering.edit_seal_mark, tampering.delete_unsealed}
    for tamper in tampering.TAMPERS:
        if tamper in aside:
            continue
        with raw.begin() as connection:
            tamper(connection, choices)
        missed += [tamper.__name__] * verify_outside(busy, dict([head])).is_ok
        with raw.begin() as connection:
            tampering.restore(connection, kept)
    assert missed == []
    assert verify_outside(busy, dict([head])).is_ok


@pytest.mark.parametrize("dialect", ["sqlite"])
def test_a_yes_that_is_neither_yes_nor_no_is_named(busy: Store, raw: Engine) -> None:
    # PostgreSQL's columns hold nothing else than yes and no.
    tampering.disarm(raw)
    with raw.begin() as connection:
        row = tampering.pick(connection, chance("odd"), tampering.DAYS)
        odd = text("UPDATE calendar_days SET is_confirmed = 2 WHERE id = :id")
        connection.execute(odd, {"id": row["id"].hex})
    kinds = {(fault["kind"], fault["row"]) for fault in verify(busy).faults}
    assert ("row.unreadable", str(row["id"])) in kinds


def test_outside_everything_has_to_be_sealed(busy: Store) -> None:
    kinds = Counter(fault["kind"] for fault in verify_outside(busy, {}).faults)
    assert kinds == {"entry.unsealed": 3}


def test_seals_from_before_there_was_a_key_are_covered_by_those_after(store: Store) -> None:
    store.execute(SYSTEM, entries.seal, store.audit_key())
    assert verify(store).is_ok
    rename_days(store, "signed from here on")
    seal(store)
    assert verify(store).is_ok
    rename_days(store, "and unsigned again")
    store.execute(SYSTEM, entries.seal, store.audit_key())
    assert verify(store).faults == [{"kind": "seal.unsigned", "seal": 3}]


@on_each
def test_a_district_may_hash_by_the_national_standard(busy: Store, database_url: str) -> None:
    seal(busy)
    national = Store(open_engine(database_url), FixedClock(START), AUDIT_KEY, "sm3")
    rename_days(national, "by SM3")
    seal(national)
    with national.read(SYSTEM) as reader:
        last = reader.session.scalars(select(AuditSeal).order_by(AuditSeal.number.desc())).first()
    national.engine.dispose()
    assert last is not None
    assert last.algorithm == "sm3"
    assert verify(busy).is_ok


@on_each
def test_the_database_refuses_to_change_or_delete_the_trail(busy: Store, raw: Engine) -> None:
    for statement in REWRITES:
        with raw.connect() as connection, pytest.raises(DBAPIError, match="tr_append_only"):
            connection.execute(text(statement))
    assert verify(busy).is_ok


def test_every_ledger_model_is_compared(busy: Store) -> None:
    names = {model.__tablename__ for model in ledger_models()}
    assert names >= {
        "appointments",
        "attendances",
        "bookings",
        "calendar_days",
        "corrections",
        "counting_policies",
        "declared_interests",
        "outcomes",
        "published_figures",
        "service_records",
        "service_sessions",
    }


@on_each
def test_a_verification_reads_as_of_one_instant_while_others_write(busy: Store) -> None:
    stop = threading.Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            rename_days(busy, f"live {number}", most=2)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        reports = [verify(busy) for _ in range(5)]
    finally:
        stop.set()
        writer.join()
    assert [report.faults for report in reports] == [[]] * 5


def test_a_thousand_faults_are_named_and_all_are_counted() -> None:
    report = Report()
    for number in range(1_500):
        report.blame("entry.missing", seq=number)
    assert (len(report.faults), report.total) == (1_000, 1_500)


def test_the_trail_of_one_thing_is_read_in_order_with_who_and_what(busy: Store) -> None:
    officer = builders.staff(busy, Role.APPROVER)

    def rename(uow: UnitOfWork) -> UUID:
        row = uow.all(select(CalendarDay).order_by(CalendarDay.day).limit(1))[0]
        row.name = "by hand"
        uow.audit("calendar_day.renamed", row, reason="notice")
        return row.id

    key = busy.execute(officer, rename)
    with busy.read(officer) as reader:
        found = trail(reader, "calendar_days", key)
    assert [entry.version for entry in found] == [1, 2, 3, 4, 5, 6]
    last = found[-1]
    assert (last.actor, last.roles, last.facts) == (
        officer.name,
        ("approver",),
        {"reason": "notice"},
    )
    assert last.row is not None
    assert last.row["name"] == "by hand"
    assert len(last.leaf) == 64


def test_the_trail_is_listed_page_by_page_and_filtered(busy: Store) -> None:
    auditor = builders.staff(busy, Role.AUDITOR)
    wanted = TrailFilter(action="calendar_day.renamed", entity="calendar_days")
    seen = []
    after = None
    with busy.read(auditor) as reader:
        while True:
            page = audit_entries(reader, wanted, after=after, limit=16)
            seen += [entry.id for entry in page.items]
            after = page.next
            if after is None:
                break
        nothing = audit_entries(reader, TrailFilter(since=START, until=START)).items
    assert len(seen) == len(set(seen)) == 39
    assert seen == sorted(seen, reverse=True)
    assert nothing == []


def test_a_founder_sees_nothing_of_the_trail(busy: Store) -> None:
    with busy.read(builders.a_founder(busy)) as reader:
        assert audit_entries(reader, TrailFilter()).items == []


def test_a_sealed_entry_keeps_its_number(busy: Store) -> None:
    def renumber(uow: UnitOfWork) -> None:
        uow.session.execute(update(AuditEntry).values(seq=AuditEntry.seq + 1))

    with pytest.raises(ConflictError):
        busy.execute(SYSTEM, renumber)


@on_each
def test_who_told_of_the_same_thing_at_the_same_time_is_asked_to_look_again(
    busy: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Trail, "_versions", lambda *_: {})
    with pytest.raises(StaleVersionError):
        rename_days(busy, "at the same time", most=1)
    assert verify(busy).is_ok
