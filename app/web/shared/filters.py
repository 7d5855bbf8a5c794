"""The formatting functions as template filters, in the reader's language."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from jinja2 import Environment

from app.domain import privacy
from app.web.shared import formatting
from app.web.shared.formatting import Locale

Filter = Callable[..., Any]


def register(
    environment: Environment, locale: Callable[[], Locale], now: Callable[[], datetime]
) -> None:
    """Add every formatting filter; `locale` and `now` are asked at each use."""
    environment.filters.update(_plain())
    environment.filters.update(_worded(locale))
    environment.filters.update(_dated(locale, now))


def _plain() -> dict[str, Filter]:
    return {
        "clock_time": formatting.clock_time,
        "initial": formatting.initial,
        "marked": formatting.marked,
        "mask_name": privacy.mask_name,
        "mask_phone": privacy.mask_phone,
        "percent": formatting.percent,
        "thousands": formatting.thousands,
    }


def _worded(locale: Callable[[], Locale]) -> dict[str, Filter]:
    def by_part_of_day(times: Sequence[Any]) -> list[tuple[str, list[Any]]]:
        return formatting.by_part_of_day(times, locale())

    return {
        "by_part_of_day": by_part_of_day,
        "hours": lambda length_minutes: formatting.hours(length_minutes, locale()),
        "lasting": lambda length: formatting.lasting(length, locale()),
        "minutes": lambda count: formatting.minutes(count, locale()),
        "month": lambda on: formatting.month(on, locale()),
        "part_of_day": lambda instant: formatting.part_of_day(instant, locale()),
        "weekday": lambda on: formatting.weekday(on, locale()),
    }


def _dated(locale: Callable[[], Locale], now: Callable[[], datetime]) -> dict[str, Filter]:
    def today() -> date:
        return formatting.day_of(now())

    return {
        "day": lambda on: formatting.day(on, locale(), today()),
        "day_range": lambda first, last: formatting.day_range(first, last, locale(), today()),
        "moment": lambda instant: formatting.moment(instant, locale(), today()),
        "near": lambda instant: formatting.near(instant, now(), locale()),
        "seconds_left": lambda until: formatting.seconds_left(until, now()),
        "span": lambda starts_at, ends_at: formatting.span(starts_at, ends_at, locale(), today()),
        "time_left": lambda until: formatting.time_left(until, now(), locale()),
    }
