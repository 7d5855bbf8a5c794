"""Corrections that wait for another officer, and those that were checked."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import case, select

from app.domain.actor import Permission, may
from app.domain.correction import from_stored
from app.domain.service_record import ActualTimes, CorrectionOp
from app.models.expert import Expert
from app.models.person import Person
from app.models.service_record import Correction, CorrectionStatus
from app.models.service_session import ServiceSession
from app.unit_of_work import Reader

PAGE = 50


@dataclass(frozen=True, slots=True)
class Review:
    """A correction with the meeting it is about.

    Attributes:
        value: the topic, the times, or the name of the person struck.
        is_own: the reader proposed it, so that another has to check it.
    """

    id: UUID
    version: int
    session_id: UUID
    reference: str
    founder: str | None
    expert: str
    operation: CorrectionOp
    value: str | ActualTimes | None
    reason: str
    status: CorrectionStatus
    made_at: datetime
    checked_at: datetime | None
    is_own: bool


@dataclass(frozen=True, slots=True)
class Reviews:
    """What waits first, then the newest checked; `may_check` tells whether the reader decides."""

    items: tuple[Review, ...]
    may_check: bool

    @property
    def open(self) -> int:
        """How many wait."""
        return sum(item.status is CorrectionStatus.PROPOSED for item in self.items)


def reviews(reader: Reader) -> Reviews:
    """Return the corrections to check and the fifty newest; two statements."""
    waits = Correction.status == CorrectionStatus.PROPOSED
    rows = reader.session.execute(
        select(
            Correction, ServiceSession, Expert.name.label("expert"), Person.name.label("founder")
        )
        .join(ServiceSession, ServiceSession.id == Correction.service_session_id)
        .join(Expert, Expert.id == ServiceSession.lead_expert_id)
        .outerjoin(Person, Person.id == ServiceSession.founder_person_id)
        .order_by(case((waits, 0), else_=1), Correction.made_at.desc(), Correction.id)
        .limit(PAGE)
    ).all()
    struck = _names(reader, [row.Correction for row in rows])
    items = tuple(_review(reader, row, struck) for row in rows)
    return Reviews(items, may(reader.actor, Permission.CHECK_CORRECTION))


def _names(reader: Reader, corrections: Collection[Correction]) -> Mapping[str, str]:
    keys = [
        UUID(each.value) for each in corrections if each.operation == CorrectionOp.REMOVE_ATTENDEE
    ]
    rows = reader.session.execute(select(Person.id, Person.name).where(Person.id.in_(keys)))
    return {str(key): name for key, name in rows}


def _review(reader: Reader, row: Any, struck: Mapping[str, str]) -> Review:
    correction: Correction = row.Correction
    operation = CorrectionOp(correction.operation)
    value = from_stored(operation, correction.value)
    if operation is CorrectionOp.REMOVE_ATTENDEE:
        value = struck.get(str(value))
    return Review(
        id=correction.id,
        version=correction.version,
        session_id=row.ServiceSession.id,
        reference=row.ServiceSession.reference,
        founder=row.founder,
        expert=row.expert,
        operation=operation,
        value=value,
        reason=correction.reason,
        status=correction.status,
        made_at=correction.made_at,
        checked_at=correction.checked_at,
        is_own=correction.made_by_id == reader.actor.account_id,
    )
