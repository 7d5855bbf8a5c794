"""荣誉: the honours of experts, entered, confirmed, refused and withdrawn."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint

from app.api.operations import operation
from app.domain.actor import Permission
from app.domain.honour import HonourStatus
from app.http.run import reading
from app.http.wire import jsonable
from app.queries.honours import HonourView, honour_list


@dataclass(frozen=True, slots=True)
class HonourLine:
    """One honour; without `valid_until` it holds until it is withdrawn."""

    id: UUID
    expert_id: UUID
    name: str
    kind: str
    document: str
    given_by: str
    given_on: date
    valid_until: date | None
    status: HonourStatus
    is_expired: bool
    withdrawn_reason: str | None
    version: int


@dataclass(frozen=True, slots=True)
class HonourLines:
    """Honours: those to be checked first, then the newest."""

    items: tuple[HonourLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HonourQuery:
    """Whose honours are asked for, by default everybody's."""

    expert_id: UUID | None = None


def register(blueprint: Blueprint) -> None:
    """Add the route."""
    blueprint.get("/honours")(list_honours)


@operation(Permission.READ_DUTY, answer=HonourLines)
def list_honours(query: HonourQuery) -> Any:
    """List the honours of experts, those not yet checked first."""
    with reading() as reader:
        rows = honour_list(reader, query.expert_id)
    return jsonable(HonourLines(tuple(_line(row) for row in rows)))


def _line(row: HonourView) -> HonourLine:
    return HonourLine(
        id=row.id,
        expert_id=row.expert_id,
        name=row.name,
        kind=row.kind,
        document=row.document,
        given_by=row.given_by,
        given_on=row.given_on,
        valid_until=row.valid_until,
        status=row.status,
        is_expired=row.is_expired,
        withdrawn_reason=row.withdrawn_reason,
        version=row.version,
    )
