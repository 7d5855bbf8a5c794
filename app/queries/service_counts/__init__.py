"""Figures of a month, and the rows behind each."""

from app.queries.service_counts.months import MonthCounts, PostedChange, measures
from app.queries.service_counts.rows_behind import CountedRow, RowsPage, View, rows

__all__ = ["CountedRow", "MonthCounts", "PostedChange", "RowsPage", "View", "measures", "rows"]
