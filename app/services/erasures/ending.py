"""What of somebody's is open is called off politely, before he is forgotten."""

from uuid import UUID

from sqlalchemy import select

from app.domain.activity import RegistrationStatus
from app.domain.booking import BookingStatus
from app.domain.need import EDITABLE
from app.domain.waiting_list import IN_LINE, WaitingKind
from app.domain.written_answer import WrittenAnswerStatus
from app.models.activity import Activity, Registration
from app.models.booking import Booking
from app.models.need import Need
from app.models.waiting_list import WaitingEntry
from app.models.written_answer import WrittenAnswer
from app.services import activities, bookings, needs, waiting_lists, written_answers
from app.unit_of_work import UnitOfWork

GIVEN_UP = "f_withdrawn"
_AHEAD = (BookingStatus.REQUESTED, BookingStatus.ACCEPTED)
_ASKED = (WrittenAnswerStatus.OFFERED, WrittenAnswerStatus.ASKED)


def call_off(uow: UnitOfWork, person_id: UUID) -> None:
    """Cancel what lies ahead of him, take back what he asked; the others are told as ever.

    The actor speaks for the person. A meeting whose time has come is left as it is.
    """
    _bookings(uow, person_id)
    for entry in uow.all(
        select(WaitingEntry).where(
            WaitingEntry.person_id == person_id, WaitingEntry.status.in_(IN_LINE)
        )
    ):
        if entry.kind is WaitingKind.EXPERT:
            bookings.leave_line(uow, entry.id)
        else:
            waiting_lists.close_for_person(uow, entry.kind, entry.ref_id, person_id)
    for activity_id in uow.all(
        select(Registration.activity_id)
        .join(Activity, Activity.id == Registration.activity_id)
        .where(
            Registration.person_id == person_id,
            Registration.status == RegistrationStatus.JOINED,
            Activity.starts_at > uow.now,
        )
    ):
        activities.leave(uow, activity_id)
    for answer_id in uow.all(
        select(WrittenAnswer.id).where(
            WrittenAnswer.person_id == person_id, WrittenAnswer.status.in_(_ASKED)
        )
    ):
        written_answers.withdraw(uow, answer_id)
    uow.flush()
    for need_id in uow.all(
        select(Need.id).where(Need.person_id == person_id, Need.status.in_(EDITABLE))
    ):
        needs.withdraw(uow, need_id)


def _bookings(uow: UnitOfWork, person_id: UUID) -> None:
    his = Booking.founder_person_id == person_id
    for booking_id in uow.all(
        select(Booking.id).where(his, Booking.status == BookingStatus.ON_HOLD)
    ):
        bookings.release(uow, booking_id)
    for booking in uow.all(
        select(Booking).where(his, Booking.status.in_((*_AHEAD, BookingStatus.SUSPENDED)))
    ):
        if booking.status is BookingStatus.SUSPENDED or booking.starts_at > uow.now:
            bookings.cancel(uow, booking.id, GIVEN_UP)
    uow.flush()
