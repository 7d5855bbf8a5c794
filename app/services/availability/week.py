"""The plain week of an expert, and how much of it he gives away."""

from collections import Counter
from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_modified

from app.domain.availability import Week, WeekSpan, ensure_week, field_of, monday_of
from app.models.availability import AvailabilityRule
from app.models.expert import Expert
from app.queries.free_times import least_minutes
from app.services.availability.experts import ensure_places, load_expert, ordered
from app.services.bookings.versions import ensure_version
from app.services.bookings.waiting import offer_freed
from app.unit_of_work import UnitOfWork


def set_week(uow: UnitOfWork, expert_id: UUID, week: Week, *, version: int | None = None) -> Expert:
    """Replace the expert's weekly hours and limits; bookings that stand are left alone.

    Raises:
        InvalidInputError: naming each span and limit at fault.
        StaleVersionError: when somebody changed the week since the caller looked.
    """
    expert = load_expert(uow, expert_id)
    ensure_version(expert, version)
    ensure_week(week, frozenset(expert.modes), least_minutes(uow, uow.today))
    ensure_places(uow, {name: span.place_id for name, span in _named(week)})
    for rule in uow.all(select(AvailabilityRule).where(AvailabilityRule.expert_id == expert.id)):
        uow.session.delete(rule)
    for span in week.spans:
        uow.add(_rule(expert, span))
    expert.monthly_limit = week.monthly_limit
    expert.weekly_limit, expert.yearly_limit = week.weekly_limit, week.yearly_limit
    expert.buffer_minutes = week.buffer_minutes
    expert.buffer_before_minutes = week.buffer_before_minutes
    expert.notice_hours, expert.horizon_days = week.notice_hours, week.horizon_days
    expert.time_zone = week.time_zone
    expert.minutes = dict(week.minutes)
    # The rules are rows of their own: without this two people could replace them unseen.
    flag_modified(expert, "notice_hours")
    uow.audit("availability.set", expert, **_facts(week))
    offer_freed(uow, expert.id)
    return expert


def _named(week: Week) -> Iterator[tuple[str, WeekSpan]]:
    """Yield each span with the name of its place's field."""
    numbers: Counter[int] = Counter()
    for span in week.spans:
        numbers[span.weekday] += 1
        yield field_of(span.weekday, numbers[span.weekday], "place"), span


def _rule(expert: Expert, span: WeekSpan) -> AvailabilityRule:
    return AvailabilityRule(
        expert_id=expert.id,
        weekday=span.weekday,
        starts_minute=span.starts_minute,
        ends_minute=span.ends_minute,
        modes=ordered(expert, span.modes),
        valid_from=span.valid_from,
        valid_until=span.valid_until,
        every_weeks=span.every_weeks,
        anchor_on=monday_of(span.anchor_on) if span.anchor_on else None,
        place_id=span.place_id,
    )


def _facts(week: Week) -> dict[str, object]:
    return {
        "spans": [
            {
                "weekday": span.weekday,
                "starts": span.starts_minute,
                "ends": span.ends_minute,
                "modes": sorted(span.modes),
                "every_weeks": span.every_weeks,
                "anchor_on": span.anchor_on,
                "valid_from": span.valid_from,
                "valid_until": span.valid_until,
                "place_id": span.place_id,
            }
            for span in week.spans
        ],
        "monthly_limit": week.monthly_limit,
        "weekly_limit": week.weekly_limit,
        "yearly_limit": week.yearly_limit,
        "buffer_minutes": week.buffer_minutes,
        "buffer_before_minutes": week.buffer_before_minutes,
        "notice_hours": week.notice_hours,
        "horizon_days": week.horizon_days,
        "time_zone": week.time_zone,
        "minutes": dict(week.minutes),
    }
