"""What an event is about: the two sides, the time and place, the pages it leads to."""

from collections.abc import Callable, Mapping
from uuid import UUID

from sqlalchemy import select

from app.domain.calendar import day_ends_at
from app.domain.errors import NotFoundError
from app.domain.outcome import OutcomeStatus
from app.models.account import Account
from app.models.action_item import ActionItem
from app.models.activity import Activity, Registration
from app.models.appeal import Appeal
from app.models.audit_entry import AuditSeal
from app.models.base import Base
from app.models.batch import Batch, BatchPair
from app.models.board_post import BoardClaim, BoardPost
from app.models.booking import Booking
from app.models.diagnosis import Diagnosis
from app.models.expert import Appointment, Expert
from app.models.follow_up import FollowUp
from app.models.need import Need
from app.models.outcome import Dispute, Outcome
from app.models.period import Period
from app.models.person import Person
from app.models.progress import ProgressEntry, ProgressRound
from app.models.report_file import ReportFile
from app.models.service_record import Correction
from app.models.service_session import ServiceSession
from app.models.stand_down import StandDown
from app.models.ticket import Ticket
from app.models.waiting_list import WaitingEntry
from app.models.waiver import Waiver
from app.models.written_answer import WrittenAnswer
from app.queries.board_posts import interested
from app.services.messages.concern import Concern, span, text
from app.services.messages.of_accounts import of_account
from app.services.messages.of_activities import of_activity, of_place_in_line, of_registration
from app.services.messages.of_appeals import of_appeal
from app.services.messages.of_batches import of_batch
from app.services.messages.of_experts import of_appointment, of_stand_down
from app.services.messages.of_mornings import DIGEST, of_morning
from app.services.messages.of_outcomes import late_days, newest_dispute
from app.services.messages.of_progress import of_entry, of_round
from app.services.messages.of_report_files import of_report_file
from app.services.messages.of_seals import of_seal
from app.services.messages.of_tickets import of_ticket
from app.services.messages.of_waivers import of_waiver
from app.services.messages.panel import companions_of, panel_of, persons_of
from app.unit_of_work import UnitOfWork

# What a use case tells of an event because the row may have moved on when people are told.
_GIVEN = frozenset({"cause", "deadline", "done", "least"})


def concern_of(
    uow: UnitOfWork, event: str, subject_id: UUID, given: Mapping[str, object]
) -> Concern:
    """Return what the event is about.

    Args:
        uow: the transaction.
        event: its name; what comes before the dot names the kind of subject.
        subject_id: the row told of. Events of outcomes and disputes may name the session instead.
        given: further facts of the event.

    Raises:
        NotFoundError: when there is no such row.
    """
    noun = event.partition(".")[0]
    if noun == DIGEST:
        return of_morning(uow)
    for model, describe in _SUBJECTS[noun]:
        row = uow.session.get(model, subject_id)
        if row is not None:
            concern = describe(uow, row)
            concern.facts |= {name: str(given[name]) for name in _GIVEN & given.keys()}
            _add_successor(uow, concern, given.get("next"))
            _add_expert(uow, concern, given.get("expert"))
            concern.panel = persons_of(uow, given.get("experts")) or concern.panel
            _add_told(concern, given)
            return concern
    raise NotFoundError("message.subject_not_found", event=event)


def _of_need(uow: UnitOfWork, need: Need) -> Concern:
    return Concern(
        facts={"reference": need.reference, "deadline": text(need.bureau_due_at)},
        status=need.status.value,
        founder_person_id=need.person_id,
        pages={"need_id": str(need.id)},
    )


def _of_post(uow: UnitOfWork, post: BoardPost) -> Concern:
    concern = _of_need(uow, uow.load(Need, post.need_id))
    concern.status = post.status.value
    concern.facts["deadline"] = text(post.expires_at)
    concern.pages["post_id"] = str(post.id)
    concern.mentors = interested(uow, post.topics)
    return concern


def _of_written_answer(uow: UnitOfWork, row: WrittenAnswer) -> Concern:
    concern = _of_need(uow, uow.load(Need, row.need_id))
    concern.status = row.status.value
    concern.facts["deadline"] = text(row.due_at)
    concern.pages["answer_id"] = str(row.id)
    _add_expert(uow, concern, row.expert_id)
    return concern


def _of_claim(uow: UnitOfWork, claim: BoardClaim) -> Concern:
    concern = _of_post(uow, uow.load(BoardPost, claim.board_post_id))
    expert = uow.load(Expert, claim.expert_id)
    concern.status = claim.status.value
    concern.facts["mentor"] = expert.name
    concern.mentor_person_id = expert.person_id
    return concern


def _of_booking(uow: UnitOfWork, booking: Booking) -> Concern:
    concern = _meeting(uow, booking.founder_person_id, booking.lead_expert_id, booking)
    _add_panel(uow, concern, booking.id)
    concern.status = booking.status.value
    concern.facts |= span(booking.starts_at, booking.ends_at)
    concern.facts["deadline"] = text(booking.answer_by)
    concern.pages |= {"booking_id": str(booking.id), "need_id": str(booking.need_id)}
    session_id, concern.companions = companions_of(uow, booking.id)
    concern.pages["session_id"] = str(session_id)
    return concern


def _of_session(uow: UnitOfWork, session: ServiceSession) -> Concern:
    concern = _meeting(uow, session.founder_person_id, session.lead_expert_id, session)
    if session.booking_id is not None:
        _add_panel(uow, concern, session.booking_id)
    concern.status = session.status.value
    concern.facts |= span(
        session.actual_start or session.planned_starts_at,
        session.actual_end or session.planned_ends_at,
    )
    concern.facts["deadline"] = text(session.contest_by)
    concern.pages |= {
        "session_id": str(session.id),
        "booking_id": str(session.booking_id),
        "need_id": str(session.need_id),
    }
    return concern


def _of_outcome(uow: UnitOfWork, outcome: Outcome) -> Concern:
    concern = _of_session(uow, uow.load(ServiceSession, outcome.service_session_id))
    concern.status = outcome.status.value
    dispute = newest_dispute(uow, outcome.service_session_id)
    disputed = dispute is not None and outcome.status.value in ("disputed", "ruled")
    due = dispute.rule_by if dispute and disputed else outcome.confirm_by or outcome.record_by
    concern.facts["deadline"] = text(due)
    if outcome.status is OutcomeStatus.UNCONFIRMED:
        concern.facts["late_days"] = late_days(uow, outcome)
    return concern


def _of_outcome_session(uow: UnitOfWork, session: ServiceSession) -> Concern:
    outcome = uow.one(select(Outcome).where(Outcome.service_session_id == session.id))
    if outcome is not None:
        return _of_outcome(uow, outcome)
    concern = _of_session(uow, session)
    dispute = newest_dispute(uow, session.id)
    if dispute is not None:
        concern.facts["deadline"] = text(dispute.rule_by)
    return concern


def _of_dispute(uow: UnitOfWork, dispute: Dispute) -> Concern:
    concern = _of_session(uow, uow.load(ServiceSession, dispute.service_session_id))
    concern.facts["deadline"] = text(dispute.rule_by)
    return concern


def _of_follow_up(uow: UnitOfWork, row: FollowUp) -> Concern:
    concern = _of_outcome(uow, uow.load(Outcome, row.outcome_id))
    concern.status = row.status.value
    concern.facts["deadline"] = text(row.open_until)
    concern.pages["follow_up_id"] = str(row.id)
    return concern


def _of_diagnosis(uow: UnitOfWork, row: Diagnosis) -> Concern:
    concern = _of_session(uow, uow.load(ServiceSession, row.service_session_id))
    concern.status = row.status.value
    return concern


def _of_action_item(uow: UnitOfWork, row: ActionItem) -> Concern:
    concern = _of_session(uow, uow.load(ServiceSession, row.service_session_id))
    concern.status = row.status.value
    concern.facts["deadline"] = text(day_ends_at(row.due_on))
    return concern


def _of_correction(uow: UnitOfWork, correction: Correction) -> Concern:
    return _of_session(uow, uow.load(ServiceSession, correction.service_session_id))


def _of_period(_uow: UnitOfWork, period: Period) -> Concern:
    return Concern(facts={"month": period.month}, status="closed", pages={"month": period.month})


def _meeting(
    uow: UnitOfWork, person_id: UUID | None, expert_id: UUID, row: Booking | ServiceSession
) -> Concern:
    expert = uow.load(Expert, expert_id)
    return Concern(
        facts={
            "founder": uow.load(Person, person_id).name if person_id else None,
            "mentor": expert.name,
            "mode": row.mode.value,
            "place": row.place or None,
            "reference": row.reference,
        },
        status="",
        founder_person_id=person_id,
        mentor_person_id=expert.person_id,
        pages={"reference": row.reference},
    )


def _of_pair(uow: UnitOfWork, pair: BatchPair) -> Concern:
    concern = _of_need(uow, uow.load(Need, pair.need_id))
    concern.status = pair.state.value
    concern.facts["month"] = uow.load(Batch, pair.batch_id).month
    _add_expert(uow, concern, pair.expert_id)
    return concern


def _add_expert(uow: UnitOfWork, concern: Concern, key: object) -> None:
    if key is None:
        return
    expert = uow.load(Expert, UUID(str(key)))
    concern.facts["mentor"], concern.mentor_person_id = expert.name, expert.person_id


def _add_panel(uow: UnitOfWork, concern: Concern, booking_id: UUID) -> None:
    panel = panel_of(uow, booking_id)
    if panel:
        concern.facts["mentor"] = "、".join(name for _, name in panel)
        concern.panel = tuple(person_id for person_id, _ in panel)


def _add_successor(uow: UnitOfWork, concern: Concern, key: object) -> None:
    if key is None:
        return
    successor = uow.load(Booking, UUID(str(key)))
    concern.facts["successor"] = uow.load(Expert, successor.lead_expert_id).name
    concern.facts["deadline"] = text(successor.answer_by)
    concern.pages["booking_id"] = str(successor.id)


def _add_told(concern: Concern, given: Mapping[str, object]) -> None:
    # What the use case knew when it told: by now the row may say something else.
    for name in ("times", "deadline"):
        if name in given:
            concern.facts[name] = str(given[name])


_SESSION = (ServiceSession, _of_session)
_SUBJECTS: Mapping[str, tuple[tuple[type[Base], Callable[..., Concern]], ...]] = {
    "need": ((Need, _of_need),),
    "board_post": ((BoardPost, _of_post),),
    "board_claim": ((BoardClaim, _of_claim),),
    "written_answer": ((WrittenAnswer, _of_written_answer),),
    "booking": ((Booking, _of_booking),),
    "service_session": (_SESSION,),
    "outcome": ((Outcome, _of_outcome), (ServiceSession, _of_outcome_session)),
    "follow_up": ((FollowUp, _of_follow_up),),
    "diagnosis": ((Diagnosis, _of_diagnosis),),
    "action_item": ((ActionItem, _of_action_item),),
    "ticket": ((Ticket, of_ticket),),
    "appeal": ((Appeal, of_appeal),),
    "progress_round": ((ProgressRound, of_round),),
    "progress_entry": ((ProgressEntry, of_entry),),
    "dispute": ((Dispute, _of_dispute), _SESSION),
    "correction": ((Correction, _of_correction),),
    "period": ((Period, _of_period),),
    "report_file": ((ReportFile, of_report_file),),
    "audit_seal": ((AuditSeal, of_seal),),
    "account": ((Account, of_account),),
    "appointment": ((Appointment, of_appointment),),
    "stand_down": ((StandDown, of_stand_down),),
    "waiver": ((Waiver, of_waiver),),
    "activity": ((Activity, of_activity),),
    "registration": ((Registration, of_registration),),
    "waiting_entry": ((WaitingEntry, of_place_in_line),),
    "batch": ((Batch, of_batch),),
    "batch_pair": ((BatchPair, _of_pair),),
}
