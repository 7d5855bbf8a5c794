"""Figures by month, the rows behind each, and what a year looks like."""

from app.queries.service_counts.months import MonthCounts, PostedChange, measures

__all__ = ["MonthCounts", "PostedChange", "measures"]
