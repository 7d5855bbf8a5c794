"""The rows behind a figure as the database pages them: those of the rules, in their order."""

import random
from collections import Counter
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from sqlalchemy import create_engine

from app.db import open_engine
from app.domain.actor import SYSTEM
from app.domain.clock import FixedClock
from app.domain.errors import NotFoundError
from app.domain.service_record import (
    FIGURE_NAMES,
    Column,
    Decision,
    Pending,
    SplitBy,
    Status,
    UnknownMeasureError,
)
from app.domain.service_record.cuts import LastLabel
from app.domain.service_record.slices import Labels, Share, total
from app.models.person import FounderGroup
from app.queries.bureau_desk import Asked, addends_asked
from app.queries.bureau_desk.behind.pages import Slice, slice_of
from app.unit_of_work import Reader, Store
from tests import databases
from tests.drawn_decisions import FIRST, YEAR, drawn, write
from tests.turns import on_each

QUARTER = tuple(YEAR[3:6])
PAGE, A_THIRD = 50, 1 / 3
LABELS = (
    Labels(),
    Labels(type="consultation"),
    Labels(street="street_3"),
    Labels(department="unassigned", category="scholar"),
    Labels(area="east", industry="industry_4"),
    Labels(confirmation="link"),
    Labels(reason="unconfirmed"),
)
EVERY_QUESTION = (
    *(Asked(months=QUARTER, measure=name) for name in (*FIGURE_NAMES, *Share)),
    *(
        Asked(months=QUARTER, measure=name, labels=labels)
        for name in ("sessions", "distinct_persons", "enterprises", "teams", "not_counted")
        for labels in LABELS
    ),
    *(
        Asked(months=QUARTER, measure=name, group=group)
        for name in ("person_times", "distinct_persons")
        for group in ("veteran", "unverified", "nobody")
    ),
    *(
        Asked(months=QUARTER, measure=name, label="veteran")
        for name in ("person_times", "distinct_persons")
    ),
    *(
        Asked(months=QUARTER, measure=name, last=LastLabel(by, label))
        for name in ("enterprises", "teams")
        for by, label in ((SplitBy.AREA, "west"), (SplitBy.STREET, "street_7"))
    ),
)


@pytest.fixture
def quarter(database_url):
    """Return the store and what was decided in the quarter of a drawn year."""
    dice = random.Random(20260503)  # noqa: S311
    decisions = list(drawn(500, dice))
    # Some begin together, so that their keys alone put them in order.
    begun = {b.session_id: a for a, b in zip(decisions[::9], decisions[1::9], strict=False)}
    decisions = [varied(each, begun.get(each.session_id, each), dice) for each in decisions]
    writer = create_engine(database_url)
    with writer.begin() as connection:
        write(connection, iter(decisions), dice)
        holders = sorted({key for each in decisions for key in each.person_ids})[::3]
        held = [
            {"id": uuid4(), "person_id": UUID(key), "code": "veteran", "verified_at": FIRST}
            for key in holders
        ]
        connection.execute(FounderGroup.__table__.insert(), held)
    writer.dispose()
    engine = open_engine(database_url)
    store = Store(engine, FixedClock(FIRST), databases.AUDIT_KEY)
    yield store, [each for each in decisions if each.month in QUARTER]
    engine.dispose()


def varied(decision: Decision, begun_with: Decision, dice: random.Random) -> Decision:
    """Return the decision with a start, a column and amounts that drawn ones lack."""
    is_apart = decision.status is Status.COUNTED and dice.random() < A_THIRD
    return replace(
        decision,
        started_at=begun_with.started_at,
        day=begun_with.day,
        status=Status.COUNTED_APART if is_apart else decision.status,
        column=dice.choice([*Column]) if is_apart else decision.column,
        pending=dice.choice([None, *Pending]) if decision.reason else None,
        anonymous_heads=dice.randrange(3),
        review_projects=dice.randrange(3),
    )


def paged(reader: Reader, asked: Asked) -> tuple[list[Slice], list[tuple[str, int]]]:
    """Return every page of the rows behind a figure, and the rows in the order shown."""
    pages: list[Slice] = []
    after: UUID | None = None
    while not pages or after:
        pages.append(slice_of(reader, asked, after, PAGE))
        after = pages[-1].next
    return pages, [(row.decision.session_id, row.amount) for page in pages for row in page.rows]


@on_each
def test_the_database_lists_the_rows_of_the_rules_page_by_page(quarter) -> None:
    store, decisions = quarter
    amounts: Counter[str] = Counter()
    with store.read(SYSTEM) as reader:
        for asked in EVERY_QUESTION:
            chosen = asked.labels.choose(decisions)
            expected = addends_asked(reader, chosen, asked)
            pages, rows = paged(reader, asked)
            newest = [(row.decision.session_id, row.amount) for row in reversed(expected)]
            assert rows == newest, asked
            beside = Counter(each.status for each in chosen)
            told = {(each.value, each.count, each.not_counted, each.apart) for each in pages}
            assert told == {
                (total(expected), len(rows), beside["not_counted"], beside["counted_apart"])
            }, asked
            assert [each.first for each in pages] == [*range(1, len(rows) + 1, PAGE)] or not rows
            # Each page leads back to the one before.
            ends = [None, *(each.next for each in pages)]
            assert [each.before for each in pages[1:]] == ends[: len(pages) - 1]
            amounts[asked.measure] += total(expected)
    # The control: no question was about nothing.
    asked_of_nothing = {name for name, amount in amounts.items() if not amount}
    assert not asked_of_nothing


def test_a_row_that_is_not_behind_the_figure_begins_no_page(quarter) -> None:
    store, decisions = quarter
    left_out = next(each for each in decisions if each.status == "not_counted")
    with store.read(SYSTEM) as reader:
        for after in (uuid4(), UUID(left_out.session_id)):
            with pytest.raises(NotFoundError):
                slice_of(reader, Asked(months=QUARTER), after, PAGE)
        with pytest.raises(UnknownMeasureError):
            slice_of(reader, Asked(months=QUARTER, measure="happiness"), None, PAGE)
        with pytest.raises(UnknownMeasureError):
            slice_of(reader, Asked(months=QUARTER, group="veteran"), None, PAGE)
