"""The bureau's pages of appraisals: what waits, who may become senior, one meeting's marks."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app.domain.actor import Permission, may
from app.domain.appraisal import SENIOR, AppraisalPolicy, Marks
from app.domain.calendar import local_day
from app.domain.errors import NotFoundError
from app.domain.honour import HonourStatus
from app.models.expert import Expert
from app.models.honour import Honour
from app.models.service_session import ServiceSession
from app.queries.appraisals import (
    AppraisalView,
    WaitingAppraisals,
    appraisals_at,
    appraised_experts,
    marks_of,
    policy_of,
    waiting_appraisals,
)
from app.unit_of_work import Reader

_STANDING = (HonourStatus.ENTERED, HonourStatus.CONFIRMED)


@dataclass(frozen=True, slots=True)
class MarkedExpert:
    """An expert with his marks."""

    id: UUID
    name: str
    marks: Marks


@dataclass(frozen=True, slots=True)
class AppraisalDesk:
    """What waits for a mark, and what the marks given ask for.

    Attributes:
        seniors: whose marks propose him as senior, and who is not yet.
        low: whose average is below the pass mark.
    """

    policy: AppraisalPolicy
    waiting: WaitingAppraisals
    seniors: tuple[MarkedExpert, ...]
    low: tuple[MarkedExpert, ...]
    may_appraise: bool
    may_propose: bool


@dataclass(frozen=True, slots=True)
class MeetingAppraisals:
    """The marks given for one meeting, beside everybody who may be given one."""

    session_id: UUID
    reference: str
    session_type: str
    held_at: datetime
    experts: Mapping[UUID, str]
    given: Mapping[UUID, AppraisalView]
    policy: AppraisalPolicy
    may_appraise: bool


def appraisal_desk(reader: Reader) -> AppraisalDesk:
    """Return what the desk of appraisals shows; twelve statements."""
    marked = marks_of(reader)
    wanted = {key: marks for key, marks in marked.items() if marks.is_senior or marks.is_low}
    names = {
        key: name
        for key, name in reader.session.execute(
            select(Expert.id, Expert.name).where(Expert.id.in_(wanted))
        )
    }
    seniors = _seniors(reader)
    rows = sorted(
        (MarkedExpert(key, names[key], marks) for key, marks in wanted.items()),
        key=lambda row: row.name,
    )
    return AppraisalDesk(
        policy=policy_of(reader, local_day(reader.now)),
        waiting=waiting_appraisals(reader),
        seniors=tuple(row for row in rows if row.marks.is_senior and row.id not in seniors),
        low=tuple(row for row in rows if row.marks.is_low),
        may_appraise=may(reader.actor, Permission.APPRAISE),
        may_propose=may(reader.actor, Permission.ENTER_HONOUR),
    )


def appraisals_at_meeting(reader: Reader, session_id: UUID) -> MeetingAppraisals:
    """Return the marks of one meeting.

    Raises:
        NotFoundError: there is no such meeting in the actor's sight, or it was not held.
    """
    session = reader.session.get(ServiceSession, session_id)
    experts = appraised_experts(reader, session_id)
    if session is None or session.actual_start is None or not experts:
        raise NotFoundError("service_session.not_found")
    return MeetingAppraisals(
        session_id=session.id,
        reference=session.reference,
        session_type=session.session_type,
        held_at=session.actual_start,
        experts=experts,
        given=appraisals_at(reader, session_id),
        policy=policy_of(reader, local_day(session.actual_start)),
        may_appraise=may(reader.actor, Permission.APPRAISE),
    )


def _seniors(reader: Reader) -> frozenset[UUID]:
    """Return who is senior, or is entered as one and waits for the second person."""
    today = local_day(reader.now)
    rows = reader.session.execute(
        select(Honour.expert_id, Honour.valid_until).where(
            Honour.kind == SENIOR, Honour.status.in_(_STANDING)
        )
    )
    return frozenset(key for key, until in rows if until is None or until >= today)
