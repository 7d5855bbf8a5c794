"""Everything behind one figure: how it is defined, what was published, what it sums over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from app.domain.service_record import Distinct
from app.domain.service_record.slices import Addend
from app.models.audit_entry import AuditEntry, AuditSeal
from app.models.period import Period, PublishedFigure
from app.models.person import Venture
from app.queries.bureau_desk.figures import Asked, figure
from app.queries.service_counts.policies import load_policies
from app.unit_of_work import Reader


@dataclass(frozen=True, slots=True)
class Served:
    """An enterprise or team of the figure: its public code, and how many rows are its own."""

    venture_id: UUID
    name: str
    credit_code: str | None
    rows: int


@dataclass(frozen=True, slots=True)
class Published:
    """The figure as it was published when its month closed, with the seal over it."""

    measure: str
    value: int
    sha256: str
    period: Period
    rows: Sequence[str]
    head: tuple[int, str] | None


@dataclass(frozen=True, slots=True)
class FigureProof:
    """A figure, the rows that sum to it, and what else proves it.

    Attributes:
        policies: code and first day of every policy that judged one of its rows.
        published: of a single closed month without filters, what was published.
        served: of figures of ventures, each distinct one.
    """

    value: int
    rows: Sequence[Addend]
    not_counted: int
    apart: int
    policies: Sequence[tuple[str, date]]
    published: Published | None
    served: Sequence[Served]


def figure_proof(reader: Reader, asked: Asked) -> FigureProof:
    """Return what is behind the figure; at most eight statements."""
    found = figure(reader, asked)
    judged = {each.decision.policy for each in found.rows}
    known = [(row.code, row.valid_from) for row in load_policies(reader) if row.code in judged]
    return FigureProof(
        value=found.value,
        rows=found.rows,
        not_counted=found.not_counted,
        apart=found.apart,
        policies=sorted(known, key=lambda each: each[1]),
        published=_published(reader, asked),
        served=_served(reader, asked, found.rows),
    )


def _published(reader: Reader, asked: Asked) -> Published | None:
    if not asked.is_whole or len(asked.months) != 1:
        return None
    row = reader.session.execute(
        select(PublishedFigure, Period, AuditSeal.number, AuditSeal.digest)
        .join(Period, Period.id == PublishedFigure.period_id)
        .outerjoin(
            AuditEntry,
            (AuditEntry.entity_id == PublishedFigure.id)
            & (AuditEntry.entity == PublishedFigure.__tablename__),
        )
        .outerjoin(AuditSeal, AuditEntry.seq.between(AuditSeal.first_seq, AuditSeal.last_seq))
        .where(
            Period.month == str(asked.months[0]),
            PublishedFigure.measure == asked.measure,
        )
    ).first()
    if row is None:
        return None
    head = (row.number, row.digest) if row.number is not None else None
    kept: PublishedFigure = row.PublishedFigure
    return Published(kept.measure, kept.value, kept.sha256, row.Period, kept.rows, head)


def _served(reader: Reader, asked: Asked, rows: Sequence[Addend]) -> Sequence[Served]:
    if asked.measure not in (Distinct.ENTERPRISES, Distinct.TEAMS):
        return ()
    counts: dict[UUID, int] = {}
    for each in rows:
        if each.decision.venture is not None:
            key = UUID(each.decision.venture.venture_id)
            counts[key] = counts.get(key, 0) + 1
    found = reader.session.execute(
        select(Venture.id, Venture.name, Venture.credit_code)
        .where(Venture.id.in_(counts))
        .order_by(Venture.name, Venture.id)
    )
    return [Served(row.id, row.name, row.credit_code, counts[row.id]) for row in found]
