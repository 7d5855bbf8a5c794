"""The answer to offered times: one is taken, or none."""

from datetime import datetime
from uuid import UUID

from app.domain.actor import Permission
from app.domain.availability import NotFreeError
from app.domain.booking import BookingEvent, BookingStatus, Side, TimeTakenError, next_status
from app.domain.calendar import local_day
from app.domain.time_offer import (
    NoOfferError,
    NotOfferedError,
    OfferKind,
    OfferStatus,
    OwnOfferError,
)
from app.models.booking import Booking
from app.models.time_offer import TimeOffer
from app.services.bookings import offers, siblings
from app.services.bookings.answering import agree, session_of
from app.services.bookings.ending import side_of
from app.services.bookings.holding import ensure_speaks_for
from app.services.bookings.passing import pass_on
from app.services.bookings.recusing import ensure_no_tie
from app.services.bookings.retiming import replan, retime
from app.services.bookings.versions import ensure_version
from app.services.bookings.waiting import give_back, offer_freed
from app.services.jobs import cancel_open
from app.unit_of_work import UnitOfWork

_FITS = {OfferKind.COUNTER: BookingStatus.REQUESTED, OfferKind.MOVE: BookingStatus.ACCEPTED}
# What the mentor has said by offering other times: not then.
NOT_THEN = "m_time_conflict"


def take_offer(
    uow: UnitOfWork, booking_id: UUID, starts_at: datetime, *, version: int | None = None
) -> Booking:
    """Take one of the offered times; it is checked like any booking, and agreed at once.

    Raises:
        NoOfferError: nothing is offered any more.
        OwnOfferError: the actor's own side offered them.
        NotOfferedError: the time is none of the offered ones.
        TimeTakenError: the time has gone meanwhile; everything stays as it was.
        RecusalError: a tie forbids the pairing, today or then.
    """
    siblings.lock(uow, booking_id)
    booking, offer = _answered(uow, booking_id, version)
    if starts_at not in offers.times_of(offer):
        raise NotOfferedError(starts_at=starts_at)
    ensure_no_tie(uow, booking, local_day(starts_at))
    before = booking.starts_at
    try:
        retime(uow, booking, starts_at)
    except NotFreeError as gone:
        raise TimeTakenError(starts_at=starts_at, cause=gone.code) from gone
    offers.end(uow, offer, OfferStatus.TAKEN, starts_at)
    if offer.kind is OfferKind.COUNTER:
        booking.status = next_status(booking.status, BookingEvent.ACCEPT)
        agree(uow, booking, "booking.offer_taken", before=before)
        offer_freed(uow, booking.lead_expert_id)
        return booking
    booking.status = next_status(booking.status, BookingEvent.MOVE)
    cancel_open(uow, booking.id)
    session = session_of(uow, booking.id)
    if session is not None:
        replan(uow, booking, session)
    uow.audit("booking.moved", booking, before=before, agreed=True)
    uow.tell("booking.moved", booking)
    offer_freed(uow, booking.lead_expert_id)
    return booking


def decline_offer(uow: UnitOfWork, booking_id: UUID, *, version: int | None = None) -> Booking:
    """Take none of the offered times.

    A request then ends, and the next candidate is asked where the founder agreed; an agreed
    meeting stays as it is. Who offered to move may take that back in the same way.

    Raises:
        NoOfferError: nothing is offered any more.
        OwnOfferError: a mentor who offered times for a request accepts it or declines it.
    """
    booking = uow.load(Booking, booking_id, lock=True)
    uow.require(Permission.OFFER_TIMES)
    ensure_version(booking, version)
    offer = _standing(uow, booking)
    if offer.kind is OfferKind.MOVE and side_of(uow, booking) is offer.side:
        offers.end(uow, offer, OfferStatus.WITHDRAWN)
        offers.mark_changed(booking)
        uow.audit("booking.move_withdrawn", booking)
        return booking
    _ensure_answers(uow, booking, offer)
    _refuse(uow, booking, offer, OfferStatus.DECLINED)
    return booking


def lapse_offer(uow: UnitOfWork, booking_id: UUID) -> Booking:
    """End offered times whose deadline has passed as if none had suited.

    A booking whose times were answered, or are offered until later, is left alone.
    """
    booking = uow.load(Booking, booking_id, lock=True)
    offer = offers.standing(uow, booking.id)
    if offer is None or offer.answer_by > uow.now or booking.status is not _FITS[offer.kind]:
        return booking
    _refuse(uow, booking, offer, OfferStatus.LAPSED)
    return booking


def _answered(uow: UnitOfWork, booking_id: UUID, version: int | None) -> tuple[Booking, TimeOffer]:
    booking = uow.load(Booking, booking_id, lock=True)
    uow.require(Permission.OFFER_TIMES)
    ensure_version(booking, version)
    offer = _standing(uow, booking)
    _ensure_answers(uow, booking, offer)
    if offer.answer_by <= uow.now:
        raise NoOfferError
    return booking, offer


def _standing(uow: UnitOfWork, booking: Booking) -> TimeOffer:
    offer = offers.standing(uow, booking.id)
    if offer is None or booking.status is not _FITS[offer.kind]:
        raise NoOfferError
    return offer


def _ensure_answers(uow: UnitOfWork, booking: Booking, offer: TimeOffer) -> None:
    """Refuse who does not speak for the side that is asked; a desk speaks for a founder alone."""
    if offer.side is Side.MENTOR:
        if side_of(uow, booking) is Side.MENTOR:
            raise OwnOfferError
        ensure_speaks_for(uow, booking.founder_person_id)
        return
    if side_of(uow, booking) is not Side.MENTOR:
        raise OwnOfferError
    uow.require(Permission.ANSWER_BOOKING, experts=frozenset({booking.lead_expert_id}))


def _refuse(uow: UnitOfWork, booking: Booking, offer: TimeOffer, status: OfferStatus) -> None:
    offers.end(uow, offer, status)
    if offer.kind is OfferKind.MOVE:
        offers.mark_changed(booking)
        uow.audit("booking.move_refused", booking)
        uow.tell("booking.move_refused", booking)
        return
    booking.status = next_status(booking.status, BookingEvent.DECLINE)
    booking.end_reason, booking.end_side = NOT_THEN, Side.MENTOR
    give_back(uow, booking)
    cancel_open(uow, booking.id)
    action = "booking.offer_refused"
    uow.audit(action, booking, silent=status is OfferStatus.LAPSED)
    pass_on(uow, booking, action)
