"""A database of PostgreSQL that comes back from a test is as its template was, or is dropped."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select, text

from app.db import metadata
from app.domain.clock import FixedClock
from app.unit_of_work import Store
from tests.builders import an_expert
from tests.databases import AUDIT_KEY, TEMPLATE
from tests.lent import Returning
from tests.moments import START
from tests.turns import on_both as dialect

__all__ = ["dialect"]


@pytest.fixture
def lent(postgresql_server: str) -> Iterator[Returning]:
    database = Returning(postgresql_server, TEMPLATE)
    yield database
    database.drop()


def everything(lent: Returning) -> dict[str, list[tuple[Any, ...]]]:
    with lent.engine().connect() as connection:
        return {
            table.name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
            for table in metadata.sorted_tables
        }


def change(lent: Returning, statement: str) -> None:
    with lent.engine().begin() as connection:
        connection.execute(text(statement))


def test_rows_that_came_changed_and_went_are_as_they_were(lent: Returning) -> None:
    before = everything(lent)
    for emptied in ("DELETE FROM terms", "TRUNCATE terms"):
        an_expert(Store(lent.engine(), FixedClock(START), AUDIT_KEY))
        change(lent, "UPDATE calendar_days SET name = 'another'")
        change(lent, emptied)
        assert everything(lent) != before

        assert lent.is_restored()
        assert everything(lent) == before


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE audit_entries DISABLE TRIGGER USER",
        "ALTER TABLE experts ADD COLUMN nickname text",
        "ALTER TABLE experts DROP COLUMN version",
        "CREATE TABLE nicknames (name text)",
        "CREATE OR REPLACE FUNCTION another() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
        "DROP TRIGGER tr_bookings_status ON bookings",
    ],
)
def test_another_schema_does_not_come_back(lent: Returning, statement: str) -> None:
    change(lent, statement)
    assert not lent.is_restored()


def test_nor_does_a_database_that_somebody_is_still_connected_to(lent: Returning) -> None:
    with lent.engine().connect() as connection:
        connection.execute(text("SELECT 1"))
        assert not lent.is_free()
    assert lent.is_free()


def test_numbers_go_on_from_where_the_template_stood(lent: Returning) -> None:
    change(lent, "SELECT nextval('reference_need')")
    lent.is_restored()
    with lent.engine().connect() as connection:
        assert connection.execute(text("SELECT nextval('reference_need')")).scalar_one() == 1
