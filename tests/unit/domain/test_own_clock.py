"""Instants on other clocks: what is written there names one instant, and is read back as it."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.domain.availability import wall_time
from app.domain.own_clock import clock_text, instant_at, instant_within, zone_name
from app.domain.wording import clock_note, deadline_text, span_text
from tests.moments import at

ZONES = (
    "Asia/Shanghai",
    "Asia/Kolkata",
    "America/Los_Angeles",
    "Europe/Berlin",
    "Pacific/Auckland",
)
STEP = timedelta(minutes=15)


def changes(zone: str) -> list[datetime]:
    """Return the instants of 2026 at which the zone changes its offset, a plain day without any."""
    info, hour, found = ZoneInfo(zone), datetime(2026, 1, 1, tzinfo=UTC), []
    while hour.year == 2026:
        later = hour + timedelta(hours=1)
        if hour.astimezone(info).utcoffset() != later.astimezone(info).utcoffset():
            found.append(later)
        hour = later
    return found or [at("09-18 09:00")]


def around(zone: str) -> list[datetime]:
    """Return every quarter of an hour of the days on which the zone changes its clocks."""
    return [change + STEP * step for change in changes(zone) for step in range(-48, 49)]


@pytest.mark.parametrize("zone", ZONES)
def test_what_a_wall_clock_reads_leads_back_to_the_instant(zone) -> None:
    for instant in around(zone):
        wall = wall_time(instant, zone)
        for known in (instant - timedelta(minutes=20), instant + timedelta(minutes=20)):
            assert instant_at(wall.date(), wall.time(), zone, near=known) == instant


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("locale", ["zh", "en"])
def test_no_two_instants_are_written_alike(zone, locale) -> None:
    instants = sorted(set(around(zone)))
    written = {deadline_text(instant, locale, zone) for instant in instants}
    spans = {span_text(each, each + 2 * STEP, locale, zone) for each in instants}
    assert len(written) == len(spans) == len(instants)


def test_an_hour_that_clocks_skip_is_read_as_if_they_had_not_been_put_forward() -> None:
    change = next(iter(changes("Europe/Berlin")))
    wall = wall_time(change - timedelta(hours=1), "Europe/Berlin")
    skipped = instant_at(wall.date(), time(2, 30), "Europe/Berlin", near=change)
    assert skipped == change + timedelta(minutes=30)


@pytest.mark.parametrize("zone", ZONES)
def test_times_of_a_meeting_lie_in_it_also_beyond_midnight(zone) -> None:
    starts_at, ends_at = at("09-18 14:00"), at("09-18 16:00")
    for minutes in range(0, 121, 5):
        instant = starts_at + timedelta(minutes=minutes)
        assert instant_within(wall_time(instant, zone).time(), starts_at, ends_at, zone) == instant


def test_an_hour_shown_twice_is_told_with_its_offset() -> None:
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    texts = [clock_text(wall_time(each, "Europe/Berlin")) for each in (first, first + 4 * STEP)]
    assert texts == ["02:30 UTC+02:00", "02:30 UTC+01:00"]


@pytest.mark.parametrize(
    ("start", "minutes", "zone", "text"),
    [
        ("09-18 14:00", 60, "Asia/Shanghai", "9月18日（周五）14:00–15:00"),
        ("09-18 23:30", 60, "Asia/Shanghai", "9月18日（周五）23:30–9月19日（周六）00:30"),
        ("09-18 23:00", 60, "Asia/Shanghai", "9月18日（周五）23:00–24:00"),
        ("09-18 14:00", 120, "America/Los_Angeles", "9月17日（周四）23:00–9月18日（周五）01:00"),
    ],
)
def test_a_span_over_midnight_names_both_days(start, minutes, zone, text) -> None:
    assert span_text(at(start), at(start) + timedelta(minutes=minutes), "zh", zone) == text


def test_a_zone_goes_by_its_name_and_an_unknown_one_by_its_own() -> None:
    assert zone_name("Europe/Berlin", "zh") == "柏林时间"
    assert zone_name("Asia/Kathmandu", "en") == "Asia/Kathmandu"


@pytest.mark.parametrize(
    ("zone", "locale", "text"),
    [
        ("Asia/Shanghai", "zh", "时间是北京时间。"),
        ("Asia/Shanghai", "en", "Times are Beijing time."),
        ("Europe/Berlin", "zh", "时间是北京时间；按您当地的柏林时间是9月18日（周五）08:00–09:00。"),
        (
            "Europe/Berlin",
            "en",
            "Times are Beijing time; by your own clock, Berlin time: Fri 18 Sep 08:00–09:00.",
        ),
    ],
)
def test_a_note_names_the_zone_and_tells_the_time_on_the_readers_own_clock(
    zone, locale, text
) -> None:
    assert clock_note(at("09-18 14:00"), at("09-18 15:00"), locale, zone) == text
