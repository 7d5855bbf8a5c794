"""Long stretches summed by the database: equal to the rules of LC-COUNT-1, row by row."""

import random
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import create_engine

from app.db import open_engine
from app.domain.actor import SYSTEM
from app.domain.clock import FixedClock
from app.domain.service_record import (
    Measures,
    SplitBy,
    split,
    split_persons,
    split_ventures,
    tally,
    tally_period,
)
from app.domain.stretch import Stretch
from app.queries.service_counts.stretches import stretch_counts
from app.queries.service_counts.summed import summed
from app.unit_of_work import Store
from tests import databases
from tests.drawn_decisions import FIRST, YEAR, close, decide_anew, drawn, write

CLOSED_AT = FIRST + timedelta(days=380)
MONTH = YEAR[4]


@pytest.fixture
def corrected_year(database_url):
    """Close a year, then decide sixty of its meetings anew with other people in other months.

    Return the store, what the closing froze and what stands now.
    """
    dice = random.Random(20260502)  # noqa: S311
    pool = list(drawn(460, dice))
    frozen, later = pool[:400], pool[400:]
    news = [
        (before, replace(after, session_id=before.session_id))
        for before, after in zip(frozen, later, strict=False)
    ]
    writer = create_engine(database_url)
    with writer.begin() as connection:
        write(connection, iter(frozen), dice)
        periods = close(connection, CLOSED_AT, dice)
        decide_anew(connection, news, periods, CLOSED_AT + timedelta(days=9), dice)
    writer.dispose()
    engine = open_engine(database_url)
    standing = [after for _, after in news] + frozen[len(news) :]
    yield Store(engine, FixedClock(FIRST), databases.AUDIT_KEY), frozen, standing
    engine.dispose()


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


@pytest.mark.parametrize("written", ["2026", "2026-H1", "2026-Q2"])
def test_closed_months_keep_their_persons_and_ventures_whatever_is_decided_since(
    corrected_year, written: str
) -> None:
    store, frozen, standing = corrected_year
    stretch = Stretch.parse(written)
    with store.read(SYSTEM) as reader:
        counts = stretch_counts(reader, stretch)
    then, now = tally_period(frozen, stretch.months), tally_period(standing, stretch.months)
    assert counts.known.measures == now
    told = counts.as_reported
    assert distinct(told) == distinct(then)
    # The control: the news moved persons or ventures.
    assert distinct(now) != distinct(then)


def distinct(measures: Measures) -> tuple[int, int, int]:
    return measures.distinct_persons, measures.enterprises, measures.teams


def test_an_empty_stretch_has_zeros(year) -> None:
    store, _ = year
    with store.read(SYSTEM) as reader:
        sums = summed(reader, YEAR[0].preceding(), YEAR[0].preceding())
    assert not any(value for value in sums.measures.figures().values() if value != "0.0")
    assert sums.groups == sums.not_counted == {}
