"""Who meets besides the leading expert and the founder: may they, and who has a seat."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from app.domain.actor import Permission
from app.domain.booking_panel import Company, ensure_company
from app.domain.calendar import local_day
from app.domain.errors import ForbiddenError, NotFoundError
from app.models.booking import Booking, BookingExpert, BookingFounder, PanelAnswer
from app.models.expert import Expert
from app.models.person import Person
from app.queries.interests import Matter
from app.services import pairings, recusals
from app.unit_of_work import UnitOfWork


def ensure_may_gather(uow: UnitOfWork, company: Company, lead_id: UUID, founder_id: UUID) -> None:
    """Refuse a company that contradicts itself, or that this actor may not bring together.

    Raises:
        InvalidInputError: naming each field at fault.
        ForbiddenError: panels are the bureau's to form, rooms its to give.
    """
    if company.expert_ids or company.companion_ids or company.alternate_ids:
        uow.require(Permission.FORM_PANEL)
    elif company.place_id is not None and not uow.actor.is_staff:
        raise ForbiddenError(permission=Permission.MANAGE_PLACES.value)
    ensure_company(company, lead_id, founder_id)


def ensure_no_ties(
    uow: UnitOfWork, company: Company, matter: Matter, lead: Expert, starts_at: datetime
) -> None:
    """Refuse the experts whom a tie with any founder who comes forbids.

    Raises:
        NotFoundError: an expert is not of the pool, or a person is not known.
        RecusalError: a tie forbids the pairing.
    """
    experts = [lead.id, *(_expert(uow, key).id for key in company.expert_ids)]
    coming = [uow.load(Person, key).id for key in company.companion_ids]
    for person_id in (matter.person_id, *coming):
        whole = replace(matter, person_id=person_id)
        recusals.ensure_none(uow, experts, whole, local_day(starts_at))


def ensure_caps(uow: UnitOfWork, company: Company, matter: Matter, starts_at: datetime) -> None:
    """Refuse an expert who guides as many projects as he may; asked behind the locks.

    Raises:
        PairingCapError: naming the cap.
    """
    for expert_id in company.expert_ids:
        pairings.ensure_room(uow, expert_id, matter, starts_at)


def seat(uow: UnitOfWork, booking: Booking, company: Company) -> None:
    """Write who is asked, and who comes along."""
    invite(uow, booking, booking.lead_expert_id, is_lead=True)
    for expert_id in company.expert_ids:
        invite(uow, booking, expert_id)
    for person_id in company.companion_ids:
        uow.add(BookingFounder(booking_id=booking.id, person_id=person_id))
    uow.flush()


def invite(
    uow: UnitOfWork, booking: Booking, expert_id: UUID, *, is_lead: bool = False
) -> BookingExpert:
    """Ask an expert to the meeting."""
    return uow.add(
        BookingExpert(
            booking_id=booking.id,
            expert_id=expert_id,
            answer=PanelAnswer.INVITED,
            is_lead=is_lead,
        )
    )


def _expert(uow: UnitOfWork, expert_id: UUID) -> Expert:
    expert = uow.session.get(Expert, expert_id)
    if expert is None:
        raise NotFoundError("expert.not_found")
    return expert
