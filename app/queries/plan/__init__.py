"""计划目标 as it stands: every figure with the rows that sum to it, and what waits for a check."""

from app.queries.plan.figures import headline, indicator_page, plan_page
from app.queries.plan.page import (
    Asked,
    Base,
    Evidence,
    IndicatorFigure,
    IndicatorPage,
    MonthPoint,
    PlanPage,
    PlanRow,
    Proof,
    ShownRow,
)
from app.queries.plan.sources import may_be_reported

__all__ = [
    "Asked",
    "Base",
    "Evidence",
    "IndicatorFigure",
    "IndicatorPage",
    "MonthPoint",
    "PlanPage",
    "PlanRow",
    "Proof",
    "ShownRow",
    "headline",
    "indicator_page",
    "may_be_reported",
    "plan_page",
]
