"""Other times put before the other side: by a mentor who is asked, or by who wants to move."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select

from app.domain.actor import Permission
from app.domain.booking import AlreadyStartedError, AnswerOverError, Side
from app.domain.calendar import local_day
from app.domain.errors import ForbiddenError
from app.domain.policy_number import PolicyNumber
from app.domain.time_offer import (
    NoOfferError,
    OfferKind,
    OfferStandsError,
    OfferStatus,
    PanelOfferError,
    ensure_times,
    kind_for,
)
from app.models.booking import Booking, BookingExpert
from app.models.expert import Expert
from app.models.time_offer import TimeOffer
from app.services import deadlines
from app.services.bookings import offers
from app.services.bookings.ending import side_of
from app.services.bookings.holding import EXPIRE, REMIND
from app.services.bookings.recusing import ensure_no_tie
from app.services.bookings.retiming import ensure_open
from app.services.bookings.versions import ensure_version
from app.services.jobs import cancel_open
from app.unit_of_work import UnitOfWork


def offer_times(
    uow: UnitOfWork,
    booking_id: UUID,
    times: Sequence[datetime],
    *,
    note: str | None = None,
    version: int | None = None,
) -> Booking:
    """Put one to three other times, free at this moment, before the other side.

    They claim nothing. For a request this is the mentor's answer: the founder takes one, which
    is then agreed at once, or the next candidate is asked. An agreed meeting stays as it is until
    the other side takes one. New times of the same side take the place of its earlier ones.

    Raises:
        IllegalTransitionError: in this state, or by this side, no times are offered.
        OfferStandsError: the other side has offered times, which are answered first.
        PanelOfferError: several experts are to meet.
        NotFreeError, TimeTakenError, FounderBusyError: one of the times cannot be had.
    """
    booking = uow.load(Booking, booking_id, lock=True)
    uow.require(Permission.OFFER_TIMES)
    ensure_version(booking, version)
    side = side_of(uow, booking)
    kind = kind_for(booking.status, side)
    _ensure_may_offer(uow, booking, kind)
    chosen = ensure_times(times, booking.starts_at)
    ensure_no_tie(uow, booking, *{local_day(starts_at) for starts_at in chosen})
    ensure_open(uow, booking, chosen)
    _replace(uow, booking, side)
    offer = _add(uow, booking, kind, side, chosen)
    offer.note = note
    if kind is OfferKind.COUNTER:
        # The mentor has answered: what runs now is the founder's time to choose.
        booking.answer_by = offer.answer_by
        cancel_open(uow, booking.id, [EXPIRE, REMIND])
    offers.mark_changed(booking)
    uow.audit("booking.times_offered", booking, by=side.value, times=offer.times)
    uow.tell(
        "booking.times_offered" if kind is OfferKind.COUNTER else "booking.move_offered",
        booking,
        by=side.value,
        times=" ".join(offer.times),
        deadline=offer.answer_by.isoformat(),
    )
    return booking


def _ensure_may_offer(uow: UnitOfWork, booking: Booking, kind: OfferKind) -> None:
    if side_of(uow, booking) is Side.SYSTEM:
        raise ForbiddenError(permission=Permission.OFFER_TIMES.value)
    experts = select(func.count()).where(BookingExpert.booking_id == booking.id)
    if uow.session.execute(experts).scalar_one() > 1:
        raise PanelOfferError
    if booking.starts_at <= uow.now:
        raise AlreadyStartedError
    is_over = booking.answer_by is not None and booking.answer_by <= uow.now
    if kind is OfferKind.COUNTER and is_over:
        raise AnswerOverError(answer_by=booking.answer_by)


def _replace(uow: UnitOfWork, booking: Booking, side: Side) -> None:
    earlier = offers.standing(uow, booking.id)
    if earlier is None:
        return
    if earlier.side is not side:
        raise OfferStandsError(by=earlier.side.value)
    offers.end(uow, earlier, OfferStatus.WITHDRAWN)


def _add(
    uow: UnitOfWork,
    booking: Booking,
    kind: OfferKind,
    side: Side,
    times: Sequence[datetime],
) -> TimeOffer:
    answer_by = _answer_by(uow, booking, kind, times)
    offer = uow.add(
        TimeOffer(
            booking_id=booking.id,
            kind=kind,
            side=side,
            times=[starts_at.isoformat() for starts_at in times],
            status=OfferStatus.OPEN,
            offered_at=uow.now,
            answer_by=answer_by,
        )
    )
    uow.later(offers.LAPSE, f"{offers.LAPSE}:{offer.id}", answer_by, subject_id=booking.id)
    uow.audit("time_offer.made", offer)
    return offer


def _answer_by(
    uow: UnitOfWork, booking: Booking, kind: OfferKind, times: Sequence[datetime]
) -> datetime:
    notice = timedelta(hours=uow.load(Expert, booking.lead_expert_id).notice_hours)
    latest = max(times) - notice
    if kind is OfferKind.MOVE:
        latest = min(latest, booking.starts_at)
    deadline = deadlines.answer(uow, PolicyNumber.BOOKING_ANSWER, not_after=latest)
    if deadline <= uow.now:
        raise NoOfferError
    return deadline
