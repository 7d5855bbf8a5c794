"""Times that a mentor reads and writes on his own wall clock, wherever he is."""

from datetime import date, datetime, time, timedelta

from flask_babel import gettext as _

from app.domain import own_clock
from app.domain.availability import DISTRICT, wall_time
from app.domain.calendar import day_starts_at
from app.http.actor import current_actor
from app.web.shared.zones import zone_name

_ONE_DAY = timedelta(days=1)


def hint() -> str:
    """Say by which clock he writes; empty in the district's own zone."""
    zone = current_actor().time_zone
    return "" if zone == DISTRICT else _("按您当地的%(zone)s填。", zone=zone_name(zone))


def day_on(instant: datetime) -> date:
    """Return the day that his calendar shows."""
    return wall_time(instant, current_actor().time_zone).date()


def clock_on(instant: datetime) -> str:
    """Return the time that his clock shows, as a form holds it."""
    return f"{wall_time(instant, current_actor().time_zone):%H:%M}"


def span_of(
    on: date, first: time, last: time, planned: tuple[datetime, datetime]
) -> tuple[datetime, datetime]:
    """Return the instants of a span that he wrote with one day; it may go over his midnight.

    Args:
        on: the day on which it began.
        first: when it began.
        last: when it ended.
        planned: the span that was agreed.
    """
    if on == date.min:
        # The form has noted that the day is missing; nothing is done with the instants.
        return (day_starts_at(date(1970, 1, 1)),) * 2
    zone = current_actor().time_zone
    is_over_midnight = last < first and day_on(planned[0]) < day_on(planned[1])
    ended_on = on + _ONE_DAY if is_over_midnight else on
    starts_at = own_clock.instant_at(on, first, zone, near=planned[0])
    return starts_at, own_clock.instant_at(ended_on, last, zone, near=planned[1])


def within(at: time, starts_at: datetime, ends_at: datetime) -> datetime:
    """Return the instant of a meeting that he names by the time alone."""
    return own_clock.instant_within(at, starts_at, ends_at, current_actor().time_zone)
