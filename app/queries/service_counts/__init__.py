"""Figures by month, the rows behind each, and what a year looks like."""

from app.queries.service_counts.months import MonthCounts, PostedChange, measures
from app.queries.service_counts.rows_behind import CountedRow, RowsPage, View, rows
from app.queries.service_counts.years import MonthLine, YearCounts, year

__all__ = [
    "CountedRow",
    "MonthCounts",
    "MonthLine",
    "PostedChange",
    "RowsPage",
    "View",
    "YearCounts",
    "measures",
    "rows",
    "year",
]
