"""Sharing out, held against every possible assignment of small tables."""

from collections.abc import Iterable
from itertools import combinations, product
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching import Assignment, Even, Loads, assign
from matching.assign import flow, swaps
from matching.assign.flow import Prices, solve
from matching.assign.problem import Problem
from matching.assign.swaps import lift_worst

PRICE = 0.1


class Case(NamedTuple):
    """A small table with its limits."""

    scores: np.ndarray
    demand: list[int]
    capacity: list[int]
    forbidden: np.ndarray


@st.composite
def cases(draw: st.DrawFn) -> Case:
    needs, experts = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    whole = st.integers(0, 20)
    cells = draw(st.lists(whole, min_size=needs * experts, max_size=needs * experts))
    closed = draw(st.lists(st.booleans(), min_size=needs * experts, max_size=needs * experts))
    return Case(
        np.array(cells).reshape(needs, experts) / 20,
        draw(st.lists(st.integers(0, 2), min_size=needs, max_size=needs)),
        draw(st.lists(st.integers(0, 2), min_size=experts, max_size=experts)),
        np.array(closed).reshape(needs, experts),
    )


def everything(case: Case, capacity: Iterable[int]) -> Iterable[tuple[tuple[int, ...], ...]]:
    """Yield every assignment that keeps to the limits."""
    limits = np.array(list(capacity))
    options = []
    for need, wanted in enumerate(case.demand):
        open_to = np.flatnonzero(~case.forbidden[need])
        sizes = range(wanted + 1)
        options.append([some for size in sizes for some in combinations(open_to, size)])
    for chosen in product(*options):
        if (loads_of(case, chosen) <= limits).all():
            yield chosen


def loads_of(case: Case, chosen: tuple[tuple[int, ...], ...]) -> np.ndarray:
    return np.bincount([each for some in chosen for each in some], minlength=case.scores.shape[1])


def worth(case: Case, chosen: tuple[tuple[int, ...], ...], price: float) -> tuple[int, int, float]:
    """Rank assignments: places filled, then needs not left with nothing, then the total."""
    total = sum(case.scores[need, each] for need, some in enumerate(chosen) for each in some)
    uneven = sum(load * (load - 1) / 2 for load in loads_of(case, chosen))
    empty = sum(wanted > 0 and not some for wanted, some in zip(case.demand, chosen, strict=True))
    paid = total - price * float(case.scores.max(initial=0.0)) * float(uneven)
    return sum(map(len, chosen)), -empty, round(paid, 6)


def chosen_of(case: Case, found: Assignment) -> tuple[tuple[int, ...], ...]:
    return tuple(
        tuple(expert for at, expert in found.pairs if at == need)
        for need in range(len(case.demand))
    )


def shared(case: Case, **given: object) -> Assignment:
    return assign(
        case.scores,
        **{
            "demand": case.demand,
            "capacity": case.capacity,
            "forbidden": case.forbidden,
            **given,
        },  # type: ignore[arg-type]  # the limits of a case by name
    )


@given(cases())
@settings(max_examples=60)
def test_the_total_is_the_best_of_all_assignments(case: Case) -> None:
    best = max(worth(case, chosen, 0.0) for chosen in everything(case, case.capacity))
    found = shared(case)
    assert worth(case, chosen_of(case, found), 0.0) == best
    assert found.total == pytest.approx(best[2])
    assert found.explanation.bound == pytest.approx(found.total)


@given(cases(), st.sampled_from([0.05, 0.3, 2.0]))
@settings(max_examples=60)
def test_even_loads_are_the_best_of_all_at_their_price(case: Case, price: float) -> None:
    best = max(worth(case, chosen, price) for chosen in everything(case, case.capacity))
    assert worth(case, chosen_of(case, shared(case, objective=Even(price))), price) == best


@given(cases())
@settings(max_examples=40)
def test_lifting_the_worst_off_fills_as_much_and_lowers_nobody_below_him(case: Case) -> None:
    plain, lifted = shared(case), shared(case, objective="worst_off")
    assert len(lifted.pairs) == len(plain.pairs)
    assert lifted.worst >= plain.worst
    assert lifted.total <= lifted.explanation.bound + 1e-9
    assert (
        worth(case, chosen_of(case, lifted), 0.0)[:2] == worth(case, chosen_of(case, plain), 0)[:2]
    )


@given(cases())
@settings(max_examples=40)
def test_more_capacity_never_fills_less(case: Case) -> None:
    wider = [limit + 1 for limit in case.capacity]
    assert len(shared(case, capacity=wider).pairs) >= len(shared(case).pairs)


@given(cases())
@settings(max_examples=40)
def test_the_relaxation_is_the_smallest_that_fills_what_rules_leave_open(case: Case) -> None:
    relaxation = shared(case).explanation.relaxation
    if relaxation is None:
        assert shared(case).unmet == {}
        return
    more = [relaxation.more_places.get(expert, 0) for expert in range(len(case.capacity))]
    widened = shared(case, capacity=np.add(case.capacity, more))
    assert widened.unmet == relaxation.out_of_reach
    open_to = [min(wanted, int((~row).sum())) for wanted, row in
               zip(case.demand, case.forbidden, strict=True)]  # fmt: skip
    assert len(widened.pairs) == sum(open_to)
    assert sum(more) == sum(open_to) - len(shared(case).pairs)


@given(cases())
@settings(max_examples=30)
def test_least_loads_are_met_where_they_can_be(case: Case) -> None:
    least = [min(1, limit) for limit in case.capacity]
    found = shared(case, capacity=Loads(case.capacity, least))
    short = min(
        int(np.maximum(np.array(least) - loads_of(case, chosen), 0).sum())
        for chosen in everything(case, case.capacity)
    )
    assert sum(found.explanation.below_minimum.values()) == short


@given(cases())
@settings(max_examples=30)
def test_prices_prove_that_no_pair_left_out_would_pay(case: Case) -> None:
    counts = {"demand": case.demand, "capacity": case.capacity, "minimum": 0}
    problem = Problem.of(case.scores, counts, case.forbidden, ())
    prices = Prices.of(problem)
    found = solve(problem, prices)
    better = [expert for expert, gain in enumerate(found.gains) if gain > 0]
    for expert in better:
        limits = np.array(case.capacity)
        limits[expert] += 1
        wider = shared(case, capacity=limits)
        assert (len(wider.pairs), wider.total) >= (len(shared(case).pairs), shared(case).total)


def test_a_sparse_table_is_widened_until_nothing_left_out_would_pay(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    scores = np.random.default_rng(3).random((40, 30))
    whole = assign(scores, demand=2, capacity=3)
    monkeypatch.setattr(flow, "_BEST_PER_NEED", 1)
    monkeypatch.setattr(flow, "_BEST_PER_PLACE", 1)
    assert assign(scores, demand=2, capacity=3) == whole


def test_fixed_pairs_stay_and_count_against_the_limits() -> None:
    found = assign(
        [[0.1, 0.9], [0.2, 0.8]], demand=1, capacity=[1, 1], fixed=[(0, 0)], objective="even"
    )
    assert found.pairs == ((0, 0), (1, 1))
    assert found.explanation.loads == (1, 1)
    assert found.worst == pytest.approx(0.1)


def test_the_worst_off_is_lifted_at_the_cost_of_the_total() -> None:
    scores = [[0.9, 0.8], [0.8, 0.1]]
    assert assign(scores).worst == pytest.approx(0.8)
    uneven = [[1.0, 0.5], [0.6, 0.0]]
    plain, lifted = assign(uneven), assign(uneven, objective="worst_off")
    assert plain.pairs == ((0, 1), (1, 0))
    assert lifted.worst >= plain.worst


def test_a_need_takes_a_better_expert_with_a_free_place() -> None:
    scores = np.array([[0.5, 0.9, 0.4], [0.9, 0.9, 0.1]])
    counts = {"demand": 1, "capacity": [1, 1, 1], "minimum": 0}
    problem = Problem.of(scores, counts, (), ())
    worse = np.array([[False, False, True], [True, False, False]])
    lifted = lift_worst(problem, worse)
    assert scores[lifted].min() > 0.4


def test_whose_limit_binds_is_named_with_what_one_more_place_would_add() -> None:
    found = assign([[0.9, 0.1], [0.8, 0.1]], capacity=[1, 2])
    (tight,) = found.explanation.tight
    assert tight.expert == 0
    assert tight.price == pytest.approx(0.7)
    short = assign([[0.9], [0.8]], capacity=1)
    assert short.explanation.tight[0].price == float("inf")
    assert short.unmet == {1: 1}


def test_the_same_table_is_shared_out_the_same_way() -> None:
    scores = np.round(np.random.default_rng(1).random((12, 6)), 1)
    found = [assign(scores, demand=2, capacity=4, objective=goal)  # type: ignore[arg-type]
             for goal in ("total", "worst_off", "even") for _ in range(2)]  # fmt: skip
    assert found[0::2] == found[1::2]


def test_a_flow_that_does_not_end_well_is_never_taken_for_an_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Lost(flow.SimpleMinCostFlow):
        def solve(self) -> object:
            return self.INFEASIBLE

    monkeypatch.setattr(flow, "SimpleMinCostFlow", Lost)
    with pytest.raises(ArithmeticError, match="INFEASIBLE"):
        assign([[1.0]])


def test_fixed_pairs_count_for_whoever_is_worst_off() -> None:
    scores = [[0.9, 0.2, 0.3], [0.5, 0.4, 0.1]]
    found = assign(scores, demand=[2, 1], capacity=1, fixed=[(0, 0)], objective="worst_off")
    assert (0, 0) in found.pairs
    assert found.worst == pytest.approx(min(0.9 + 0.3, 0.4))


def test_who_cannot_be_helped_is_passed_over_for_the_next() -> None:
    scores = [[0.2, 0.1, 0.1], [0.9, 0.5, 0.6], [0.1, 0.8, 0.7]]
    assert assign(scores, objective="worst_off").worst == pytest.approx(0.2)


def test_exchanges_end_after_their_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(swaps, "_MOST_SWAPS", 0)
    scores = [[1.0, 0.5], [0.6, 0.0]]
    assert assign(scores, objective="worst_off").pairs == assign(scores).pairs


def test_an_empty_table_has_nothing_to_share_out() -> None:
    assert assign(np.zeros((0, 3))).pairs == ()
    assert assign(np.zeros((2, 0))).unmet == {0: 1, 1: 1}
    assert assign(np.zeros((0, 0)), demand=0, capacity=0).worst == 0.0


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"scores": [1.0]}, "1 dimensions"),
        ({"scores": [[np.nan]]}, "no finite number"),
        ({"scores": [[1.0]], "demand": [1, 1]}, "demand has the shape"),
        ({"scores": [[1.0]], "demand": 1.5}, "demand holds what is no count"),
        ({"scores": [[1.0]], "capacity": -1}, "capacity holds what is no count"),
        ({"scores": [[1.0]], "capacity": Loads(1, 2)}, "least load is above"),
        ({"scores": [[1.0]], "forbidden": np.zeros((2, 2), bool)}, "forbidden has the shape"),
        ({"scores": [[1.0]], "forbidden": [(0, 4)]}, "outside the table"),
        ({"scores": [[1.0]], "fixed": [(3, 0)]}, "outside the table"),
        ({"scores": [[1.0]], "fixed": [(0, 0)], "forbidden": [(0, 0)]}, "fixed and forbidden"),
        ({"scores": [[1.0]], "fixed": [(0, 0)], "demand": 0}, "give need 0 more"),
        ({"scores": [[1.0], [1.0]], "fixed": [(0, 0), (1, 0)]}, "give expert 0 more"),
        ({"scores": [[1.0]], "objective": "best"}, "unknown objective 'best'"),
        ({"scores": [[1e300]]}, "too large for exact arithmetic"),
    ],
)
def test_what_cannot_be_shared_out_is_refused(given: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        assign(**given)  # type: ignore[arg-type]  # faulty on purpose
