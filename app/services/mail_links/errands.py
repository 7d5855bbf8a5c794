"""What a letter's link is to be about, and until when, as things stand when it is made."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, or_, select

from app.domain.actor import STAFF_ROLES
from app.domain.booking import Side
from app.domain.calendar import day_ends_at
from app.domain.mail_link import Purpose
from app.domain.outcome import OutcomeStatus
from app.domain.policy_number import PolicyNumber
from app.domain.service_session import NOT_HELD
from app.models.account import Account, AccountRole
from app.models.booking import Booking, BookingExpert, PanelAnswer
from app.models.expert import Expert
from app.models.outcome import Outcome
from app.models.person import Person
from app.models.service_session import ServiceSession
from app.services import deadlines
from app.services.bookings import offers
from app.unit_of_work import UnitOfWork

# How long a link lives where the policy sets no last day for what it asks.
_WITHOUT_END = timedelta(days=366)


class Errand(NamedTuple):
    """What the reader is asked to do something about, and by when."""

    subject_id: UUID
    until: datetime


def _answer(uow: UnitOfWork, account_id: UUID, booking_id: UUID) -> Errand | None:
    """Return the request that waits for this very reader; who stands in for him signs in."""
    booking = uow.session.get(Booking, booking_id)
    invited = uow.one(
        select(BookingExpert.id)
        .join(Expert, Expert.id == BookingExpert.expert_id)
        .join(Account, Account.person_id == Expert.person_id)
        .where(
            BookingExpert.booking_id == booking_id,
            BookingExpert.answer == PanelAnswer.INVITED,
            Account.id == account_id,
        )
    )
    if booking is None or invited is None:
        return None
    return Errand(booking.id, min(booking.answer_by or booking.starts_at, booking.starts_at))


def _record(uow: UnitOfWork, account_id: UUID, subject_id: UUID) -> Errand | None:
    """Return the meeting that is over and whose record its lead expert owes."""
    session, outcome = _meeting(uow, subject_id)
    if session is None or session.booking_id is None:
        return None
    lead = uow.one(
        select(Account.id)
        .join(Expert, Expert.person_id == Account.person_id)
        .where(Expert.id == session.lead_expert_id, Account.id == account_id)
    )
    if lead is None:
        return None
    if outcome is not None:
        waits = outcome.status is OutcomeStatus.AWAITING_RECORD
        return Errand(session.id, outcome.record_by) if waits else None
    # Not closed yet: the same two working days, counted from the end that was agreed.
    until = deadlines.duty(uow, PolicyNumber.RECORD, session.planned_ends_at)
    return Errand(session.id, until) if session.status in NOT_HELD else None


def _confirm(uow: UnitOfWork, account_id: UUID, subject_id: UUID) -> Errand | None:
    """Return the recorded meeting on which the founder has a word."""
    session, outcome = _meeting(uow, subject_id)
    if session is None or outcome is None or session.booking_id is None:
        return None
    if uow.load(Account, account_id).person_id != session.founder_person_id:
        return None
    if _is_contact_of_who_serves(uow, account_id):
        return None
    if outcome.status is OutcomeStatus.RECORDED and outcome.confirm_by is not None:
        return Errand(session.id, outcome.confirm_by)
    if outcome.status is OutcomeStatus.UNCONFIRMED:
        last = deadlines.late_word(uow, session)
        return Errand(session.id, day_ends_at(last) if last else uow.now + _WITHOUT_END)
    return None


def _choose(uow: UnitOfWork, account_id: UUID, booking_id: UUID) -> Errand | None:
    """Return the booking for which its mentor has put other times before the founder."""
    booking = uow.session.get(Booking, booking_id)
    offer = offers.standing(uow, booking_id)
    if booking is None or offer is None or offer.side is not Side.MENTOR:
        return None
    if uow.load(Account, account_id).person_id != booking.founder_person_id:
        return None
    return Errand(booking.id, offer.answer_by)


def _is_contact_of_who_serves(uow: UnitOfWork, account_id: UUID) -> bool:
    """Tell whether the reader's address is also that of an expert or of somebody on the staff."""
    own = uow.load(Account, account_id)
    email = select(func.lower(Person.email)).where(Person.id == own.person_id).scalar_subquery()
    serving = uow.one(
        select(Person.id)
        .outerjoin(Expert, Expert.person_id == Person.id)
        .outerjoin(Account, Account.person_id == Person.id)
        .outerjoin(AccountRole, AccountRole.account_id == Account.id)
        .where(
            func.lower(Person.email) == email,
            or_(Expert.id.is_not(None), AccountRole.role.in_(STAFF_ROLES)),
        )
        .limit(1)
    )
    return serving is not None


def _meeting(uow: UnitOfWork, subject_id: UUID) -> tuple[ServiceSession | None, Outcome | None]:
    """Return the meeting that a message tells of, by its own key or by that of its outcome."""
    outcome = uow.session.get(Outcome, subject_id)
    if outcome is not None:
        return uow.session.get(ServiceSession, outcome.service_session_id), outcome
    session = uow.session.get(ServiceSession, subject_id)
    return session, uow.one(select(Outcome).where(Outcome.service_session_id == subject_id))


ERRANDS: Mapping[Purpose, Callable[[UnitOfWork, UUID, UUID], Errand | None]] = {
    Purpose.ANSWER: _answer,
    Purpose.RECORD: _record,
    Purpose.CONFIRM: _confirm,
    Purpose.CHOOSE: _choose,
}
