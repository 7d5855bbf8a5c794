"""Time zones by the names that people call them."""

from datetime import datetime

from flask_babel import get_locale, gettext

from app.domain import own_clock
from app.domain.availability import DISTRICT, known_zones, wall_time
from app.web.shared import formatting
from app.web.shared.formatting import Locale
from app.web.shared.forms import Choice


def zone_name(zone: str) -> str:
    """Return what people call the zone, its own name where nobody has one for it."""
    locale = get_locale()
    return own_clock.zone_name(zone, "en" if locale and locale.language == "en" else "zh")


def zone_choices(present: str) -> list[Choice]:
    """Return the zones to choose from, the present one among them."""
    every = dict.fromkeys(
        (*own_clock.NAMES, present) if present in known_zones() else own_clock.NAMES
    )
    return [Choice(zone, zone_name(zone)) for zone in every]


def own_time(starts_at: datetime, ends_at: datetime, zone: str, locale: Locale) -> str:
    """Return the span on the wall clock of the zone with its name; empty in the district's own.

    It stands beside Beijing time, never in its place.
    """
    if zone == DISTRICT:
        return ""
    first, last = wall_time(starts_at, zone), wall_time(ends_at, zone)
    opening = f"{formatting.day(first.date(), locale)} {own_clock.clock_text(first)}"
    closing = own_clock.clock_text(last)
    if last.date() != first.date():
        closing = f"{formatting.day(last.date(), locale)} {closing}"
    return str(
        gettext("您当地 %(span)s（%(zone)s）", span=f"{opening}–{closing}", zone=zone_name(zone))
    )
