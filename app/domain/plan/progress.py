"""工作进展表: the plan's items by department and period, filled in, signed off or sent back."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from app.domain import prose
from app.domain.calendar import ZONE, Month, WorkingCalendar, day_ends_at, local_day
from app.domain.errors import ConflictError, FieldError, InvalidInputError, RuleError
from app.domain.plan.report import ReportPeriod

# 二、主要任务: the plan has twenty.
ITEMS = range(1, 21)
# Requirements I3: reports close on the fifth working day of the next month.
DUE_WORKING_DAY = 5
REMIND_WORKING_DAYS = (3, 1)
REMINDED_AT = time(9)
LONGEST_WORDS, LONGEST_FIGURE, MOST_FIGURES, MOST_AMOUNT = 2000, 60, 6, 10**12
# The bureau's own items are filled in by its officers.
BUREAU = "hrss"
_DUTY = re.compile(r"([0-9]{1,2})(?:（牵头）|\(牵头\))?")
_ONE_DAY = timedelta(days=1)


class ProgressStatus(StrEnum):
    """States of what a department says of one item in one period."""

    OPEN = "open"
    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    SIGNED = "signed"


class ProgressEvent(StrEnum):
    """What may happen to it."""

    SAVE = "save"
    SUBMIT = "submit"
    RETURN = "return"
    SIGN = "sign"


_S, _E = ProgressStatus, ProgressEvent
WAITING = frozenset({_S.OPEN, _S.DRAFT, _S.RETURNED})
TRANSITIONS: Mapping[tuple[ProgressStatus, ProgressEvent], ProgressStatus] = {
    (_S.OPEN, _E.SAVE): _S.DRAFT,
    (_S.DRAFT, _E.SAVE): _S.DRAFT,
    (_S.RETURNED, _E.SAVE): _S.RETURNED,
    (_S.OPEN, _E.SUBMIT): _S.SUBMITTED,
    (_S.DRAFT, _E.SUBMIT): _S.SUBMITTED,
    (_S.RETURNED, _E.SUBMIT): _S.SUBMITTED,
    (_S.SUBMITTED, _E.SIGN): _S.SIGNED,
    (_S.SUBMITTED, _E.RETURN): _S.RETURNED,
    (_S.SIGNED, _E.RETURN): _S.RETURNED,
}


class ProgressStepError(ConflictError):
    """The step may not be taken in the state it is in."""

    default_code = "plan.progress_step"


class RoundOpenError(ConflictError):
    """The period has been opened for filling in."""

    default_code = "plan.round_open"


class NotYourItemError(RuleError):
    """A department's item is filled in by its own liaison."""

    default_code = "plan.not_your_item"


@dataclass(frozen=True, order=True, slots=True)
class Duty:
    """One department's part in one item; the one that is_lead 牵头 stands first."""

    item: int
    is_follower: bool
    department: str

    @property
    def is_lead(self) -> bool:
        """Tell whether the department is_lead the item."""
        return not self.is_follower


@dataclass(frozen=True, slots=True)
class ProgressFigure:
    """One figure beside the words; it counts towards no indicator."""

    name: str
    amount: int
    unit: str


@dataclass(frozen=True, slots=True)
class Progress:
    """What a department says of an item.

    Attributes:
        document: number of the paper that shows it, empty where there is none.
    """

    words: str
    figures: tuple[ProgressFigure, ...] = ()
    document: str = ""


def duties(departments: Mapping[str, Mapping[str, Any]]) -> tuple[Duty, ...]:
    """Return who is responsible for what, by item.

    Args:
        departments: of each department what the vocabulary knows besides its name; `items` are
            the numbers of its items, with 牵头 where it is_lead.
    """
    found = []
    for code, known in departments.items():
        for written in str(known.get("items", "")).split(","):
            match = _DUTY.fullmatch(written.strip())
            if match and int(match[1]) in ITEMS:
                found.append(Duty(int(match[1]), "牵头" not in written, code))
    return tuple(sorted(found))


def next_status(status: ProgressStatus, event: ProgressEvent) -> ProgressStatus:
    """Return the state that follows.

    Raises:
        ProgressStepError: when the event may not happen now.
    """
    try:
        return TRANSITIONS[status, event]
    except KeyError:
        raise ProgressStepError(status=status.value, event=event.value) from None


def due_at(period: ReportPeriod, calendar: WorkingCalendar) -> datetime:
    """Return until when it is filled in: 24:00 of the fifth working day after the period."""
    following = Month.of(period.last_on).following()
    return day_ends_at(calendar.nth_working_day(following, DUE_WORKING_DAY))


def reminders(due: datetime, calendar: WorkingCalendar) -> tuple[datetime, ...]:
    """Return the mornings on which it is reminded of: before the last day, and once after it."""
    last = local_day(due - due.resolution)
    mornings = [_working_days_before(last, count, calendar) for count in REMIND_WORKING_DAYS]
    after = local_day(due)
    if not calendar.is_working(after):
        after = calendar.next_working_day(after)
    return tuple(datetime.combine(day, REMINDED_AT, ZONE) for day in (*mornings, after))


def ensure_progress(said: Progress) -> Progress:
    """Return what is handed in as it is kept.

    Raises:
        InvalidInputError: naming each field that is missing or cannot be so.
    """
    errors = prose.faults("words", said.words, LONGEST_WORDS)
    errors += _wrong(said)
    if errors:
        raise InvalidInputError(errors=errors)
    return Progress(said.words.strip(), said.figures, said.document.strip())


def ensure_draft(said: Progress) -> Progress:
    """Return what is kept for later; what is not written yet may lack.

    Raises:
        InvalidInputError: naming each field that cannot be so.
    """
    errors = prose.faults("words", said.words, LONGEST_WORDS) if said.words.strip() else []
    errors += _wrong(said)
    if errors:
        raise InvalidInputError(errors=errors)
    return Progress(said.words.strip(), said.figures, said.document.strip())


def stored(figures: Sequence[ProgressFigure]) -> list[dict[str, object]]:
    """Return figures as they are kept."""
    return [{"name": each.name, "amount": each.amount, "unit": each.unit} for each in figures]


def from_stored(kept: Sequence[Mapping[str, Any]]) -> tuple[ProgressFigure, ...]:
    """Return figures as they were kept."""
    return tuple(ProgressFigure(each["name"], each["amount"], each["unit"]) for each in kept)


def _wrong(said: Progress) -> list[FieldError]:
    errors = prose.faults("document", said.document, LONGEST_WORDS) if said.document.strip() else []
    if len(said.figures) > MOST_FIGURES:
        errors.append(FieldError("name_1", "import.too_many_values", {"most": MOST_FIGURES}))
    for number, each in enumerate(said.figures, start=1):
        errors += prose.faults(f"name_{number}", each.name, LONGEST_FIGURE)
        errors += prose.faults(f"unit_{number}", each.unit, LONGEST_FIGURE)
        if not 0 <= each.amount <= MOST_AMOUNT:
            facts = {"low": 0, "high": MOST_AMOUNT}
            errors.append(FieldError(f"amount_{number}", "input.too_large", facts))
    return errors


def _working_days_before(day: date, count: int, calendar: WorkingCalendar) -> date:
    while count:
        day -= _ONE_DAY
        count -= calendar.is_working(day)
    return day
