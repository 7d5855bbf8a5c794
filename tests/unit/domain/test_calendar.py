from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.calendar import (
    CalendarWeek,
    DayKind,
    InvalidDayCountError,
    InvalidMonthError,
    InvalidWeekError,
    Month,
    WorkingCalendar,
    day_ends_at,
    day_starts_at,
    local_day,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
OFF = [
    *("2026-01-01", "2026-01-02", "2026-02-16", "2026-02-17", "2026-02-18", "2026-02-19"),
    *("2026-02-20", "2026-02-23", "2026-04-06", "2026-05-01", "2026-05-04", "2026-05-05"),
    *("2026-06-19", "2026-09-25", "2026-10-01", "2026-10-02", "2026-10-05", "2026-10-06"),
    "2026-10-07",
]
WORKED = ["2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"]


def _calendar(off: list[str] = OFF, worked: list[str] = WORKED) -> WorkingCalendar:
    days = {date.fromisoformat(day): DayKind.OFF for day in off}
    return WorkingCalendar(days | {date.fromisoformat(day): DayKind.WORKDAY for day in worked})


def _local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("day", "is_working"),
    [
        ("2026-09-18", True),
        ("2026-09-19", False),
        ("2026-09-20", True),
        ("2026-09-25", False),
        ("2026-10-03", False),
        ("2026-10-08", True),
        ("2026-10-10", True),
        ("2026-10-11", False),
    ],
)
def test_a_day_is_worked_when_made_up_or_a_plain_weekday(day: str, is_working: bool) -> None:
    assert _calendar().is_working(date.fromisoformat(day)) is is_working


def test_the_fifth_working_day_of_october_2026_is_the_thirteenth() -> None:
    assert _calendar().nth_working_day(Month(2026, 10), 5) == date(2026, 10, 13)


def test_weekday_arithmetic_alone_would_close_a_day_late() -> None:
    assert _calendar(worked=[]).nth_working_day(Month(2026, 10), 5) == date(2026, 10, 14)


def test_the_nth_working_day_may_be_the_first_of_the_month() -> None:
    assert _calendar().nth_working_day(Month(2026, 9), 1) == date(2026, 9, 1)


def test_only_imported_years_are_known() -> None:
    assert _calendar().is_known(2026)
    assert not _calendar().is_known(2027)


def test_confirmation_of_a_record_of_30_september_may_come_until_the_end_of_13_october() -> None:
    deadline = _calendar().duty_deadline(_local("2026-09-30T16:20"), 5)
    assert deadline == _local("2026-10-14T00:00")
    assert deadline.tzinfo is UTC


@pytest.mark.parametrize(
    ("happened", "working_days", "last_day"),
    [
        ("2026-09-16T15:31", 3, "2026-09-20"),
        ("2026-09-21T00:00", 15, "2026-10-19"),
        ("2026-09-25T09:00", 1, "2026-09-28"),
        ("2026-09-18T23:59", 1, "2026-09-20"),
        ("2026-09-19T00:00", 1, "2026-09-20"),
    ],
)
def test_a_duty_clock_starts_on_the_next_working_day_and_ends_at_midnight(
    happened: str, working_days: int, last_day: str
) -> None:
    deadline = _calendar().duty_deadline(_local(happened), working_days)
    assert deadline == day_ends_at(date.fromisoformat(last_day))


def test_a_duty_clock_reads_the_day_in_shanghai_and_not_in_utc() -> None:
    late_in_utc = datetime(2026, 9, 16, 16, 30, tzinfo=UTC)
    assert local_day(late_in_utc) == date(2026, 9, 17)
    assert _calendar().duty_deadline(late_in_utc, 1) == day_ends_at(date(2026, 9, 18))


def test_an_offer_of_wednesday_ten_expires_on_friday_at_ten() -> None:
    deadline = _calendar().answer_deadline(_local("2026-09-16T10:00"))
    assert deadline == _local("2026-09-18T10:00")
    assert deadline.tzinfo is UTC


@pytest.mark.parametrize(
    ("received", "expires"),
    [
        ("2026-09-18T10:00", "2026-09-21T10:00"),
        ("2026-09-20T18:30", "2026-09-22T18:30"),
        ("2026-09-24T10:00", "2026-09-29T10:00"),
        ("2026-09-25T10:00", "2026-09-30T00:00"),
        ("2026-10-03T23:00", "2026-10-10T00:00"),
    ],
)
def test_an_answer_clock_runs_over_working_days_only(received: str, expires: str) -> None:
    assert _calendar().answer_deadline(_local(received)) == _local(expires)


def test_an_answer_is_never_due_after_the_last_useful_instant() -> None:
    received, latest = _local("2026-09-16T10:00"), _local("2026-09-17T09:00")
    assert _calendar().answer_deadline(received, 2, not_after=latest) == latest
    assert _calendar().answer_deadline(received, 2, not_after=latest).tzinfo is UTC


def test_an_early_answer_deadline_is_not_moved_by_a_later_bound() -> None:
    received = _local("2026-09-16T10:00")
    deadline = _calendar().answer_deadline(received, 1, not_after=_local("2026-09-30T10:00"))
    assert deadline == _local("2026-09-17T10:00")


@pytest.mark.parametrize("count", [0, -1])
def test_a_count_below_one_working_day_is_refused(count: int) -> None:
    with pytest.raises(InvalidDayCountError) as refusal:
        _calendar().add_working_days(date(2026, 9, 1), count)
    assert refusal.value.code == "calendar.day_count_invalid"


@pytest.mark.parametrize(
    "text", ["2026", "2026-13", "2026-00", "2026-9", "26-09", "2026/09", "٢٠٢٦-09", "0000-01", ""]
)
def test_a_month_in_another_form_is_refused(text: str) -> None:
    with pytest.raises(InvalidMonthError):
        Month.parse(text)


def test_months_are_ordered_and_follow_each_other_over_the_year() -> None:
    december = Month.parse("2026-12")
    assert december.following() == Month(2027, 1)
    assert Month(2026, 11) < december < december.following()
    assert str(Month.of(date(2026, 9, 30))) == "2026-09"


def test_a_day_runs_from_midnight_to_midnight_in_shanghai() -> None:
    assert day_starts_at(date(2026, 9, 1)) == datetime(2026, 8, 31, 16, tzinfo=UTC)
    assert day_ends_at(date(2026, 9, 1)) - day_starts_at(date(2026, 9, 1)) == timedelta(days=1)


@given(st.dates(date(2025, 12, 1), date(2027, 1, 31)), st.integers(1, 40), st.integers(1, 40))
def test_working_days_add_up(day: date, first: int, second: int) -> None:
    calendar = _calendar()
    halfway = calendar.add_working_days(day, first)
    assert calendar.is_working(halfway)
    assert calendar.add_working_days(halfway, second) == calendar.add_working_days(
        day, first + second
    )


@given(st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 1)), st.integers(1, 20))  # noqa: DTZ001
def test_an_answer_clock_never_ends_after_the_duty_clock_of_its_first_working_day(
    naive: datetime, working_days: int
) -> None:
    calendar, received_at = _calendar(), naive.replace(tzinfo=SHANGHAI)
    deadline = calendar.answer_deadline(received_at, working_days)
    first_day = local_day(received_at)
    if not calendar.is_working(first_day):
        first_day = calendar.next_working_day(first_day)
    assert received_at < deadline < calendar.duty_deadline(day_starts_at(first_day), working_days)


@pytest.mark.parametrize(
    ("text", "monday"),
    [
        ("2026-W38", date(2026, 9, 14)),
        ("2026-W01", date(2025, 12, 29)),
        ("2026-W53", date(2026, 12, 28)),
    ],
)
def test_a_week_is_written_as_iso_counts_it(text: str, monday: date) -> None:
    week = CalendarWeek.parse(text)
    assert (week.monday_on, str(week)) == (monday, text)
    assert week.days == tuple(monday + timedelta(days=offset) for offset in range(7))
    assert all(CalendarWeek.of(day) == week for day in week.days)


def test_the_next_week_may_belong_to_the_next_year() -> None:
    assert str(CalendarWeek.parse("2026-W53").shifted(1)) == "2027-W01"
    assert str(CalendarWeek.parse("2027-W01").shifted(-1)) == "2026-W53"


@pytest.mark.parametrize(
    "text",
    [
        *("", "2026", "2026-38", "2026-W8", "26-W38", "2026-W54", "2027-W53", "2026-W00"),
        *("0001-W01", "9999-W52", "２０２６-W38", "2026-W3x", "2026-w38"),
    ],
)
def test_any_other_text_is_no_week(text: str) -> None:
    with pytest.raises(InvalidWeekError):
        CalendarWeek.parse(text)


def test_the_month_before_january_is_december_of_the_old_year() -> None:
    assert Month(2026, 1).preceding() == Month(2025, 12)
    assert Month(2026, 9).preceding() == Month(2026, 8)
