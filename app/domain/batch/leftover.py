"""Why a need of a batch got nobody, and who could change that."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.domain.batch.terms import LEAST_FIT

NO_COMMON_TIME = "no_common_time"
ASKED_BEFORE = "asked_before"
LEFT_POOL = "left_pool"
# What may have come to forbid a pair since it was planned.
NEED_GONE = "need_gone"
OUT_OF_TERM = "mentor_out_of_term"
PAUSED = "mentor_paused"
MONTH_FULL = "capacity_reached"
TIED = "conflict_of_interest"
# Kept with the pair, as the matcher keeps the words of its own rules.
_WORDS: Mapping[str, str] = {
    NO_COMMON_TIME: "这段时间没有可约的时间",
    ASKED_BEFORE: "已为这个需求约过，没有约成",
    LEFT_POOL: "已不在导师库",
}
_MOST_NAMED = 2


class LeftReason(StrEnum):
    """Why nobody was found: no fitting expert, none by rule, no time in common, or no place."""

    NO_FIT = "no_fit"
    BARRED = "barred"
    NO_TIME = "no_time"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Candidate:
    """An expert as a need sees him: how well he fits, and what keeps him out, if anything."""

    expert: int
    score: float
    rule: str | None


@dataclass(frozen=True, slots=True)
class Left:
    """Why a need was left over, the best score anybody has, and whom to ask."""

    reason: LeftReason
    best: float
    experts: tuple[int, ...]


def why_left(candidates: Sequence[Candidate]) -> Left:
    """Return why nobody was found among the candidates.

    The experts named are those who fit best among the ones whom the reason concerns.
    """
    ranked = sorted(candidates, key=lambda each: (-each.score, each.expert))
    best = ranked[0].score if ranked else 0.0
    fitting = [each for each in ranked if each.score >= LEAST_FIT]
    if not fitting:
        return Left(LeftReason.NO_FIT, best, ())
    lawful = [each for each in fitting if not is_hard(each.rule)]
    if not lawful:
        return Left(LeftReason.BARRED, best, _named(fitting))
    timely = [each for each in lawful if each.rule is None]
    if not timely:
        return Left(LeftReason.NO_TIME, best, _named(lawful))
    return Left(LeftReason.FULL, best, _named(timely))


def bar_of(rule: str) -> tuple[str, str]:
    """Return a rule of the batch's own with its words."""
    return rule, _WORDS[rule]


def is_hard(rule: str | None) -> bool:
    """Tell whether a rule keeps the expert out whatever time he gives; unknown rules do."""
    return rule is not None and rule != NO_COMMON_TIME


def _named(candidates: Sequence[Candidate]) -> tuple[int, ...]:
    return tuple(each.expert for each in candidates[:_MOST_NAMED])
