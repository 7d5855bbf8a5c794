"""Absences without an excuse, and when they make the bureau think about a term."""

from datetime import date


def a_year_before(today: date) -> date:
    """Return the first day of the rolling twelve months that end today."""
    try:
        return today.replace(year=today.year - 1)
    except ValueError:
        return today.replace(year=today.year - 1, day=28)
