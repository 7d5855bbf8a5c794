"""A suspended booking stands again: by an officer, or because its cause has passed."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app.domain.actor import Permission
from app.domain.booking import (
    AlreadyStartedError,
    AnswerOverError,
    BookingEvent,
    BookingStatus,
    IllegalTransitionError,
    next_status,
)
from app.domain.errors import DomainError
from app.domain.suspension import SuspensionCause
from app.models.booking import Booking
from app.models.expert import Expert
from app.models.service_session import ServiceSession
from app.models.suspension import Suspension
from app.services.bookings import seats
from app.services.bookings.answering import ensure_may_serve, plan_reminders, session_of
from app.services.bookings.holding import answer_by
from app.services.bookings.retiming import retime
from app.services.bookings.suspending import causes_of, end_cause, end_causes
from app.services.bookings.versions import ensure_version
from app.unit_of_work import UnitOfWork


def resume(
    uow: UnitOfWork,
    booking_id: UUID,
    *,
    starts_at: datetime | None = None,
    version: int | None = None,
) -> Booking:
    """Let a suspended booking stand again by an officer's word, at another time when one is given.

    What was agreed is agreed again and its reminders are planned anew; a request has its answer
    clock begun anew, never shortened.

    Raises:
        IllegalTransitionError: it is not suspended.
        AlreadyStartedError, AnswerOverError: no time is left for that.
        OutOfTermError, RecusalError: the expert may not serve on that day.
        NotFreeError, TimeTakenError: the other time cannot be had.
    """
    booking = uow.load(Booking, booking_id, lock=True)
    uow.require(Permission.RESUME_BOOKING)
    ensure_version(booking, version)
    if booking.status is not BookingStatus.SUSPENDED:
        raise IllegalTransitionError(status=booking.status.value, event=BookingEvent.RESUME.value)
    if starts_at is not None:
        retime(uow, booking, starts_at)
    _stand_again(uow, booking, "booking.resumed" if starts_at is None else "booking.moved")
    return booking


def lift(uow: UnitOfWork, cause: SuspensionCause, booking: Booking) -> bool:
    """End one cause of a suspended booking, which stands again when no other holds it back.

    When it cannot stand again, because its time has come or too little is left to answer, it
    stays with the bureau as it is.

    Returns:
        Whether it stands again.
    """
    causes = causes_of(uow, booking.id)
    mine = [row for row in causes if row.cause is cause]
    if mine and len(causes) > len(mine):
        end_cause(uow, mine[0])
    if not mine or len(causes) > len(mine):
        return False
    try:
        with uow.attempt():
            _stand_again(uow, booking, "booking.resumed")
            uow.flush()
    except DomainError:
        # The officer's task stays open: he calls off, moves or gives it to somebody else.
        uow.session.refresh(booking)
        return False
    return True


def suspended_by(uow: UnitOfWork, cause: SuspensionCause, ref_id: UUID) -> list[Booking]:
    """Return the bookings that the row named holds back, locked."""
    return list(
        uow.all(
            select(Booking)
            .join(Suspension, Suspension.booking_id == Booking.id)
            .where(
                Suspension.cause == cause,
                Suspension.ref_id == ref_id,
                Suspension.ended_at.is_(None),
                Booking.status == BookingStatus.SUSPENDED,
            )
            .order_by(Booking.id)
            .with_for_update(of=Booking)
        )
    )


def _stand_again(uow: UnitOfWork, booking: Booking, action: str) -> None:
    if booking.starts_at <= uow.now:
        raise AlreadyStartedError
    for expert_id in seats.live_ids(uow, booking):
        ensure_may_serve(uow, booking, expert_id)
    since = causes_of(uow, booking.id)[0].id
    end_causes(uow, booking)
    session = session_of(uow, booking.id)
    if session is None:
        _ask_again(uow, booking, since)
    else:
        booking.status = next_status(booking.status, BookingEvent.RESUME)
        _replan(uow, booking, session, since)
        uow.tell(action, booking)
    uow.audit(action, booking)


def _replan(uow: UnitOfWork, booking: Booking, session: ServiceSession, since: UUID) -> None:
    if session.planned_starts_at != booking.starts_at:
        session.planned_starts_at, session.planned_ends_at = booking.starts_at, booking.ends_at
        uow.audit("service_session.moved", session)
    plan_reminders(uow, session, booking.ics_sequence, since=since)


def _ask_again(uow: UnitOfWork, booking: Booking, since: UUID) -> None:
    booking.status = next_status(booking.status, BookingEvent.RESUME_REQUEST)
    expert = uow.load(Expert, booking.lead_expert_id)
    until = max(filter(None, (booking.answer_by, answer_by(uow, booking, expert.notice_hours))))
    if until <= uow.now:
        raise AnswerOverError(answer_by=until)
    booking.answer_by = until
    uow.later("expire_booking", f"expire_booking:{since}", until, subject_id=booking.id)
    uow.tell("booking.asked_again", booking)
