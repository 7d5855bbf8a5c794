"""Measure sharing out beside whole-table solvers, its growth, its memory and its fairness.

Run with `OMP_NUM_THREADS=1 python -m benchmarks.assignment`. Scores are made by a seed: some
experts are liked by all, the rest is chance; 3 % of the pairs are forbidden, each need asks
for three experts. Peers from the package registry, on the same tables: scipy's `linprog`
(HiGHS) and OR-Tools' `SimpleMinCostFlow` given every pair; both find the greatest total, so
that totals must be equal. A table too large for a peer says so. Times are of the processor;
each table has a process of its own. Exits 1 where a total, the memory or a promise fails.
"""

import math
import multiprocessing
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow
from scipy import sparse
from scipy.optimize import linprog

import matching

SIZES = ((200, 30), (500, 80), (1_000, 150), (2_000, 300), (4_000, 600), (10_000, 1_000))
DEMAND = 3
FORBIDDEN = 0.03
ROOM, SHORT = 1.1, 0.6
MOST_MEGABYTES = 400
ROUNDS = 3
# Beyond these numbers of pairs a peer wants minutes or gigabytes.
HIGHS_PAIRS, FLOW_PAIRS = 50_000, 2_500_000
HIGHS, FLOW = "linprog (HiGHS), every pair", "SimpleMinCostFlow, every pair"
FINE = 10**9
STATUS, CLEAR = Path("/proc/self/status"), Path("/proc/self/clear_refs")

Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]


class Table(NamedTuple):
    """What is to be shared out."""

    scores: Floats
    forbidden: Booleans
    capacity: int


class Run(NamedTuple):
    """What one solver did with one table; `bare` counts the needs left with nothing."""

    seconds: float
    megabytes: float
    total: float
    worst: float
    bare: int


def table_of(n_needs: int, n_experts: int, room: float) -> Table:
    """Make a table by a seed, with so many places of experts for each place of needs."""
    chance = np.random.default_rng(n_needs)
    liked = chance.beta(2, 5, n_experts)
    scores = 0.5 * liked + 0.5 * chance.beta(2, 5, (n_needs, n_experts))
    capacity = math.ceil(room * DEMAND * n_needs / n_experts)
    return Table(scores, chance.random(scores.shape) < FORBIDDEN, capacity)


def assigned(table: Table, objective: str) -> tuple[Floats, float]:
    """Share out by this library; return what each need got, and the bound."""
    found = matching.assign(
        table.scores,
        demand=DEMAND,
        capacity=table.capacity,
        forbidden=table.forbidden,
        objective=objective,  # type: ignore[arg-type]  # one of its names
    )
    needs, experts = np.array(found.pairs).T
    return sums_of(table, needs, experts), found.explanation.bound


def sums_of(table: Table, needs: NDArray[np.int64], experts: NDArray[np.int64]) -> Floats:
    """Return the sum of scores of each need; a need without anybody has NaN."""
    sums = np.bincount(needs, table.scores[needs, experts], len(table.scores))
    return np.where(np.bincount(needs, minlength=len(sums)) > 0, sums, np.nan)


def by_total(table: Table) -> Floats:
    """Share out for the greatest total."""
    return assigned(table, "total")[0]


def by_worst_off(table: Table) -> Floats:
    """Share out for the worst-off needs."""
    return assigned(table, "worst_off")[0]


def by_even(table: Table) -> Floats:
    """Share out for even loads."""
    return assigned(table, "even")[0]


def by_greed(table: Table) -> Floats:
    """Take the best pair that is still open, again and again, as a control."""
    scores = np.where(table.forbidden, -np.inf, table.scores)
    asked = np.full(scores.shape[0], DEMAND)
    places = np.full(scores.shape[1], table.capacity)
    pairs = []
    for cell in np.argsort(-scores, axis=None, kind="stable").tolist():
        need, expert = divmod(cell, scores.shape[1])
        if asked[need] and places[expert] and not table.forbidden[need, expert]:
            pairs.append((need, expert))
            asked[need] -= 1
            places[expert] -= 1
    needs, experts = np.array(pairs).T
    return sums_of(table, needs, experts)


def by_highs(table: Table) -> Floats:
    """Solve the whole table as a linear programme; its corners are whole numbers."""
    needs, experts = np.nonzero(~table.forbidden)
    pairs = np.arange(len(needs))
    ones = np.ones(len(pairs))
    of_needs = sparse.csr_array((ones, (needs, pairs)))
    of_experts = sparse.csr_array((ones, (experts, pairs)))
    solved = linprog(
        -table.scores[needs, experts],
        A_eq=of_needs,
        b_eq=np.full(of_needs.shape[0], DEMAND),
        A_ub=of_experts,
        b_ub=np.full(of_experts.shape[0], table.capacity),
        bounds=(0, 1),
        method="highs",
    )
    is_taken = solved.x > 0.5  # half of a pair
    return sums_of(table, needs[is_taken], experts[is_taken])


def by_flow(table: Table) -> Floats:
    """Solve the whole table as one flow of least cost."""
    n_needs, n_experts = table.scores.shape
    needs, experts = np.nonzero(~table.forbidden)
    costs = -np.rint(table.scores[needs, experts] * FINE).astype(np.int64)
    solver = SimpleMinCostFlow()
    pairs = solver.add_arcs_with_capacity_and_unit_cost(
        needs, n_needs + experts, np.ones_like(needs), costs
    )
    of_experts = np.arange(n_needs, n_needs + n_experts)
    sinks = np.full(n_experts, n_needs + n_experts)
    places = np.full(n_experts, table.capacity)
    solver.add_arcs_with_capacity_and_unit_cost(
        of_experts, sinks, places, np.zeros_like(of_experts)
    )
    solver.set_nodes_supplies(np.arange(n_needs), np.full(n_needs, DEMAND))
    solver.set_node_supply(n_needs + n_experts, -DEMAND * n_needs)
    solver.solve()
    is_taken = solver.flows(pairs) > 0
    return sums_of(table, needs[is_taken], experts[is_taken])


def kilobytes(name: str) -> int:
    """Return a figure of this process's memory, as the kernel counts it."""
    lines = STATUS.read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))


def measure(solver: Callable[[Table], Floats], size: tuple[int, int], room: float) -> Run:
    """Run a solver on a table; the median of rounds, the memory beyond the table's own."""
    table = table_of(*size, room)
    begun = kilobytes("VmRSS")
    CLEAR.write_text("5", encoding="ascii")
    seconds = []
    for _ in range(ROUNDS if math.prod(size) <= HIGHS_PAIRS else 1):
        since = time.process_time()
        sums = solver(table)
        seconds.append(time.process_time() - since)
    return Run(
        seconds=sorted(seconds)[len(seconds) // 2],
        megabytes=(kilobytes("VmHWM") - begun) / 1024,
        total=float(np.nansum(sums)),
        worst=float(np.nan_to_num(sums).min()),
        bare=int(np.isnan(sums).sum()),
    )


def apart(solver: Callable[[Table], Floats], size: tuple[int, int], room: float) -> Run:
    """Measure in a process of its own."""
    fresh = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max_workers=1, mp_context=fresh) as pool:
        return pool.submit(measure, solver, size, room).result()


def beside(ours: Run, peer: Run) -> str:
    """Return how many times faster than a peer, and whether totals are equal."""
    is_equal = math.isclose(ours.total, peer.total, rel_tol=1e-9)
    return f"{peer.seconds / ours.seconds:7.1f} x {'equal' if is_equal else 'DIFFERS':>8}"


def growth() -> list[str]:
    """Print the table of sizes; return what failed."""
    print(f"three experts each, {ROOM:.0%} places; peers: {HIGHS}; {FLOW}")
    print("  needs experts  seconds  ns a pair  MB more  of HiGHS          of the whole flow")
    failed = []
    for size in SIZES:
        ours = apart(by_total, size, ROOM)
        pairs = math.prod(size)
        told = [f"{size[0]:7} {size[1]:7} {ours.seconds:8.3f} {ours.seconds / pairs * 1e9:10.0f}"]
        told.append(f"{ours.megabytes:8.0f}")
        for peer, most in ((by_highs, HIGHS_PAIRS), (by_flow, FLOW_PAIRS)):
            text = beside(ours, apart(peer, size, ROOM)) if pairs <= most else "too large for it"
            told.append(f" {text:>18}")
        print("".join(told), flush=True)
        if "DIFFERS" in "".join(told) or ours.megabytes > MOST_MEGABYTES:
            failed.append(f"{size}: total or memory")
    return failed


def fairness(size: tuple[int, int]) -> list[str]:
    """Print what each way of sharing out gives when places are enough and when they are not."""
    failed = []
    for room in (ROOM, SHORT):
        print(f"{size[0]} needs, {size[1]} experts, {room:.0%} places")
        print("  way                    seconds      total  of best  worst need  with nobody")
        ways = {"total": by_total, "worst off": by_worst_off, "even": by_even, "greedy": by_greed}
        runs = {name: apart(way, size, room) for name, way in ways.items()}
        best = runs["total"]
        for name, run in runs.items():
            share = run.total / best.total
            print(f"  {name:20} {run.seconds:9.3f} {run.total:10.2f} {share:8.4f}", end="")
            print(f" {run.worst:11.3f} {run.bare:12}", flush=True)
        lifted = runs["worst off"]
        if lifted.worst < best.worst:
            failed.append(f"worst off at {room:.0%} places")
        if any(runs[name].bare for name in ("total", "worst off", "even")):
            failed.append(f"a need left with nothing at {room:.0%} places")
    return failed


def main() -> int:
    """Print all tables; return 1 when a promise fails."""
    failed = growth() + fairness((2_000, 300))
    for failure in failed:
        print(f"FAILED {failure}")
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
