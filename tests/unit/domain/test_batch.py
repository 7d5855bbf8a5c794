from datetime import date

import pytest

from app.domain.batch import (
    ASKED_BEFORE,
    LEAST_FIT,
    NO_COMMON_TIME,
    BatchAct,
    BatchStatus,
    BatchStepError,
    Candidate,
    LeftReason,
    Objective,
    PairFacts,
    Planned,
    Question,
    Terms,
    bar_of,
    ensure_month,
    is_hard,
    measured,
    months_open,
    next_status,
    questions,
    why_left,
    window,
    with_cautions,
    with_change,
)
from app.domain.batch.life import TRANSITIONS
from app.domain.calendar import Month
from app.domain.errors import InvalidInputError
from tests.moments import day

TODAY = day("09-16")
_OVER = {
    BatchStatus.UNDONE,
    BatchStatus.DISCARDED,
    BatchStatus.CANCELLED,
    BatchStatus.FAILED,
}


@pytest.mark.parametrize("status", list(BatchStatus))
@pytest.mark.parametrize("act", list(BatchAct))
def test_only_the_steps_of_the_table_are_taken(status: BatchStatus, act: BatchAct) -> None:
    if (status, act) in TRANSITIONS:
        assert next_status(status, act) is TRANSITIONS[status, act]
        return
    with pytest.raises(BatchStepError) as refused:
        next_status(status, act)
    assert refused.value.facts == {"status": status.value, "act": act.value}


def test_nothing_is_done_with_a_batch_that_is_over() -> None:
    assert {status for status, _ in TRANSITIONS} == set(BatchStatus) - _OVER


@pytest.mark.parametrize(
    ("month", "is_open"),
    [("2026-08", False), ("2026-09", True), ("2026-11", True), ("2026-12", False)],
)
def test_a_batch_is_for_a_month_in_which_times_can_be_booked(month: str, is_open: bool) -> None:
    assert (Month.parse(month) in months_open(TODAY)) is is_open
    if is_open:
        ensure_month(Month.parse(month), TODAY)
    else:
        with pytest.raises(InvalidInputError) as refused:
            ensure_month(Month.parse(month), TODAY)
        assert refused.value.facts == {"first": "2026-09", "last": "2026-11"}


@pytest.mark.parametrize(
    ("month", "today", "first", "last"),
    [
        ("2026-09", "09-16", "09-16", "09-30"),
        ("2026-10", "09-16", "10-01", "10-31"),
        # The last days of a month look two weeks ahead.
        ("2026-09", "09-29", "09-29", "10-12"),
        # Nothing can be booked more than 60 days ahead.
        ("2026-11", "09-16", "11-01", "11-14"),
    ],
)
def test_the_days_of_a_batch(month: str, today: str, first: str, last: str) -> None:
    days = window(Month.parse(month), day(today))
    assert (days[0], days[-1]) == (day(first), day(last))


def test_usual_terms_favour_what_they_are_named_for() -> None:
    assert Terms.usual(Objective.TOTAL) == Terms(Objective.TOTAL, 100, 0, 0)
    assert Terms.usual(Objective.EVEN, 3) == Terms(Objective.EVEN, 60, 25, 15, 3)
    assert Terms.usual(Objective.EVEN).evenness == pytest.approx(0.1)
    assert Terms.usual(Objective.WORST_OFF).evenness == 0


def test_a_weight_on_even_loads_makes_them_the_objective() -> None:
    assert Terms.weighed(60, 25, 0, cap=None).objective is Objective.EVEN
    assert Terms.weighed(60, 0, 0, cap=None).objective is Objective.TOTAL
    assert Terms.weighed(0, 0, 5, cap=31).cap == 31


def facts(**values: object) -> PairFacts:
    plain = {"score": 0.5, "best": 0.5, "ordinal": 1, "days": 0}
    return PairFacts(**{**plain, **values})  # type: ignore[arg-type]  # by name


@pytest.mark.parametrize(
    ("values", "codes"),
    [
        ({}, []),
        ({"score": LEAST_FIT, "best": LEAST_FIT}, ["near_least"]),
        ({"score": 0.43}, []),
        ({"score": 0.42}, ["not_first"]),
        ({"ordinal": 3}, []),
        ({"ordinal": 4}, ["often"]),
        ({"days": 14}, []),
        ({"days": 15}, ["late"]),
        ({"days": None}, ["no_time"]),
        ({"ordinal": 5, "score": 0.25, "days": None}, ["no_time", "not_first", "often"]),
    ],
)
def test_what_is_to_be_looked_at(values: dict[str, object], codes: list[str]) -> None:
    assert [each["code"] for each in questions(facts(**values))] == codes


def test_cautions_and_changes_join_the_questions_in_order() -> None:
    found = with_cautions(questions(facts(ordinal=4)), ["few_places_left", "interest_declared"])
    assert [each["code"] for each in found] == ["tie", "often"]
    changed = with_change(with_change(found, "mentor_paused"), "capacity_reached")
    assert [each["code"] for each in changed] == ["changed", "tie", "often"]
    assert changed[0]["rule"] == "capacity_reached"
    assert {each["code"] for each in changed} <= {code.value for code in Question}


@pytest.mark.parametrize(
    ("candidates", "reason", "experts"),
    [
        ([], LeftReason.NO_FIT, ()),
        ([(0.01, None), (0.02, "mentor_paused")], LeftReason.NO_FIT, ()),
        ([(0.3, "mentor_paused"), (0.01, None)], LeftReason.BARRED, (0,)),
        ([(0.3, "a rule of later"), (0.2, ASKED_BEFORE)], LeftReason.BARRED, (0, 1)),
        ([(0.3, "mentor_paused"), (0.2, NO_COMMON_TIME)], LeftReason.NO_TIME, (1,)),
        ([(0.1, None), (0.3, None), (0.2, None)], LeftReason.FULL, (1, 2)),
    ],
)
def test_why_a_need_is_left_over(candidates, reason, experts) -> None:
    rows = [Candidate(at, score, rule) for at, (score, rule) in enumerate(candidates)]
    left = why_left(rows)
    assert (left.reason, left.experts) == (reason, experts)
    assert left.best == max((score for score, _ in candidates), default=0.0)


def test_only_the_want_of_time_can_be_lifted_by_asking() -> None:
    assert not is_hard(None)
    assert not is_hard(NO_COMMON_TIME)
    assert is_hard(bar_of(ASKED_BEFORE)[0])


def test_a_plan_is_measured() -> None:
    pairs = [Planned(0.2, 3, True), Planned(0.1, 7, False), Planned(0.3, None, False)]
    found = measured(4, pairs, [0, 2, 1, 0])
    assert (found.arranged, found.left, found.most) == (3, 1, 2)
    assert (found.mean_fit, found.worst_fit) == (pytest.approx(0.2), 0.1)
    assert (found.mean_wait, found.longest_wait) == (5, 7)
    assert dict(found.spread) == {0: 2, 1: 1, 2: 1}
    assert (found.groups.first_fit, found.groups.is_even) == (None, True)


def test_a_plan_of_nobody_has_no_means() -> None:
    found = measured(2, [], [])
    assert (found.mean_fit, found.worst_fit, found.mean_wait, found.most) == (None, None, None, 0)


@pytest.mark.parametrize(("first", "is_even"), [(0.2, True), (0.19, True), (0.1, False)])
def test_founders_served_for_the_first_time_are_compared_with_the_rest(first, is_even) -> None:
    pairs = [Planned(first, 1, True)] * 5 + [Planned(0.2, 1, False)] * 5
    groups = measured(10, pairs, []).groups
    assert (groups.first, groups.others) == (5, 5)
    assert groups.is_even is is_even


def test_months_follow_each_other_over_the_turn_of_the_year() -> None:
    months = [str(month) for month in months_open(date(2026, 12, 20))]
    assert months == ["2026-12", "2027-01", "2027-02"]


@pytest.mark.parametrize(
    ("weights", "cap", "found"),
    [
        ((-1, 0, 100), None, ("fit", "input.too_small")),
        ((60, 101, 15), None, ("even", "input.too_large")),
        ((0, 100, 0), None, ("fit", "batch.no_weight")),
        ((60, 25, 15), 0, ("cap", "input.too_small")),
        ((60, 25, 15), 32, ("cap", "input.too_large")),
    ],
)
def test_weights_and_caps_out_of_bounds_are_named(
    weights: tuple[int, int, int], cap: int | None, found: tuple[str, str]
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        Terms.weighed(*weights, cap=cap)
    assert [(error.field, error.code) for error in refused.value.errors] == [found]
