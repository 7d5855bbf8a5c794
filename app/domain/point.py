"""Points 积分: what counted work is worth under dated rules, and what must be posted for it."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from app.domain.errors import InvalidInputError

# A share of good ratings is told from so many people on, so that nobody's own can be guessed.
FEWEST_RATERS = 5
GOOD_SCORE = 4

Subject = tuple[UUID, UUID]


class PointEvent(StrEnum):
    """What earns points."""

    SERVICE_COUNTED = "service_counted"
    RATED_WELL = "rated_well"
    FOLLOW_UP_ANSWERED = "follow_up_answered"
    RECORD_IN_TIME = "record_in_time"


class PointPart(StrEnum):
    """The four parts of an appraisal."""

    VOLUME = "volume"
    SATISFACTION = "satisfaction"
    EFFECT = "effect"
    DISCIPLINE = "discipline"


class InvalidPointRuleError(InvalidInputError):
    """A number of the rule cannot be meant."""

    default_code = "point.rule_invalid"


@dataclass(frozen=True, slots=True)
class PointRule:
    """What an event is worth while the rule holds.

    Attributes:
        points: for each service; for ratings the most, given in full when all are good.
        cap: the most that the rule gives an expert in a calendar year.
        valid_to: the last day; None until a later rule for the event begins.
    """

    id: UUID
    event: PointEvent
    part: PointPart
    points: int
    cap: int
    valid_from: date
    valid_to: date | None = None

    def __post_init__(self) -> None:
        is_ordered = self.valid_to is None or self.valid_to >= self.valid_from
        if not 1 <= self.points <= self.cap or not is_ordered:
            raise InvalidPointRuleError(event=self.event.value)


@dataclass(frozen=True, slots=True)
class Worth:
    """What one subject earns by a rule before its cap: a service, or an expert for his ratings."""

    rule_id: UUID
    subject_id: UUID
    day: date
    points: int
    record_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """What must be posted for a subject; `is_reversal` takes back all that was given for it."""

    rule_id: UUID
    subject_id: UUID
    points: int
    record_id: UUID | None
    is_reversal: bool = False


def rule_on(rules: Iterable[PointRule], event: PointEvent, day: date) -> PointRule | None:
    """Return the rule for the event on the day, None when none holds."""
    begun = [rule for rule in rules if rule.event is event and rule.valid_from <= day]
    last = max(begun, key=lambda rule: rule.valid_from, default=None)
    if last is None or (last.valid_to is not None and last.valid_to < day):
        return None
    return last


def rating_points(rule: PointRule, scores: Mapping[UUID, Collection[int]]) -> int:
    """Return what the ratings of a year are worth: nothing while fewer than five people rated.

    Args:
        rule: of the event.
        scores: what each person gave.
    """
    given = [score for own in scores.values() for score in own]
    if len(scores) < FEWEST_RATERS:
        return 0
    return rule.points * sum(score >= GOOD_SCORE for score in given) // len(given)


def totals(worths: Iterable[Worth], caps: Mapping[UUID, int]) -> dict[UUID, int]:
    """Return what each rule gives for all of these together, at most its cap."""
    summed: defaultdict[UUID, int] = defaultdict(int)
    for worth in worths:
        summed[worth.rule_id] += worth.points
    return {rule_id: min(caps[rule_id], points) for rule_id, points in summed.items() if points}


def moves(
    held: Mapping[Subject, int], worths: Sequence[Worth], caps: Mapping[UUID, int]
) -> list[Move]:
    """Return what must be posted so that each rule has given just its total.

    What a subject no longer earns is taken back whole; what is free under the cap then goes to
    those who earn more than they hold, the earliest first. Posted once, nothing is left to post.

    Args:
        held: what was given for each rule and subject so far, reversals deducted.
        worths: what each subject earns now, of one expert and one year.
        caps: of the rules.
    """
    earned = {(worth.rule_id, worth.subject_id): worth for worth in worths}
    kept, found = dict(held), []
    for key, points in sorted(held.items()):
        worth = earned.get(key)
        if points > (worth.points if worth else 0):
            found.append(Move(*key, -points, worth.record_id if worth else None, True))
            kept[key] = 0
    given: defaultdict[UUID, int] = defaultdict(int)
    for (rule_id, _), points in kept.items():
        given[rule_id] += points
    for worth in sorted(worths, key=lambda each: (each.day, each.subject_id)):
        key = (worth.rule_id, worth.subject_id)
        free = caps[worth.rule_id] - given[worth.rule_id]
        more = min(worth.points - kept.get(key, 0), free)
        if more > 0:
            found.append(Move(*key, more, worth.record_id))
            given[worth.rule_id] += more
    return found
