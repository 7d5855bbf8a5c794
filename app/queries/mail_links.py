"""The link behind a token: for whom, for what, what it is worth."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, select

from app.domain.actor import Actor, Role
from app.domain.errors import NotFoundError
from app.domain.mail_link import PURPOSES, LinkState, Purpose, state_of
from app.domain.service_session import Party
from app.models.account import Account
from app.models.booking import Booking, BookingExpert, PanelAnswer
from app.models.mail_link import MailLink
from app.models.message import Delivery, Message
from app.models.person import Person
from app.models.service_session import Attendance, ServiceSession
from app.models.time_offer import TimeOffer
from app.queries.accounts import account_holder
from app.queries.booking_pages.bookings import STANDS
from app.queries.booking_pages.stages import stage_of, with_offer, with_seat
from app.unit_of_work import Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link as its page needs it.

    Attributes:
        page: where its reader finds the same once he has signed in.
        holder: who acts with it: the reader of the letter, in the one role it is for; None
            when the letter is nobody's any more.
    """

    token_sha256: str
    purpose: Purpose
    subject_id: UUID
    state: LinkState
    done: str | None
    used_at: datetime | None
    expires_at: datetime
    page: str
    holder: Actor | None


@dataclass(frozen=True, slots=True)
class Arrivals:
    """Who of the founder's side has checked in, and since when both sides were there."""

    person_ids: frozenset[UUID]
    both_since: datetime | None


def link_of(reader: Reader, token_sha256: str, request_id: str | None) -> Link | None:
    """Return the link whose token has this hash, None when there is none.

    A link is revoked also while its account is closed, has lost the role, or gets its letters at
    another address by now.
    """
    row = reader.session.execute(
        select(MailLink, Message.href, Delivery.address, Person.email)
        .join(Delivery, Delivery.id == MailLink.delivery_id)
        .join(Message, Message.id == Delivery.message_id)
        .join(Account, Account.id == MailLink.account_id)
        .outerjoin(Person, Person.id == Account.person_id)
        .where(MailLink.token_sha256 == token_sha256)
    ).one_or_none()
    if row is None:
        return None
    link: MailLink = row.MailLink
    role = PURPOSES[Purpose(link.purpose)].role
    holder = _in_role(account_holder(reader, link.account_id, request_id), role)
    state = state_of(
        used_at=link.used_at,
        revoked_at=link.revoked_at,
        expires_at=link.expires_at,
        now=reader.now,
    )
    if holder is None or row.address != row.email:
        state = LinkState.REVOKED
    return Link(
        token_sha256=link.token_sha256,
        purpose=Purpose(link.purpose),
        subject_id=link.subject_id,
        state=state,
        done=link.done,
        used_at=link.used_at,
        expires_at=link.expires_at,
        page=row.href,
        holder=holder,
    )


def answered_how(reader: Reader, booking_id: UUID) -> str:
    """Return where a request stands that the actor was asked; also one that left him meanwhile.

    Raises:
        NotFoundError: he was never asked.
    """
    row = reader.session.execute(
        select(Booking, BookingExpert.answer, TimeOffer)
        .join(BookingExpert, BookingExpert.booking_id == Booking.id)
        .outerjoin(TimeOffer, and_(TimeOffer.booking_id == Booking.id, STANDS))
        .where(Booking.id == booking_id, BookingExpert.expert_id == reader.actor.expert_id)
    ).one_or_none()
    if row is None:
        raise NotFoundError("booking.not_found")
    booking: Booking = row.Booking
    if row.answer is PanelAnswer.DECLINED:
        return "declined"
    stage = with_seat(stage_of(booking, None, None, reader.now), booking, row.answer)
    return with_offer(stage, row.TimeOffer).value


def met_how(reader: Reader, session_id: UUID) -> str:
    """Return where the booking of a meeting stands that the actor was to hold.

    Raises:
        NotFoundError: there is none that he leads or took part in.
    """
    session = reader.session.get(ServiceSession, session_id)
    if session is None or session.booking_id is None:
        raise NotFoundError("service_session.not_found")
    return answered_how(reader, session.booking_id)


def arrivals_of(reader: Reader, session_id: UUID) -> Arrivals:
    """Return who has checked in to a meeting, and from when on both sides were there."""
    rows = reader.session.execute(
        select(Attendance.side, Attendance.person_id, Attendance.checked_in_at)
        .where(
            Attendance.service_session_id == session_id,
            Attendance.checked_in_at.is_not(None),
            Attendance.voided_at.is_(None),
        )
        .order_by(Attendance.checked_in_at)
    ).all()
    first: dict[Party, datetime] = {}
    for side, _, checked_in_at in rows:
        if checked_in_at is not None:
            first.setdefault(side, checked_in_at)
    came = frozenset(person_id for side, person_id, _ in rows if side is Party.FOUNDER)
    return Arrivals(came, max(first.values()) if len(first) == len(Party) else None)


def _in_role(actor: Actor | None, role: Role) -> Actor | None:
    """Return the actor with the one role alone, None when he does not hold it."""
    if actor is None or not actor.has(role):
        return None
    expert_id = actor.expert_id if role is Role.MENTOR else None
    return replace(
        actor, roles=frozenset({role}), expert_id=expert_id, department=None, street=None
    )
