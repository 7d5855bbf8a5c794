"""What somebody should look at before a pair is told."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.domain.batch.terms import LEAST_FIT

# The services of one expert in a month from which on each is looked at.
BUSY_FROM = 4
_NEAR_THE_LEAST = 1.2
_NOTABLY_WORSE = 0.85
_LATE_DAYS = 14
# Cautions of the matcher that a person has to judge.
_CAUTIONS: Mapping[str, str] = {
    "interest_declared": "tie",
    "mode_mismatch": "mode",
    "language_mismatch": "language",
    "term_ending": "term_ending",
    "declined": "declined",
}


class Question(StrEnum):
    """Why a pair is to be looked at, the gravest first."""

    CHANGED = "changed"
    TIE = "tie"
    NO_TIME = "no_time"
    MODE = "mode"
    LANGUAGE = "language"
    DECLINED = "declined"
    TERM_ENDING = "term_ending"
    NEAR_LEAST = "near_least"
    NOT_FIRST = "not_first"
    OFTEN = "often"
    LATE = "late"


Asked = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class PairFacts:
    """What is asked of a pair.

    Attributes:
        score: how well the expert fits.
        best: the score of the best whom no rule keeps out.
        ordinal: which service of the expert in the month it would be.
        days: in how many days they could meet first; None when no time is open.
    """

    score: float
    best: float
    ordinal: int
    days: int | None


def questions(facts: PairFacts) -> list[Asked]:
    """Return what to look at in a pair, with the figures that go with it."""
    return _sorted({"code": code.value, **given} for code, given in _questions(facts))


def with_cautions(found: Iterable[Asked], cautions: Collection[str]) -> list[Asked]:
    """Return the questions with those that the matcher's cautions raise."""
    raised = [{"code": _CAUTIONS[code]} for code in cautions if code in _CAUTIONS]
    return _sorted([*found, *raised])


def with_change(found: Iterable[Asked], rule: str) -> list[Asked]:
    """Return the questions with the rule that has come to keep the pair apart."""
    rest = [each for each in found if each["code"] != Question.CHANGED.value]
    return _sorted([*rest, {"code": Question.CHANGED.value, "rule": rule}])


def _sorted(found: Iterable[Asked]) -> list[Asked]:
    order = {code.value: place for place, code in enumerate(Question)}
    return sorted(found, key=lambda each: order[str(each["code"])])


def _questions(facts: PairFacts) -> Iterator[tuple[Question, dict[str, object]]]:
    if facts.score < LEAST_FIT * _NEAR_THE_LEAST:
        yield Question.NEAR_LEAST, {}
    if facts.score < facts.best * _NOTABLY_WORSE:
        yield Question.NOT_FIRST, {}
    if facts.ordinal >= BUSY_FROM:
        yield Question.OFTEN, {"ordinal": facts.ordinal}
    if facts.days is None:
        yield Question.NO_TIME, {}
    elif facts.days > _LATE_DAYS:
        yield Question.LATE, {"days": facts.days}
