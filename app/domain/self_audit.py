"""The nightly self-audit: what is asked of the books each night, and what was found wrong."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

CLOSED_MONTHS = 13
MOST_FINDINGS = 500


class Check(StrEnum):
    """One question asked of the books."""

    TIME_DOUBLED = "time_doubled"
    REMINDER_ORPHANED = "reminder_orphaned"
    BEYOND_TERM = "beyond_term"
    COUNT_DIFFERS = "count_differs"
    COLUMNS_DIFFER = "columns_differ"
    FIGURE_DIFFERS = "figure_differs"
    SPLIT_DIFFERS = "split_differs"
    POINTS_DIFFER = "points_differ"
    TRAIL_BROKEN = "trail_broken"
    FILE_CHANGED = "file_changed"
    FILE_MISSING = "file_missing"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it should be.

    Attributes:
        check: which question found it.
        subject: the key of the row it is about, or the month.
        facts: codes and numbers that say what is wrong; never names.
    """

    check: Check
    subject: str
    facts: Mapping[str, str] = field(default_factory=dict)


def stored(findings: Iterable[Finding]) -> list[dict[str, object]]:
    """Return the findings as they are kept, the first five hundred of them."""
    kept = list(findings)[:MOST_FINDINGS]
    return [
        {"check": each.check.value, "subject": each.subject, "facts": dict(each.facts)}
        for each in kept
    ]


def from_stored(kept: Iterable[Mapping[str, object]]) -> list[Finding]:
    """Return findings as they were kept."""
    return [
        Finding(Check(str(each["check"])), str(each["subject"]), _facts(each["facts"]))
        for each in kept
    ]


def _facts(kept: object) -> Mapping[str, str]:
    if not isinstance(kept, Mapping):
        return {}
    return {str(name): str(value) for name, value in kept.items()}
