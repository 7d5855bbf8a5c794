"""Reminders of what lies ahead or is due; each asks whether it still does."""

from uuid import UUID

from sqlalchemy import select

from app.domain.action_item import SIDES_OF, ActionStatus
from app.domain.activity import ActivityStatus
from app.domain.booking import BookingStatus
from app.domain.calendar import day_ends_at
from app.domain.diagnosis import DiagnosisStatus
from app.domain.job import ClaimedJob
from app.domain.outcome import OutcomeStatus
from app.domain.service_session import NOT_HELD, ServiceSessionStatus
from app.models.action_item import ActionItem
from app.models.activity import Activity
from app.models.appeal import Appeal
from app.models.booking import Booking
from app.models.diagnosis import Diagnosis, DiagnosisReport, DiagnosisSignature
from app.models.outcome import Outcome
from app.models.progress import ProgressRound
from app.models.service_session import ServiceSession
from app.models.ticket import Ticket
from app.models.written_answer import WrittenAnswer
from app.services.messages.telling import tell
from app.services.plan.progress import waiting_departments
from app.services.service_sessions import booking_id_of
from app.unit_of_work import UnitOfWork


def remind_session(uow: UnitOfWork, job: ClaimedJob) -> None:
    """Remind both sides of a meeting that still lies ahead.

    The booking is locked: a cancellation in the same moment comes before the reminder, or finds
    its letters and skips them.
    """
    session = uow.load(ServiceSession, UUID(str(job.payload["service_session_id"])))
    booking = uow.load(Booking, booking_id_of(session), lock=True)
    planned = session.status is ServiceSessionStatus.PLANNED
    if planned and booking.status is BookingStatus.ACCEPTED and uow.now < booking.starts_at:
        _remind(uow, "service_session.reminded", session.id, job)


def ask_record(uow: UnitOfWork, job: ClaimedJob) -> None:
    """Ask the mentor for the record of a meeting that should be over and is not closed."""
    session = uow.load(ServiceSession, UUID(str(job.payload["service_session_id"])))
    booking = uow.load(Booking, booking_id_of(session), lock=True)
    if session.status in NOT_HELD and booking.status is BookingStatus.ACCEPTED:
        _remind(uow, "service_session.over", session.id, job)


def remind_activity(uow: UnitOfWork, job: ClaimedJob) -> None:
    """Remind who has a seat, and who speaks, the day before an activity that is still on."""
    activity = uow.load(Activity, UUID(str(job.subject_id)), lock=True)
    if activity.status is ActivityStatus.OPEN and uow.now < activity.starts_at:
        _remind(uow, "activity.reminded", activity.id, job)


def remind_answer(uow: UnitOfWork, job: ClaimedJob) -> None:
    """Remind who is asked of a request that still waits for his answer."""
    if job.subject_id is None:
        raise ValueError(f"{job.kind} names no booking")
    booking = uow.load(Booking, job.subject_id, lock=True)
    deadline = booking.answer_by
    if booking.status is BookingStatus.REQUESTED and deadline and deadline > uow.now:
        _remind(uow, "booking.answer_due", booking.id, job)


def remind_record(uow: UnitOfWork, job: ClaimedJob) -> None:
    """Remind the mentor of a record that is not written yet."""
    _remind_outcome(uow, job, OutcomeStatus.AWAITING_RECORD, "outcome.record_due")


def remind_confirm(uow: UnitOfWork, job: ClaimedJob) -> None:
    """Remind the founder of a record that waits for his word."""
    _remind_outcome(uow, job, OutcomeStatus.RECORDED, "outcome.confirm_due")


def remind_reading(uow: UnitOfWork, job: ClaimedJob) -> None:
    """Remind the founder, once, of a written answer on which he has not said a word."""
    row = uow.load(WrittenAnswer, UUID(str(job.subject_id)), lock=True)
    outcome = uow.one(select(Outcome).where(Outcome.service_session_id == row.service_session_id))
    # Somebody may have asked him by telephone, or the record may have been taken back.
    waits = outcome is not None and outcome.status is OutcomeStatus.RECORDED
    if waits and row.said_at is None:
        _remind(uow, "written_answer.read_due", row.id, job)


def remind_ticket(uow: UnitOfWork, job: ClaimedJob) -> None:
    """Remind the officers of a ticket that is still open: before its deadline, or once after.

    A reminder from before the deadline that comes only after it is left to the one for that.
    """
    ticket = uow.load(Ticket, UUID(str(job.subject_id)), lock=True)
    is_after = job.run_at >= ticket.due_at
    if ticket.closed_at is None and is_after == (uow.now >= ticket.due_at):
        _remind(uow, "ticket.overdue" if is_after else "ticket.due_soon", ticket.id, job)


def remind_signing(uow: UnitOfWork, job: ClaimedJob) -> None:
    """Remind the experts whose signatures a version of a report still waits for."""
    diagnosis = uow.load(Diagnosis, UUID(str(job.subject_id)), lock=True)
    number = int(str(job.payload["number"]))
    if diagnosis.status is not DiagnosisStatus.SIGNING or diagnosis.report_number != number:
        return
    report = uow.one(
        select(DiagnosisReport).where(
            DiagnosisReport.diagnosis_id == diagnosis.id, DiagnosisReport.number == number
        )
    )
    if report is None:
        raise ValueError(f"diagnosis {diagnosis.id} has no report {number}")
    signed = uow.all(
        select(DiagnosisSignature.expert_id).where(DiagnosisSignature.report_id == report.id)
    )
    waited = sorted(set(report.signers) - {str(key) for key in signed})
    _remind(uow, "diagnosis.sign_due", diagnosis.id, job, experts=waited)


def remind_presented(uow: UnitOfWork, job: ClaimedJob) -> None:
    """Remind the founder of a report that was presented and on which he has not said a word."""
    diagnosis = uow.load(Diagnosis, UUID(str(job.subject_id)), lock=True)
    if diagnosis.status is DiagnosisStatus.PRESENTED:
        _remind(uow, "diagnosis.word_due", diagnosis.id, job)


def remind_action_item(uow: UnitOfWork, job: ClaimedJob) -> None:
    """Remind whose an item is that is still open: before its last day, or once after it."""
    item = uow.load(ActionItem, UUID(str(job.subject_id)), lock=True)
    due_at = day_ends_at(item.due_on)
    is_after = job.run_at >= due_at
    if item.status is ActionStatus.OPEN and is_after == (uow.now >= due_at):
        event = "action_item.overdue" if is_after else "action_item.due_soon"
        _remind(uow, event, item.id, job, owners=list(SIDES_OF[item.side]))


def remind_appeal(uow: UnitOfWork, job: ClaimedJob) -> None:
    """Remind the officers of an appeal that is not answered: before its deadline, or once after."""
    appeal = uow.load(Appeal, UUID(str(job.subject_id)), lock=True)
    is_after = job.run_at >= appeal.answer_by
    if appeal.answered_at is None and is_after == (uow.now >= appeal.answer_by):
        _remind(uow, "appeal.overdue" if is_after else "appeal.due_soon", appeal.id, job)


def remind_progress(uow: UnitOfWork, job: ClaimedJob) -> None:
    """Remind the liaisons whose items are not handed in: before the last day, or once after it.

    A reminder from before the last day that comes only after it is left to the one for that.
    """
    asked = uow.load(ProgressRound, UUID(str(job.subject_id)), lock=True)
    is_after = job.run_at >= asked.due_at
    if waiting_departments(uow, asked.id) and is_after == (uow.now >= asked.due_at):
        event = "progress_round.overdue" if is_after else "progress_round.due_soon"
        _remind(uow, event, asked.id, job)


def _remind_outcome(uow: UnitOfWork, job: ClaimedJob, while_: OutcomeStatus, event: str) -> None:
    if job.subject_id is None:
        raise ValueError(f"{job.kind} names no outcome")
    outcome = uow.load(Outcome, job.subject_id, lock=True)
    if outcome.status is while_:
        _remind(uow, event, outcome.id, job)


def _remind(
    uow: UnitOfWork, event: str, subject_id: UUID, job: ClaimedJob, **facts: object
) -> None:
    # Several reminders of one subject differ by the minute at which they were due.
    minute = int(job.run_at.timestamp()) // 60
    tell(uow, event, subject_id, minute, facts, job=job)
