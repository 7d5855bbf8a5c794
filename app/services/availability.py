"""The verbs of an expert's time: the plain week, and days that differ from it."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_modified

from app.domain.actor import Permission
from app.domain.availability import (
    Closing,
    ExceptionKind,
    Opening,
    SpecialDay,
    Week,
    ensure_closing,
    ensure_opening,
    ensure_week,
)
from app.domain.errors import NotFoundError
from app.models.availability import AvailabilityException, AvailabilityRule
from app.models.expert import Expert
from app.services.bookings.versions import ensure_version
from app.unit_of_work import UnitOfWork


def set_week(uow: UnitOfWork, expert_id: UUID, week: Week, *, version: int | None = None) -> Expert:
    """Replace the expert's weekly hours and limits; bookings that stand are left alone.

    Raises:
        InvalidInputError: naming each span and limit at fault.
        StaleVersionError: when somebody changed the week since the caller looked.
    """
    expert = _expert(uow, expert_id)
    ensure_version(expert, version)
    ensure_week(week, frozenset(expert.modes))
    for rule in uow.all(select(AvailabilityRule).where(AvailabilityRule.expert_id == expert.id)):
        uow.session.delete(rule)
    for span in week.spans:
        uow.add(
            AvailabilityRule(
                expert_id=expert.id,
                weekday=span.weekday,
                starts_minute=span.starts_minute,
                ends_minute=span.ends_minute,
                modes=_ordered(expert, span.modes),
            )
        )
    expert.monthly_limit = week.monthly_limit
    expert.buffer_minutes = week.buffer_minutes
    expert.notice_hours = week.notice_hours
    expert.weekly_limit, expert.yearly_limit = week.weekly_limit, week.yearly_limit
    # The rules are rows of their own: without this two people could replace them unseen.
    flag_modified(expert, "notice_hours")
    uow.audit("availability.set", expert, **_facts(week))
    return expert


def open_day(uow: UnitOfWork, expert_id: UUID, opening: Opening) -> AvailabilityException:
    """Open hours of one day beyond the week, also of a holiday.

    Raises:
        InvalidInputError: for a past day, wrong hours or modes, or hours opened already.
    """
    expert = _expert(uow, expert_id)
    ensure_opening(opening, uow.today, frozenset(expert.modes), _special_days(uow, expert.id))
    row = uow.add(
        AvailabilityException(
            expert_id=expert.id,
            day=opening.day,
            kind=ExceptionKind.EXTRA,
            starts_minute=opening.starts_minute,
            ends_minute=opening.ends_minute,
            modes=_ordered(expert, opening.modes),
            reason=opening.reason.strip(),
        )
    )
    uow.audit("availability.day_opened", row, expert=expert.id, day=opening.day)
    return row


def close_day(
    uow: UnitOfWork, expert_id: UUID, closing: Closing
) -> Sequence[AvailabilityException]:
    """Close a day, or each of several; bookings that stand are left alone.

    Raises:
        InvalidInputError: for a past day, a missing reason, or a day that is special already.
    """
    expert = _expert(uow, expert_id)
    ensure_closing(closing, uow.today, _special_days(uow, expert.id))
    rows = [
        uow.add(
            AvailabilityException(
                expert_id=expert.id,
                day=day,
                kind=ExceptionKind.OFF,
                starts_minute=closing.starts_minute,
                ends_minute=closing.ends_minute,
                modes=list(expert.modes),
                reason=closing.reason.strip(),
            )
        )
        for day in closing.days()
    ]
    for row in rows:
        uow.audit("availability.day_closed", row, expert=expert.id, day=row.day)
    return rows


def remove_days(uow: UnitOfWork, expert_id: UUID, exception_ids: Collection[UUID]) -> int:
    """Let the week hold again on special days of the expert, and return on how many.

    Raises:
        NotFoundError: when one of them is not his, or gone already.
    """
    expert = _expert(uow, expert_id)
    rows = uow.all(
        select(AvailabilityException).where(
            AvailabilityException.expert_id == expert.id,
            AvailabilityException.id.in_(exception_ids),
        )
    )
    if not rows or len(rows) < len(set(exception_ids)):
        raise NotFoundError("availability_exception.not_found")
    for row in rows:
        uow.audit("availability.day_removed", row, expert=expert.id, day=row.day)
        uow.session.delete(row)
    return len(rows)


def _expert(uow: UnitOfWork, expert_id: UUID) -> Expert:
    expert = uow.load(Expert, expert_id, lock=True)
    uow.require(Permission.SET_AVAILABILITY, experts=frozenset({expert.id}))
    return expert


def _special_days(uow: UnitOfWork, expert_id: UUID) -> list[SpecialDay]:
    rows = uow.all(
        select(AvailabilityException).where(
            AvailabilityException.expert_id == expert_id, AvailabilityException.day >= uow.today
        )
    )
    return [
        SpecialDay(row.day, row.kind, row.starts_minute, row.ends_minute, frozenset(row.modes))
        for row in rows
    ]


def _ordered(expert: Expert, modes: Collection[str]) -> list[str]:
    return [mode for mode in expert.modes if mode in modes]


def _facts(week: Week) -> dict[str, object]:
    return {
        "spans": [
            {
                "weekday": span.weekday,
                "starts": span.starts_minute,
                "ends": span.ends_minute,
                "modes": sorted(span.modes),
            }
            for span in week.spans
        ],
        "monthly_limit": week.monthly_limit,
        "weekly_limit": week.weekly_limit,
        "yearly_limit": week.yearly_limit,
        "buffer_minutes": week.buffer_minutes,
        "notice_hours": week.notice_hours,
    }
