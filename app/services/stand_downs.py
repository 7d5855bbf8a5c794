"""The verbs of a stand-down 暂停期: ordered by an approver, lifted before its end."""

from uuid import UUID

from sqlalchemy import select

from app.domain.actor import Permission
from app.domain.availability import Days
from app.domain.calendar import local_day
from app.domain.stand_down import StandDownOrder, StandDownOverError, ensure_stand_down
from app.domain.suspension import SuspensionCause
from app.models.booking import Booking, BookingExpert
from app.models.expert import Expert
from app.models.stand_down import StandDown
from app.services import bookings
from app.services.bookings import seats
from app.services.bookings.versions import ensure_version
from app.services.experts import ahead_of
from app.unit_of_work import UnitOfWork


def order(uow: UnitOfWork, expert_id: UUID, given: StandDownOrder) -> StandDown:
    """Let an expert serve nobody on the days; what is booked on them is held back, he is told.

    Nobody can book him then, the matcher does not name him while it holds, and what he serves all
    the same does not count. What was held before stays as it is.

    Raises:
        InvalidInputError, StandDownOverlapsError: the days or the reason cannot be taken.
    """
    expert = uow.load(Expert, expert_id, lock=True)
    uow.require(Permission.APPOINT_EXPERT)
    reason = ensure_stand_down(given, uow.today, _days_of(uow, expert.id))
    row = uow.add(
        StandDown(
            expert_id=expert.id,
            first_on=given.first_on,
            last_on=given.last_on,
            reason=reason,
            ordered_by_id=uow.actor.account_id,
            ordered_at=uow.now,
        )
    )
    uow.audit("stand_down.ordered", row)
    uow.tell("stand_down.ordered", row)
    uow.flush()
    with uow.beyond_scope("the expert's bookings on the days on which he stands down"):
        for booking in ahead_of(uow, expert.id, (given.first_on, given.last_on)):
            cause = SuspensionCause.STAND_DOWN
            bookings.fall_out(uow, booking.id, expert.id, cause, ref_id=row.id)
    return row


def lift(uow: UnitOfWork, stand_down_id: UUID, *, version: int | None = None) -> StandDown:
    """End a stand-down from now on; what it held back stands again by itself, he is told.

    Raises:
        StandDownOverError: its last day has passed, or it was lifted.
    """
    row = uow.load(StandDown, stand_down_id, lock=True)
    uow.require(Permission.APPOINT_EXPERT)
    ensure_version(row, version)
    if row.lifted_at is not None or row.last_on < uow.today:
        raise StandDownOverError
    row.lifted_at, row.lifted_by_id = uow.now, uow.actor.account_id
    uow.audit("stand_down.lifted", row)
    uow.tell("stand_down.lifted", row)
    uow.flush()
    with uow.beyond_scope("what the stand-down held back"):
        for booking in bookings.suspended_by(uow, SuspensionCause.STAND_DOWN, row.id):
            other = _other_of(uow, booking)
            if other is None:
                bookings.lift(uow, SuspensionCause.STAND_DOWN, booking)
            else:
                bookings.pass_to(uow, booking, SuspensionCause.STAND_DOWN, other)
    return row


def _days_of(uow: UnitOfWork, expert_id: UUID) -> list[Days]:
    rows = uow.all(
        select(StandDown).where(StandDown.expert_id == expert_id, StandDown.lifted_at.is_(None))
    )
    return [Days(row.first_on, row.last_on) for row in rows]


def _other_of(uow: UnitOfWork, booking: Booking) -> UUID | None:
    """Return the stand-down of another expert of the booking that holds on its day, if any."""
    day = local_day(booking.starts_at)
    return uow.one(
        select(StandDown.id)
        .join(BookingExpert, BookingExpert.expert_id == StandDown.expert_id)
        .where(
            BookingExpert.booking_id == booking.id,
            BookingExpert.answer.in_(seats.TAKING_PART),
            StandDown.first_on <= day,
            StandDown.last_on >= day,
            StandDown.lifted_at.is_(None),
        )
        .order_by(StandDown.id)
        .limit(1)
    )
