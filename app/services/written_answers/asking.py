"""A founder or an officer asks for an answer in writing, or the official offers it."""

from uuid import UUID

from sqlalchemy import select

from app.domain.actor import Permission
from app.domain.booking import BookingStatus
from app.domain.errors import ForbiddenError, InvalidInputError, NotFoundError
from app.domain.expert import OutOfTermError, PausedError, takes_new
from app.domain.expert import Term as TermOfOffice
from app.domain.need import ensure_open
from app.domain.policy_number import PolicyNumber
from app.domain.privacy import mask_identities
from app.domain.written_answer import (
    LONGEST_QUESTION,
    IllegalStepError,
    WrittenAnswerEvent,
    WrittenAnswerStatus,
    ensure_official,
    ensure_question,
    next_status,
)
from app.models.booking import Booking
from app.models.expert import Appointment, Expert
from app.models.need import Need
from app.models.written_answer import WrittenAnswer
from app.queries.interests import Matter
from app.queries.stand_downs import standing_down
from app.services import bookings, deadlines, recusals
from app.services.bookings.holding import ensure_speaks_for
from app.services.bookings.versions import ensure_version
from app.unit_of_work import UnitOfWork

EXPIRE = "expire_written_answer"
INSTEAD = "f_in_writing"


def ask(uow: UnitOfWork, need_id: UUID, expert_id: UUID, question: str = "") -> WrittenAnswer:
    """Ask an official to answer in writing; he has two working days.

    Args:
        uow: the transaction.
        need_id: what it is about.
        expert_id: the official.
        question: in the founder's words; those of the need where nothing is given.

    Raises:
        NotOfficialError, OutOfTermError, PausedError, RecusalError: why he cannot be asked.
        AlreadyAskedError: he is being asked already.
        NeedClosedError: the need is over.
    """
    need = uow.load(Need, need_id)
    uow.require(Permission.ASK_IN_WRITING)
    ensure_speaks_for(uow, need.person_id)
    ensure_open(need.status)
    expert = _official(uow, expert_id)
    row = _new(uow, need, expert, question or need.text[:LONGEST_QUESTION])
    row.status = WrittenAnswerStatus.ASKED
    uow.add(row)
    uow.flush()
    _await(uow, row)
    uow.audit("written_answer.asked", row)
    uow.tell("written_answer.asked", row)
    return row


def offer(uow: UnitOfWork, booking_id: UUID, version: int | None = None) -> WrittenAnswer:
    """Offer the founder who asked for a meeting an answer in writing instead.

    The request keeps its clock; the founder takes the offer, or waits for the answer to it.

    Raises:
        IllegalStepError: the request was answered already.
    """
    booking = uow.load(Booking, booking_id, lock=True)
    uow.require(Permission.ANSWER_IN_WRITING, experts=frozenset({booking.lead_expert_id}))
    ensure_version(booking, version)
    if booking.status is not BookingStatus.REQUESTED or booking.answer_by is None:
        raise IllegalStepError(status=booking.status.value, event="offer")
    need = uow.load(Need, booking.need_id)
    expert = _official(uow, booking.lead_expert_id)
    row = _new(uow, need, expert, need.text[:LONGEST_QUESTION])
    row.status, row.booking_id, row.due_at = (
        WrittenAnswerStatus.OFFERED,
        booking.id,
        booking.answer_by,
    )
    uow.add(row)
    uow.flush()
    _await(uow, row)
    uow.audit("written_answer.offered", row)
    uow.tell("written_answer.offered", row)
    return row


def take(uow: UnitOfWork, answer_id: UUID, *, version: int | None = None) -> WrittenAnswer:
    """Take the offer: the request for a meeting is withdrawn, the official's clock starts anew."""
    row = uow.load(WrittenAnswer, answer_id, lock=True)
    uow.require(Permission.ASK_IN_WRITING)
    if uow.actor.person_id != row.person_id:
        raise ForbiddenError(permission=Permission.ASK_IN_WRITING.value)
    ensure_version(row, version)
    row.status = next_status(row.status, WrittenAnswerEvent.TAKE)
    if row.booking_id is None:
        raise NotFoundError("booking.not_found")
    bookings.withdraw(uow, row.booking_id, INSTEAD)
    row.asked_at = uow.now
    row.due_at = deadlines.answer(uow, PolicyNumber.WRITTEN_ANSWER)
    _await(uow, row)
    uow.audit("written_answer.taken", row)
    uow.tell("written_answer.asked", row)
    uow.flush()
    return row


def _official(uow: UnitOfWork, expert_id: UUID) -> Expert:
    expert = uow.session.get(Expert, expert_id)
    if expert is None:
        raise NotFoundError("expert.not_found")
    ensure_official(expert.category)
    if expert.is_paused or standing_down(uow, [expert.id], uow.today):
        raise PausedError
    held = uow.all(select(Appointment).where(Appointment.expert_id == expert.id))
    terms = [TermOfOffice(row.starts_on, row.ends_on, row.approved_on, row.kind) for row in held]
    if not takes_new(terms, uow.today):
        raise OutOfTermError
    return expert


def _new(uow: UnitOfWork, need: Need, expert: Expert, question: str) -> WrittenAnswer:
    if need.person_id == expert.person_id:
        raise InvalidInputError.at("expert_id", "paper_entry.own_expert")
    matter = Matter(need.person_id, need.venture_id, need.session_type, need.id)
    recusals.ensure_none(uow, [expert.id], matter)
    return WrittenAnswer(
        need_id=need.id,
        person_id=need.person_id,
        expert_id=expert.id,
        question=mask_identities(ensure_question(question)),
        asked_at=uow.now,
        due_at=deadlines.answer(uow, PolicyNumber.WRITTEN_ANSWER),
    )


def _await(uow: UnitOfWork, row: WrittenAnswer) -> None:
    key = f"{EXPIRE}:{row.id}:{row.status}"
    uow.later(EXPIRE, key, row.due_at, subject_id=row.id)
