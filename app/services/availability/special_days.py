"""Days of an expert that differ from his week: opened, closed, or as the week has them again."""

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select

from app.domain.availability import (
    Closing,
    ExceptionKind,
    Opening,
    SpecialDay,
    ensure_closing,
    ensure_opening,
)
from app.domain.errors import NotFoundError
from app.models.availability import AvailabilityException
from app.services.availability.experts import load_expert, local_today, ordered
from app.services.bookings.waiting import offer_freed
from app.unit_of_work import UnitOfWork


def open_day(uow: UnitOfWork, expert_id: UUID, opening: Opening) -> AvailabilityException:
    """Open hours of one day beyond the week, also of a holiday.

    Raises:
        InvalidInputError: for a past day, wrong hours or modes, or hours opened already.
    """
    expert = load_expert(uow, expert_id)
    today = local_today(uow, expert)
    standing = _special_days(uow, expert.id, today)
    ensure_opening(opening, today, frozenset(expert.modes), standing)
    row = uow.add(
        AvailabilityException(
            expert_id=expert.id,
            day=opening.day,
            kind=ExceptionKind.EXTRA,
            starts_minute=opening.starts_minute,
            ends_minute=opening.ends_minute,
            modes=ordered(expert, opening.modes),
            reason=opening.reason.strip(),
        )
    )
    uow.audit("availability.day_opened", row, expert=expert.id, day=opening.day)
    offer_freed(uow, expert.id)
    return row


def close_day(
    uow: UnitOfWork, expert_id: UUID, closing: Closing
) -> Sequence[AvailabilityException]:
    """Close a day, or each of several; bookings that stand are left alone.

    Raises:
        InvalidInputError: for a past day, a missing reason, or a day that is special already.
    """
    expert = load_expert(uow, expert_id)
    today = local_today(uow, expert)
    ensure_closing(closing, today, _special_days(uow, expert.id, today))
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
    expert = load_expert(uow, expert_id)
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
    offer_freed(uow, expert.id)
    return len(rows)


def _special_days(uow: UnitOfWork, expert_id: UUID, today: date) -> list[SpecialDay]:
    rows = uow.all(
        select(AvailabilityException).where(
            AvailabilityException.expert_id == expert_id, AvailabilityException.day >= today
        )
    )
    return [
        SpecialDay(row.day, row.kind, row.starts_minute, row.ends_minute, frozenset(row.modes))
        for row in rows
    ]
