from datetime import timedelta

import pytest

from app.domain.availability import (
    ExceptionKind,
    FreeTime,
    Span,
    WeeklyRule,
    first_of,
    nearest_to,
    upcoming,
)
from app.domain.calendar import Month
from app.domain.expert import Term
from tests.moments import START, at, day
from tests.unit.domain.diaries import (
    ALL_MODES,
    THURSDAY,
    WEDNESDAY,
    a_claim,
    a_diary,
    a_question,
    a_rule,
    a_special,
    refusal,
    starts,
)

OFF, EXTRA = ExceptionKind.OFF, ExceptionKind.EXTRA
QUARTERS = ["14:00", "14:15", "14:30", "14:45", "15:00"]


def test_times_start_on_the_quarter_hour_and_end_within_the_rule() -> None:
    assert starts(a_diary()) == QUARTERS


def test_a_length_longer_than_the_rule_has_no_time() -> None:
    assert starts(a_diary(), question=a_question(121)) == []


@pytest.mark.parametrize("minutes", [15, 25, 45, 50, 85, 165, 480])
def test_a_rule_as_long_as_the_meeting_has_one_time(minutes: int) -> None:
    exact, short = (
        WeeklyRule(THURSDAY, 9 * 60, 9 * 60 + end, ALL_MODES) for end in (minutes, minutes - 5)
    )
    assert starts(a_diary(exact), question=a_question(minutes)) == ["09:00"]
    assert starts(a_diary(short), question=a_question(minutes)) == []


def test_two_rules_that_touch_make_one_span() -> None:
    diary = a_diary(a_rule(THURSDAY, "14:00", "15:00"), a_rule(THURSDAY, "15:00", "16:00"))
    assert starts(diary) == QUARTERS


def test_a_rule_shorter_than_a_step_opens_nothing() -> None:
    assert starts(a_diary(a_rule(THURSDAY, "14:01", "14:04")), question=a_question(15)) == []


def test_a_time_offers_only_the_modes_open_throughout() -> None:
    diary = a_diary(
        a_rule(THURSDAY, "14:00", "16:00", modes=frozenset({"onsite"})),
        a_rule(THURSDAY, "15:00", "16:00", modes=frozenset({"phone"})),
    )
    assert starts(diary, question=a_question(modes=("phone",))) == ["15:00"]
    assert starts(diary, question=a_question(modes=("onsite", "phone"))) == QUARTERS


def test_a_mode_the_expert_does_not_offer_is_refused_by_name() -> None:
    diary = a_diary(modes=frozenset({"onsite"}))
    assert refusal(diary, "09-17 14:00", a_question(modes=("phone",))) == "availability.mode"


@pytest.mark.parametrize(
    ("claim", "left"),
    [
        (("09-17 13:00", "09-17 14:00"), QUARTERS),
        (("09-17 13:00", "09-17 14:01"), QUARTERS[1:]),
        (("09-17 16:00", "09-17 17:00"), QUARTERS),
        (("09-17 15:59", "09-17 17:00"), QUARTERS[:4]),
        (("09-17 15:00", "09-17 15:15"), ["14:00"]),
        (("09-16 23:00", "09-17 14:20"), ["14:30", "14:45", "15:00"]),
    ],
)
def test_a_claim_takes_its_half_open_span(claim, left) -> None:
    assert starts(a_diary(claims=(a_claim(*claim),))) == left


def test_a_pause_is_left_before_the_next_claim() -> None:
    diary = a_diary(claims=(a_claim("09-17 15:15", "09-17 16:00"),), buffer=timedelta(minutes=15))
    assert starts(diary) == ["14:00"]


def test_a_pause_after_the_last_meeting_may_lie_outside_the_rule() -> None:
    assert starts(a_diary(buffer=timedelta(minutes=30))) == QUARTERS


def test_a_pause_beyond_midnight_sees_the_next_days_claim() -> None:
    late = a_rule(THURSDAY, "22:30", "24:00")
    claimed = (a_claim("09-18 00:00", "09-18 01:00"),)
    pause = timedelta(minutes=15)
    assert starts(a_diary(late, buffer=pause)) == ["22:30", "22:45", "23:00"]
    assert starts(a_diary(late, buffer=pause, claims=claimed)) == ["22:30", "22:45"]


def test_the_founders_own_meetings_are_not_offered_but_judged_elsewhere() -> None:
    question = a_question(also_busy=(a_claim("09-17 14:00", "09-17 14:30"),))
    assert starts(a_diary(), question=question) == ["14:30", "14:45", "15:00"]
    assert refusal(a_diary(), "09-17 14:00", question) is None


@pytest.mark.parametrize(
    ("now", "code"),
    [
        ("09-17 13:59", None),
        ("09-17 14:00", "availability.past"),
        ("09-17 14:01", "availability.past"),
    ],
)
def test_a_meeting_begins_after_now(now: str, code: str | None) -> None:
    question = a_question(now=at(now))
    assert refusal(a_diary(), "09-17 14:00", question) == code
    assert ("14:00" in starts(a_diary(), question=question)) is (code is None)


@pytest.mark.parametrize(
    ("now", "code"), [("09-16 14:00", None), ("09-16 14:01", "availability.too_soon")]
)
def test_notice_is_kept_to_the_minute(now: str, code: str | None) -> None:
    diary, question = a_diary(notice=timedelta(hours=24)), a_question(now=at(now))
    assert refusal(diary, "09-17 14:00", question) == code
    assert ("14:00" in starts(diary, question=question)) is (code is None)


def test_the_sixtieth_day_is_the_last_that_can_be_booked() -> None:
    diary = a_diary(a_rule(day("11-14").weekday(), "14:00", "15:00"))
    later = a_diary(a_rule(day("11-15").weekday(), "14:00", "15:00"))

    assert upcoming(START)[-1] == day("11-14")
    assert (starts(diary, "11-14"), refusal(diary, "11-14 14:00")) == (["14:00"], None)
    assert (starts(later, "11-15"), refusal(later, "11-15 14:00")) == ([], "availability.too_far")


def test_a_full_month_offers_nothing_and_the_next_month_does() -> None:
    diary = a_diary(monthly_limit=2, month_loads={Month(2026, 9): 2, Month(2026, 10): 1})
    assert (starts(diary), refusal(diary, "09-17 14:00")) == ([], "expert.month_full")
    assert starts(diary, "10-08") == QUARTERS


@pytest.mark.parametrize(
    ("limits", "code", "room_on"),
    [
        ({"weekly_limit": 1, "week_loads": {day("09-14"): 1}}, "expert.week_full", "09-24"),
        ({"yearly_limit": 9, "year_loads": {2026: 9}}, "expert.year_full", None),
        ({"yearly_limit": 9, "year_loads": {2026: 8, 2027: 9}}, None, "09-17"),
        ({"weekly_limit": 2, "week_loads": {day("09-14"): 1, day("09-21"): 2}}, None, "09-17"),
    ],
)
def test_a_full_week_or_year_offers_nothing(limits, code, room_on) -> None:
    diary = a_diary(**limits)
    assert refusal(diary, "09-17 14:00") == code
    assert bool(starts(diary)) is (code is None)
    if room_on:
        assert starts(diary, room_on) == QUARTERS


def test_what_moves_within_a_full_period_has_room_there() -> None:
    diary = a_diary(
        monthly_limit=2,
        month_loads={Month(2026, 9): 2},
        weekly_limit=1,
        week_loads={day("09-14"): 1},
        yearly_limit=2,
        year_loads={2026: 2},
    )
    assert refusal(diary, "09-17 14:00") == "expert.month_full"
    assert refusal(diary.without_service_on(day("09-16")), "09-17 14:00") is None
    assert refusal(diary.without_service_on(day("09-09")), "09-17 14:00") == "expert.week_full"


def test_a_limit_of_none_takes_nobody() -> None:
    diary = a_diary(monthly_limit=0)
    assert (starts(diary), refusal(diary, "09-17 14:00")) == ([], "expert.month_full")


@pytest.mark.parametrize(
    ("first", "last", "is_offered"),
    [
        ("09-17", "09-17", True),
        ("09-18", "12-31", False),
        ("01-01", "09-16", False),
    ],
)
def test_only_days_of_the_term_are_offered(first: str, last: str, is_offered: bool) -> None:
    diary = a_diary(terms=(Term(day(first), day(last), day("01-01")),))
    assert bool(starts(diary)) is is_offered
    assert refusal(diary, "09-17 14:00") == (None if is_offered else "expert.out_of_term")


def test_a_second_term_carries_on() -> None:
    terms = (
        Term(day("01-01"), day("09-16"), day("01-01")),
        Term(day("09-17"), day("12-31"), START.date()),
    )
    assert starts(a_diary(terms=terms)) == QUARTERS


def test_a_pause_of_the_expert_closes_everything() -> None:
    diary = a_diary(is_paused=True, special_days=(a_special("09-17", EXTRA, "19:00", "20:00"),))
    assert (starts(diary), refusal(diary, "09-17 19:00")) == ([], "expert.paused")


@pytest.mark.parametrize(
    ("on", "first", "count"),
    [
        ("09-17", "09:00", 9 + 11),
        ("09-20", "09:00", 9 + 11),
        ("09-19", None, 0),
        ("09-25", None, 0),
    ],
)
def test_an_official_without_rules_keeps_office_hours_of_working_days(on, first, count) -> None:
    diary = a_diary(is_official=True, rules=())
    offered = starts(diary, on)
    assert (offered[:1], len(offered)) == ([first] if first else [], count)
    assert refusal(diary, "09-25 09:00") == "availability.holiday"


def test_an_officials_own_rules_replace_office_hours() -> None:
    assert starts(a_diary(is_official=True)) == QUARTERS


def test_somebody_else_without_rules_has_no_time() -> None:
    assert starts(a_diary(rules=())) == []
    assert refusal(a_diary(rules=()), "09-17 14:00") == "availability.closed"


def test_a_make_up_workday_keeps_the_rules_of_its_own_weekday() -> None:
    sunday, friday = a_rule(6, "09:00", "10:00"), a_rule(4, "15:00", "16:00")
    assert starts(a_diary(sunday, friday), "09-20") == ["09:00"]


def test_weekly_rules_rest_on_a_holiday() -> None:
    diary = a_diary(a_rule(4, "14:00", "16:00"))
    assert (starts(diary, "09-25"), starts(diary, "09-18")) == ([], QUARTERS)
    assert refusal(diary, "09-25 14:00") == "availability.holiday"


def test_an_expert_may_open_a_holiday_himself() -> None:
    diary = a_diary(special_days=(a_special("09-25", EXTRA, "09:00", "10:00"),))
    assert (starts(diary, "09-25"), refusal(diary, "09-25 09:00")) == (["09:00"], None)


@pytest.mark.parametrize(
    ("special", "left"),
    [
        (a_special("09-17", OFF, "00:00", "24:00"), []),
        (a_special("09-17", OFF, "15:00", "15:30"), ["14:00"]),
        (a_special("09-17", OFF, "15:02", "15:04"), ["14:00"]),
        (a_special("09-24", OFF, "00:00", "24:00"), QUARTERS),
        (a_special("09-17", EXTRA, "16:00", "16:30"), [*QUARTERS, "15:15", "15:30"]),
        (a_special("09-17", EXTRA, "19:00", "20:00", modes=frozenset({"fax"})), QUARTERS),
    ],
)
def test_a_special_day_goes_before_the_week(special, left) -> None:
    assert starts(a_diary(special_days=(special,))) == left


def test_hours_opened_on_a_closed_day_replace_the_week() -> None:
    specials = (
        a_special("09-17", EXTRA, "10:00", "11:00"),
        a_special("09-17", OFF, "00:00", "24:00"),
    )
    assert starts(a_diary(special_days=specials)) == ["10:00"]


def test_a_rule_holds_from_its_first_day_to_its_last() -> None:
    rule = a_rule(THURSDAY, "14:00", "15:00", valid_from=day("09-24"), valid_until=day("10-08"))
    offered = {on: bool(starts(a_diary(rule), on)) for on in ("09-17", "09-24", "10-08", "10-15")}
    assert offered == {"09-17": False, "09-24": True, "10-08": True, "10-15": False}


@pytest.mark.parametrize("seconds", [1, 60, 5 * 60, 14 * 60 + 59])
def test_a_start_off_the_quarter_hour_is_refused(seconds: int) -> None:
    when = at("09-17 14:00") + timedelta(seconds=seconds)
    assert refusal(a_diary(), when) == "availability.off_grid"


def test_a_closed_time_is_refused_with_its_day() -> None:
    assert refusal(a_diary(), "09-17 15:15") == "availability.closed"
    assert refusal(a_diary(a_rule(WEDNESDAY, "14:00", "16:00")), "09-17 14:00") == (
        "availability.closed"
    )


def test_the_first_times_and_the_nearest_come_in_order() -> None:
    hours = [at(f"09-17 {hour}:00") for hour in (9, 10, 11, 14, 15)]
    times = [FreeTime(hour, hour + timedelta(hours=1), ("onsite",)) for hour in hours]

    assert [time.starts_at for time in first_of(iter(times), 2)] == hours[:2]
    assert len(first_of(times, 9)) == 5
    near = nearest_to(times, at("09-17 12:30"), 3)
    assert [time.starts_at for time in near] == [hours[1], hours[2], hours[3]]


def test_a_claim_of_another_day_takes_nothing() -> None:
    assert starts(a_diary(claims=(Span(at("09-18 14:00"), at("09-18 16:00")),))) == QUARTERS
