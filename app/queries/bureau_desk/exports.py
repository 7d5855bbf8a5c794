"""The rows behind a figure as a file holds them: all at once, counted and not, with the reason."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from app.domain.service_record import Decision
from app.models.expert import Expert
from app.models.person import Person, Venture
from app.models.service_session import ServiceSession
from app.queries.bureau_desk.figures import Asked, chosen_decisions, figure
from app.queries.bureau_desk.seals import newest_head
from app.queries.bureau_desk.served_ventures import ventures_counted
from app.unit_of_work import Reader

AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class ExportRow:
    """One record: the decision on it, who met whom, and what it adds to the figure.

    Attributes:
        amount: its part of the figure; 0 where it does not count.
        founder: None when the reader may not know.
        phone: of the founder, as it is kept; who writes the file hides its middle.
        merged_into: the number of the meeting that carries this part.
    """

    decision: Decision
    amount: int
    reference: str
    expert: str
    founder: str | None
    phone: str | None
    venture: str | None
    credit_code: str | None
    merged_into: str | None


@dataclass(frozen=True, slots=True)
class LedgerExport:
    """Every record the question covers, in order of their start.

    Attributes:
        value: the figure, the sum of the amounts.
        head: number and digest of the newest seal, None before the first.
    """

    value: int
    rows: tuple[ExportRow, ...]
    head: tuple[int, str] | None


def ledger_export(reader: Reader, asked: Asked) -> LedgerExport:
    """Return the figure with every record of its period and labels, counted or not."""
    found = figure(reader, asked)
    amounts = {row.decision.session_id: row.amount for row in found.rows}
    decisions = sorted(
        chosen_decisions(reader, asked), key=lambda each: (each.started_at, each.session_id)
    )
    keys = {UUID(each.session_id) for each in decisions}
    keys |= {UUID(each.merged_into) for each in decisions if each.merged_into}
    met = _meetings(reader, sorted(keys))
    ventures = ventures_counted(reader, decisions)
    rows = tuple(
        _row(each, amounts.get(each.session_id, 0), met, ventures.get(each.session_id))
        for each in decisions
    )
    return LedgerExport(found.value, rows, newest_head(reader))


def _row(
    decision: Decision, amount: int, met: dict[UUID, Any], venture: Venture | None
) -> ExportRow:
    meeting = met[UUID(decision.session_id)]
    carrier = met.get(UUID(decision.merged_into)) if decision.merged_into else None
    return ExportRow(
        decision=decision,
        amount=amount,
        reference=meeting.reference,
        expert=meeting.expert,
        founder=meeting.founder,
        phone=meeting.phone,
        venture=venture.name if venture else None,
        credit_code=venture.credit_code if venture else None,
        merged_into=carrier.reference if carrier else None,
    )


def _meetings(reader: Reader, keys: Sequence[UUID]) -> dict[UUID, Any]:
    found: dict[UUID, Any] = {}
    for start in range(0, len(keys), AT_ONCE):
        rows = reader.session.execute(_statement(keys[start : start + AT_ONCE]))
        found |= {row.id: row for row in rows}
    return found


def _statement(keys: Collection[UUID]) -> Select[Any]:
    columns: tuple[Any, ...] = (
        ServiceSession.id,
        ServiceSession.reference,
        Expert.name.label("expert"),
        Person.name.label("founder"),
        Person.phone,
    )
    return (
        select(*columns)
        .join(Expert, Expert.id == ServiceSession.lead_expert_id)
        .outerjoin(Person, Person.id == ServiceSession.founder_person_id)
        .where(ServiceSession.id.in_(keys))
    )
