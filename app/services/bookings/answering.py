"""The mentor's answer: accept, or decline with a reason."""

from uuid import UUID

from sqlalchemy import Select, select

from app.domain.actor import Permission
from app.domain.booking import (
    AlreadyStartedError,
    AnswerOverError,
    BookingEvent,
    BookingStatus,
    Side,
    ensure_reason,
    next_status,
)
from app.domain.calendar import local_day
from app.domain.errors import ForbiddenError
from app.domain.expert import OutOfTermError, in_term
from app.domain.expert import Term as TermOfOffice
from app.domain.message import hours_before
from app.domain.policy_number import PolicyNumber
from app.domain.service_session import ServiceSessionStatus
from app.models.booking import Booking, BookingExpert, PanelAnswer
from app.models.expert import Appointment
from app.models.need import Need
from app.models.person import Venture
from app.models.service_session import ServiceSession
from app.models.vocabulary import Term
from app.queries.leaves import absent_for
from app.services import deadlines
from app.services.bookings import offers, panel_answers, seats, siblings
from app.services.bookings.attending import attend, expect
from app.services.bookings.passing import pass_on
from app.services.bookings.recusing import ensure_no_tie
from app.services.bookings.versions import ensure_version
from app.services.bookings.waiting import close_line, give_back
from app.services.jobs import cancel_open
from app.unit_of_work import UnitOfWork

HOME_DEPARTMENT = "hrss"


def accept(
    uow: UnitOfWork,
    booking_id: UUID,
    *,
    version: int | None = None,
    speaks_for: UUID | None = None,
) -> Booking:
    """Accept on behalf of the mentor; the service session is planned and the founder told.

    Args:
        uow: the transaction.
        booking_id: which request.
        version: of the booking that the mentor saw.
        speaks_for: the expert on leave whose deputy the actor is; himself when not given.

    Raises:
        AnswerOverError: the time to answer has passed.
    """
    siblings.lock(uow, booking_id)
    booking = _asked(uow, booking_id, version, speaks_for)
    is_panel = seats.is_panel(uow, booking)
    if not is_panel or booking.status is not BookingStatus.ACCEPTED:
        next_status(booking.status, BookingEvent.ACCEPT)
    if booking.starts_at <= uow.now:
        raise AlreadyStartedError
    if booking.answer_by is not None and booking.answer_by <= uow.now:
        raise AnswerOverError(answer_by=booking.answer_by)
    if is_panel:
        _accept_seat(uow, booking, speaks_for)
        return booking
    _make(uow, booking)
    return booking


def conclude(uow: UnitOfWork, booking: Booking, event: BookingEvent) -> None:
    """Make the meeting of a panel if its answers do; else ask alternates, or end it."""
    with uow.beyond_scope("a panel's meeting, also for an expert who has just left it"):
        if panel_answers.conclude(uow, booking, event):
            _make(uow, booking)


def _make(uow: UnitOfWork, booking: Booking) -> None:
    booking.status = next_status(booking.status, BookingEvent.ACCEPT)
    agree(uow, booking, "booking.accepted")


def _accept_seat(uow: UnitOfWork, booking: Booking, expert_id: UUID | None) -> None:
    seat = panel_answers.accept_seat(uow, booking, expert_id)
    ensure_may_serve(uow, booking, seat.expert_id)
    if booking.status is not BookingStatus.ACCEPTED:
        conclude(uow, booking, BookingEvent.DECLINE)
        return
    with uow.beyond_scope("the planned meeting that an alternate joins"):
        session = uow.session.scalars(_session_statement(booking.id).with_for_update()).one()
        joined = attend(uow, session, seat)
        session.lead_expert_id = booking.lead_expert_id
        uow.flush()
    booking.ics_sequence += 1
    uow.audit("service_session.joined", session, joined)
    uow.audit("booking.member_joined", booking, expert=seat.expert_id)
    uow.tell("booking.member_joined", booking, expert=str(seat.expert_id))


def agree(uow: UnitOfWork, booking: Booking, action: str, **facts: object) -> None:
    """Plan the meeting of a booking that has just been accepted, and close what else was asked.

    Raises:
        RecusalError, OutOfTermError: what has come to forbid the pairing since it was asked for.
    """
    if not seats.is_panel(uow, booking):
        # In a panel each was asked when he said yes.
        ensure_may_serve(uow, booking, booking.lead_expert_id)
        _answer(uow, booking, PanelAnswer.ACCEPTED)
    offers.close(uow, booking.id)
    cancel_open(uow, booking.id)
    session = _plan_session(uow, booking)
    plan_reminders(uow, session, booking.ics_sequence)
    uow.audit(action, booking, **facts)
    uow.tell(action, booking)
    siblings.close(uow, booking)
    close_line(uow, booking.need_id)


def ensure_may_serve(uow: UnitOfWork, booking: Booking, expert_id: UUID) -> None:
    """Refuse what has come to forbid the pairing since it was asked for: a tie, an ended term."""
    ensure_no_tie(uow, booking, local_day(booking.starts_at))
    held = uow.all(select(Appointment).where(Appointment.expert_id == expert_id))
    terms = [TermOfOffice(row.starts_on, row.ends_on, row.approved_on, row.kind) for row in held]
    if not in_term(terms, local_day(booking.starts_at)):
        raise OutOfTermError


def decline(
    uow: UnitOfWork,
    booking_id: UUID,
    reason: str,
    *,
    note: str | None = None,
    version: int | None = None,
    speaks_for: UUID | None = None,
) -> Booking:
    """Decline on behalf of the mentor; the next candidate is asked where the founder agreed.

    An expert of a panel declines for himself alone, and so does the deputy of one on leave.
    """
    booking = _asked(uow, booking_id, version, speaks_for)
    ensure_reason(reason, Side.MENTOR)
    if seats.is_panel(uow, booking):
        if booking.status is not BookingStatus.ACCEPTED:
            next_status(booking.status, BookingEvent.DECLINE)
        panel_answers.refuse_seat(uow, booking, reason, note, speaks_for)
        conclude(uow, booking, BookingEvent.DECLINE)
        return booking
    booking.status = next_status(booking.status, BookingEvent.DECLINE)
    booking.end_reason, booking.end_side, booking.end_note = reason, Side.MENTOR, note
    _answer(uow, booking, PanelAnswer.DECLINED)
    give_back(uow, booking)
    offers.close(uow, booking.id)
    cancel_open(uow, booking.id)
    uow.audit("booking.declined", booking)
    pass_on(uow, booking, "booking.declined")
    return booking


def _asked(
    uow: UnitOfWork, booking_id: UUID, version: int | None, speaks_for: UUID | None
) -> Booking:
    booking = uow.load(Booking, booking_id, lock=True)
    deputy = uow.actor.expert_id
    asked = frozenset(seats.asked_ids(uow, booking))
    absent = absent_for(uow, deputy, uow.today) if deputy else frozenset()
    if speaks_for is None:
        uow.require(Permission.ANSWER_BOOKING, experts=asked)
    elif speaks_for in asked & absent:
        # Who stands in for somebody on leave answers as he would.
        uow.require(Permission.ANSWER_BOOKING)
    else:
        raise ForbiddenError(permission=Permission.ANSWER_BOOKING.value)
    ensure_version(booking, version)
    return booking


def _answer(uow: UnitOfWork, booking: Booking, answer: PanelAnswer) -> None:
    panel = uow.all(
        select(BookingExpert).where(
            BookingExpert.booking_id == booking.id,
            BookingExpert.expert_id == booking.lead_expert_id,
        )
    )
    for row in panel:
        row.answer = answer


def _plan_session(uow: UnitOfWork, booking: Booking) -> ServiceSession:
    need = uow.load(Need, booking.need_id)
    venture = uow.load(Venture, booking.venture_id) if booking.venture_id else None
    session = uow.add(
        ServiceSession(
            reference=uow.reference("service_session"),
            booking_id=booking.id,
            need_id=need.id,
            founder_person_id=booking.founder_person_id,
            lead_expert_id=booking.lead_expert_id,
            venture_id=booking.venture_id,
            session_type=booking.session_type,
            topic=booking.topic,
            mode=booking.mode,
            place=booking.place,
            channel=booking.channel,
            department=department_of(uow, booking.topic),
            area=venture.area if venture else need.area,
            street=venture.street if venture else need.street,
            industry=venture.industry if venture else need.industry,
            planned_starts_at=booking.starts_at,
            planned_ends_at=booking.ends_at,
            status=ServiceSessionStatus.PLANNED,
        )
    )
    uow.flush()
    uow.audit("service_session.planned", session, *expect(uow, session, booking))
    return session


def department_of(uow: UnitOfWork, topic: str | None) -> str:
    """Return the one department a meeting on the topic belongs to, so that columns add up."""
    attributes = uow.one(
        select(Term.attributes).where(Term.vocabulary == "need_topic", Term.code == topic)
    )
    return str(attributes["lead_dept"]) if attributes else HOME_DEPARTMENT


def session_of(uow: UnitOfWork, booking_id: UUID) -> ServiceSession | None:
    """Return the service session that an accepted booking led to."""
    return uow.one(_session_statement(booking_id))


def _session_statement(booking_id: UUID) -> Select[ServiceSession]:
    return select(ServiceSession).where(ServiceSession.booking_id == booking_id)


def plan_reminders(
    uow: UnitOfWork, session: ServiceSession, sequence: int, *, since: UUID | None = None
) -> None:
    """Plan the reminders that still lie ahead, and that the record is asked for at the end.

    Args:
        uow: the caller's transaction.
        session: the planned meeting.
        sequence: the booking's calendar sequence; each move plans reminders of its own.
        since: the suspension they come after; the earlier ones were cancelled by it.
    """
    for before in hours_before("service_session.reminded"):
        due_at = session.planned_starts_at - before
        if due_at > uow.now:
            hours = int(before.total_seconds() // 3600)
            uow.later(
                "remind_session",
                f"remind_session:{since or session.id}:{sequence}:{hours}",
                due_at,
                subject_id=session.booking_id,
                payload={"service_session_id": str(session.id), "hours": hours},
                not_after=session.planned_starts_at,
            )
    ends_at = session.planned_ends_at
    uow.later(
        "ask_record",
        f"ask_record:{since or session.id}:{sequence}",
        ends_at,
        subject_id=session.booking_id,
        payload={"service_session_id": str(session.id)},
        not_after=deadlines.duty(uow, PolicyNumber.RECORD, ends_at),
    )
