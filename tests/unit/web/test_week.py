from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from app.domain.calendar import CalendarWeek
from app.web.shared.week import Sheet, sheet
from tests.moments import at, day

SHANGHAI = ZoneInfo("Asia/Shanghai")
TODAY = day("09-16")
WEEK = CalendarWeek.of(day("09-16"))


@dataclass(frozen=True)
class Thing:
    starts_at: datetime
    ends_at: datetime


def thing(first: str, last: str) -> Thing:
    return Thing(at(first), at(last))


def drawn(
    *things: Thing,
    zone: ZoneInfo = SHANGHAI,
    today: date = TODAY,
    shown: tuple[date, ...] = (),
) -> Sheet[Thing]:
    return sheet(things, WEEK.days, zone, today, is_shown=lambda on: on in shown)


def where(found: Sheet[Thing]) -> list[tuple[date, str, str, int, int]]:
    return [
        (column.on, block.first, block.last, found.top(block), found.height(block))
        for column in found.columns
        for block in column.blocks
    ]


def test_a_block_stands_by_quarter_hours_below_eight() -> None:
    assert where(drawn(thing("09-15 09:30", "09-15 10:20"))) == [
        (day("09-15"), "09:30", "10:20", 6, 4)
    ]


def test_the_hours_reach_as_far_as_what_stands_in_them() -> None:
    assert list(drawn().hours) == list(range(8, 18))
    found = drawn(thing("09-15 06:50", "09-15 07:40"), thing("09-17 19:00", "09-17 20:10"))
    assert (found.first_hour, found.last_hour, found.quarters) == (6, 21, 60)
    assert where(found)[0] == (day("09-15"), "06:50", "07:40", 3, 4)


def test_a_whole_day_fills_the_hours_and_does_not_widen_them() -> None:
    found = drawn(thing("09-15 00:00", "09-17 07:00"))
    assert (found.first_hour, found.last_hour) == (0, 18)
    found = drawn(thing("09-15 00:00", "09-16 00:00"))
    assert (found.first_hour, found.last_hour) == (8, 18)
    assert where(found) == [(day("09-15"), "00:00", "24:00", 0, 40)]


def test_an_entry_over_midnight_is_cut_between_its_days() -> None:
    assert where(drawn(thing("09-15 23:30", "09-16 00:45"))) == [
        (day("09-15"), "23:30", "24:00", 94, 2),
        (day("09-16"), "00:00", "00:45", 0, 3),
    ]


def test_an_entry_until_midnight_stands_on_one_day() -> None:
    assert [row[0] for row in where(drawn(thing("09-15 23:00", "09-16 00:00")))] == [day("09-15")]


def test_a_weekend_is_drawn_for_what_stands_in_it_for_today_and_where_it_is_worked() -> None:
    def columns(*things: Thing, **more: object) -> list[int]:
        return [column.on.weekday() for column in drawn(*things, **more).columns]  # type: ignore[arg-type]  # each test gives what it needs

    assert columns() == [0, 1, 2, 3, 4]
    assert columns(thing("09-19 09:00", "09-19 10:00")) == [0, 1, 2, 3, 4, 5]
    assert columns(shown=(day("09-20"),)) == [0, 1, 2, 3, 4, 6]
    assert columns(today=day("09-19")) == [0, 1, 2, 3, 4, 5]


def test_days_and_hours_are_those_of_the_readers_zone() -> None:
    found = drawn(thing("09-16 09:00", "09-16 10:00"), zone=ZoneInfo("America/Los_Angeles"))
    assert where(found)[0][:3] == (day("09-15"), "18:00", "19:00")


def test_only_today_is_marked() -> None:
    assert [column.on for column in drawn().columns if column.is_today] == [day("09-16")]
