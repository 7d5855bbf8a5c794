"""Find the smallest change that would alter where an expert stands."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from matching.explain import EVERYTHING, NeedView, rule_changes, variants
from matching.index import Floats
from matching.rules import Breach
from matching.types import Candidate, Change, ExpertProfile

_MOST = 3
# Scores are multiples of a millionth.
_DECIMALS = 6


@dataclass(frozen=True)
class Rivals:
    """Hold the scores of everybody else whom no rule keeps out, the greatest first."""

    expert_id: str
    scores: tuple[tuple[float, str], ...]

    @classmethod
    def of(cls, ids: Sequence[str], scores: Floats, out: Collection[int], place: int) -> "Rivals":
        """Gather the rivals of the expert at a place of the pool; who is `out` is none."""
        others = [
            (score, expert_id)
            for at, (expert_id, score) in enumerate(zip(ids, scores.tolist(), strict=True))
            if at != place and at not in out
        ]
        return cls(ids[place], tuple(sorted(others, key=lambda other: (-other[0], other[1]))))

    def rank_of(self, score: float) -> int:
        """Return the place the expert has or would have with a score."""
        before = sum(
            other > score or (other == score and expert_id < self.expert_id)
            for other, expert_id in self.scores
        )
        return before + 1


@dataclass(frozen=True)
class Case:
    """Hold one expert, one need and one day, with everybody else.

    `score` works out a candidate of the expert as his profile might be.
    """

    view: NeedView
    expert: ExpertProfile
    today: date
    rivals: Rivals
    score: Callable[[ExpertProfile], Candidate]


class _Trial(NamedTuple):
    """Hold a change of the profile with what came of it."""

    change: Change
    gain: float
    rank: int


def lifted(case: Case, broken: Sequence[Breach], rank: int) -> tuple[Change, ...]:
    """Return what would lift the rules that keep an expert out, rule by rule.

    The place he would have is told where there is one rule, so that one change is enough.
    """
    found = [
        change
        for breach in broken
        for change in rule_changes(case.view.need, case.expert, breach, case.today)
    ]
    return tuple(replace(change, rank=rank if len(broken) == 1 else None) for change in found)


def raised(case: Case, present: Candidate, rank: int, k: int) -> tuple[Change, ...]:
    """Return what, said in the profile, would bring an expert among the best k or lift him there.

    Each is tried out on the profile. Where nothing is enough, what would lift him most is told.
    """
    target = min(k, rank - 1)
    if target < 1:
        return ()
    trials = [
        _trial(case, present, change, expert) for change, expert in variants(case.view, case.expert)
    ]
    enough = sorted(
        (trial for trial in trials if trial.rank <= target), key=lambda trial: trial.gain
    )
    better = sorted((trial for trial in trials if trial.rank < rank), key=lambda trial: trial.rank)
    # All together is told only where no single one will do.
    singly = [trial for trial in enough if trial.change.code != EVERYTHING]
    missing = case.rivals.scores[target - 1][0] - present.score
    told = singly[:_MOST] or enough[:1] or better[:1]
    return tuple(_told(trial, missing) for trial in told)


def _trial(case: Case, present: Candidate, change: Change, expert: ExpertProfile) -> _Trial:
    after = case.score(expert)
    rises = [
        (new.value - old.value, new.code)
        for old, new in zip(present.parts, after.parts, strict=True)
    ]
    told = replace(change, facts=(*change.facts, ("part", max(rises)[1])))
    return _Trial(told, after.score - present.score, case.rivals.rank_of(after.score))


def _told(trial: _Trial, missing: float) -> Change:
    numbers = (("missing", _number(missing)), ("gives", _number(trial.gain)))
    return replace(trial.change, facts=(*trial.change.facts, *numbers), rank=trial.rank)


def _number(value: float) -> str:
    return f"{value:.{_DECIMALS}f}"
