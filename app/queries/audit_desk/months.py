"""Closed months with what was published, and the seal that proves it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app.domain.calendar import Month
from app.models.audit_entry import AuditEntry, AuditSeal
from app.models.period import Period, PublishedFigure
from app.unit_of_work import Reader

SHOWN = ("sessions", "person_times", "distinct_persons", "session_minutes", "enterprises")


@dataclass(frozen=True, slots=True)
class ClosedLine:
    """A closed month: its figures as published, and number and digest of the seal over them.

    Attributes:
        head: None in the second before the closing is sealed.
    """

    month: Month
    closed_at: datetime
    policy: str
    figures: Mapping[str, int]
    head: tuple[int, str] | None


def closed_lines(reader: Reader) -> Sequence[ClosedLine]:
    """Return the closed months, the newest first; three statements."""
    periods = reader.session.scalars(select(Period).order_by(Period.month.desc())).all()
    figures: dict[UUID, dict[str, int]] = {period.id: {} for period in periods}
    for row in reader.session.execute(
        select(PublishedFigure.period_id, PublishedFigure.measure, PublishedFigure.value).where(
            PublishedFigure.measure.in_(SHOWN)
        )
    ):
        figures[row.period_id][row.measure] = row.value
    heads = _heads(reader)
    return [
        ClosedLine(
            month=Month.parse(period.month),
            closed_at=period.closed_at,
            policy=period.policy_code,
            figures=figures[period.id],
            head=heads.get(period.id),
        )
        for period in periods
    ]


def _heads(reader: Reader) -> dict[UUID, tuple[int, str]]:
    covers = AuditEntry.seq.between(AuditSeal.first_seq, AuditSeal.last_seq)
    rows = reader.session.execute(
        select(AuditEntry.entity_id, AuditSeal.number, AuditSeal.digest)
        .join(AuditSeal, covers)
        .where(AuditEntry.action == "period.closed")
    )
    return {row.entity_id: (row.number, row.digest) for row in rows}
