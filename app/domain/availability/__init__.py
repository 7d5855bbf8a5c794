"""When an expert can be met: weekly rules, special days, and the free times that follow.

A local day is one Python int of 288 bits, one for each five minutes. The same bits make the
times offered and refuse the others, so what is offered can be booked and nothing else can.
"""

from app.domain.availability.diary import (
    OFFICIAL_HOURS,
    STEP_MINUTES,
    Diary,
    ExceptionKind,
    Mode,
    Span,
    SpecialDay,
    WeeklyRule,
)
from app.domain.availability.search import (
    GRID_MINUTES,
    HORIZON_DAYS,
    FreeTime,
    NotFreeError,
    Question,
    ensure_free,
    first_of,
    free_times,
    nearest_to,
    upcoming,
)
from app.domain.availability.week import (
    BUFFER_MINUTES,
    LONGEST_CLOSING,
    LONGEST_REASON,
    MONTHLY_LIMITS,
    MOST_SPANS_A_DAY,
    NOTICE_HOURS,
    Closing,
    Opening,
    Week,
    WeekSpan,
    ensure_closing,
    ensure_opening,
    ensure_week,
    field_of,
)

__all__ = [
    "BUFFER_MINUTES",
    "GRID_MINUTES",
    "HORIZON_DAYS",
    "LONGEST_CLOSING",
    "LONGEST_REASON",
    "MONTHLY_LIMITS",
    "MOST_SPANS_A_DAY",
    "NOTICE_HOURS",
    "OFFICIAL_HOURS",
    "STEP_MINUTES",
    "Closing",
    "Diary",
    "ExceptionKind",
    "FreeTime",
    "Mode",
    "NotFreeError",
    "Opening",
    "Question",
    "Span",
    "SpecialDay",
    "Week",
    "WeekSpan",
    "WeeklyRule",
    "ensure_closing",
    "ensure_free",
    "ensure_opening",
    "ensure_week",
    "field_of",
    "first_of",
    "free_times",
    "nearest_to",
    "upcoming",
]
