"""Who is responsible for which item, until when it is filled in, and what may happen to it."""

from datetime import date, datetime

import pytest

from app.domain.calendar import DayKind, WorkingCalendar
from app.domain.errors import InvalidInputError
from app.domain.plan import ReportPeriod
from app.domain.plan.progress import (
    TRANSITIONS,
    Duty,
    Progress,
    ProgressEvent,
    ProgressFigure,
    ProgressStatus,
    ProgressStepError,
    due_at,
    duties,
    ensure_draft,
    ensure_progress,
    from_stored,
    next_status,
    reminders,
    stored,
)
from tests.moments import at

OFF = [date(2026, 9, day) for day in (25, 26, 27)] + [date(2026, 10, day) for day in range(1, 8)]


@pytest.fixture
def calendar() -> WorkingCalendar:
    days = {day: DayKind.OFF for day in OFF}
    weekdays = (date.fromordinal(n) for n in range(date(2026, 1, 1).toordinal(), 739_900))
    known = {day: DayKind.OFF if day.weekday() > 4 else DayKind.WORKDAY for day in weekdays}
    return WorkingCalendar({**known, **days, date(2026, 10, 10): DayKind.WORKDAY})


def test_duties_are_read_from_the_departments_with_who_leads() -> None:
    found = duties(
        {
            "kjj": {"items": "3,9"},
            "zzb": {"items": "9(牵头),20"},
            "hrss": {"items": "16（牵头）"},
            "qzfb": {"items": "issuer"},
            "street": {"items": "addressee; one record per 街道"},
            "odd": {"items": "0,21,x"},
            "none": {},
        }
    )
    assert found == (
        Duty(3, True, "kjj"),
        Duty(9, False, "zzb"),
        Duty(9, True, "kjj"),
        Duty(16, False, "hrss"),
        Duty(20, True, "zzb"),
    )
    assert [duty.is_lead for duty in found] == [False, True, False, True, False]


@pytest.mark.parametrize("status", ProgressStatus)
@pytest.mark.parametrize("event", ProgressEvent)
def test_every_step_is_legal_or_refused(status: ProgressStatus, event: ProgressEvent) -> None:
    if (status, event) in TRANSITIONS:
        assert next_status(status, event) is TRANSITIONS[status, event]
    else:
        with pytest.raises(ProgressStepError):
            next_status(status, event)


def test_it_is_due_and_reminded_of_by_working_days(calendar: WorkingCalendar) -> None:
    due = due_at(ReportPeriod.parse("2026-Q3"), calendar)
    assert due == at("10-14 00:00")
    assert reminders(due, calendar) == (
        at("10-09 09:00"),
        at("10-12 09:00"),
        at("10-14 09:00"),
    )
    # The last day is a Friday: it is late on Monday.
    friday: datetime = at("08-08 00:00")
    assert reminders(friday, calendar)[-1] == at("08-10 09:00")


def test_a_draft_may_lack_what_is_handed_in_may_not() -> None:
    assert ensure_draft(Progress(" ")).words == ""
    with pytest.raises(InvalidInputError):
        ensure_progress(Progress(" "))
    said = Progress(" 好 ", (ProgressFigure("走访", 1, "家"),), " 文 ")
    assert ensure_progress(said) == Progress("好", said.figures, "文")
    assert from_stored(stored(said.figures)) == said.figures


@pytest.mark.parametrize(
    ("said", "field"),
    [
        (Progress("x" * 2001), "words"),
        (Progress("好", (), "\x00"), "document"),
        (Progress("好", (ProgressFigure("", 1, "家"),)), "name_1"),
        (Progress("好", (ProgressFigure("走访", 1, ""),)), "unit_1"),
        (Progress("好", (ProgressFigure("走访", -1, "家"),)), "amount_1"),
        (Progress("好", (ProgressFigure("走访", 1, "家"),) * 7), "name_1"),
    ],
)
def test_what_cannot_be_is_named_at_its_field(said: Progress, field: str) -> None:
    for ensure in (ensure_progress, ensure_draft):
        with pytest.raises(InvalidInputError) as error:
            ensure(said)
        assert error.value.errors[0].field == field
