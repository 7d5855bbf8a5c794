from datetime import date, timedelta

import pytest

from app.domain.availability import Days
from app.domain.errors import InvalidInputError
from app.domain.stand_down import (
    StandDownOrder,
    StandDownOverlapsError,
    StoodDown,
    ensure_stand_down,
)
from tests.moments import at

TODAY = date(2026, 9, 15)
HELD = StoodDown(date(2026, 9, 15), date(2026, 9, 20), ordered_at=at("09-15 12:00"))


@pytest.mark.parametrize(
    ("starts_at", "is_covered"),
    [
        ("09-15 11:59", False),
        ("09-15 12:00", True),
        ("09-20 23:59", True),
        ("09-21 00:00", False),
        ("09-14 15:00", False),
    ],
)
def test_it_covers_its_days_from_the_order_on(starts_at: str, is_covered: bool) -> None:
    assert HELD.covers(at(starts_at)) is is_covered


def test_once_lifted_it_covers_what_began_before_alone() -> None:
    lifted = StoodDown(HELD.first_on, HELD.last_on, HELD.ordered_at, lifted_at=at("09-18 09:00"))
    assert lifted.covers(at("09-18 08:59"))
    assert not lifted.covers(at("09-18 09:00"))


def test_a_day_begins_by_the_clock_of_the_district() -> None:
    ordered = StoodDown(date(2026, 9, 20), date(2026, 9, 20), ordered_at=at("09-15 12:00"))
    assert not ordered.covers(at("09-19 23:30"))
    assert ordered.covers(at("09-20 00:00"))


@pytest.mark.parametrize(
    ("first_on", "last_on", "reason", "field"),
    [
        (TODAY - timedelta(days=1), TODAY, "核查", "first_on"),
        (TODAY, TODAY - timedelta(days=1), "核查", "last_on"),
        (TODAY, TODAY + timedelta(days=367), "核查", "last_on"),
        (TODAY, TODAY, " ", "reason"),
        (TODAY, TODAY, "长" * 1001, "reason"),
    ],
)
def test_days_that_have_passed_too_many_or_no_reason_are_refused(
    first_on, last_on, reason, field
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        ensure_stand_down(StandDownOrder(first_on, last_on, reason), TODAY, [])
    assert [error.field for error in refused.value.errors] == [field]


def test_one_at_a_time() -> None:
    order = StandDownOrder(TODAY, TODAY + timedelta(days=3), " 核查 ")
    assert ensure_stand_down(order, TODAY, [Days(TODAY + timedelta(days=4), date.max)]) == "核查"
    with pytest.raises(StandDownOverlapsError):
        ensure_stand_down(order, TODAY, [Days(TODAY + timedelta(days=3), date.max)])
