"""Experts of the pool: category, term of appointment, declared interests."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from app.domain.calendar import Month
from app.domain.errors import InvalidInputError, RuleError

_ONE_DAY = timedelta(days=1)
_MONTHS_A_YEAR = 12
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


class NotAppointedError(RuleError):
    """No term of the expert holds today, so that none can be ended."""

    default_code = "expert.not_appointed"


class AppointmentBackDatedError(RuleError):
    """A term cannot begin before the day on which it is approved."""

    default_code = "expert.appointment_back_dated"


def in_term(terms: Iterable[Term], day: date) -> bool:
    """Tell whether any of the terms covers the day; an extension only if it came in time."""
    held = tuple(terms)
    return any(term.covers(day) and _came_in_time(term, held) for term in held)


def takes_new(terms: Iterable[Term], day: date) -> bool:
    """Tell whether somebody new may be met on the day: in a term, not in an extension of one.

    An extension carries what was agreed over the gap until the renewal (docs/decisions/0027).
    """
    return any(term.covers(day) for term in terms if term.kind is not AppointmentKind.EXTENSION)


def carrying(terms: Iterable[Term]) -> tuple[Term, ...]:
    """Return the terms as a meeting agreed before sees them: extensions in time hold like terms."""
    held = tuple(terms)
    kind = AppointmentKind.TERM
    return tuple(replace(term, kind=kind) for term in held if _came_in_time(term, held))


def _came_in_time(term: Term, held: Iterable[Term]) -> bool:
    """Tell whether an extension was approved before the term it continues was over (A12)."""
    return term.kind is not AppointmentKind.EXTENSION or any(
        term.approved_on <= earlier.ends_on < term.starts_on
        for earlier in held
        if earlier.kind is not AppointmentKind.EXTENSION
    )


def unbroken(terms: Iterable[Term], day: date) -> Term | None:
    """Return the day's term together with those that adjoin it, None when no term covers it."""
    ordered = sorted(terms, key=lambda term: term.starts_on)
    found = next((term for term in ordered if term.covers(day)), None)
    if found is None:
        return None
    starts_on, ends_on = found.starts_on, found.ends_on
    for term in ordered:
        if term.starts_on <= ends_on + _ONE_DAY:
            ends_on = max(ends_on, term.ends_on)
    for term in reversed(ordered):
        if term.starts_on < starts_on <= term.ends_on + _ONE_DAY:
            starts_on = term.starts_on
    return replace(found, starts_on=starts_on, ends_on=ends_on)


def reminder_due(ends_on: date, today: date, days_before: Collection[int]) -> int | None:
    """Return which of the reminders of a term's end is due, None before the first of them."""
    left = (ends_on - today).days
    return min((days for days in days_before if left <= days), default=None)


def default_term(today: date) -> Term:
    """Return the usual term: 36 months from the first of this month (requirements A11)."""
    starts_on = today.replace(day=1)
    months = starts_on.month - 1 + TERM_MONTHS
    ends = Month(starts_on.year + months // _MONTHS_A_YEAR, months % _MONTHS_A_YEAR + 1)
    return Term(starts_on, ends.first_on - _ONE_DAY, today)


def ensure_appointment(starts_on: date, ends_on: date, today: date) -> Term:
    """Return the term of an appointment approved today.

    Raises:
        InvalidInputError: at field `ends_on`, the term ends before it begins.
        AppointmentBackDatedError: it would cover days that have passed (requirements A12).
    """
    if ends_on < starts_on:
        raise InvalidInputError.at("ends_on", "input.too_early", first=starts_on)
    if starts_on < today:
        raise AppointmentBackDatedError(starts_on=starts_on)
    return Term(starts_on, ends_on, today)


def ensure_extension(
    held: Iterable[Term], approved_on: date, until: date, longest: timedelta
) -> Term:
    """Return the provisional extension of the last of the terms held.

    Extended again, it lasts no longer: the days are counted from the end of the term itself.

    Raises:
        OutOfTermError: there is no term to extend.
        ExtensionTooLateError: when approved after the term's end or longer than allowed.
    """
    known = sorted(held, key=lambda term: term.ends_on)
    terms = [term for term in known if term.kind is not AppointmentKind.EXTENSION]
    if not terms:
        raise OutOfTermError
    ends_on, starts_on = terms[-1].ends_on, known[-1].ends_on + _ONE_DAY
    if approved_on > ends_on or until < starts_on or until - ends_on > longest:
        raise ExtensionTooLateError(ends_on=ends_on.isoformat(), days=longest.days)
    return Term(starts_on, until, approved_on, AppointmentKind.EXTENSION)
