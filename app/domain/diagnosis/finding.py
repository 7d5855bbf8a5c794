"""Findings 诊断发现: what is wrong, why, what comes of it, what is to be done by whom and when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar

from app.domain.errors import FieldError, InvalidInputError
from app.domain.prose import faults

LONGEST_TEXT = 1000
MOST_FINDINGS = 20
TEXTS = ("problem", "cause", "effect", "recommendation")

Key = TypeVar("Key")


class Priority(StrEnum):
    """What comes first."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class FindingOwner(StrEnum):
    """Who does what is recommended."""

    FOUNDER = "founder"
    EXPERT = "expert"
    BUREAU = "bureau"


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingText:
    """A finding as an expert writes it."""

    problem: str
    cause: str
    effect: str
    recommendation: str
    priority: Priority
    owner: FindingOwner
    due_on: date


def ensure_finding(written: FindingText, earliest: date) -> FindingText:
    """Return the finding as it is kept.

    Args:
        written: what the expert wrote.
        earliest: the first day that can still be a due day.

    Raises:
        InvalidInputError: naming each field at fault.
    """
    texts = {name: getattr(written, name) for name in TEXTS}
    wrong = [fault for name, text in texts.items() for fault in faults(name, text, LONGEST_TEXT)]
    if written.due_on < earliest:
        wrong.append(FieldError("due_on", "diagnosis.day_passed"))
    if wrong:
        raise InvalidInputError(errors=wrong)
    return FindingText(
        **{name: text.strip() for name, text in texts.items()},
        priority=written.priority,
        owner=written.owner,
        due_on=written.due_on,
    )


def moved(keys: Sequence[Key], key: Key, place: int) -> list[Key]:
    """Return the keys in the order they have once one of them stands at the place, from 1 on.

    A place beyond the ends is the end.
    """
    rest = [each for each in keys if each != key]
    at = min(max(place, 1), len(keys)) - 1
    return [*rest[:at], key, *rest[at:]]
