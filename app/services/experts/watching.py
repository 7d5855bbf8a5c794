"""Terms are looked after: who must renew is reminded, what lies beyond a term is held back."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import aliased

from app.domain.actor import Permission
from app.domain.booking import BookingStatus
from app.domain.expert import reminder_due
from app.domain.message import steps
from app.models.booking import Booking, BookingExpert
from app.models.expert import Appointment, Expert
from app.models.job import Job
from app.services.bookings.seats import TAKING_PART
from app.services.experts.following import follow_terms
from app.unit_of_work import UnitOfWork

_LIVE = (BookingStatus.REQUESTED, BookingStatus.ACCEPTED)


def watch_terms(uow: UnitOfWork) -> int:
    """Remind of terms that come to their end, and suspend what lies beyond those ending.

    On the last day of a term bookings beyond it are held back, so that nobody travels in vain.
    Done twice, it changes nothing more.

    Returns:
        How many reminders are new.
    """
    uow.require(Permission.RUN_JOBS)
    last_on = uow.today + timedelta(days=max(steps("appointment.ending")))
    later = aliased(Appointment)
    ending = uow.all(
        select(Appointment)
        .where(
            Appointment.ends_on.between(uow.today, last_on),
            ~exists().where(
                later.expert_id == Appointment.expert_id, later.ends_on > Appointment.ends_on
            ),
        )
        .order_by(Appointment.id)
    )
    for expert_id in _overtaken(uow):
        uow.load(Expert, expert_id, lock=True)
        follow_terms(uow, expert_id)
    return sum(_remind(uow, term) for term in ending)


def _remind(uow: UnitOfWork, term: Appointment) -> bool:
    days = reminder_due(term.ends_on, uow.today, steps("appointment.ending"))
    if days is None:
        return False
    key = f"notify:appointment.ending:{term.id}:{days}"
    if uow.one(select(Job.id).where(Job.dedupe_key == key)) is not None:
        return False
    uow.tell("appointment.ending", term, revision=days)
    return True


def _overtaken(uow: UnitOfWork) -> list[UUID]:
    """Return the experts who have bookings to come and no term after today."""
    expert_id = BookingExpert.expert_id
    beyond = exists().where(Appointment.expert_id == expert_id, Appointment.ends_on > uow.today)
    return list(
        uow.all(
            select(expert_id)
            .join(Booking, Booking.id == BookingExpert.booking_id)
            .where(
                Booking.status.in_(_LIVE),
                Booking.starts_at > uow.now,
                BookingExpert.answer.in_(TAKING_PART),
                ~beyond,
            )
            .distinct()
            .order_by(expert_id)
        )
    )
