"""What a page must say about a year of the calendar that is missing or may still change."""

from datetime import datetime

from flask import Flask, g

from app.domain.calendar import local_day
from app.domain.calendar_year import missing_year as year_missing_on
from app.http.run import reading
from app.queries.calendar_years import is_provisional, known_years

KNOWN = "jieban_known_years"


def register(app: Flask) -> None:
    """Let templates ask; years once known stay known and are not asked for again."""
    app.extensions[KNOWN] = set()

    def missing_year() -> int | None:
        if g.get("is_broken"):
            return None
        known: set[int] = app.extensions[KNOWN]
        with reading() as reader:
            today = local_day(reader.now)
            if year_missing_on(today, known) is not None:
                known |= known_years(reader)
        return year_missing_on(today, known)

    def provisional_year(instant: datetime) -> int | None:
        day = local_day(instant)
        with reading() as reader:
            return day.year if is_provisional(reader, day) else None

    app.jinja_env.globals.update(missing_year=missing_year, provisional_year=provisional_year)
