"""Names, numbers and free texts of somebody forgotten; what is counted stays as it was."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import delete, func, select, update

from app.domain.erasure import GONE, SOMEBODY
from app.domain.recusal import may_tie_by_name
from app.models.activity import ReviewProject
from app.models.booking import Booking
from app.models.expert import DeclaredInterest, Expert
from app.models.follow_up import FollowUp
from app.models.need import Need
from app.models.outcome import Outcome
from app.models.person import FounderGroup, Person, Venture, VentureMember
from app.models.service_session import ServiceSession
from app.models.time_offer import TimeOffer
from app.services.erasures.messages import forget_messages
from app.services.erasures.needs import forget_needs
from app.unit_of_work import UnitOfWork


def forget(uow: UnitOfWork, persons: Collection[UUID]) -> None:
    """Forget who the persons are, in every table that may be changed."""
    rows = uow.all(select(Person).where(Person.id.in_(persons)))
    names = frozenset(row.name for row in rows)
    needs = uow.all(select(Need.id).where(Need.person_id.in_(persons)))
    forget_needs(uow, needs)
    bookings = _bookings(uow, persons)
    sessions = _sessions(uow, persons)
    forget_messages(uow, persons, [*needs, *bookings, *sessions], names)
    _ventures(uow, persons)
    _remarks(uow, sessions)
    uow.session.execute(
        update(ReviewProject).where(ReviewProject.person_id.in_(persons)).values(name=GONE)
    )
    uow.session.execute(
        delete(FounderGroup).where(
            FounderGroup.person_id.in_(persons), FounderGroup.verified_at.is_(None)
        )
    )
    for row in rows:
        row.name, row.phone, row.email, row.birth_year = SOMEBODY, None, None, None
        row.source_ref, row.street = None, None
        row.voided_at = uow.now
    uow.flush()


def _bookings(uow: UnitOfWork, persons: Collection[UUID]) -> list[UUID]:
    his = uow.all(select(Booking).where(Booking.founder_person_id.in_(persons)))
    for booking in his:
        if booking.note is not None or booking.end_note is not None:
            booking.note, booking.end_note = None, None
            uow.audit("booking.forgotten", booking)
    keys = [booking.id for booking in his]
    uow.session.execute(update(TimeOffer).where(TimeOffer.booking_id.in_(keys)).values(note=None))
    return keys


def _sessions(uow: UnitOfWork, persons: Collection[UUID]) -> list[UUID]:
    return list(
        uow.all(select(ServiceSession.id).where(ServiceSession.founder_person_id.in_(persons)))
    )


def _remarks(uow: UnitOfWork, sessions: Collection[UUID]) -> None:
    """Forget what he said when asked weeks later; whether he answered is counted, and stays."""
    asked = (
        select(FollowUp)
        .join(Outcome, Outcome.id == FollowUp.outcome_id)
        .where(Outcome.service_session_id.in_(sessions), FollowUp.remark.is_not(None))
    )
    for row in uow.all(asked):
        row.remark = None
        uow.audit("follow_up.forgotten", row)


def _ventures(uow: UnitOfWork, persons: Collection[UUID]) -> None:
    """Forget the ventures nobody else belongs to, but those an expert stands aside for by name."""
    of_persons = select(VentureMember.venture_id).where(VentureMember.person_id.in_(persons))
    others = select(VentureMember.venture_id).where(VentureMember.person_id.not_in(persons))
    alone = uow.all(select(Venture).where(Venture.id.in_(of_persons), Venture.id.not_in(others)))
    known = _firms(uow) if alone else []
    for venture in alone:
        if not any(may_tie_by_name(venture.name, venture.credit_code, *firm) for firm in known):
            venture.name, venture.credit_code = GONE, None


def _firms(uow: UnitOfWork) -> list[tuple[str, str | None]]:
    """Return the firms experts belong to or declared, by name and code."""
    declared = uow.session.execute(
        select(DeclaredInterest.organisation, DeclaredInterest.credit_code).where(
            func.length(DeclaredInterest.organisation) > 0
        )
    )
    own = uow.session.execute(
        select(Venture.name, Venture.credit_code)
        .join(VentureMember, VentureMember.venture_id == Venture.id)
        .join(Expert, Expert.person_id == VentureMember.person_id)
    )
    of_experts = uow.all(select(Expert.organisation).where(Expert.organisation.is_not(None)))
    return [
        *((name, code) for name, code in declared),
        *((name, code) for name, code in own),
        *((name, None) for name in of_experts if name),
    ]
