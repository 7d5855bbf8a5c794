"""Instants, numbers and names as people read them, in Chinese or English, in Beijing time."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal, Protocol, TypeVar
from zoneinfo import ZoneInfo

Locale = Literal["zh", "en"]

BEIJING = ZoneInfo("Asia/Shanghai")
# Under five answers a share says more about the person than about the service.
SMALLEST_BASE = 5

_WEEKDAYS = {"zh": "一二三四五六日", "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_NEAR_DAYS = {
    "zh": {-1: "昨天", 0: "今天", 1: "明天", 2: "后天"},
    "en": {-1: "yesterday", 0: "today", 1: "tomorrow", 2: "in 2 days"},
}
_LENGTHS = {"zh": ("天", "小时", "分钟"), "en": ("d", "h", "min")}
_MOMENTARY = {"zh": "不到 1 分钟", "en": "less than 1 min"}
_PARTS = {"zh": ("上午", "下午", "晚上"), "en": ("morning", "afternoon", "evening")}


class Timed(Protocol):
    """Anything that begins at an instant."""

    @property
    def starts_at(self) -> datetime:
        """The instant it begins."""
        ...


T = TypeVar("T", bound=Timed)


def local(instant: datetime) -> datetime:
    """Return the instant on the Beijing clock.

    Raises:
        ValueError: when the instant is naive; guessing a zone would book the wrong hour.
    """
    if instant.tzinfo is None:
        raise ValueError(f"naive instant: {instant!r}")
    return instant.astimezone(BEIJING)


def day_of(moment: date | datetime) -> date:
    """Return the calendar day, of an instant the one in Beijing."""
    return local(moment).date() if isinstance(moment, datetime) else moment


def weekday(moment: date | datetime, locale: Locale = "zh") -> str:
    """Name the day of the week: 周五, Fri."""
    name = _WEEKDAYS[locale][day_of(moment).weekday()]
    return f"周{name}" if locale == "zh" else name


def day(moment: date | datetime, locale: Locale = "zh", today: date | None = None) -> str:
    """Write a day with its weekday; the year only when it is not that of `today`."""
    on = day_of(moment)
    other_year = today is not None and on.year != today.year
    if locale == "zh":
        year = f"{on.year}年" if other_year else ""
        return f"{year}{on.month}月{on.day}日 {weekday(on, locale)}"
    return f"{weekday(on, locale)} {on.day} {_MONTHS[on.month - 1]}{f' {on.year}' * other_year}"


def day_range(first: date, last: date, locale: Locale = "zh", today: date | None = None) -> str:
    """Write some days in a row: 9月14日–20日, 28 Sep–4 Oct; the year only when it is another."""
    other_year = today is not None and last.year != today.year
    is_within = (first.year, first.month) == (last.year, last.month)
    if locale == "zh":
        year = f"{first.year}年" if other_year else ""
        month_again = "" if is_within else f"{last.month}月"
        return f"{year}{first.month}月{first.day}日–{month_again}{last.day}日"
    opening = f"{first.day}" if is_within else f"{first.day} {_MONTHS[first.month - 1]}"
    return f"{opening}–{last.day} {_MONTHS[last.month - 1]}{f' {last.year}' * other_year}"


def month(on: date, locale: Locale = "zh") -> str:
    """Write a month with its year: 2026年8月, Aug 2026."""
    return f"{on.year}年{on.month}月" if locale == "zh" else f"{_MONTHS[on.month - 1]} {on.year}"


def clock_time(moment: datetime | time) -> str:
    """Write the time of day on a 24-hour clock: 14:00."""
    return (local(moment) if isinstance(moment, datetime) else moment).strftime("%H:%M")


def moment(instant: datetime, locale: Locale = "zh", today: date | None = None) -> str:
    """Write one instant: 9月18日 18:00, 18 Sep, 18:00."""
    on = day_of(instant)
    other_year = today is not None and on.year != today.year
    if locale == "zh":
        year = f"{on.year}年" if other_year else ""
        return f"{year}{on.month}月{on.day}日 {clock_time(instant)}"
    return f"{on.day} {_MONTHS[on.month - 1]}{f' {on.year}' * other_year}, {clock_time(instant)}"


def span(
    starts_at: datetime, ends_at: datetime, locale: Locale = "zh", today: date | None = None
) -> str:
    """Write a half-open span: 9月18日 周五 14:00–15:30; midnight as the end is 24:00."""
    first, last = day_of(starts_at), day_of(ends_at)
    gap = " " if locale == "zh" else ", "
    opening = f"{day(first, locale, today)}{gap}{clock_time(starts_at)}"
    if last == first:
        return f"{opening}–{clock_time(ends_at)}"
    if last == first + timedelta(days=1) and local(ends_at).time() == time.min:
        return f"{opening}–24:00"
    join = " 至 " if locale == "zh" else " to "
    return f"{opening}{join}{day(last, locale, today)}{gap}{clock_time(ends_at)}"


def part_of_day(instant: datetime, locale: Locale = "zh") -> str:
    """Name the part of the day: 上午 before 12:00, 下午 before 18:00, 晚上 after."""
    hour = local(instant).hour
    return _PARTS[locale][(hour >= 12) + (hour >= 18)]


def by_part_of_day(times: Iterable[T], locale: Locale = "zh") -> list[tuple[str, list[T]]]:
    """Group times by part of the day, in order, leaving out empty parts."""
    groups: dict[str, list[T]] = {part: [] for part in _PARTS[locale]}
    for item in sorted(times, key=lambda timed: timed.starts_at):
        groups[part_of_day(item.starts_at, locale)].append(item)
    return [(part, items) for part, items in groups.items() if items]


def near(instant: datetime, now: datetime, locale: Locale = "zh") -> str:
    """Say a near day in a word (后天下午, tomorrow morning); empty when it is not near.

    The word never stands alone: the full date is written beside it.
    """
    word = _NEAR_DAYS[locale].get((day_of(instant) - day_of(now)).days, "")
    if not word:
        return ""
    part = part_of_day(instant, locale)
    return f"{word}{part}" if locale == "zh" else f"{word}, {part}"


def time_left(until: datetime, now: datetime, locale: Locale = "zh") -> str:
    """Say how long is left, rounded down so that nobody is promised too much."""
    seconds = seconds_left(until, now)
    if not seconds:
        return "已到期" if locale == "zh" else "past due"
    for size, zh, en in ((86400, "天", "day"), (3600, "小时", "hour"), (60, "分钟", "minute")):
        if seconds >= size:
            count = seconds // size
            return f"还剩 {count} {zh}" if locale == "zh" else f"{_plural(count, en)} left"
    return "不到 1 分钟" if locale == "zh" else "under a minute left"


def seconds_left(until: datetime, now: datetime) -> int:
    """Return the whole seconds left, never below zero."""
    return max(0, int((until - now).total_seconds()))


def thousands(number: int | float | Decimal) -> str:
    """Write a number with commas: 1,652."""
    return f"{number:,}"


def minutes(count: int, locale: Locale = "zh") -> str:
    """Write a length in minutes: 90 分钟, 90 minutes."""
    return f"{thousands(count)} 分钟" if locale == "zh" else _plural(count, "minute")


def lasting(length: timedelta, locale: Locale = "zh") -> str:
    """Write a length of time in its two largest units: 2 小时 5 分钟, 3 天 1 小时."""
    total = int(length.total_seconds()) // 60
    (days, rest), names = divmod(total, 1440), _LENGTHS[locale]
    counts = (days, rest // 60, rest % 60)
    first = next((place for place, count in enumerate(counts) if count), None)
    if first is None:
        return _MOMENTARY[locale]
    shown = zip(counts[first : first + 2], names[first : first + 2], strict=True)
    return " ".join(f"{count} {name}" for count, name in shown if count)


def hours(length_minutes: int, locale: Locale = "zh") -> str:
    """Write a length given in minutes as hours to one decimal: 1.5 小时."""
    exact = Decimal(length_minutes) / 60
    rounded = exact.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
    shown = thousands(rounded).removesuffix(".0")
    if locale == "zh":
        return f"{shown} 小时"
    return f"{shown} hour" if shown == "1" else f"{shown} hours"


def percent(part: int, base: int) -> str:
    """Write a whole percentage, or a dash when the base is too small to publish."""
    if base < SMALLEST_BASE:
        return "—"
    share = (Decimal(part) * 100 / base).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    return f"{share}%"


def initial(name: str) -> str:
    """Return the character shown on a person's tile."""
    return name.strip()[:1].upper()


def marked(text: str, phrases: str | Sequence[str]) -> list[tuple[str, bool]]:
    """Cut a text where a phrase occurs, so that a page can mark it without touching markup."""
    wanted = [phrases] if isinstance(phrases, str) else phrases
    pieces = [(text, False)]
    for phrase in sorted(filter(None, wanted), key=len, reverse=True):
        pieces = [
            cut for piece, on in pieces for cut in ([(piece, on)] if on else _cut(piece, phrase))
        ]
    return pieces


def _cut(text: str, phrase: str) -> list[tuple[str, bool]]:
    pieces: list[tuple[str, bool]] = []
    for part in text.split(phrase):
        pieces += [(phrase, True), (part, False)]
    return [(piece, on) for piece, on in pieces[1:] if piece]


def _plural(count: int, unit: str) -> str:
    return f"{thousands(count)} {unit}" if count == 1 else f"{thousands(count)} {unit}s"
