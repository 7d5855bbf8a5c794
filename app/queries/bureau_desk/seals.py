"""How far the trail is sealed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from app.models.audit_entry import AuditEntry, AuditSeal
from app.unit_of_work import Reader

NEWEST = 5


@dataclass(frozen=True, slots=True)
class SealRow:
    """One seal: which entries it covers, when it was made, its digest."""

    number: int
    first_seq: int
    last_seq: int
    digest: str
    sealed_at: datetime


@dataclass(frozen=True, slots=True)
class Seals:
    """The newest seals, and how many entries no seal covers yet."""

    newest: Sequence[SealRow]
    unsealed: int


def seals(reader: Reader) -> Seals:
    """Return the newest seals; two statements."""
    rows = reader.session.scalars(select(AuditSeal).order_by(AuditSeal.number.desc()).limit(NEWEST))
    newest = [SealRow(r.number, r.first_seq, r.last_seq, r.digest, r.sealed_at) for r in rows]
    unsealed = select(func.count(AuditEntry.id)).where(AuditEntry.seq.is_(None))
    return Seals(newest, reader.session.scalar(unsealed) or 0)
