"""Reviews 创业评审: slots, criteria, marks, means and places."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import TypeVar

from app.domain import prose
from app.domain.errors import (
    ConflictError,
    FieldError,
    ForbiddenError,
    InvalidInputError,
    RuleError,
)

# «8+7» minutes a project (requirements C7, source S46).
PITCH_MINUTES = 8
QUESTION_MINUTES = 7
SLOT = timedelta(minutes=PITCH_MINUTES + QUESTION_MINUTES)
LONGEST_CRITERION = 40
MOST_CRITERIA = 10
HIGHEST_MARK = 100
WHOLE_WEIGHT = 100
# With fewer marks nothing would be left to speak for a project once the extremes are gone.
LEAST_TO_TRIM = 4

Key = TypeVar("Key")


class MeanKind(StrEnum):
    """How the judges' marks become one: the mean, or without the highest and the lowest."""

    PLAIN = "plain"
    TRIMMED = "trimmed"


class NotReviewError(RuleError):
    """Only a review has projects, judges and score sheets."""

    default_code = "activity.not_review"


class NotJudgeError(ForbiddenError):
    """The expert does not judge here."""

    default_code = "activity.not_judge"


class BlockedJudgeError(RuleError):
    """A tie keeps the judge from this project 回避."""

    default_code = "activity.judge_blocked"


class SheetFrozenError(ConflictError):
    """The judge has handed in his sheet on this project; it is never changed."""

    default_code = "activity.sheet_frozen"


class ScoringOverError(ConflictError):
    """The ranking is published; nothing that bears on it is changed any more."""

    default_code = "activity.scoring_over"


class NotBegunError(RuleError):
    """Nobody is judged before the review has begun; `from_at` says when it does."""

    default_code = "activity.not_begun"


class SheetsMissingError(RuleError):
    """Judges who are there have not handed in all their sheets; `missing` says how many."""

    default_code = "activity.sheets_missing"


class NotPublishedError(RuleError):
    """The protocol is signed on the published ranking, and there is none yet."""

    default_code = "activity.not_published"


class ProjectTwiceError(ConflictError):
    """The venture is on the list already."""

    default_code = "activity.project_twice"


class SlotsOverrunError(RuleError):
    """The slots of the projects reach beyond the end of the review."""

    default_code = "activity.slots_overrun"


@dataclass(frozen=True, slots=True)
class Criterion:
    """What is marked from 0 to 100, and how much of the whole it weighs in hundredths."""

    name: str
    weight: int


@dataclass(frozen=True, slots=True)
class Placed:
    """A project's mean in hundredths of a mark, and its place; equal means share one."""

    score: int
    place: int


def slot_of(starts_at: datetime, position: int) -> tuple[datetime, datetime]:
    """Return when the project at the position, counted from one, is heard."""
    begins = starts_at + (position - 1) * SLOT
    return begins, begins + SLOT


def ensure_slots(starts_at: datetime, ends_at: datetime, projects: int) -> None:
    """Refuse more projects than the review has time for.

    Raises:
        SlotsOverrunError: with how many there is time for.
    """
    room = (ends_at - starts_at) // SLOT
    if projects > room:
        raise SlotsOverrunError(room=room, projects=projects)


def ensure_criteria(criteria: Sequence[Criterion]) -> None:
    """Refuse criteria that do not weigh a hundred together.

    Raises:
        InvalidInputError: at field `criteria`.
    """
    errors: list[FieldError] = []
    for each in criteria:
        errors += prose.faults("criteria", each.name, LONGEST_CRITERION)
    names = {each.name for each in criteria}
    if not criteria or len(criteria) > MOST_CRITERIA or len(names) != len(criteria):
        errors.append(FieldError("criteria", "activity.criteria", {"most": MOST_CRITERIA}))
    elif min(each.weight for each in criteria) <= 0 or _total(criteria) != WHOLE_WEIGHT:
        errors.append(FieldError("criteria", "activity.weights", {"sum": _total(criteria)}))
    if errors:
        raise InvalidInputError(errors=errors)


def ensure_marks(criteria: Sequence[Criterion], marks: Sequence[int]) -> None:
    """Refuse a sheet without a mark from 0 to 100 for each criterion.

    Raises:
        InvalidInputError: at field `marks`.
    """
    if len(marks) != len(criteria) or any(not 0 <= mark <= HIGHEST_MARK for mark in marks):
        raise InvalidInputError.at("marks", "activity.marks", criteria=len(criteria))


def weighted(criteria: Sequence[Criterion], marks: Sequence[int]) -> int:
    """Return a sheet's total in hundredths of a mark; exact, for weights are hundredths."""
    return sum(each.weight * mark for each, mark in zip(criteria, marks, strict=True))


def mean_of(totals: Collection[int], kind: MeanKind) -> int:
    """Return the mean of at least one total, halves rounded up.

    The trimmed mean leaves out one highest and one lowest where four or more have marked.
    """
    counted = sorted(totals)
    if kind is MeanKind.TRIMMED and len(counted) >= LEAST_TO_TRIM:
        counted = counted[1:-1]
    mean = Decimal(sum(counted)) / len(counted)
    return int(mean.quantize(Decimal(1), ROUND_HALF_UP))


def places(scores: Mapping[Key, int]) -> dict[Key, Placed]:
    """Return every project's place: one more than how many stand before it."""
    return {
        key: Placed(score, 1 + sum(other > score for other in scores.values()))
        for key, score in scores.items()
    }


def recused_minutes(projects: int) -> int:
    """Return how long a judge stood aside: the slots of the projects he may not judge."""
    return projects * (PITCH_MINUTES + QUESTION_MINUTES)


def _total(criteria: Sequence[Criterion]) -> int:
    return sum(each.weight for each in criteria)
