import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import aliased

from app.domain.actor import SYSTEM, Actor, Role
from app.domain.ids import PersonId, new_id
from app.models.audit_entry import AuditEntry
from app.models.availability import CalendarDay
from app.models.person import Person
from app.unit_of_work import Store, UnauditedChangeError, UnitOfWork, UnscopedStatementError
from tests.moments import START, day


def founder(person: Person) -> Actor:
    return Actor(roles=frozenset({Role.FOUNDER}), person_id=PersonId(person.id))


def two_persons(uow: UnitOfWork) -> list[Person]:
    return [uow.add(Person(name=name, created_at=START)) for name in ("甲", "乙")]


def test_a_forgotten_filter_shows_a_founder_nobody_else(store: Store) -> None:
    own, other = store.execute(SYSTEM, two_persons)

    with store.read(founder(own)) as reader:
        assert reader.session.scalars(select(Person.name)).all() == ["甲"]
        assert reader.session.get(Person, other.id) is None


def test_an_actor_without_roles_sees_no_rows_of_protected_tables(store: Store) -> None:
    store.execute(SYSTEM, two_persons)

    with store.read(Actor(roles=frozenset())) as reader:
        assert reader.session.scalars(select(Person.name)).all() == []


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


def test_a_joined_alias_of_a_protected_table_is_refused(store: Store) -> None:
    own, _ = store.execute(SYSTEM, two_persons)
    other = aliased(Person)
    statement = select(Person.name, other.name).join(other, other.id != Person.id)

    with store.read(founder(own)) as reader, pytest.raises(UnscopedStatementError):
        reader.session.execute(statement)
    with store.read(SYSTEM) as reader:
        assert len(reader.session.execute(statement).all()) == 2
