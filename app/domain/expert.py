"""Experts of the pool: category, term of appointment, declared interests."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from app.domain.errors import RuleError

LONGEST_EXTENSION = timedelta(days=30)
TERM_MONTHS = 36


class ExpertCategory(StrEnum):
    """The four kinds of item 16 of the action plan."""

    SCHOLAR = "scholar"
    ENTREPRENEUR = "entrepreneur"
    OFFICIAL = "official"
    INVESTOR = "investor"


class AppointmentKind(StrEnum):
    """A term of appointment 聘期, or a provisional extension 临时延聘 of one."""

    TERM = "term"
    EXTENSION = "extension"


@dataclass(frozen=True, slots=True)
class Term:
    """The days on which an appointment holds, both included, and when it was approved."""

    starts_on: date
    ends_on: date
    approved_on: date
    kind: AppointmentKind = AppointmentKind.TERM

    def covers(self, day: date) -> bool:
        """Tell whether the day lies in the term."""
        return self.starts_on <= day <= self.ends_on


class OutOfTermError(RuleError):
    """The expert holds no appointment on that day."""

    default_code = "expert.out_of_term"


class PausedError(RuleError):
    """The expert takes no requests at present."""

    default_code = "expert.paused"


class ExtensionTooLateError(RuleError):
    """An extension must be approved before the term ends and last 30 days at the most."""

    default_code = "expert.extension_refused"


class RecusalError(RuleError):
    """A declared interest forbids the pairing 回避."""

    default_code = "expert.recusal"


def in_term(terms: Iterable[Term], day: date) -> bool:
    """Tell whether any of the terms covers the day."""
    return any(term.covers(day) for term in terms)


def ensure_extension(term: Term, approved_on: date, until: date) -> Term:
    """Return the provisional extension of a term.

    Raises:
        ExtensionTooLateError: when approved after the term's end or longer than 30 days.
    """
    starts_on = term.ends_on + timedelta(days=1)
    if approved_on > term.ends_on or until < starts_on or until - term.ends_on > LONGEST_EXTENSION:
        raise ExtensionTooLateError(ends_on=term.ends_on.isoformat())
    return Term(starts_on, until, approved_on, AppointmentKind.EXTENSION)
