"""Suspension 挂起: why a booking waits for the bureau's decision, and until when it is taken."""

from datetime import datetime
from enum import StrEnum

from app.domain.calendar import WorkingCalendar

DECIDE_WORKING_DAYS = 2


class SuspensionCause(StrEnum):
    """What came between a booking and its meeting."""

    CALENDAR = "calendar"
    LEAVE = "leave"
    TERM = "term"
    DISMISSAL = "dismissal"
    PLACE = "place"


def decide_by(calendar: WorkingCalendar, now: datetime, starts_at: datetime) -> datetime:
    """Return when the bureau decides: in two working days, and before the meeting would begin."""
    return calendar.answer_deadline(now, DECIDE_WORKING_DAYS, not_after=starts_at)
