"""What a sample is drawn from: a published head, and every record it covers."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, select

from app.domain.calendar import Month
from app.domain.sample import Basis, Drawable
from app.models.audit_entry import AuditEntry, AuditSeal
from app.models.message import Message
from app.models.period import Period
from app.models.service_record import ServiceRecord
from app.queries.free_times import Look
from app.unit_of_work import Reader, UnitOfWork

TOLD = "audit_seal.published"


@dataclass(frozen=True, slots=True)
class Head:
    """A seal that was told to those who audit."""

    number: int
    digest: str
    last_seq: int


@dataclass(frozen=True, slots=True)
class Lot:
    """Every record of some closed months as a published head covers them."""

    head: Head
    records: Sequence[Drawable]


def told_heads(look: Reader | UnitOfWork, last: Month) -> list[Head]:
    """Return the heads told to those who audit that cover the closing of a month, oldest first."""
    with look.beyond_scope("which heads were told to anybody, and what they cover"):
        closed_at = look.session.scalar(
            select(AuditEntry.seq)
            .join(Period, Period.id == AuditEntry.entity_id)
            .where(Period.month == str(last), AuditEntry.action == "period.closed")
        )
        if closed_at is None:
            return []
        rows = look.session.execute(
            select(AuditSeal.number, AuditSeal.digest, AuditSeal.last_seq)
            .join(Message, Message.subject_id == AuditSeal.id)
            .where(Message.event == TOLD, AuditSeal.last_seq >= closed_at)
            .distinct()
            .order_by(AuditSeal.number)
        )
        return [Head(*row) for row in rows]


def find_lot(look: Reader | UnitOfWork, first: Month, last: Month, basis: Basis) -> Lot | None:
    """Return what may be drawn from now, None while no head that covers it was told."""
    heads = told_heads(look, last)
    if not heads:
        return None
    head = heads[0] if basis is Basis.FIRST else heads[-1]
    return Lot(head, records_under(look, first, last, head.last_seq))


def records_under(look: Look, first: Month, last: Month, last_seq: int) -> list[Drawable]:
    """Return every record of the months, counted or not, as entries up to a number tell it.

    A record belongs to the month of the newest decision on it that the entries hold; what was
    decided later is another matter.
    """
    in_range = ServiceRecord.month.between(str(first), str(last))
    touched = select(ServiceRecord.service_session_id).where(in_range)
    told = and_(
        AuditEntry.entity == ServiceRecord.__tablename__,
        AuditEntry.entity_id == ServiceRecord.id,
        AuditEntry.seq <= last_seq,
    )
    rows = look.session.execute(
        select(ServiceRecord.service_session_id, ServiceRecord.month, ServiceRecord.session_type)
        .join(AuditEntry, told)
        .where(ServiceRecord.service_session_id.in_(touched))
        .order_by(ServiceRecord.number)
    )
    newest: dict[UUID, tuple[str, str]] = {key: (month, kind) for key, month, kind in rows}
    return [
        Drawable(str(key), kind)
        for key, (month, kind) in newest.items()
        if str(first) <= month <= str(last)
    ]
