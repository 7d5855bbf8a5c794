"""How far the trail is sealed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from app.domain.calendar import Month
from app.models.audit_entry import AuditEntry, AuditSeal
from app.models.period import Period
from app.unit_of_work import Reader

NEWEST = 5


@dataclass(frozen=True, slots=True)
class SealRow:
    """One seal: which entries it covers, when it was made, its digest, who signed it."""

    number: int
    first_seq: int
    last_seq: int
    digest: str
    sealed_at: datetime
    key_id: str | None


@dataclass(frozen=True, slots=True)
class Seals:
    """The newest seals, and how many entries no seal covers yet."""

    newest: Sequence[SealRow]
    unsealed: int


def seals(reader: Reader) -> Seals:
    """Return the newest seals; two statements."""
    rows = reader.session.scalars(select(AuditSeal).order_by(AuditSeal.number.desc()).limit(NEWEST))
    newest = [_row(seal) for seal in rows]
    unsealed = select(func.count(AuditEntry.id)).where(AuditEntry.seq.is_(None))
    return Seals(newest, reader.session.scalar(unsealed) or 0)


def newest_head(reader: Reader) -> tuple[int, str] | None:
    """Return number and digest of the newest seal, None before the first."""
    statement = select(AuditSeal.number, AuditSeal.digest).order_by(AuditSeal.number.desc())
    found = reader.session.execute(statement.limit(1)).first()
    return (found.number, found.digest) if found else None


def seal_of_month(reader: Reader, month: Month) -> SealRow | None:
    """Return the seal over the closing of the month, None while it is open or not sealed yet.

    What was closed can be proved by it: the seal covers everything that was written before.
    """
    covers = AuditEntry.seq.between(AuditSeal.first_seq, AuditSeal.last_seq)
    seal = reader.session.scalars(
        select(AuditSeal)
        .join(AuditEntry, covers)
        .join(Period, Period.id == AuditEntry.entity_id)
        .where(Period.month == str(month), AuditEntry.action == "period.closed")
        .order_by(AuditSeal.number)
        .limit(1)
    ).first()
    return _row(seal) if seal else None


def _row(seal: AuditSeal) -> SealRow:
    numbers = (seal.number, seal.first_seq, seal.last_seq)
    return SealRow(*numbers, seal.digest, seal.sealed_at, seal.key_id)
