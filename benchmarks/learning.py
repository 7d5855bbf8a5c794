"""Measure what learning gains, that chance gains nothing, and how places are shared out.

Run with `OMP_NUM_THREADS=1 python -m benchmarks.learning [WORLDS]`; every seed is fixed. Exits 1
when a version learned from random outcomes is promoted, when those promoted gain nothing on later
needs, or when sharing out leaves more experts unseen than before.
"""

import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import t as student

from benchmarks.simulated_district import (
    EXPERTS,
    IDS,
    NEWCOMERS,
    PLACES,
    District,
    Floats,
    Needs,
    World,
)
from matching.learn import Adjustment, LearnedRanking, PlaceSharing, Trial, split, try_out

WORLDS = 10
LOGGED_NEEDS = (400, 1_200)
LATER_NEEDS = 300
SHARE_LEARNED_FROM = 0.5
LOGGED, LATER = 1, 2
SELDOM = 5
BY_SCORE_ALONE = PlaceSharing(floor=0, cap=float("inf"), exploration=0.0, depth=0)


@dataclass(frozen=True)
class Run:
    """What one world taught, how its trial ended, and its later needs."""

    trial: Trial
    version: Adjustment
    later: Needs
    seed: int


def learn(seed: int, n_needs: int, *, is_random: bool = False) -> Run:
    """Serve a world by the base score, learn from the earlier needs, try on the rest."""
    world = World.of(seed)
    served = District(Needs.of(world, n_needs, LOGGED), seed, PlaceSharing(), is_random).serve(None)
    earlier, later = split(served.rows, SHARE_LEARNED_FROM)
    version = LearnedRanking().fit(earlier).adjustment_
    return Run(
        try_out(version, None, later), version, Needs.of(world, LATER_NEEDS, LATER), 1_000 + seed
    )


def ndcg(useful: Floats, lists: Sequence[Sequence[int]]) -> float:
    """Return nDCG of lists, the gain of an expert being the chance of a good meeting."""
    discounts = 1.0 / np.log2(np.arange(2, PLACES + 2))
    found = np.array([row[shown] @ discounts for row, shown in zip(useful, lists, strict=True)])
    ideal = -np.sort(-useful, axis=1)[:, :PLACES] @ discounts
    return float((found / ideal).mean())


def served_later(run: Run, version: Adjustment | None, sharing: PlaceSharing) -> District:
    """Serve the later needs by a version."""
    return District(run.later, run.seed, sharing).serve(version)


def quality(run: Run, district: District) -> tuple[float, float]:
    """Return nDCG of what was shown, and the share of needs with a good meeting."""
    good = run.later.useful[np.arange(LATER_NEEDS), district.chosen]
    return ndcg(run.later.useful, district.lists), float(good.mean())


def concentration(district: District) -> tuple[float, ...]:
    """Return Gini, share of the top tenth, shares never and seldom shown, newcomers seldom."""
    shown = Counter(expert_id for row in district.rows for expert_id in (row.expert_id,))
    times = np.array([shown[expert_id] for expert_id in IDS])
    ordered = np.sort(times)
    ranks = 2 * np.arange(1, EXPERTS + 1) - EXPERTS - 1
    return (
        float(ranks @ ordered / (EXPERTS * ordered.sum())),
        float(ordered[-EXPERTS // 10 :].sum() / ordered.sum()),
        float((times == 0).mean()),
        float((times < SELDOM).mean()),
        float((times[-NEWCOMERS:] < SELDOM).mean()),
    )


def interval(values: Sequence[float]) -> str:
    """Return a mean with its 95 % interval over worlds."""
    width = float(student.ppf(0.975, len(values) - 1))
    half = width * float(np.std(values, ddof=1)) / len(values) ** 0.5
    return (
        f"{np.mean(values):+.3f} ({np.mean(values) - half:+.3f} to {np.mean(values) + half:+.3f})"
    )


def print_gain(n_needs: int, runs: Sequence[Run]) -> float:
    """Print what a version learned from so many needs gains; return the promoted ones' gain."""
    base = np.array([quality(run, served_later(run, None, PlaceSharing())) for run in runs])
    learned = np.array(
        [quality(run, served_later(run, run.version, PlaceSharing())) for run in runs]
    )
    gains = learned - base
    promoted = [at for at, run in enumerate(runs) if run.trial.is_won]
    for name, column in (("nDCG@5", 0), ("good meetings", 1)):
        one, other = base[:, column].mean(), learned[:, column].mean()
        print(
            f"{n_needs:6d}  {name:13s} {one:8.3f} {other:8.3f} {other / one:7.2f}x"
            f"   {interval(gains[:, column].tolist()):28s}"
            f"{f'{len(promoted)} of {len(runs)}':>9s}"
        )
    return float(gains[promoted, 0].mean()) if promoted else 1.0


def print_control(n_needs: int, runs: Sequence[Run]) -> int:
    """Print what versions learned from chance lead by; return how many would be promoted."""
    won = sum(run.trial.is_won for run in runs)
    ahead = interval([run.trial.difference for run in runs])
    print(f"\ncontrol, outcomes that depend on nothing: after {n_needs} needs a lead of {ahead}")
    print(f"places on later needs; promoted {won} of {len(runs)}")
    return won


def print_concentration(runs: Sequence[Run]) -> bool:
    """Print how showings lie with and without sharing out; tell whether fewer stay unseen."""
    heads = ("Gini", "top tenth", "never", "seldom", "newcomers", "nDCG@5", "good")
    print(" " * 21 + "".join(f"{head:>11s}" for head in heads))
    is_shared = True
    for by in ("base", "learned"):
        means = []
        for name, sharing in (("score alone", BY_SCORE_ALONE), ("shared out", PlaceSharing())):
            rows = []
            for run in runs:
                version = run.version if by == "learned" else None
                district = served_later(run, version, sharing)
                rows.append((*concentration(district), *quality(run, district)))
            means.append(np.mean(rows, axis=0))
            print(f"{by:8s} {name:12s}" + "".join(f"{value:11.3f}" for value in means[-1]))
        print(
            " " * 9 + "ratio       " + "".join(f"{value:10.2f}x" for value in means[1] / means[0])
        )
        is_shared &= bool(means[1][3] < means[0][3])
    return is_shared


def main(worlds: int = WORLDS) -> int:
    """Print the tables; return 1 when a promise is broken."""
    print(f"{worlds} worlds of {EXPERTS} experts; measured on {LATER_NEEDS} later needs\n")
    print(
        "logged                    base  learned    ratio   difference (95 %)             promoted"
    )
    gains = []
    for n_needs in LOGGED_NEEDS:
        runs = [learn(seed, n_needs) for seed in range(worlds)]
        gains.append(print_gain(n_needs, runs))
    control = [learn(seed, n_needs, is_random=True) for seed in range(worlds)]
    false = print_control(n_needs, control)
    print(f"\nshowings over {LATER_NEEDS} later needs (versions learned from {n_needs} needs)")
    is_shared = print_concentration(runs)
    print(f"seldom: under {SELDOM} times; newcomers: seldom shown among the {NEWCOMERS} newest")
    return int(false > 0 or min(gains) <= 0.0 or not is_shared)


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:2])))
