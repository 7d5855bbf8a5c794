"""How the words of a message are filled in, in both languages."""

import re
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Literal

from app.domain.availability.zones import DISTRICT, wall_time
from app.domain.own_clock import clock_text, zone_name

Locale = Literal["zh", "en"]
LOCALES: tuple[Locale, ...] = ("zh", "en")

_CAUSES = {
    "zh": {
        "calendar": "放假安排有调整",
        "leave": "导师请假",
        "term": "导师的聘期在那之前结束",
        "dismissal": "导师不再任职",
        "place": "原定的场所不能用",
        "stand_down": "导师这段时间暂停服务",
    },
    "en": {
        "calendar": "the working calendar has changed",
        "leave": "the mentor is on leave",
        "term": "the mentor's term ends before that day",
        "dismissal": "the mentor no longer serves",
        "place": "the place cannot be used",
        "stand_down": "the mentor does not serve at that time",
    },
}

_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
_WEEKDAYS = {"zh": "一二三四五六日", "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_BETWEEN = {"zh": "、", "en": "; "}
# What a wording may tell the time by.
_TIMES = ("when", "times", "deadline")
_AT_HOME = {"zh": "时间是北京时间。", "en": "Times are Beijing time."}
_ABROAD = {
    "zh": ("时间是北京时间；按您当地的{zone}是", "时间是北京时间；按您当地的{zone}，依次是"),
    "en": (
        "Times are Beijing time; by your own clock, {zone}: ",
        "Times are Beijing time; by your own clock, {zone}, in this order: ",
    ),
}
_WITHIN = {"zh": "在服务之日起 {days} 天内", "en": "within {days} days of the service"}
_LATER = {"zh": "以后", "en": "later"}
_STOP = {"zh": "。", "en": "."}
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


def shown(facts: Mapping[str, object], locale: Locale, zone: str = DISTRICT) -> dict[str, str]:
    """Return the facts of a message as people read them, by placeholder, on the zone's clock."""
    words = {name: str(fact) for name, fact in facts.items() if fact is not None}
    if f"ties_{locale}" in words:
        words["ties"] = words[f"ties_{locale}"]
    if "starts_at" in words and "ends_at" in words:
        start, end = _instant(words["starts_at"]), _instant(words["ends_at"])
        words["when"] = span_text(start, end, locale, zone)
    if "times" in words and "starts_at" in words:
        length = _instant(words["ends_at"]) - _instant(words["starts_at"])
        starts = map(_instant, words["times"].split())
        written = (span_text(start, start + length, locale, zone) for start in starts)
        words["times"] = _BETWEEN[locale].join(written)
    if "mode" in words:
        words["where"] = words.get("place") or _WAYS[locale][words["mode"]]
    if "late_days" in words:
        words["window"] = _window(words["late_days"], locale)
    if "cause" in words:
        words["cause"] = _CAUSES[locale][words["cause"]]
    if "deadline" in words:
        words["deadline"] = deadline_text(_instant(words["deadline"]), locale, zone)
    return words


def _window(days: str, locale: Locale) -> str:
    """Return within which days after a service something may be said; empty, without end."""
    return _WITHIN[locale].format(days=days) if days else _LATER[locale]


def zone_note(pattern: str, facts: Mapping[str, object], locale: Locale) -> str:
    """Name the zone of the times that a wording tells; empty where it tells none.

    A reader whose own clock is another, which the fact `zone` names, reads them again on it.
    """
    told = [name for name in dict.fromkeys(_PLACEHOLDER.findall(pattern)) if name in _TIMES]
    if not told:
        return ""
    zone = str(facts.get("zone") or DISTRICT)
    if zone == DISTRICT:
        return _AT_HOME[locale]
    own = shown(facts, locale, zone)
    opening = fill(_ABROAD[locale][len(told) > 1], {"zone": zone_name(zone, locale)})
    return opening + _BETWEEN[locale].join(own[name] for name in told) + _STOP[locale]


def clock_note(starts_at: datetime, ends_at: datetime, locale: Locale, zone: str) -> str:
    """Name the zone of a meeting's time, and tell it again on the reader's own clock."""
    facts = {"starts_at": starts_at.isoformat(), "ends_at": ends_at.isoformat(), "zone": zone}
    return zone_note("{when}", facts, locale)


def span_text(starts_at: datetime, ends_at: datetime, locale: Locale, zone: str = DISTRICT) -> str:
    """Write a span: 9月18日（周五）14:00–15:00, Fri 18 Sep 14:00–15:00."""
    start, end = wall_time(starts_at, zone), wall_time(ends_at, zone)
    closing = clock_text(end)
    if end.date() != start.date():
        is_midnight = end == datetime.combine(start.date() + timedelta(days=1), time(), end.tzinfo)
        closing = "24:00" if is_midnight else f"{_day_text(end, locale)}{closing}"
    return f"{_day_text(start, locale)}{clock_text(start)}–{closing}"


def deadline_text(instant: datetime, locale: Locale, zone: str = DISTRICT) -> str:
    """Write a deadline; midnight is told as 24:00 of the day that ends."""
    local = wall_time(instant, zone)
    if (local.hour, local.minute) == (0, 0):
        return f"{_day_text(local - timedelta(days=1), locale)}24:00"
    return f"{_day_text(local, locale)}{clock_text(local)}"


def _day_text(local: datetime, locale: Locale) -> str:
    weekday = _WEEKDAYS[locale][local.weekday()]
    if locale == "zh":
        return f"{local.month}月{local.day}日（周{weekday}）"
    return f"{weekday} {local.day} {_MONTHS[local.month - 1]} "


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)
