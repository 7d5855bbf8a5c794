"""The rows an entry becomes: need, booking with its claims, meeting, attendances."""

from collections.abc import Iterator

from sqlalchemy import select

from app.domain.booking import BookingStatus
from app.domain.need import NeedStatus, TopicState
from app.domain.service_session import SEEN, Party, ServiceSessionStatus
from app.models.booking import Booking, BookingExpert, PanelAnswer, ResourceKind
from app.models.need import Need, NeedTopic
from app.models.person import IdentityLevel
from app.models.service_session import Attendance, ServiceSession
from app.models.vocabulary import Term
from app.services.bookings import claims
from app.services.bookings.answering import department_of
from app.services.bookings.placing import channel_of
from app.services.paper_entries.sheet import PaperEntry, Sides
from app.unit_of_work import UnitOfWork


def add_need(uow: UnitOfWork, entry: PaperEntry, sides: Sides) -> Need:
    """Return the need that was served, on the topic of the sheet."""
    street = _street(uow, entry, sides)
    need = uow.add(
        Need(
            reference=uow.reference("need"),
            person_id=sides.person.id,
            venture_id=entry.venture_id,
            text=entry.text.strip(),
            session_type=entry.session_type,
            industry=sides.venture.industry if sides.venture else None,
            area=sides.venture.area if sides.venture else _area_of(uow, street),
            street=street,
            modes=[entry.mode.value],
            status=NeedStatus.SERVED,
            channel=channel_of(uow),
            created_at=uow.now,
            submitted_at=uow.now,
        )
    )
    uow.audit("need.entered", need)
    uow.flush()
    uow.add(
        NeedTopic(
            need_id=need.id,
            code=entry.topic,
            certainty="clear",
            evidence="",
            state=TopicState.ADDED,
            position=0,
        )
    )
    return need


def add_booking(uow: UnitOfWork, entry: PaperEntry, sides: Sides, need: Need) -> Booking:
    """Return the booking of the time as it was, claimed for everybody who was there.

    Raises:
        TimeTakenError: when the database refuses an overlap.
    """
    keys = {(ResourceKind.FOUNDER, one.id) for one in sides.served}
    resources = claims.lock(uow, keys | {(ResourceKind.EXPERT, sides.expert.id)})
    booking = uow.add(
        Booking(
            reference=uow.reference("booking"),
            need_id=need.id,
            founder_person_id=sides.person.id,
            venture_id=entry.venture_id,
            lead_expert_id=sides.expert.id,
            session_type=entry.session_type,
            topic=entry.topic,
            mode=entry.mode,
            place=entry.place,
            street=need.street,
            starts_at=entry.actual_start,
            ends_at=entry.actual_end,
            status=BookingStatus.FULFILLED,
            channel=need.channel,
            booked_at=uow.now,
        )
    )
    uow.audit("booking.entered", booking)
    uow.flush()
    uow.add(
        BookingExpert(
            booking_id=booking.id,
            expert_id=sides.expert.id,
            answer=PanelAnswer.ACCEPTED,
            is_lead=True,
        )
    )
    claims.take(uow, booking, resources, {})
    return booking


def add_session(
    uow: UnitOfWork, entry: PaperEntry, sides: Sides, need: Need, booking: Booking
) -> ServiceSession:
    """Return the meeting as held; it had no plan of its own."""
    session = uow.add(
        ServiceSession(
            reference=uow.reference("service_session"),
            booking_id=booking.id,
            need_id=booking.need_id,
            founder_person_id=sides.person.id,
            lead_expert_id=sides.expert.id,
            venture_id=entry.venture_id,
            session_type=entry.session_type,
            topic=entry.topic,
            mode=entry.mode,
            place=entry.place,
            channel=booking.channel,
            department=department_of(uow, entry.topic),
            area=need.area,
            street=booking.street,
            industry=need.industry,
            planned_starts_at=entry.actual_start,
            planned_ends_at=entry.actual_end,
            actual_start=entry.actual_start,
            actual_end=entry.actual_end,
            break_minutes=entry.break_minutes,
            status=ServiceSessionStatus.FINISHED,
            entered_by_id=uow.actor.account_id,
        )
    )
    uow.audit("service_session.entered", session)
    uow.flush()
    return session


def attendances(entry: PaperEntry, sides: Sides, session: ServiceSession) -> Iterator[Attendance]:
    """Yield everybody of both sides; a signature vouches for who gave it."""
    signed_at = entry.actual_start if entry.evidence in SEEN else None
    for person in sides.served:
        yield Attendance(
            service_session_id=session.id,
            side=Party.FOUNDER,
            person_id=person.id,
            is_lead=person is sides.person,
            checked_in_at=signed_at,
            evidence=entry.evidence,
            identity_level=person.identity_level,
            is_present=True,
        )
    yield Attendance(
        service_session_id=session.id,
        side=Party.EXPERT,
        person_id=sides.expert.person_id,
        expert_id=sides.expert.id,
        is_lead=True,
        in_at=entry.actual_start,
        out_at=entry.actual_end,
        evidence=entry.evidence,
        identity_level=IdentityLevel.DOCUMENT,
        is_present=True,
    )


def _street(uow: UnitOfWork, entry: PaperEntry, sides: Sides) -> str | None:
    if sides.venture is not None:
        return sides.venture.street
    return uow.actor.street or entry.street or sides.person.street


def _area_of(uow: UnitOfWork, street: str | None) -> str | None:
    attributes = uow.one(
        select(Term.attributes).where(Term.vocabulary == "street", Term.code == street)
    )
    return attributes["area"] if attributes else None
