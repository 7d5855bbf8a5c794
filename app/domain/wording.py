"""How the words of a message are filled in, in both languages."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal

from app.domain.calendar import ZONE

Locale = Literal["zh", "en"]
LOCALES: tuple[Locale, ...] = ("zh", "en")

_CAUSES = {
    "zh": {
        "calendar": "放假安排有调整",
        "leave": "导师请假",
        "term": "导师的聘期在那之前结束",
        "dismissal": "导师不再任职",
        "place": "原定的场所不能用",
    },
    "en": {
        "calendar": "the working calendar has changed",
        "leave": "the mentor is on leave",
        "term": "the mentor's term ends before that day",
        "dismissal": "the mentor no longer serves",
        "place": "the place cannot be used",
    },
}

_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
_WEEKDAYS = {"zh": "一二三四五六日", "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_BETWEEN = {"zh": "、", "en": "; "}
_WAYS = {
    "zh": {"onsite": "面谈", "online": "线上", "phone": "电话"},
    "en": {"onsite": "in person", "online": "online", "phone": "by telephone"},
}


class UnknownPlaceholderError(LookupError):
    """A wording asks for something that this message does not know."""


def fill(pattern: str, values: Mapping[str, str]) -> str:
    """Put values into a pattern's `{names}`; nothing in a value is ever interpreted.

    Raises:
        UnknownPlaceholderError: when the pattern names what is not there.
    """

    def value(match: re.Match[str]) -> str:
        name = match.group(1)
        if name not in values:
            raise UnknownPlaceholderError(f"{name} in {pattern}")
        return values[name]

    return _PLACEHOLDER.sub(value, pattern)


def shown(facts: Mapping[str, object], locale: Locale) -> dict[str, str]:
    """Return the facts of a message as people read them, by placeholder."""
    words = {name: str(fact) for name, fact in facts.items() if fact is not None}
    if f"ties_{locale}" in words:
        words["ties"] = words[f"ties_{locale}"]
    if "starts_at" in words and "ends_at" in words:
        words["when"] = span_text(_instant(words["starts_at"]), _instant(words["ends_at"]), locale)
    if "times" in words and "starts_at" in words:
        length = _instant(words["ends_at"]) - _instant(words["starts_at"])
        starts = map(_instant, words["times"].split())
        written = (span_text(start, start + length, locale) for start in starts)
        words["times"] = _BETWEEN[locale].join(written)
    if "mode" in words:
        words["where"] = words.get("place") or _WAYS[locale][words["mode"]]
    if "cause" in words:
        words["cause"] = _CAUSES[locale][words["cause"]]
    if "deadline" in words:
        words["deadline"] = deadline_text(_instant(words["deadline"]), locale)
    return words


def span_text(starts_at: datetime, ends_at: datetime, locale: Locale) -> str:
    """Write a span: 9月18日（周五）14:00–15:00, Fri 18 Sep 14:00–15:00."""
    start, end = starts_at.astimezone(ZONE), ends_at.astimezone(ZONE)
    return f"{_day_text(start, locale)}{start:%H:%M}–{end:%H:%M}"


def deadline_text(instant: datetime, locale: Locale) -> str:
    """Write a deadline; midnight is told as 24:00 of the day that ends."""
    local = instant.astimezone(ZONE)
    if (local.hour, local.minute) == (0, 0):
        return f"{_day_text(local - timedelta(days=1), locale)}24:00"
    return f"{_day_text(local, locale)}{local:%H:%M}"


def _day_text(local: datetime, locale: Locale) -> str:
    weekday = _WEEKDAYS[locale][local.weekday()]
    if locale == "zh":
        return f"{local.month}月{local.day}日（周{weekday}）"
    return f"{weekday} {local.day} {_MONTHS[local.month - 1]} "


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)
