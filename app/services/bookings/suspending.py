"""A booking held back until somebody decides, or what holds it back has passed."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from app.domain.actor import Permission
from app.domain.booking import BookingEvent, BookingStatus, next_status
from app.domain.policy_number import PolicyNumber
from app.domain.suspension import SuspensionCause, decide_by
from app.domain.task import TaskKind
from app.models.booking import Booking
from app.models.suspension import Suspension
from app.queries.policy_numbers import policy_number
from app.services import tasks
from app.services.bookings import offers
from app.services.jobs import cancel_open
from app.unit_of_work import UnitOfWork


def suspend(
    uow: UnitOfWork, booking_id: UUID, cause: SuspensionCause, *, ref_id: UUID | None = None
) -> Booking:
    """Hold a requested or agreed meeting back; its time stays claimed and both sides are told.

    Its reminders and its answer clock are cancelled, and the bureau has a task. A second cause
    of a booking that is held back already is noted beside the first; the same one again is not.

    Args:
        uow: the transaction.
        booking_id: which one.
        cause: what came between.
        ref_id: the row that is the cause, such as a leave or a place.

    Raises:
        IllegalTransitionError: nothing is left to hold back.
    """
    booking = uow.load(Booking, booking_id, lock=True)
    uow.require(Permission.CANCEL_BOOKING)
    causes = causes_of(uow, booking.id)
    if any(row.cause is cause for row in causes):
        return booking
    is_new = booking.status is not BookingStatus.SUSPENDED
    if is_new:
        booking.status = next_status(booking.status, BookingEvent.SUSPEND)
        offers.close(uow, booking.id)
        cancel_open(uow, booking.id)
    due_by = decide_by(
        uow.calendar,
        uow.now,
        booking.starts_at,
        policy_number(uow, PolicyNumber.SUSPENSION, uow.today),
    )
    row = uow.add(
        Suspension(
            booking_id=booking.id, cause=cause, ref_id=ref_id, since=uow.now, decide_by=due_by
        )
    )
    tasks.open_once(uow, TaskKind.SUSPENDED_BOOKING, booking, due_by=due_by, cause=cause.value)
    uow.audit("suspension.begun", row)
    if is_new:
        uow.audit("booking.suspended", booking, cause=cause.value)
        uow.tell("booking.suspended", booking, cause=cause.value, deadline=due_by.isoformat())
    return booking


def causes_of(uow: UnitOfWork, booking_id: UUID) -> Sequence[Suspension]:
    """Return what holds the booking back, the earliest first."""
    return uow.all(
        select(Suspension)
        .where(Suspension.booking_id == booking_id, Suspension.ended_at.is_(None))
        .order_by(Suspension.since, Suspension.id)
    )


def pass_to(uow: UnitOfWork, booking: Booking, cause: SuspensionCause, ref_id: UUID) -> None:
    """Note that the booking is held back by another row of the same cause from now on."""
    mine = next(row for row in causes_of(uow, booking.id) if row.cause is cause)
    end_cause(uow, mine)
    uow.flush()
    row = uow.add(
        Suspension(
            booking_id=booking.id,
            cause=cause,
            ref_id=ref_id,
            since=mine.since,
            decide_by=mine.decide_by,
        )
    )
    uow.audit("suspension.begun", row)


def end_causes(uow: UnitOfWork, booking: Booking) -> None:
    """End all that holds the booking back, and the bureau's task: it is decided."""
    for row in causes_of(uow, booking.id):
        end_cause(uow, row)
    tasks.settle(uow, TaskKind.SUSPENDED_BOOKING, booking)


def end_cause(uow: UnitOfWork, row: Suspension) -> None:
    """Note that one cause holds its booking back no longer."""
    row.ended_at = uow.now
    uow.audit("suspension.ended", row)
