from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.availability import (
    Clinic,
    Days,
    Diary,
    ExceptionKind,
    Question,
    Slots,
    Span,
    SpecialDay,
    WeeklyRule,
    free_times,
    monday_of,
)
from app.domain.calendar import Month, day_starts_at
from app.domain.expert import Term
from tests.moments import START, day
from tests.unit.domain.diaries import (
    ALL_MODES,
    CALENDAR,
    MODES,
    reference,
    refusal,
    without_claims,
)

# A plain day, today, a make-up Sunday, a holiday, the end of a month, both sides of the horizon.
DAYS = [
    day(text)
    for text in ("09-17", "09-16", "09-20", "09-25", "09-30", "10-10", "11-14", "11-15", "09-15")
]
TERMS = [
    Term(day("01-01"), day("12-31"), day("01-01")),
    Term(day("01-01"), day("09-24"), day("01-01")),
    Term(day("09-30"), day("12-31"), day("01-01")),
]
few = st.integers(0, 2)
LAST_YEAR = {"every_weeks": 2, "anchor_on": date(2025, 12, 31)}
ZONES = [
    "Asia/Shanghai",
    "Asia/Shanghai",
    "Asia/Kolkata",
    "America/Los_Angeles",
    "Europe/Berlin",
    "Pacific/Auckland",
]
some_modes = st.frozensets(st.sampled_from(MODES), min_size=1)


@st.composite
def spans(draw: st.DrawFn, step: int = 5) -> tuple[int, int]:
    first = draw(st.integers(0, 1440 // step - 1))
    length = draw(st.integers(1, max(1, min(600 // step, 1440 // step - first))))
    return first * step, (first + length) * step


@st.composite
def rules(draw: st.DrawFn, step: int) -> WeeklyRule:
    starts, ends = draw(spans(step))
    return WeeklyRule(
        weekday=draw(st.sampled_from([on.weekday() for on in DAYS])),
        starts_minute=starts,
        ends_minute=ends,
        modes=draw(some_modes),
        valid_from=draw(st.sampled_from([None, None, None, *DAYS[:3]])),
        valid_until=draw(st.sampled_from([None, None, None, *DAYS[:3]])),
        **draw(st.sampled_from([{}, {}, {"every_weeks": 2, "anchor_on": day("09-17")}, LAST_YEAR])),
    )


@st.composite
def specials(draw: st.DrawFn, step: int) -> SpecialDay:
    starts, ends = draw(spans(step))
    kind = draw(st.sampled_from(ExceptionKind))
    return SpecialDay(draw(st.sampled_from(DAYS)), kind, starts, ends, draw(some_modes))


@st.composite
def claims(draw: st.DrawFn, step: int) -> Span:
    minutes = draw(st.integers(-120 // step, 1500 // step)) * step
    starts_at = day_starts_at(draw(st.sampled_from(DAYS))) + timedelta(minutes=minutes)
    length = timedelta(minutes=draw(st.integers(1, 240 // step)) * step)
    return Span(starts_at, starts_at + length)


@st.composite
def clinics(draw: st.DrawFn) -> Clinic:
    first = draw(st.integers(0, 80)) * 15
    length = draw(st.integers(2, 12)) * 15
    slot = draw(st.sampled_from([15, 20, 30]))
    return Clinic(draw(st.sampled_from(DAYS)), first, first + length, slot)


@st.composite
def diaries(draw: st.DrawFn, step: int = 5) -> Diary:
    loads = st.dictionaries(st.sampled_from([Month(2026, 9), Month(2026, 10)]), st.integers(0, 3))
    weeks = st.dictionaries(st.sampled_from(sorted({monday_of(on) for on in DAYS})), few)
    return Diary(
        is_official=draw(st.booleans()),
        modes=draw(st.sampled_from([ALL_MODES, frozenset({"onsite"})])),
        terms=tuple(draw(st.lists(st.sampled_from(TERMS), max_size=2))) or (TERMS[0],),
        rules=tuple(draw(st.lists(rules(step), max_size=6))),
        special_days=tuple(draw(st.lists(specials(step), max_size=4))),
        claims=tuple(draw(st.lists(claims(step), max_size=4))),
        notice=timedelta(hours=draw(st.sampled_from([0, 1, 24, 48]))),
        buffer=timedelta(minutes=draw(st.sampled_from([0, 15, 30, 120]))),
        monthly_limit=draw(st.integers(3, 4)),
        month_loads=draw(loads),
        weekly_limit=draw(st.sampled_from([None, 2])),
        week_loads=draw(weeks),
        yearly_limit=draw(st.sampled_from([None, 2])),
        year_loads={2026: draw(few)},
        is_paused=draw(st.integers(0, 9)) == 0,
        buffer_before=timedelta(minutes=draw(st.sampled_from([0, 0, 10, 45]))),
        horizon_days=draw(st.sampled_from([60, 60, 14])),
        zone=draw(st.sampled_from(ZONES)),
        clinics=tuple(draw(st.lists(clinics(), max_size=2, unique_by=lambda each: each.day))),
        leaves=tuple(draw(st.lists(st.builds(Days, *[st.sampled_from(DAYS)] * 2), max_size=1))),
    )


@st.composite
def questions(draw: st.DrawFn, step: int = 5) -> Question:
    return Question(
        minutes=draw(st.integers(15 // step, 180 // step)) * step,
        modes=tuple(draw(st.sampled_from([MODES, MODES[:1], MODES[1:]]))),
        now=START + timedelta(minutes=draw(st.integers(-700, 700))),
        also_busy=tuple(draw(st.lists(claims(step), max_size=1))),
        slots=draw(st.sampled_from(Slots)),
    )


@settings(max_examples=60, deadline=None)
@given(diaries(), questions(), st.sampled_from(DAYS))
def test_what_is_offered_equals_what_each_minute_says(diary, question, on) -> None:
    offered = {time.starts_at: time.modes for time in free_times(diary, CALENDAR, question, [on])}
    assert offered == reference(diary, question, on)


@settings(max_examples=40, deadline=None)
@given(diaries(), questions(), st.sampled_from(DAYS))
def test_exactly_the_offered_times_are_accepted_claims_apart(diary, question, on) -> None:
    unclaimed = without_claims(diary)
    alone = replace(question, also_busy=())
    offered = {time.starts_at for time in free_times(unclaimed, CALENDAR, alone, [on])}

    grid = [day_starts_at(on) + timedelta(minutes=5) * step for step in range(288)]
    accepted = {start for start in grid if refusal(diary, start, question) is None}

    assert accepted == offered


@settings(max_examples=40, deadline=None)
@given(diaries(step=1), questions(step=1), st.sampled_from(DAYS))
def test_uneven_minutes_never_offer_what_a_minute_forbids(diary, question, on) -> None:
    allowed = reference(diary, question, on)
    for time in free_times(diary, CALENDAR, question, [on]):
        assert set(time.modes) <= set(allowed.get(time.starts_at, ()))
