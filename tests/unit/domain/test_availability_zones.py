"""Free times over every change of clocks, against what each minute's wall clock reads."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.domain.availability import Question, WeeklyRule, free_times, known_zones
from app.domain.availability.zones import pieces, span_of
from app.domain.calendar import ZONE, day_starts_at, local_day
from app.domain.expert import Term
from tests.moments import at, day
from tests.unit.domain.diaries import ALL_MODES, CALENDAR, a_diary, reference, refusal

ABROAD = ("Asia/Kolkata", "America/Los_Angeles", "Europe/Berlin", "Pacific/Auckland")
ONE_DAY = timedelta(days=1)
ALWAYS = Term(date(1980, 1, 1), date(2040, 1, 1), date(1980, 1, 1))
# Around the hours at which clocks are changed, at midnight, and a plain morning.
SPANS = ((0, 195), (90, 165), (9 * 60, 10 * 60 + 30), (22 * 60 + 30, 24 * 60))


def changes(zone: str, first: int, last: int) -> list[datetime]:
    """Return the instants of the years, both included, at which the zone changes its offset."""
    info, found = ZoneInfo(zone), []
    hour = datetime(first, 1, 1, tzinfo=UTC)
    while hour.year <= last:
        later = hour + timedelta(hours=1)
        if hour.astimezone(info).utcoffset() != later.astimezone(info).utcoffset():
            found.append(later)
        hour = later
    return found


def all_week(zone: str):
    rules = [
        WeeklyRule(weekday, *SPANS[number % len(SPANS)], ALL_MODES)
        for weekday in range(7)
        for number in (weekday, weekday + 1)
    ]
    return a_diary(*rules, zone=zone, terms=(ALWAYS,))


def ensure_as_read(zone: str, on: date) -> int:
    question = Question(45, ("onsite",), day_starts_at(on - 2 * ONE_DAY))
    diary = all_week(zone)
    offered = {t.starts_at: t.modes for t in free_times(diary, CALENDAR, question, [on])}
    assert offered == reference(diary, question, on)
    return len(offered)


@pytest.mark.parametrize("zone", ABROAD)
def test_over_every_change_of_ten_years_a_minute_is_open_as_the_wall_clock_reads(zone) -> None:
    found = changes(zone, 2026, 2035)
    assert len(found) == (0 if zone == "Asia/Kolkata" else 20)
    # India changes nothing: a day of each season stands for its half hours.
    days = {local_day(change) for change in found} or {day("09-17"), day("12-17")}
    assert sum(ensure_as_read(zone, on) for on in sorted(days)) > 0


def test_when_china_changed_its_clocks_days_had_23_and_25_hours() -> None:
    found = changes(ZONE.key, 1986, 1991)
    assert len(found) == 12
    for change in found:
        on = local_day(change)
        assert span_of(on)[1] in (23 * 12, 25 * 12)
        for each in (on - ONE_DAY, on, on + ONE_DAY):
            ensure_as_read(ZONE.key, each)


@pytest.mark.parametrize("zone", [*ABROAD, "Asia/Shanghai", "Asia/Kathmandu", "Pacific/Apia"])
def test_the_pieces_of_a_day_have_all_its_steps_once(zone: str) -> None:
    for offset in range(0, 366, 7):
        on = date(2026, 1, 1) + offset * ONE_DAY
        found = pieces(zone, on)
        ends = [piece.first + piece.steps for piece in found]
        assert [piece.first for piece in found] == [0, *ends[:-1]]
        assert ends[-1] == span_of(on)[1]
        assert all(piece.local_first + piece.steps <= 288 for piece in found)


@pytest.mark.parametrize(
    ("zone", "wall", "first"),
    [
        ("Asia/Kolkata", 9 * 60, "09-17 11:30"),
        ("Europe/Berlin", 9 * 60, "09-17 15:00"),
        ("Pacific/Auckland", 9 * 60, "09-17 05:00"),
        # Wednesday evening in California is Thursday morning here.
        ("America/Los_Angeles", 18 * 60, "09-17 09:00"),
    ],
)
def test_an_experts_nine_oclock_is_offered_when_it_is_nine_there(zone, wall, first) -> None:
    weekday = 2 if zone == "America/Los_Angeles" else 3
    diary = a_diary(WeeklyRule(weekday, wall, wall + 60, ALL_MODES), zone=zone)
    question = Question(60, ("onsite",), at("09-16 08:00"))
    times = list(free_times(diary, CALENDAR, question, [day("09-17")]))
    assert [time.starts_at for time in times] == [at(first)]
    assert refusal(diary, first, question) is None


def test_a_meeting_runs_over_midnight_where_both_days_are_open() -> None:
    # 15:00 to 18:00 in London is 22:00 to 01:00 in Beijing.
    diary = a_diary(WeeklyRule(3, 15 * 60, 18 * 60, ALL_MODES), zone="Europe/London")
    question = Question(60, ("onsite",), at("09-16 08:00"))
    times = list(free_times(diary, CALENDAR, question, [day("09-17"), day("09-18")]))
    assert (times[0].starts_at, times[-1].ends_at) == (at("09-17 22:00"), at("09-18 01:00"))
    assert len(times) == 9


def test_what_a_machine_made_up_is_no_zone() -> None:
    assert set(ABROAD) | {ZONE.key} <= known_zones()
    assert not {"localtime", "posixrules", "Factory"} & known_zones()
