"""Suspension 挂起: why a booking waits for the bureau's decision, and until when it is taken."""

from datetime import datetime
from enum import StrEnum

from app.domain.calendar import WorkingCalendar


class SuspensionCause(StrEnum):
    """What came between a booking and its meeting."""

    CALENDAR = "calendar"
    LEAVE = "leave"
    TERM = "term"
    DISMISSAL = "dismissal"
    PLACE = "place"
    STAND_DOWN = "stand_down"


def decide_by(
    calendar: WorkingCalendar, now: datetime, starts_at: datetime, working_days: int
) -> datetime:
    """Return when the bureau decides: within the working days, and before the meeting begins."""
    return calendar.answer_deadline(now, working_days, not_after=starts_at)
