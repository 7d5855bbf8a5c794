"""From a chosen time to a request that waits for its answer."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import not_, select

from app.domain.actor import Permission
from app.domain.booking import (
    HOLD_LENGTH,
    OPEN_HOLDS_PER_FOUNDER,
    OPEN_REQUESTS_PER_FOUNDER,
    BookingEvent,
    BookingStatus,
    HoldOverError,
    next_status,
)
from app.domain.calendar import local_day
from app.domain.errors import ForbiddenError
from app.domain.message import hours_before
from app.domain.need import NeedStatus, ensure_open
from app.domain.policy_number import PolicyNumber
from app.domain.waiting_list import WaitingKind
from app.models.booking import Booking, ResourceKind
from app.models.need import Need
from app.services import deadlines, waiting_lists
from app.services.bookings import claims, seats
from app.services.bookings.placing import Choice, ensure_few, place
from app.services.bookings.recusing import ensure_no_tie
from app.services.bookings.versions import ensure_version
from app.services.bookings.waiting import offer_freed
from app.services.jobs import cancel_open
from app.unit_of_work import UnitOfWork

EXPIRE = "expire_booking"
REMIND = "remind_answer"


def hold(uow: UnitOfWork, choice: Choice) -> Booking:
    """Keep the time for ten minutes while the founder checks the details.

    An earlier hold for the same need is let go.

    Raises:
        NotFreeError, TimeTakenError, RecusalError, TooManyOpenError: why it cannot be had.
    """
    need, earlier = _begin(uow, choice.need_id)
    hold_until = uow.now + HOLD_LENGTH
    booking = place(uow, need, choice, hold_until, most=OPEN_HOLDS_PER_FOUNDER)
    uow.later("release_hold", f"release_hold:{booking.id}", hold_until, subject_id=booking.id)
    uow.audit("booking.held", booking)
    for each in earlier:
        offer_freed(uow, each.lead_expert_id)
    return booking


def request(
    uow: UnitOfWork,
    booking_id: UUID,
    *,
    may_pass_on: bool = True,
    note: str | None = None,
    version: int | None = None,
) -> Booking:
    """Turn a hold into a request; the mentor has two working days to answer.

    Raises:
        HoldOverError: when the ten minutes are over.
        RecusalError: a tie has come to forbid the pairing since.
    """
    booking = uow.load(Booking, booking_id, lock=True)
    uow.require(Permission.BOOK)
    ensure_speaks_for(uow, booking.founder_person_id)
    ensure_version(booking, version)
    status = next_status(booking.status, BookingEvent.REQUEST)
    if booking.hold_until is not None and booking.hold_until <= uow.now:
        raise HoldOverError(starts_at=booking.starts_at)
    ensure_no_tie(uow, booking, local_day(booking.starts_at))
    claims.lock(uow, [(ResourceKind.FOUNDER, booking.founder_person_id)])
    ensure_few(uow, booking.founder_person_id, BookingStatus.REQUESTED, OPEN_REQUESTS_PER_FOUNDER)
    in_line = waiting_lists.entry_of(uow, booking.id)
    if in_line is not None:
        waiting_lists.take(uow, WaitingKind.EXPERT, in_line.id)
    booking.status = status
    booking.hold_until = None
    booking.note = note
    booking.may_pass_on = may_pass_on
    ask(uow, booking)
    return booking


def request_now(uow: UnitOfWork, choice: Choice, *, note: str | None = None) -> Booking:
    """Ask for the time at once, for those who need no time to check.

    A hold for the same need is let go.

    Raises:
        NotFreeError, TimeTakenError, RecusalError, TooManyOpenError: why it cannot be had.
    """
    need, earlier = _begin(uow, choice.need_id)
    booking = place(uow, need, choice, most=OPEN_REQUESTS_PER_FOUNDER)
    booking.note = note
    ask(uow, booking)
    for each in earlier:
        offer_freed(uow, each.lead_expert_id)
    return booking


def ask(uow: UnitOfWork, booking: Booking) -> None:
    """Set the mentor's deadline, plan what happens without an answer, and tell him."""
    booking.booked_at = uow.now
    need = uow.load(Need, booking.need_id, lock=True)
    ensure_open(need.status)
    need.status = NeedStatus.BOOKED
    start_clock(uow, booking, answer_by(uow, booking, seats.notice_hours(uow, booking)))
    uow.audit("booking.requested", booking)
    uow.tell("booking.requested", booking)


def _begin(uow: UnitOfWork, need_id: UUID) -> tuple[Need, Sequence[Booking]]:
    """Return the need, for which the actor may book, and the holds for it that are let go."""
    need = uow.load(Need, need_id)
    uow.require(Permission.BOOK)
    ensure_speaks_for(uow, need.person_id)
    ensure_open(need.status)
    earlier = holds_of(uow, need.id)
    for each in earlier:
        claims.let_go(uow, each)
    uow.flush()
    return need, earlier


def ensure_speaks_for(uow: UnitOfWork, person_id: UUID) -> None:
    """Refuse who acts neither for himself nor for the bureau.

    Raises:
        ForbiddenError: a mentor who is a founder too sees his clients' needs, not more.
    """
    if uow.actor.person_id != person_id and not uow.actor.is_staff:
        raise ForbiddenError(permission=Permission.BOOK.value)


def start_clock(uow: UnitOfWork, booking: Booking, deadline: datetime) -> None:
    """Set when the answers are due, in place of an earlier deadline."""
    if booking.answer_by is not None:
        cancel_open(uow, booking.id, [EXPIRE, REMIND])
    booking.answer_by = deadline
    # A clock that runs to the same instant as one that was stopped has jobs of its own.
    clock = f"{booking.id}:{booking.version}"
    uow.later(EXPIRE, f"{EXPIRE}:{clock}", deadline, subject_id=booking.id)
    for before in hours_before("booking.answer_due"):
        due_at = deadline - before
        if due_at > uow.now:
            key = f"{REMIND}:{clock}:{int(due_at.timestamp())}"
            uow.later(REMIND, key, due_at, subject_id=booking.id, not_after=deadline)


def answer_by(uow: UnitOfWork, booking: Booking, notice_hours: int) -> datetime:
    """Return when the request runs out: two working days, never past the notice they need."""
    latest = booking.starts_at - timedelta(hours=notice_hours)
    return deadlines.answer(uow, PolicyNumber.BOOKING_ANSWER, not_after=latest)


def holds_of(uow: UnitOfWork, need_id: UUID) -> Sequence[Booking]:
    """Return the times held for the need, without what is kept for a place in line."""
    return uow.all(
        select(Booking).where(
            Booking.need_id == need_id,
            Booking.status == BookingStatus.ON_HOLD,
            not_(claims.is_kept_in_line()),
        )
    )
