"""A free slot of a clinic that is held today, given to somebody at its counter."""

from datetime import datetime
from uuid import UUID

from app.domain.actor import Permission
from app.domain.availability import CLINIC_SERVICE, Clinic, Mode, ensure_slot_today
from app.domain.booking import BookingEvent, next_status
from app.domain.errors import ForbiddenError
from app.domain.need import NeedStatus, ensure_open
from app.models.availability import Clinic as ClinicRow
from app.models.booking import Booking
from app.models.need import Need
from app.models.place import Place
from app.services.bookings import siblings
from app.services.bookings.answering import agree
from app.services.bookings.placing import Choice, place
from app.unit_of_work import UnitOfWork


def give_slot(uow: UnitOfWork, need_id: UUID, clinic_id: UUID, starts_at: datetime) -> Booking:
    """Give a free slot of today's clinic to the founder of the need; it is agreed at once.

    Who holds the clinic is there for whoever comes: he is told and not asked, and the notice he
    wants of other meetings does not apply. Everything else that forbids a meeting does.

    Raises:
        ForbiddenError: the clinic is held at no place where the actor works.
        NotTodayError, NotFreeError: it is no slot of today's clinic, or cannot be had any more.
        ClinicChangedError, TimeTakenError, FounderBusyError: somebody was faster.
        RecusalError, PairingCapError, OutOfTermError: what forbids the pairing.
    """
    need = uow.load(Need, need_id)
    uow.require(Permission.GIVE_SLOT)
    row = uow.load(ClinicRow, clinic_id)
    _ensure_own_counter(uow, row)
    clinic = Clinic(row.day, row.starts_minute, row.ends_minute, row.slot_minutes, row.place_id)
    ensure_slot_today(clinic, starts_at, uow.now)
    siblings.lock_of_need(uow, need.id)
    choice = Choice(
        need_id=need.id,
        expert_id=row.expert_id,
        starts_at=starts_at,
        mode=Mode.ONSITE,
        session_type=CLINIC_SERVICE,
        may_pass_on=False,
        clinic=clinic,
    )
    booking = place(uow, need, choice)
    need = uow.load(Need, need.id, lock=True)
    ensure_open(need.status)
    need.status = NeedStatus.BOOKED
    booking.status = next_status(booking.status, BookingEvent.ACCEPT)
    agree(uow, booking, "booking.given", clinic=row.id)
    return booking


def _ensure_own_counter(uow: UnitOfWork, row: ClinicRow) -> None:
    held_at = uow.load(Place, row.place_id) if row.place_id else None
    if not uow.actor.works_at(held_at.street if held_at else None):
        raise ForbiddenError(permission=Permission.GIVE_SLOT.value)
