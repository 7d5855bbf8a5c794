"""The mentor's record, in versions that are never changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select

from app.db import StaleVersionError
from app.domain import prose
from app.domain.actor import Permission
from app.domain.erasure import RecordLockedError
from app.domain.errors import FieldError, InvalidInputError, NotFoundError
from app.domain.message import steps
from app.domain.outcome import RESULTS, OutcomeEvent, next_status
from app.domain.outcome_record import NOTHING_MORE, Extras
from app.domain.policy_number import PolicyNumber
from app.models.outcome import Outcome, OutcomeVersion
from app.models.service_session import Attendance, ServiceSession
from app.models.vocabulary import Term
from app.queries.archive import archived_until
from app.services import deadlines, service_records
from app.services.bookings.versions import ensure_version
from app.services.jobs import cancel_open
from app.services.outcomes.signing import ensure_own_name, text_of
from app.unit_of_work import UnitOfWork

LONGEST_TEXT = 4000
LONGEST_ACTION = 300
MOST_ACTIONS = 10


@dataclass(frozen=True, slots=True)
class Action:
    """A step somebody takes by a day."""

    text: str
    owner: str
    due_on: date | None


@dataclass(frozen=True, slots=True)
class Record:
    """What the mentor writes down; `signed_name` is his name where he typed it to sign."""

    question: str
    advice: str
    actions: Sequence[Action]
    result: str
    reason: str | None = None
    extras: Extras = NOTHING_MORE
    signed_name: str | None = None


def of_session(uow: UnitOfWork, session_id: UUID) -> Outcome | None:
    """Return the outcome of a held session, None before it was held."""
    return uow.one(select(Outcome).where(Outcome.service_session_id == session_id))


def record(
    uow: UnitOfWork, session_id: UUID, written: Record, *, version: int | None = None
) -> Outcome:
    """Write the next version of the record; the founder has five working days to confirm it."""
    session = uow.load(ServiceSession, session_id, lock=True)
    uow.require(Permission.RECORD_OUTCOME, experts=frozenset({session.lead_expert_id}))
    return write_record(uow, session, written, version=version)


def write_record(
    uow: UnitOfWork,
    session: ServiceSession,
    written: Record,
    *,
    version: int | None = None,
    is_counted: bool = True,
) -> Outcome:
    """Keep a record on behalf of whoever was allowed to write it, and decide on the meeting.

    Raises:
        RecordLockedError: the founder had his data deleted; the record is under lock.
    """
    if archived_until(uow, session.id) is not None:
        raise RecordLockedError
    outcome = uow.load(Outcome, _outcome_id(uow, session.id), lock=True)
    ensure_version(outcome, version)
    outcome.status = next_status(outcome.status, OutcomeEvent.RECORD)
    ensure_complete(written)
    _ensure_codes(uow, written.extras)
    ensure_own_name(uow, written.signed_name)
    row = _version(uow, outcome, written)
    row.text_sha256 = text_of(uow, session.id, row)
    uow.add(row)
    outcome.recorded_at = uow.now
    outcome.confirm_by = deadlines.duty(uow, PolicyNumber.CONFIRM)
    cancel_open(uow, outcome.id)
    _plan_reminders(uow, outcome, row.number)
    uow.audit("outcome.recorded", outcome, row)
    uow.tell("outcome.recorded", session, revision=row.number)
    if row.number == 1:
        _ask_for_signatures(uow, session)
    uow.flush()
    if is_counted:
        service_records.count(uow, session.id, cause="outcome.recorded")
    return outcome


def ensure_complete(written: Record) -> None:
    """Refuse a record that leaves out what the founder and the auditor need.

    Raises:
        InvalidInputError: naming each field at fault.
    """
    errors = prose.faults("question", written.question, LONGEST_TEXT)
    errors += prose.faults("advice", written.advice, LONGEST_TEXT)
    if written.result not in RESULTS:
        errors.append(FieldError("result", "input.unknown_code"))
    if len(written.actions) > MOST_ACTIONS:
        errors.append(FieldError("actions", "outcome.too_many_actions", {"max": MOST_ACTIONS}))
    for number, action in enumerate(written.actions, start=1):
        errors += prose.faults(f"action_{number}_text", action.text, LONGEST_ACTION)
        if action.due_on is None:
            facts = {"number": number}
            errors.append(FieldError(f"action_{number}_due_on", "outcome.action_due", facts))
    errors += written.extras.faults()
    if errors:
        raise InvalidInputError(errors=errors)


def _ensure_codes(uow: UnitOfWork, extras: Extras) -> None:
    """Refuse a stage or a topic that no vocabulary has."""
    asked = [("venture_stage", extras.stage, "stage")] if extras.stage else []
    asked += [("need_topic", code, "topics") for code in extras.topics]
    for vocabulary, code, field in asked:
        known = select(Term.id).where(Term.vocabulary == vocabulary, Term.code == code)
        if uow.one(known) is None:
            raise InvalidInputError.at(field, "input.unknown_code")


def _version(uow: UnitOfWork, outcome: Outcome, written: Record) -> OutcomeVersion:
    return OutcomeVersion(
        outcome_id=outcome.id,
        number=1 + last_number(uow, outcome.id),
        question=written.question.strip(),
        advice=written.advice.strip(),
        actions=[
            {
                "text": action.text.strip(),
                "owner": action.owner.strip(),
                "due_on": action.due_on.isoformat() if action.due_on else None,
            }
            for action in written.actions
        ],
        result=written.result,
        stage=written.extras.stage,
        topics=list(written.extras.topics) or None,
        effects=written.extras.kept_effects(),
        referral=written.extras.kept_referral(),
        reason=written.reason,
        signed_name=(written.signed_name or "").strip() or None,
        author_id=uow.actor.account_id,
        created_at=uow.now,
    )


def last_number(uow: UnitOfWork, outcome_id: UUID) -> int:
    """Return the number of the newest version of the record, 0 before the first."""
    newest = select(func.max(OutcomeVersion.number)).where(OutcomeVersion.outcome_id == outcome_id)
    return uow.session.execute(newest).scalar_one() or 0


def ensure_seen(uow: UnitOfWork, outcome_id: UUID, number: int | None) -> None:
    """Refuse a word on another record than the newest, whatever else of the outcome has changed.

    Args:
        uow: the transaction.
        outcome_id: the outcome.
        number: of the version that was read; None asks for no check.

    Raises:
        StaleVersionError: with the number there is.
    """
    newest = last_number(uow, outcome_id)
    if number is not None and number != newest:
        raise StaleVersionError(version=newest)


def _outcome_id(uow: UnitOfWork, session_id: UUID) -> UUID:
    outcome = of_session(uow, session_id)
    if outcome is None:
        raise NotFoundError("outcome.not_found")
    return outcome.id


def _ask_for_signatures(uow: UnitOfWork, session: ServiceSession) -> None:
    """Tell the other experts of a panel, once, that their times count when they sign them."""
    with uow.beyond_scope("who else of the experts was there"):
        others = uow.all(
            select(Attendance.expert_id)
            .where(
                Attendance.service_session_id == session.id,
                Attendance.expert_id.is_not(None),
                Attendance.is_present,
                ~Attendance.is_lead,
                Attendance.signed_at.is_(None),
                Attendance.stood_aside_at.is_(None),
            )
            .order_by(Attendance.id)
        )
    if others:
        uow.tell("outcome.to_sign", session, revision=1, experts=[str(key) for key in others])


def _plan_reminders(uow: UnitOfWork, outcome: Outcome, number: int) -> None:
    for days in steps("outcome.confirm_due"):
        due_at = uow.calendar.answer_deadline(uow.now, days)
        key = f"remind_confirm:{outcome.id}:{number}:{days}"
        uow.later(
            "remind_confirm", key, due_at, subject_id=outcome.id, not_after=outcome.confirm_by
        )
    if outcome.confirm_by is not None:
        key = f"lapse_outcome:{outcome.id}:{number}"
        uow.later("lapse_outcome", key, outcome.confirm_by, subject_id=outcome.id)
