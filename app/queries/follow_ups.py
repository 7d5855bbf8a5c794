"""Follow-ups as founders answer them, and as the bureau and mentors read what was answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, func, select

from app.domain.calendar import local_day
from app.domain.errors import NotFoundError
from app.domain.follow_up import ActionState, FollowUpStatus
from app.models.expert import Expert
from app.models.follow_up import FollowUp
from app.models.outcome import Outcome, OutcomeVersion
from app.models.person import Person
from app.models.service_session import ServiceSession
from app.unit_of_work import Reader

PAGE = 50
_TOLD = (FollowUpStatus.ASKED, FollowUpStatus.ANSWERED, FollowUpStatus.UNANSWERED)
_Row = Row[FollowUp, ServiceSession, str, str, str | None]


@dataclass(frozen=True, slots=True)
class Action:
    """One action of the record, and how far it has come where that was said."""

    text: str
    state: ActionState | None


@dataclass(frozen=True, slots=True)
class FollowUpView:
    """One follow-up with the meeting it asks of.

    Attributes:
        mentor: who gave the advice.
        founder: who is asked, and his telephone for whoever may call him.
    """

    id: UUID
    status: FollowUpStatus
    days: int
    due_at: datetime
    open_until: datetime
    answered_at: datetime | None
    is_by_phone: bool
    is_running: bool | None
    jobs: int | None
    loan_yuan: int | None
    remark: str | None
    version: int
    actions: Sequence[Action]
    session_id: UUID
    reference: str
    held_on: date
    mentor: str
    founder: str
    phone: str | None


@dataclass(frozen=True, slots=True)
class FollowUpRate:
    """How many follow-ups of one step were asked and are settled, and how many were answered."""

    days: int
    asked: int
    answered: int


def follow_up(reader: Reader, follow_up_id: UUID) -> FollowUpView:
    """Return one follow-up with the actions of the record it asks of.

    Raises:
        NotFoundError: there is none, or the actor may not know of it.
    """
    row = reader.session.execute(_rows(FollowUp.id == follow_up_id)).first()
    if row is None:
        raise NotFoundError("follow_up.not_found")
    return _view(row, _actions(reader, row[0]))


def waiting(reader: Reader) -> list[FollowUpView]:
    """Return what the actor has been asked and not answered, the oldest first."""
    asked = _rows(FollowUp.status == FollowUpStatus.ASKED).order_by(FollowUp.due_at)
    return [_view(row, ()) for row in reader.session.execute(asked)]


def follow_up_list(
    reader: Reader, status: FollowUpStatus | None = None, *, limit: int = PAGE
) -> list[FollowUpView]:
    """Return follow-ups that were asked, those due longest first.

    Args:
        reader: the look.
        status: only those in this state.
        limit: how many at most.
    """
    which = FollowUp.status == status if status else FollowUp.status.in_(_TOLD)
    rows = _rows(which).order_by(FollowUp.due_at, FollowUp.id).limit(limit)
    return [_view(row, ()) for row in reader.session.execute(rows)]


def of_session(reader: Reader, session_id: UUID) -> list[FollowUpView]:
    """Return what was asked and said of one meeting, in order of time."""
    which = (ServiceSession.id == session_id) & FollowUp.status.in_(_TOLD)
    rows = reader.session.execute(_rows(which).order_by(FollowUp.days)).all()
    if not rows:
        return []
    return [_view(row, _actions(reader, row[0])) for row in rows]


def rates(reader: Reader) -> list[FollowUpRate]:
    """Return for each step how many of those asked were answered; the planned are not counted."""
    answered = func.count().filter(FollowUp.status == FollowUpStatus.ANSWERED)
    rows = reader.session.execute(
        select(FollowUp.days, func.count(), answered)
        .where(FollowUp.status.in_(_TOLD))
        .group_by(FollowUp.days)
        .order_by(FollowUp.days)
    )
    return [FollowUpRate(*row) for row in rows]


def _rows(which: ColumnElement[bool]) -> Select[FollowUp, ServiceSession, str, str, str | None]:
    return (
        select(FollowUp, ServiceSession, Expert.name, Person.name, Person.phone)
        .join(Outcome, Outcome.id == FollowUp.outcome_id)
        .join(ServiceSession, ServiceSession.id == Outcome.service_session_id)
        .join(Expert, Expert.id == ServiceSession.lead_expert_id)
        .join(Person, Person.id == ServiceSession.founder_person_id)
        .where(which)
    )


def _actions(reader: Reader, row: FollowUp) -> list[Action]:
    """Return the actions of the version that was answered, of the newest before that."""
    versions = select(OutcomeVersion).where(OutcomeVersion.outcome_id == row.outcome_id)
    if row.outcome_version is not None:
        versions = versions.where(OutcomeVersion.number == row.outcome_version)
    record = reader.session.scalars(
        versions.order_by(OutcomeVersion.number.desc()).limit(1)
    ).first()
    states = {each["place"]: ActionState(each["state"]) for each in row.actions}
    texts = [each["text"] for each in record.actions] if record else []
    return [Action(text, states.get(place)) for place, text in enumerate(texts)]


def _view(row: _Row, actions: Sequence[Action]) -> FollowUpView:
    asked, session, mentor, founder, phone = row
    return FollowUpView(
        id=asked.id,
        status=asked.status,
        days=asked.days,
        due_at=asked.due_at,
        open_until=asked.open_until,
        answered_at=asked.answered_at,
        is_by_phone=asked.is_by_phone,
        is_running=asked.is_running,
        jobs=asked.jobs,
        loan_yuan=asked.loan_yuan,
        remark=asked.remark,
        version=asked.version,
        actions=actions,
        session_id=session.id,
        reference=session.reference,
        held_on=local_day(session.actual_start or session.planned_starts_at),
        mentor=mentor,
        founder=founder,
        phone=phone,
    )
