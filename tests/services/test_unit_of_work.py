import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from datetime import date

import pytest
from sqlalchemy import delete, exists, false, func, insert, select, text, union_all, update
from sqlalchemy.orm import aliased

from app.db import StaleVersionError
from app.domain.actor import SYSTEM, Actor, Role
from app.domain.ids import PersonId, new_id
from app.models.audit_entry import AuditEntry
from app.models.availability import CalendarDay
from app.models.need import Need
from app.models.person import Person
from app.unit_of_work import Store, UnauditedChangeError, UnitOfWork, UnscopedStatementError
from app.unit_of_work.scope import BulkLedgerError
from app.unit_of_work.store import MOST_TRIES
from tests.builders import a_need
from tests.moments import START, day
from tests.turns import on_both as dialect

__all__ = ["dialect"]


def founder(person: Person) -> Actor:
    return Actor(roles=frozenset({Role.FOUNDER}), person_id=PersonId(person.id))


def two_persons(uow: UnitOfWork) -> list[Person]:
    return [uow.add(Person(name=name, created_at=START)) for name in ("甲", "乙")]


def test_a_forgotten_filter_shows_a_founder_nobody_else(store: Store) -> None:
    own, other = store.execute(SYSTEM, two_persons)

    with store.read(founder(own)) as reader:
        assert reader.session.scalars(select(Person.name)).all() == ["甲"]
        assert reader.session.get(Person, other.id) is None


WHO = aliased(Person)
NAMES = select(Person.name)


@pytest.mark.parametrize(
    "statement",
    [
        select(WHO.name),
        select(NAMES.subquery().c.name),
        select(NAMES.cte().c.name),
        union_all(NAMES, NAMES.where(false())),
        select(func.min(Person.name)),
        select(select(func.min(WHO.name)).scalar_subquery()),
        select(Person.name).where(exists().where(WHO.id == Person.id)),
        select(CalendarDay.name).where(exists().where(Person.name == "乙")),
    ],
    ids=["alias", "subquery", "cte", "union", "function", "scalar", "exists", "elsewhere"],
)
def test_whatever_way_leads_to_a_protected_table_is_scoped(store: Store, statement) -> None:
    own, other = store.execute(SYSTEM, two_persons)

    with store.read(founder(own)) as reader:
        assert reader.session.scalars(statement).all() in (["甲"], [])
    with store.read(founder(other)) as reader:
        assert "甲" not in reader.session.scalars(statement).all()
    with store.read(SYSTEM) as reader:
        assert reader.session.scalars(statement).all() not in ([], ["甲"])


@pytest.mark.parametrize(
    "statement",
    [
        select(Person.name).where(exists().where(Need.__table__.c.person_id == Person.id)),
        select(Person.name).where(text("EXISTS (SELECT 1 FROM needs)")),
    ],
    ids=["bare table", "words of one's own"],
)
def test_a_protected_table_beside_a_scoped_one_needs_a_scope_of_its_own(
    store: Store, statement
) -> None:
    own, _ = store.execute(SYSTEM, two_persons)
    with store.read(founder(own)) as reader, pytest.raises(UnscopedStatementError, match="needs"):
        reader.session.execute(statement)


def test_an_actor_without_roles_sees_no_rows_of_protected_tables(store: Store) -> None:
    store.execute(SYSTEM, two_persons)

    with store.read(Actor(roles=frozenset())) as reader:
        assert reader.session.scalars(select(Person.name)).all() == []


def test_words_of_ones_own_in_the_place_of_a_statement_are_refused(store: Store) -> None:
    store.execute(SYSTEM, two_persons)
    everybody = select(Person).from_statement(text("SELECT * FROM persons"))
    with store.read(founder(Person(id=new_id()))) as reader, pytest.raises(UnscopedStatementError):
        reader.session.scalars(everybody).all()


@pytest.mark.parametrize("statement", [text("SELECT * FROM persons"), select(Person.__table__)])
def test_a_statement_past_the_scope_is_refused(store: Store, statement) -> None:
    with store.read(founder(Person(id=new_id()))) as reader, pytest.raises(UnscopedStatementError):
        reader.session.connection().execute(statement)


def test_a_ledger_change_without_audit_is_refused_and_leaves_nothing(store: Store) -> None:
    def forget(uow: UnitOfWork) -> None:
        day_row = uow.one(select(CalendarDay).where(CalendarDay.day == day("10-10")))
        assert day_row is not None
        day_row.name = "changed"

    with pytest.raises(UnauditedChangeError):
        store.execute(SYSTEM, forget)
    with store.read(SYSTEM) as reader:
        names = reader.session.scalars(select(CalendarDay.name)).all()
        assert "changed" not in names


def the_calendar(store: Store) -> list[tuple[date, str]]:
    with store.read(SYSTEM) as reader:
        return [
            (row.day, row.name)
            for row in reader.session.scalars(select(CalendarDay).order_by(CalendarDay.day))
        ]


@pytest.mark.parametrize(
    ("statement", "error"),
    [
        (insert(CalendarDay).values(day=day("12-31"), name="加班"), BulkLedgerError),
        (update(CalendarDay).values(name="加班"), BulkLedgerError),
        (delete(CalendarDay), BulkLedgerError),
        (text("INSERT INTO calendar_days (name) VALUES ('加班')"), UnscopedStatementError),
        (text("  update calendar_days SET name = '加班'"), UnscopedStatementError),
        (text("DELETE FROM calendar_days"), UnscopedStatementError),
    ],
)
def test_ledger_rows_are_not_written_in_bulk_past_the_audit(store: Store, statement, error) -> None:
    before = the_calendar(store)
    with pytest.raises(error):
        store.execute(SYSTEM, lambda uow: uow.session.execute(statement))
    assert the_calendar(store) == before


def test_a_look_cannot_write(store: Store) -> None:
    with store.read(SYSTEM) as reader:
        reader.session.add(Person(name="甲", created_at=START))
        with pytest.raises(Exception, match=r"read-?only|readonly"):
            reader.session.flush()


def test_two_who_audit_one_unchanged_row_at_once_both_succeed(store: Store) -> None:
    (person, _) = store.execute(SYSTEM, two_persons)
    both = threading.Barrier(2, timeout=5)
    first_try = threading.local()

    def note(uow: UnitOfWork) -> None:
        uow.audit("person.seen", uow.load(Person, person.id))
        if store.engine.dialect.name == "postgresql" and not hasattr(first_try, "done"):
            first_try.done = True
            both.wait()

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(store.execute, SYSTEM, note) for _ in range(2)]:
            done.result()

    with store.read(SYSTEM) as reader:
        versions = select(AuditEntry.entity_version).where(AuditEntry.entity_id == person.id)
        assert sorted(reader.session.scalars(versions)) == [1, 2]


@pytest.mark.parametrize("dialect", ["postgresql"])
@pytest.mark.parametrize(("meddled", "is_refused"), [(1, False), (MOST_TRIES, True)])
def test_a_step_on_a_row_that_changed_meanwhile_is_tried_anew_and_not_for_ever(
    store: Store, meddled: int, is_refused: bool
) -> None:
    need = a_need(store, store.execute(SYSTEM, two_persons)[0].id, text="原文")
    tries: list[int] = []

    def add(uow: UnitOfWork, words: str) -> None:
        row = uow.load(Need, need.id)
        if words == "我":
            tries.append(row.version)
            if len(tries) <= meddled:
                store.execute(SYSTEM, add, "他")
        row.text += words

    with pytest.raises(StaleVersionError) if is_refused else nullcontext():
        store.execute(SYSTEM, add, "我")
    assert tries == list(range(1, min(meddled + 1, MOST_TRIES) + 1))
    with store.read(SYSTEM) as reader:
        text_now = reader.session.scalars(select(Need.text)).one()
    assert text_now == "原文" + "他" * meddled + ("" if is_refused else "我")


def test_a_joined_alias_of_a_protected_table_is_refused(store: Store) -> None:
    own, _ = store.execute(SYSTEM, two_persons)
    other = aliased(Person)
    statement = select(Person.name, other.name).join(other, other.id != Person.id)

    with store.read(founder(own)) as reader, pytest.raises(UnscopedStatementError):
        reader.session.execute(statement)
    with store.read(SYSTEM) as reader:
        assert len(reader.session.execute(statement).all()) == 2
