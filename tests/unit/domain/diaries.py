"""Diaries for tests, and a slow reference that asks about every minute on its own."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from app.domain.availability import (
    OFFICIAL_HOURS,
    Clinic,
    Diary,
    ExceptionKind,
    Mode,
    NotFreeError,
    Question,
    Slots,
    Span,
    SpecialDay,
    WeeklyRule,
    ensure_free,
    free_times,
)
from app.domain.calendar import ZONE, DayKind, Month, WorkingCalendar, day_starts_at, local_day
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
    found = _clinic_starts(diary, question, on)
    open_minutes = {mode: _open_minutes(diary, on, mode) for mode in question.modes}
    for minute in range(0, _minutes_of(on), 15):
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
    padded = start - diary.buffer_before, ends + diary.buffer
    clinics = [_span(each, each.starts_minute, each.ends_minute) for each in diary.clinics]
    return (
        _may_be_asked(diary, question, start, on)
        and not _meets([*diary.claims, *clinics], *padded)
        and not _meets(question.also_busy, start, ends)
    )


def _may_be_asked(diary: Diary, question: Question, start: datetime, on: date) -> bool:
    today = local_day(question.now)
    return (
        start > question.now
        and start - question.now >= diary.notice
        and on < today + timedelta(days=diary.horizon_days)
        and diary.month_loads.get(Month.of(on), 0) < diary.monthly_limit
        and _is_below(diary.week_loads.get(on - timedelta(days=on.weekday())), diary.weekly_limit)
        and _is_below(diary.year_loads.get(on.year), diary.yearly_limit)
    )


def _clinic_starts(diary: Diary, question: Question, on: date) -> dict[datetime, tuple[str, ...]]:
    found = {}
    for clinic in diary.clinics:
        asked = {Slots.NONE: 0, Slots.AS_LONG: question.minutes, Slots.ANY: clinic.slot_minutes}
        is_held = "onsite" in question.modes and "onsite" in diary.modes and _serves(diary, on)
        if clinic.day != on or clinic.slot_minutes != asked[question.slots] or not is_held:
            continue
        for number in range((clinic.ends_minute - clinic.starts_minute) // clinic.slot_minutes):
            first = clinic.starts_minute + number * clinic.slot_minutes
            slot = _span(clinic, first, first + clinic.slot_minutes)
            is_taken = _meets([*diary.claims, *question.also_busy], slot.starts_at, slot.ends_at)
            minutes = [slot.starts_at + timedelta(minutes=n) for n in range(clinic.slot_minutes)]
            is_closed = any(_special(diary, minute, ExceptionKind.OFF) for minute in minutes)
            if _may_be_asked(diary, question, slot.starts_at, on) and not is_taken | is_closed:
                found[slot.starts_at] = ("onsite",)
    return found


def _span(clinic: Clinic, first: int, last: int) -> Span:
    starts = day_starts_at(clinic.day)
    return Span(starts + timedelta(minutes=first), starts + timedelta(minutes=last))


def _is_below(load: int | None, limit: int | None) -> bool:
    return limit is None or (load or 0) < limit


def _meets(spans: Iterable[Span], starts_at: datetime, ends_at: datetime) -> bool:
    return any(span.starts_at < ends_at and starts_at < span.ends_at for span in spans)


def _minutes_of(on: date) -> int:
    return (day_starts_at(on + timedelta(days=1)) - day_starts_at(on)) // timedelta(minutes=1)


def _open_minutes(diary: Diary, on: date, mode: str) -> set[int]:
    """Return the open minutes of the day and the next, counted from the day's start."""
    starts = day_starts_at(on)
    both = range(_minutes_of(on) + _minutes_of(on + timedelta(days=1)))
    return {m for m in both if _is_open(diary, starts + timedelta(minutes=m), mode)}


def _is_open(diary: Diary, instant: datetime, mode: str) -> bool:
    district_day = instant.astimezone(ZONE).date()
    if not _serves(diary, district_day) or mode not in diary.modes:
        return False
    if any(mode in extra.modes for extra in _special(diary, instant, ExceptionKind.EXTRA)):
        return True
    if CALENDAR.days.get(district_day) is DayKind.OFF:
        return False
    return not _special(diary, instant, ExceptionKind.OFF) and _is_weekly(diary, instant, mode)


def _serves(diary: Diary, on: date) -> bool:
    in_term = any(term.starts_on <= on <= term.ends_on for term in diary.terms)
    on_leave = any(leave.first_on <= on <= leave.last_on for leave in diary.leaves)
    return in_term and not on_leave and not diary.is_paused


def _special(diary: Diary, instant: datetime, kind: ExceptionKind) -> list[SpecialDay]:
    wall = instant.astimezone(ZoneInfo(diary.zone))
    minute = wall.hour * 60 + wall.minute
    return [
        special
        for special in diary.special_days
        if special.kind is kind
        and special.day == wall.date()
        and special.starts_minute <= minute < special.ends_minute
    ]


def _is_weekly(diary: Diary, instant: datetime, mode: str) -> bool:
    wall = instant.astimezone(ZoneInfo(diary.zone))
    on, minute = wall.date(), wall.hour * 60 + wall.minute
    if diary.is_official and not diary.rules:
        district_day = instant.astimezone(ZONE).date()
        kind = CALENDAR.days.get(district_day)
        worked = kind is DayKind.WORKDAY or (kind is None and district_day.isoweekday() <= 5)
        return worked and any(first <= minute < last for first, last in OFFICIAL_HOURS)
    return any(
        rule.weekday == on.weekday()
        and mode in rule.modes
        and (rule.valid_from or on) <= on <= (rule.valid_until or on)
        and _is_its_week(rule, on)
        and rule.starts_minute <= minute < rule.ends_minute
        for rule in diary.rules
    )


def _is_its_week(rule: WeeklyRule, on: date) -> bool:
    if rule.anchor_on is None:
        return True
    # Day by day from the anchor, over every turn of a year.
    week = on.toordinal() - on.weekday()
    anchor = rule.anchor_on.toordinal() - rule.anchor_on.weekday()
    return (week - anchor) % 14 == 0
