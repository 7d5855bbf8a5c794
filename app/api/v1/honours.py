"""荣誉: the honours of experts, entered, confirmed, refused and withdrawn."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from flask import Blueprint

from app.api.operations import operation
from app.api.schemas import Named, Text
from app.domain.actor import Permission
from app.domain.honour import LONGEST_NOTE, LONGEST_REASON, LONGEST_TITLE, HonourStatus
from app.domain.service_record.slices import LONGEST_NAME
from app.http.run import reading, run
from app.http.wire import jsonable
from app.models.honour import Honour
from app.queries.honours import HonourView, honour_list, honour_of
from app.services import honours
from app.services.honours import HonourEntry


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
class HonourBody:
    """What the document says; without `valid_until` it holds until it is withdrawn."""

    kind: Annotated[str, Text(LONGEST_NAME), Named(says="A term of the vocabulary `honour`.")]
    document: Annotated[str, Text(LONGEST_TITLE)]
    given_by: Annotated[str, Text(LONGEST_TITLE)]
    given_on: date
    valid_until: date | None = None
    note: Annotated[str, Text(LONGEST_NOTE), Named(says="For the bureau alone.")] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HonourWithdrawalBody:
    """Why it no longer holds."""

    reason: Annotated[str, Text(LONGEST_REASON)]


@dataclass(frozen=True, slots=True, kw_only=True)
class HonourQuery:
    """Whose honours are asked for, by default everybody's."""

    expert_id: UUID | None = None


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.get("/honours")(list_honours)
    blueprint.post("/experts/<uuid:expert_id>/honours")(enter_honour)
    blueprint.get("/honours/<uuid:honour_id>")(read_honour)
    blueprint.post("/honours/<uuid:honour_id>/confirm")(confirm_honour)
    blueprint.post("/honours/<uuid:honour_id>/refuse")(refuse_honour)
    blueprint.post("/honours/<uuid:honour_id>/withdraw")(withdraw_honour)


@operation(Permission.READ_DUTY, answer=HonourLines)
def list_honours(query: HonourQuery) -> Any:
    """List the honours of experts, those not yet checked first."""
    with reading() as reader:
        rows = honour_list(reader, query.expert_id)
    return jsonable(HonourLines(tuple(_line(row) for row in rows)))


@operation(Permission.ENTER_HONOUR, answer=HonourLine)
def enter_honour(expert_id: UUID, body: HonourBody) -> Any:
    """Enter an honour from its document; it is shown once another has confirmed it."""
    entry = HonourEntry(
        kind=body.kind,
        document=body.document,
        given_by=body.given_by,
        given_on=body.given_on,
        valid_until=body.valid_until,
        note=body.note,
    )
    row: Honour = run(honours.enter, expert_id, entry)
    return _read(row.id)


@operation(Permission.READ_DUTY, answer=HonourLine)
def read_honour(honour_id: UUID) -> Any:
    """Read one honour."""
    return _read(honour_id)


@operation(Permission.CHECK_HONOUR, answer=HonourLine)
def confirm_honour(honour_id: UUID, version: int | None) -> Any:
    """Confirm an honour, which is shown from now on; not by who entered it."""
    run(honours.confirm, honour_id, version=version)
    return _read(honour_id)


@operation(Permission.CHECK_HONOUR, answer=HonourLine)
def refuse_honour(honour_id: UUID, version: int | None) -> Any:
    """Refuse an honour; it stays in the file and is not shown."""
    run(honours.refuse, honour_id, version=version)
    return _read(honour_id)


@operation(Permission.CHECK_HONOUR, answer=HonourLine)
def withdraw_honour(honour_id: UUID, body: HonourWithdrawalBody, version: int | None) -> Any:
    """Say that a confirmed honour no longer holds, and why; it stays in the file."""
    run(honours.withdraw, honour_id, body.reason, version=version)
    return _read(honour_id)


def _read(honour_id: UUID) -> Any:
    with reading() as reader:
        return jsonable(_line(honour_of(reader, honour_id)))


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
