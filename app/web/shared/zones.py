"""Time zones by the names that people call them."""

from collections.abc import Mapping
from datetime import datetime

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from app.domain.availability import DISTRICT, known_zones, wall_time
from app.web.shared import formatting
from app.web.shared.formatting import Locale
from app.web.shared.forms import Choice

NAMES: Mapping[str, str] = {
    DISTRICT: _("北京时间"),
    "Asia/Tokyo": _("东京时间"),
    "Asia/Seoul": _("首尔时间"),
    "Asia/Singapore": _("新加坡时间"),
    "Asia/Kolkata": _("印度时间"),
    "Asia/Dubai": _("迪拜时间"),
    "Europe/Moscow": _("莫斯科时间"),
    "Europe/Berlin": _("柏林时间"),
    "Europe/Paris": _("巴黎时间"),
    "Europe/London": _("伦敦时间"),
    "America/New_York": _("纽约时间"),
    "America/Chicago": _("芝加哥时间"),
    "America/Los_Angeles": _("洛杉矶时间"),
    "Australia/Sydney": _("悉尼时间"),
    "Pacific/Auckland": _("奥克兰时间"),
}


def zone_name(zone: str) -> str:
    """Return what people call the zone, its own name where nobody has one for it."""
    return str(NAMES.get(zone, zone))


def zone_choices(present: str) -> list[Choice]:
    """Return the zones to choose from, the present one among them."""
    every = dict.fromkeys((*NAMES, present) if present in known_zones() else NAMES)
    return [Choice(zone, zone_name(zone)) for zone in every]


def own_time(starts_at: datetime, ends_at: datetime, zone: str, locale: Locale) -> str:
    """Return the span on the wall clock of the zone with its name; empty in the district's own.

    It stands beside Beijing time, never in its place.
    """
    if zone == DISTRICT:
        return ""
    first, last = wall_time(starts_at, zone), wall_time(ends_at, zone)
    opening = f"{formatting.day(first.date(), locale)} {first:%H:%M}"
    closing = f"{last:%H:%M}"
    if last.date() != first.date():
        closing = f"{formatting.day(last.date(), locale)} {closing}"
    return str(
        gettext("您当地 %(span)s（%(zone)s）", span=f"{opening}–{closing}", zone=zone_name(zone))
    )
