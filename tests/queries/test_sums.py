"""Long stretches summed by the database: equal to the rules of LC-COUNT-1, row by row."""

import random

import pytest
from sqlalchemy import create_engine

from app.db import open_engine
from app.domain.actor import SYSTEM
from app.domain.clock import FixedClock
from app.domain.service_record import (
    SplitBy,
    split,
    split_persons,
    split_ventures,
    tally,
    tally_period,
)
from app.queries.service_counts.summed import summed
from app.unit_of_work import Store
from tests import databases
from tests.drawn_decisions import FIRST, YEAR, drawn, write

MONTH = YEAR[4]


@pytest.fixture
def year(database_url):
    """Return the store and the four hundred decisions of its year."""
    dice = random.Random(20260501)  # noqa: S311
    decisions = list(drawn(400, dice))
    writer = create_engine(database_url)
    with writer.begin() as connection:
        write(connection, iter(decisions), dice)
    writer.dispose()
    engine = open_engine(database_url)
    yield Store(engine, FixedClock(FIRST), databases.AUDIT_KEY), decisions
    engine.dispose()


def test_a_month_has_the_figures_and_splits_of_the_rules(year) -> None:
    store, decisions = year
    with store.read(SYSTEM) as reader:
        sums = summed(reader, MONTH, MONTH)
    assert sums.measures == tally(decisions, MONTH)
    assert sums.measures.additive.sessions > 10
    for by in SplitBy:
        assert sums.splits[by] == split(decisions, MONTH, by)
    assert sums.groups == split_persons(decisions, MONTH)
    for by in (SplitBy.AREA, SplitBy.STREET, SplitBy.INDUSTRY):
        assert sums.ventures[by] == split_ventures(decisions, MONTH, by)


def test_a_year_counts_persons_and_ventures_once_and_sums_the_rest(year) -> None:
    store, decisions = year
    with store.read(SYSTEM) as reader:
        sums = summed(reader, YEAR[0], YEAR[-1])
        months = [summed(reader, month, month) for month in YEAR]
    assert sums.measures == tally_period(decisions, YEAR)
    assert sums.measures.distinct_persons < sum(m.measures.distinct_persons for m in months)
    assert sum(m.measures.additive.person_times for m in months) == (
        sums.measures.additive.person_times
    )
    assert sum(sums.not_counted.values()) == sum(d.status == "not_counted" for d in decisions)


def test_an_empty_stretch_has_zeros(year) -> None:
    store, _ = year
    with store.read(SYSTEM) as reader:
        sums = summed(reader, YEAR[0].preceding(), YEAR[0].preceding())
    assert not any(value for value in sums.measures.figures().values() if value != "0.0")
    assert sums.groups == sums.not_counted == {}
