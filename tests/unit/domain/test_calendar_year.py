from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.availability import Diary, Span, WeeklyRule
from app.domain.availability.standing import is_overtaken, opens
from app.domain.calendar import DayKind, WorkingCalendar
from app.domain.calendar_year import (
    changed_days,
    fault_of,
    lengthened,
    missing_year,
    read_kind,
    read_yes,
)
from app.domain.expert import Term
from app.domain.import_row import CellError
from app.domain.vocabulary import Words
from tests.moments import at

PLAIN = WorkingCalendar({})
OFF, WORKDAY = DayKind.OFF, DayKind.WORKDAY
NOW = at("09-21 10:00")
MONDAY_OFF = WorkingCalendar({date(2026, 9, 28): OFF})
WORDS = Words({})
SPAN = Span(at("09-28 09:30"), at("09-28 10:20"))


@pytest.mark.parametrize(
    ("today", "known", "year"),
    [
        (date(2026, 10, 31), {2026}, None),
        (date(2026, 11, 1), {2026}, 2027),
        (date(2026, 12, 31), {2026}, 2027),
        (date(2026, 11, 1), {2026, 2027}, None),
        (date(2027, 1, 1), {2026}, 2027),
    ],
)
def test_the_next_year_is_missed_from_november_on(today, known, year) -> None:
    assert missing_year(today, known) == year


@pytest.mark.parametrize(("word", "kind"), [("放假", OFF), (" 调休 ", WORKDAY), ("OFF", OFF)])
def test_kinds_are_read_in_the_words_people_write(word, kind) -> None:
    assert read_kind(word, WORDS) is kind


def test_other_words_are_refused() -> None:
    for read in (read_kind, read_yes):
        with pytest.raises(CellError):
            read("也许", WORDS)
    assert read_yes("是", WORDS)
    assert not read_yes("false", WORDS)


@pytest.mark.parametrize(
    ("day", "kind", "code"),
    [
        (date(2027, 1, 1), OFF, None),
        (date(2027, 1, 3), WORKDAY, None),
        (date(2027, 1, 4), WORKDAY, "calendar.plain_workday"),
        (date(1999, 1, 1), OFF, "calendar.year_out_of_range"),
    ],
)
def test_a_notice_says_only_what_can_be_true(day, kind, code) -> None:
    assert fault_of(day, kind) == code


def test_only_days_to_come_that_say_something_else_have_changed() -> None:
    before = WorkingCalendar({date(2026, 9, 1): OFF, date(2026, 9, 25): OFF})
    after = WorkingCalendar({date(2026, 9, 25): OFF, date(2026, 9, 28): OFF})
    assert changed_days(before, after, date(2026, 9, 10)) == {date(2026, 9, 28)}
    assert date(2026, 9, 1) in changed_days(before, after, date(2026, 9, 1))


@pytest.mark.parametrize(
    ("deadline", "longer"),
    [
        ("09-29 10:00", "09-30 10:00"),
        ("09-29 00:00", "09-30 00:00"),
        ("09-30 00:00", "10-01 00:00"),
        ("09-25 10:00", "09-25 10:00"),
        ("09-21 09:00", "09-21 09:00"),
    ],
)
def test_a_deadline_is_lengthened_by_a_day_that_is_off_now(deadline, longer) -> None:
    assert lengthened(at(deadline), NOW, PLAIN, MONDAY_OFF) == at(longer)


def test_a_deadline_on_an_off_day_of_before_stays() -> None:
    saturday = at("09-26 12:00")
    assert lengthened(saturday, at("09-26 10:00"), PLAIN, MONDAY_OFF) == saturday


_DAYS = st.dictionaries(
    st.dates(date(2026, 9, 15), date(2026, 10, 31)), st.sampled_from(DayKind), max_size=12
)


@given(_DAYS, _DAYS, st.integers(0, 40 * 24))
def test_no_calendar_shortens_a_deadline(before, after, hours) -> None:
    deadline = NOW + timedelta(hours=hours)
    moved = lengthened(deadline, NOW, WorkingCalendar(before), WorkingCalendar(after))
    assert moved >= deadline


def a_diary(rules: tuple[WeeklyRule, ...] = (), **values) -> Diary:
    defaults = {
        "is_official": True,
        "modes": frozenset({"onsite"}),
        "terms": (Term(date(2026, 1, 1), date(2026, 12, 31), date(2026, 1, 1)),),
        "rules": rules,
        "special_days": (),
        "claims": (SPAN,),
        "notice": timedelta(hours=24),
        "buffer": timedelta(),
        "monthly_limit": 0,
    }
    return Diary(**{**defaults, **values})


def test_a_standing_time_is_open_whatever_is_claimed_or_counted() -> None:
    assert opens(a_diary(), PLAIN, SPAN, "onsite")
    assert not opens(a_diary(), PLAIN, SPAN, "phone")
    assert not opens(a_diary(), PLAIN, Span(at("09-28 11:30"), at("09-28 12:20")), "onsite")


def test_a_new_holiday_overtakes_a_booking_also_outside_the_hours_of_today() -> None:
    assert is_overtaken(a_diary(), PLAIN, MONDAY_OFF, SPAN, "onsite")
    assert is_overtaken(a_diary(is_paused=True), PLAIN, MONDAY_OFF, SPAN, "onsite")
    assert not is_overtaken(a_diary(), PLAIN, PLAIN, SPAN, "onsite")
    assert not is_overtaken(a_diary(is_paused=True), MONDAY_OFF, PLAIN, SPAN, "onsite")


def test_a_day_no_longer_made_up_overtakes_an_official() -> None:
    sunday = Span(at("09-20 09:30"), at("09-20 10:20"))
    made_up = WorkingCalendar({date(2026, 9, 20): WORKDAY})
    assert is_overtaken(a_diary(), made_up, PLAIN, sunday, "onsite")
