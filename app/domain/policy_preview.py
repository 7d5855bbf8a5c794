"""What a change of the counting policy would have made of past months; nothing is written by it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from app.domain.calendar import Month
from app.domain.errors import ConflictError, FieldError, InvalidInputError
from app.domain.service_record import (
    Aliases,
    CountingPolicy,
    Decision,
    Measures,
    SessionFacts,
    Status,
    decide_all,
    tally_period,
)

# A year and the month before it, to compare with.
MOST_MONTHS = 13


class PreviewStatus(StrEnum):
    """A preview is counted month by month, until it is done or stopped."""

    COUNTING = "counting"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"


class Side(StrEnum):
    """Which of both figures the rows are asked for: as it stands, or as it would be."""

    OLD = "old"
    NEW = "new"


class PreviewEndedError(ConflictError):
    """The preview is done or stopped."""

    default_code: ClassVar[str] = "policy_preview.ended"


@dataclass(frozen=True, slots=True)
class Recount:
    """The facts of a month with the decisions that stand on them, to be decided by another policy.

    Attributes:
        facts: of the meetings of the month and of those that bear on them.
        stands: the decision on each of the month, by meeting.
        earlier: the policies before the month.
    """

    month: Month
    facts: tuple[SessionFacts, ...]
    aliases: Aliases
    stands: tuple[Decision, ...]
    earlier: tuple[CountingPolicy, ...]
    policy: CountingPolicy
    asof: datetime


@dataclass(frozen=True, slots=True)
class Comparison:
    """A month as it stands and as it would be: the decisions that differ, and both figures."""

    changed: tuple[Decision, ...]
    old: Measures
    new: Measures


def ensure_past(months: Sequence[Month], today: Month) -> tuple[Month, ...]:
    """Return the months in order, each once.

    Raises:
        InvalidInputError: at `months`: none, too many, or one that has not begun.
    """
    chosen = tuple(sorted(set(months)))
    if not chosen:
        raise InvalidInputError.at("months", "input.required")
    if len(chosen) > MOST_MONTHS:
        errors = [FieldError("months", "input.too_many", {"most": MOST_MONTHS})]
        raise InvalidInputError(errors=errors)
    if chosen[-1] > today:
        raise InvalidInputError.at("months", "policy_preview.not_begun")
    return chosen


def compare(recount: Recount) -> Comparison:
    """Decide the month by the other policy, by the same rules, and compare with what stands."""
    month = recount.month
    policy = replace(recount.policy, valid_from=month.first_on)
    decided = decide_all(recount.facts, (*recount.earlier, policy), recount.asof, recount.aliases)
    new = {d.session_id: d for d in decided if d.month == month}
    old = {d.session_id: d for d in recount.stands}
    return Comparison(
        changed=tuple(d for key, d in new.items() if key in old and differs(old[key], d)),
        old=tally_period(old.values(), [month]),
        new=tally_period((new.get(key, stands) for key, stands in old.items()), [month]),
    )


def differs(old: Decision, new: Decision) -> bool:
    """Tell whether two decisions say something else, whatever the row they were judged by."""
    judged = replace(
        new, policy=old.policy, policy_from=old.policy_from, inputs_hash=old.inputs_hash
    )
    return judged != old


def turned(old: Decision, new: Decision) -> str:
    """Return what becomes of a record: `lost`, `gained`, or `altered` where it stays in or out."""
    before, after = old.status is Status.COUNTED, new.status is Status.COUNTED
    if before == after:
        return "altered"
    return "lost" if before else "gained"


def with_changes(stands: Iterable[Decision], changed: Iterable[Decision]) -> list[Decision]:
    """Return the decisions as they would be."""
    anew = {decision.session_id: decision for decision in changed}
    return [anew.get(decision.session_id, decision) for decision in stands]
