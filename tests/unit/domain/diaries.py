"""Diaries for tests, and a slow reference that asks about every minute on its own."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from app.domain.availability import (
    OFFICIAL_HOURS,
    Diary,
    ExceptionKind,
    Mode,
    NotFreeError,
    Question,
    Span,
    SpecialDay,
    WeeklyRule,
    ensure_free,
    free_times,
)
from app.domain.calendar import DayKind, Month, WorkingCalendar, day_starts_at, local_day
from app.domain.expert import Term
from tests.moments import START, at, day

MODES = tuple(mode.value for mode in Mode)
ALL_MODES = frozenset(MODES)
CALENDAR = WorkingCalendar(
    {
        day("09-20"): DayKind.WORKDAY,
        day("09-25"): DayKind.OFF,
        day("10-01"): DayKind.OFF,
        day("10-10"): DayKind.WORKDAY,
    }
)
WEDNESDAY, THURSDAY = 2, 3


def a_rule(weekday: int, starts: str, ends: str, **values: Any) -> WeeklyRule:
    modes = values.pop("modes", ALL_MODES)
    return WeeklyRule(weekday, clock(starts), clock(ends), modes, **values)


def a_special(on: str, kind: ExceptionKind, starts: str, ends: str, **values: Any) -> SpecialDay:
    return SpecialDay(day(on), kind, clock(starts), clock(ends), values.get("modes", ALL_MODES))


def a_claim(starts: str, ends: str) -> Span:
    return Span(at(starts), at(ends))


def a_diary(*rules: WeeklyRule, **values: Any) -> Diary:
    """Return a diary open on Thursdays from 14:00 to 16:00 unless told otherwise."""
    defaults: dict[str, Any] = {
        "is_official": False,
        "modes": ALL_MODES,
        "terms": (Term(day("01-01"), day("12-31"), day("01-01")),),
        "rules": rules or (a_rule(THURSDAY, "14:00", "16:00"),),
        "special_days": (),
        "claims": (),
        "notice": timedelta(),
        "buffer": timedelta(),
        "monthly_limit": 8,
    }
    return Diary(**{**defaults, **values})


def a_question(minutes: int = 60, **values: Any) -> Question:
    defaults: dict[str, Any] = {"modes": MODES, "now": START}
    return Question(minutes, **{**defaults, **values})


def clock(text: str) -> int:
    """Return the minutes since midnight of a time such as 14:30."""
    return int(text[:2]) * 60 + int(text[3:])


def starts(diary: Diary, on: str = "09-17", question: Question | None = None) -> list[str]:
    """Return the offered times of the day as people read them."""
    times = free_times(diary, CALENDAR, question or a_question(), [day(on)])
    zone = at("01-01 00:00")
    return [f"{(time.starts_at - zone) % timedelta(days=1)}"[:-3].zfill(5) for time in times]


def refusal(diary: Diary, when: str | datetime, question: Question | None = None) -> str | None:
    """Return the code with which a time is refused, None when it is taken."""
    instant = at(when) if isinstance(when, str) else when
    try:
        ensure_free(diary, CALENDAR, question or a_question(), instant)
    except NotFreeError as error:
        return error.code
    return None


def reference(diary: Diary, question: Question, on: date) -> dict[datetime, tuple[str, ...]]:
    """Return what the day offers, by asking each minute of each start whether it is open."""
    open_minutes = {mode: _open_minutes(diary, on, mode) for mode in question.modes}
    found = {}
    for minute in range(0, 24 * 60, 15):
        start = day_starts_at(on) + timedelta(minutes=minute)
        if not _may_start(diary, question, start, on):
            continue
        wanted = range(minute, minute + question.minutes)
        modes = tuple(
            mode for mode in question.modes if all(m in open_minutes[mode] for m in wanted)
        )
        if modes:
            found[start] = modes
    return found


def without_claims(diary: Diary) -> Diary:
    return replace(diary, claims=())


def _may_start(diary: Diary, question: Question, start: datetime, on: date) -> bool:
    ends = start + timedelta(minutes=question.minutes)
    today = local_day(question.now)
    return (
        start > question.now
        and start - question.now >= diary.notice
        and on < today + timedelta(days=60)
        and diary.month_loads.get(Month.of(on), 0) < diary.monthly_limit
        and _is_below(diary.week_loads.get(on - timedelta(days=on.weekday())), diary.weekly_limit)
        and _is_below(diary.year_loads.get(on.year), diary.yearly_limit)
        and not _meets(diary.claims, start, ends + diary.buffer)
        and not _meets(question.also_busy, start, ends)
    )


def _is_below(load: int | None, limit: int | None) -> bool:
    return limit is None or (load or 0) < limit


def _meets(spans: Iterable[Span], starts_at: datetime, ends_at: datetime) -> bool:
    return any(span.starts_at < ends_at and starts_at < span.ends_at for span in spans)


def _open_minutes(diary: Diary, on: date, mode: str) -> set[int]:
    in_term = any(term.starts_on <= on <= term.ends_on for term in diary.terms)
    if diary.is_paused or not in_term or mode not in diary.modes:
        return set()
    minutes: set[int] = set()
    if CALENDAR.days.get(on) is not DayKind.OFF:
        minutes = _weekly_minutes(diary, on, mode)
    for special in diary.special_days:
        if special.day == on and special.kind is ExceptionKind.OFF:
            minutes -= set(range(special.starts_minute, special.ends_minute))
    for special in diary.special_days:
        extra = special.day == on and special.kind is ExceptionKind.EXTRA
        if extra and mode in special.modes:
            minutes |= set(range(special.starts_minute, special.ends_minute))
    return minutes


def _weekly_minutes(diary: Diary, on: date, mode: str) -> set[int]:
    if diary.is_official and not diary.rules:
        kind = CALENDAR.days.get(on)
        worked = kind is DayKind.WORKDAY or (kind is None and on.isoweekday() <= 5)
        hours = OFFICIAL_HOURS if worked else ()
        return {minute for first, last in hours for minute in range(first, last)}
    return {
        minute
        for rule in diary.rules
        if rule.weekday == on.weekday() and mode in rule.modes
        if (rule.valid_from or on) <= on <= (rule.valid_until or on)
        for minute in range(rule.starts_minute, rule.ends_minute)
    }
