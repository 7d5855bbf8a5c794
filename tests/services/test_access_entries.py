"""Looks are in the trail: one that is changed, taken out or put in is named."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import (
    Connection,
    Engine,
    create_engine,
    delete,
    func,
    insert,
    literal_column,
    select,
    text,
    update,
)

from app.db import metadata
from app.domain.actor import SYSTEM, Role
from app.domain.ids import new_id
from app.queries.access_entries import LookFilter, looks
from app.queries.audit_entries import TrailFilter, audit_entries
from app.services import access_entries
from app.services import audit_entries as entries
from app.services.audit_entries import Report
from app.unit_of_work import Store
from tests import builders
from tests.moments import START
from tests.turns import on_each

ENTRIES = metadata.tables["audit_entries"]
LOOKS = metadata.tables["access_entries"]
Act = Callable[[Connection], object]


@pytest.fixture
def watched(store: Store) -> Store:
    """A trail with three looks of an auditor, sealed."""
    auditor = builders.staff(store, Role.AUDITOR, name="周审计")
    for path in ("/bureau/sessions", "/bureau/log", "/bureau/needs"):
        query: dict[str, object] = {"method": "GET", "query": {"q": "钱大妈"}}
        store.execute(auditor, access_entries.note, path, query, "10.0.0.7")
    store.execute(SYSTEM, entries.seal, store.audit_key())
    return store


@pytest.fixture
def raw(database_url: str, watched: Store) -> Iterator[Engine]:
    """The database past the service, as its administrator has it."""
    engine = create_engine(database_url)
    yield engine
    engine.dispose()


@contextmanager
def disarmed(raw: Engine) -> Iterator[Connection]:
    """Write with the triggers of the table out of force."""
    with raw.begin() as connection:
        if raw.dialect.name == "sqlite":
            for name in ("tr_access_entries_update", "tr_access_entries_delete"):
                connection.execute(text(f"DROP TRIGGER {name}"))
        else:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        yield connection


def verify(store: Store) -> Report:
    with store.read(SYSTEM) as reader:
        return entries.verify(reader, store.audit_key())


def one_more(connection: Connection) -> None:
    row = connection.execute(select(LOOKS).limit(1)).mappings().one()
    connection.execute(insert(LOOKS).values({**row, "id": new_id()}))


of_log = LOOKS.c.subject == "/bureau/log"
TAMPERS: dict[str, tuple[Act, str]] = {
    "address": (lambda c: c.execute(update(LOOKS).values(address="10.0.0.8")), "row.differs"),
    "subject": (lambda c: c.execute(update(LOOKS).values(subject="/help")), "row.differs"),
    "facts": (lambda c: c.execute(update(LOOKS).values(facts={"query": {}})), "row.differs"),
    "back": (
        lambda c: c.execute(update(LOOKS).values(at=START - timedelta(days=99))),
        "row.differs",
    ),
    "gone": (lambda c: c.execute(delete(LOOKS).where(of_log)), "row.missing"),
    "more": (one_more, "row.unproven"),
}


@on_each
@pytest.mark.parametrize("kind", TAMPERS)
def test_a_look_that_is_tampered_with_is_named(watched: Store, raw: Engine, kind: str) -> None:
    assert verify(watched).is_ok
    act, fault = TAMPERS[kind]
    with disarmed(raw) as connection:
        act(connection)
    assert {each["kind"] for each in verify(watched).faults} == {fault}


@on_each
def test_looks_from_before_the_trail_was_told_of_them_are_passed_over(
    watched: Store, raw: Engine
) -> None:
    with disarmed(raw) as connection:
        row = connection.execute(select(LOOKS).limit(1)).mappings().one()
        before = {"id": new_id(), "at": START - timedelta(days=1)}
        connection.execute(insert(LOOKS).values({**row, **before}))
    assert verify(watched).is_ok


def test_the_trail_keeps_what_was_searched_for_as_a_hash_alone(watched: Store, raw: Engine) -> None:
    with raw.connect() as connection:
        found = text("SELECT body FROM audit_entries WHERE entity = 'access_entries'")
        bodies = connection.execute(found).scalars().all()
    assert len(bodies) == 3
    assert not any("钱大妈" in body or "10.0.0.7" in body for body in bodies)
    assert all('"rest":"' in body for body in bodies)


def test_looks_are_found_by_who_what_and_when(watched: Store) -> None:
    keeper = builders.staff(watched, Role.AUDIT_ADMIN)

    def found(**wanted: object) -> list[str]:
        with watched.read(keeper) as reader:
            page = looks(reader, LookFilter(**wanted))  # type: ignore[arg-type]  # by name
            return [each.subject for each in page.items]

    assert found() == ["/bureau/needs", "/bureau/log", "/bureau/sessions"]
    assert found(what="/bureau/log") == ["/bureau/log"]
    assert len(found(who="周审")) == 3
    assert found(who="nobody") == found(until=START) == found(what="%") == []
    with watched.read(keeper) as reader:
        first = looks(reader, LookFilter(), limit=2)
        last = looks(reader, LookFilter(), after=first.next, limit=2)
    assert [len(first.items), len(last.items), last.next] == [2, 1, None]


def test_a_founder_sees_no_looks_and_the_list_of_changes_none(watched: Store) -> None:
    with watched.read(builders.a_founder(watched)) as reader:
        assert looks(reader, LookFilter()).items == []
    with watched.read(builders.staff(watched, Role.AUDITOR)) as reader:
        entities = {each.entity for each in audit_entries(reader, TrailFilter()).items}
        named = audit_entries(reader, TrailFilter(entity="access_entries")).items
    assert "access_entries" not in entities
    assert len(named) == 3


@pytest.mark.parametrize("dialect", ["sqlite"])
@pytest.mark.parametrize("column", ["actor_id", "entity_id", "at", "entity_version", "seq"])
@pytest.mark.parametrize("is_sealed", [True, False])
def test_an_entry_in_which_nonsense_was_written_is_named(
    watched: Store, raw: Engine, column: str, is_sealed: bool
) -> None:
    if not is_sealed:
        auditor = builders.staff(watched, Role.AUDITOR)
        facts: dict[str, object] = {"method": "GET", "query": {}}
        watched.execute(auditor, access_entries.note, "/bureau/late", facts, "10.0.0.7")
    which = ENTRIES.c.seq.is_not(None) if is_sealed else ENTRIES.c.seq.is_(None)
    with raw.begin() as connection:
        for name in ("tr_audit_entries_update", "tr_audit_entries_seq"):
            connection.execute(text(f"DROP TRIGGER {name}"))
        key = connection.execute(select(func.max(ENTRIES.c.id)).where(which)).scalar_one()
        nonsense = {column: literal_column("'nonsense'")}
        connection.execute(update(ENTRIES).where(ENTRIES.c.id == key).values(nonsense))
    report = verify(watched)
    assert str(key) in {each.get("entry") for each in report.faults}
    # What is sound beside it is sealed all the same.
    sealed = watched.execute(SYSTEM, entries.seal, watched.audit_key())
    assert sealed.entries >= 0
