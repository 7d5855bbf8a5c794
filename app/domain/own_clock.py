"""Instants on somebody's own clock: what its zone is called, and back from what its wall reads."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Literal
from zoneinfo import ZoneInfo

from app.domain.availability.zones import DISTRICT, wall_time

# Zones by what people call them; every other goes by its own name.
NAMES: Mapping[str, Mapping[str, str]] = {
    DISTRICT: {"zh": "北京时间", "en": "Beijing time"},
    "Asia/Tokyo": {"zh": "东京时间", "en": "Tokyo time"},
    "Asia/Seoul": {"zh": "首尔时间", "en": "Seoul time"},
    "Asia/Singapore": {"zh": "新加坡时间", "en": "Singapore time"},
    "Asia/Kolkata": {"zh": "印度时间", "en": "India time"},
    "Asia/Dubai": {"zh": "迪拜时间", "en": "Dubai time"},
    "Europe/Moscow": {"zh": "莫斯科时间", "en": "Moscow time"},
    "Europe/Berlin": {"zh": "柏林时间", "en": "Berlin time"},
    "Europe/Paris": {"zh": "巴黎时间", "en": "Paris time"},
    "Europe/London": {"zh": "伦敦时间", "en": "London time"},
    "America/New_York": {"zh": "纽约时间", "en": "New York time"},
    "America/Chicago": {"zh": "芝加哥时间", "en": "Chicago time"},
    "America/Los_Angeles": {"zh": "洛杉矶时间", "en": "Los Angeles time"},
    "Australia/Sydney": {"zh": "悉尼时间", "en": "Sydney time"},
    "Pacific/Auckland": {"zh": "奥克兰时间", "en": "Auckland time"},
}


def zone_name(zone: str, locale: Literal["zh", "en"]) -> str:
    """Return what people call the zone, its own name where nobody has one for it."""
    return NAMES[zone][locale] if zone in NAMES else zone


def instant_at(on: date, at: time, zone: str, near: datetime) -> datetime:
    """Return the instant that day and clock of the zone name.

    An hour that the clocks repeat is the one nearer to an instant that is known; of an hour that
    they skip it is as if the clocks had not been put forward.
    """
    info = ZoneInfo(zone)
    found = (datetime.combine(on, at.replace(fold=fold), tzinfo=info) for fold in (0, 1))
    first, second = (each.astimezone(UTC) for each in found)
    is_skipped = first.astimezone(info).time().replace(fold=0) != at.replace(fold=0)
    if is_skipped or abs(first - near) <= abs(second - near):
        return first
    return second


def instant_within(at: time, starts_at: datetime, ends_at: datetime, zone: str) -> datetime:
    """Return the instant of a meeting that the zone's clock names, also beyond its midnight."""
    first, last = wall_time(starts_at, zone), wall_time(ends_at, zone)
    is_beyond = last.date() > first.date() and at < first.time()
    return instant_at(last.date() if is_beyond else first.date(), at, zone, near=starts_at)


def clock_text(wall: datetime) -> str:
    """Write the time of a wall clock; in an hour that it shows twice, with its offset."""
    offsets = {wall.replace(fold=fold).utcoffset() for fold in (0, 1)}
    return f"{wall:%H:%M}" if len(offsets) == 1 else f"{wall:%H:%M} UTC{wall.isoformat()[-6:]}"
