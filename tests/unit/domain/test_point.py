"""Points: what must be posted always brings the ledger to what the work is worth, once."""

from collections import Counter
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.point import (
    InvalidPointRuleError,
    PointEvent,
    PointPart,
    PointRule,
    Worth,
    moves,
    rating_points,
    rule_on,
    totals,
)

RULES = [UUID(int=1), UUID(int=2)]
CAPS = {RULES[0]: 10, RULES[1]: 7}
NEW_YEAR = date(2026, 1, 1)


def a_rule(**values) -> PointRule:
    defaults = {
        "id": RULES[0],
        "event": PointEvent.SERVICE_COUNTED,
        "part": PointPart.VOLUME,
        "points": 4,
        "cap": 40,
        "valid_from": NEW_YEAR,
    }
    return PointRule(**{**defaults, **values})


def worth(rule: int, subject: int, points: int) -> Worth:
    return Worth(RULES[rule], UUID(int=100 + subject), NEW_YEAR + timedelta(days=subject), points)


states = st.dictionaries(
    st.tuples(st.integers(0, 1), st.integers(0, 5)), st.integers(1, 5), max_size=12
).map(lambda found: [worth(rule, subject, points) for (rule, subject), points in found.items()])


@given(st.lists(states, min_size=1, max_size=6))
def test_after_any_history_the_entries_sum_to_what_the_work_is_worth(history) -> None:
    held: Counter[tuple[UUID, UUID]] = Counter()
    for worths in history:
        for move in moves({key: points for key, points in held.items() if points}, worths, CAPS):
            held[move.rule_id, move.subject_id] += move.points
        summed: Counter[UUID] = Counter()
        for (rule_id, _), points in held.items():
            summed[rule_id] += points
        assert {key: points for key, points in summed.items() if points} == totals(worths, CAPS)
        assert all(points >= 0 for points in held.values())
        assert moves({key: points for key, points in held.items() if points}, worths, CAPS) == []


def test_what_is_free_under_the_cap_goes_to_who_came_too_late_before() -> None:
    first, second, third = (worth(0, number, 4) for number in range(3))
    posted = moves({}, [first, second, third], CAPS)
    assert [(move.subject_id, move.points) for move in posted] == [
        (first.subject_id, 4),
        (second.subject_id, 4),
        (third.subject_id, 2),
    ]
    held = {(move.rule_id, move.subject_id): move.points for move in posted}
    again = moves(held, [second, third], CAPS)
    assert [(move.subject_id, move.points, move.is_reversal) for move in again] == [
        (first.subject_id, -4, True),
        (third.subject_id, 2, False),
    ]


def test_ratings_weigh_from_five_people_on() -> None:
    rule = a_rule(event=PointEvent.RATED_WELL, points=30, cap=30)
    four = {UUID(int=number): [5] for number in range(4)}
    assert rating_points(rule, four) == 0
    assert rating_points(rule, {**four, UUID(int=9): [3]}) == 24
    assert rating_points(rule, {**four, UUID(int=9): [4, 5]}) == 30


def test_the_rule_of_a_day_is_the_last_begun_unless_it_has_ended() -> None:
    first, later = a_rule(), a_rule(valid_from=date(2026, 7, 1), valid_to=date(2026, 9, 30))
    rules = [first, later]
    assert rule_on(rules, first.event, date(2026, 6, 30)) is first
    assert rule_on(rules, first.event, date(2026, 9, 30)) is later
    assert rule_on(rules, first.event, date(2026, 10, 1)) is None
    assert rule_on(rules, first.event, date(2025, 12, 31)) is None
    assert rule_on(rules, PointEvent.RATED_WELL, date(2026, 6, 30)) is None


@pytest.mark.parametrize("values", [{"points": 0}, {"cap": 3}, {"valid_to": date(2025, 12, 31)}])
def test_a_rule_nobody_can_mean_is_refused(values) -> None:
    with pytest.raises(InvalidPointRuleError):
        a_rule(**values)
