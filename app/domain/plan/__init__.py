"""计划目标: targets of the action plan, what counts towards each, and how far they should be."""

from app.domain.plan.checking import (
    CheckedError,
    CheckStatus,
    KnownError,
    SameHandsError,
    ensure_waits,
)
from app.domain.plan.indicator import (
    Comparison,
    IndicatorKind,
    OwnRowsError,
    Source,
    Target,
    source_of,
    target_of,
)
from app.domain.plan.pace import Course, Elapsed, Standing, course, elapsed, yearly_mean
from app.domain.plan.people import Counted, Founder, Line, Listed, Supported, founders
from app.domain.plan.report import PeriodError, ReportPeriod
from app.domain.plan.support import (
    FOUNDER_KINDS,
    LONGEST_DOCUMENT,
    LONGEST_GROUNDS,
    SUPPORT_ITEMS,
    SupportKind,
    Unit,
    ensure_document,
    ensure_quantity,
    fen_of,
    unit_of,
    yuan,
)

__all__ = [
    "FOUNDER_KINDS",
    "LONGEST_DOCUMENT",
    "LONGEST_GROUNDS",
    "SUPPORT_ITEMS",
    "CheckStatus",
    "CheckedError",
    "Comparison",
    "Counted",
    "Course",
    "Elapsed",
    "Founder",
    "IndicatorKind",
    "KnownError",
    "Line",
    "Listed",
    "OwnRowsError",
    "PeriodError",
    "ReportPeriod",
    "SameHandsError",
    "Source",
    "Standing",
    "SupportKind",
    "Supported",
    "Target",
    "Unit",
    "course",
    "elapsed",
    "ensure_document",
    "ensure_quantity",
    "ensure_waits",
    "fen_of",
    "founders",
    "source_of",
    "target_of",
    "unit_of",
    "yearly_mean",
    "yuan",
]
