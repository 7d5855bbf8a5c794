"""The verbs of a dismissal: proposed by one, heard by the mentor, decided by another."""

from uuid import UUID

from sqlalchemy import ColumnElement, select

from app.domain import prose
from app.domain.actor import Permission
from app.domain.checking import ensure_another
from app.domain.dismissal import (
    LONGEST_STATEMENT,
    LONGEST_WORDS,
    OPEN,
    DismissalOpenError,
    DismissalStatus,
    Ground,
    SameOfficerError,
    ensure_ground,
    ensure_may_decide,
    ensure_may_hear,
)
from app.domain.expert import NotAppointedError
from app.domain.task import TaskKind
from app.models.dismissal import Dismissal
from app.models.expert import Appointment, Expert
from app.queries.appraisals import marks_of
from app.queries.duty import Standing, present_policy
from app.queries.duty.standing import standings
from app.services import experts, tasks
from app.services.bookings.versions import ensure_version
from app.unit_of_work import UnitOfWork


def propose(uow: UnitOfWork, expert_id: UUID, ground: Ground, statement: str) -> Dismissal:
    """Propose to dismiss an expert; he is told and may answer, nothing else happens yet.

    Raises:
        NotAppointedError: no term of his holds today.
        DismissalOpenError: one waits for its decision already.
        InvalidInputError: at field `ground` or `statement`.
    """
    expert = uow.load(Expert, expert_id, lock=True)
    uow.require(Permission.PROPOSE_DISMISSAL)
    terms = uow.all(select(Appointment).where(Appointment.expert_id == expert.id))
    term = next((each for each in terms if each.starts_on <= uow.today <= each.ends_on), None)
    if term is None:
        raise NotAppointedError
    if uow.all(select(Dismissal.id).where(_of(expert.id), Dismissal.status.in_(OPEN))):
        raise DismissalOpenError
    own = standings(uow, {expert.id: terms}, uow.today.year, [expert.id])[expert.id]
    row = uow.add(
        Dismissal(
            expert_id=expert.id,
            ground=ensure_ground(ground),
            statement=prose.ensure("statement", statement, LONGEST_STATEMENT),
            evidence=_evidence(own) | _marks(uow, expert.id),
            status=DismissalStatus.PROPOSED,
            proposed_by_id=uow.actor.account_id,
            proposed_at=uow.now,
            hear_by=uow.calendar.duty_deadline(uow.now, present_policy(uow).hearing_days),
        )
    )
    uow.audit("dismissal.proposed", row)
    uow.tell("appointment.hearing", term, revision=_number(uow, expert.id))
    return row


def hear(
    uow: UnitOfWork, dismissal_id: UUID, words: str, *, version: int | None = None
) -> Dismissal:
    """Keep what the mentor says to it, once; the approver reads it before he decides.

    Raises:
        AlreadyHeardError, DismissalClosedError: it is too late.
        InvalidInputError: at field `words`.
    """
    row = uow.load(Dismissal, dismissal_id, lock=True)
    uow.require(Permission.READ_OWN_DUTY, experts=frozenset({row.expert_id}))
    ensure_may_hear(row.status)
    ensure_version(row, version)
    row.words = prose.ensure("words", words, LONGEST_WORDS)
    row.heard_at, row.status = uow.now, DismissalStatus.HEARD
    uow.audit("dismissal.heard", row)
    return row


def approve(
    uow: UnitOfWork, dismissal_id: UUID, document: str, *, version: int | None = None
) -> Dismissal:
    """Dismiss the expert by a document; bookings to come are held back in the same transaction.

    What was counted stays.

    Raises:
        SameOfficerError: who proposed it cannot decide.
        HearingOpenError: the mentor was not heard yet and still may be.
        DismissalClosedError: it has been decided.
        InvalidInputError: at field `document`.
    """
    row = _decided(uow, dismissal_id, DismissalStatus.APPROVED, version)
    expert = experts.load_for_term(uow, row.expert_id, None)
    experts.leave_pool(uow, expert, document, experts.Leaving.DISMISSED)
    row.document = document.strip()
    tasks.settle(uow, TaskKind.DISMISSAL_REVIEW, row.expert_id)
    uow.audit("dismissal.approved", row)
    _tell(uow, row, "appointment.dismissed")
    return row


def refuse(uow: UnitOfWork, dismissal_id: UUID, *, version: int | None = None) -> Dismissal:
    """Leave the expert in the pool; the proposal stays in the file, and he is told.

    Raises:
        SameOfficerError, HearingOpenError, DismissalClosedError: as `approve`.
    """
    row = _decided(uow, dismissal_id, DismissalStatus.REFUSED, version)
    uow.audit("dismissal.refused", row)
    _tell(uow, row, "appointment.kept")
    return row


def _decided(
    uow: UnitOfWork, dismissal_id: UUID, status: DismissalStatus, version: int | None
) -> Dismissal:
    row = uow.load(Dismissal, dismissal_id, lock=True)
    uow.require(Permission.APPOINT_EXPERT)
    ensure_version(row, version)
    ensure_may_decide(row.status, row.hear_by, uow.now)
    ensure_another(row.proposed_by_id, uow.actor.account_id, SameOfficerError)
    row.status, row.decided_at = status, uow.now
    row.decided_by_id = uow.actor.account_id
    return row


def _tell(uow: UnitOfWork, row: Dismissal, event: str) -> None:
    term = uow.all(
        select(Appointment)
        .where(Appointment.expert_id == row.expert_id, Appointment.starts_on <= uow.today)
        .order_by(Appointment.ends_on.desc())
        .limit(1)
    )
    for each in term:
        uow.tell(event, each, revision=_number(uow, row.expert_id))


def _number(uow: UnitOfWork, expert_id: UUID) -> int:
    """Return how many dismissals of the expert were proposed so far."""
    uow.flush()
    return len(uow.all(select(Dismissal.id).where(_of(expert_id))))


def _of(expert_id: UUID) -> ColumnElement[bool]:
    return Dismissal.expert_id == expert_id


def _evidence(own: Standing) -> dict[str, object]:
    """Return the figures of the day of the proposal; later ones cannot stand in for them."""
    return {
        "policy": own.policy.code,
        "services": own.year.done,
        "services_owed": own.year.owed,
        "minutes": own.term.done if own.term else 0,
        "minutes_owed": own.policy.term_minutes,
        "absences": [each.reference for each in own.missed],
    }


def _marks(uow: UnitOfWork, expert_id: UUID) -> dict[str, object]:
    """Return the appraisals of that day: how many, their average, and what would pass."""
    marks = marks_of(uow, [expert_id])[expert_id]
    return {
        "appraisals": len(marks.scores),
        "appraisal_average": marks.average,
        "appraisal_passing": marks.policy.passing,
    }
