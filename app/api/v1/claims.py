"""激励申领: once for each pairing whose venture has run twelve months, checked by another."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from flask import Blueprint

from app.api.operations import operation
from app.api.schemas import Named, Text
from app.domain.actor import Permission
from app.domain.claim import LONGEST_EVIDENCE, ClaimStatus
from app.http.run import reading, run
from app.http.wire import jsonable
from app.models.claim import Claim
from app.queries import claims as queries
from app.queries.claims import PairingRow
from app.services import claims


@dataclass(frozen=True, slots=True)
class ClaimDetail:
    """What is claimed for one expert and one venture.

    Attributes:
        opens_on: from when it could be claimed for.
        amount_yuan: by the policy of the day; nothing for an official.
    """

    id: UUID
    version: int
    expert_id: UUID
    venture_id: UUID
    opens_on: date
    evidence: str
    seen_on: date
    amount_yuan: int
    policy: str
    status: ClaimStatus
    made_at: datetime
    checked_at: datetime | None


@dataclass(frozen=True, slots=True)
class PairingLine:
    """A venture that the expert has tutored.

    Attributes:
        opens_on: from when it may be claimed for; null while it is not registered.
        is_open: the day has come and nothing was claimed.
    """

    venture_id: UUID
    venture: str
    registered_on: date | None
    services: int
    opens_on: date | None
    is_open: bool
    claim: ClaimDetail | None


@dataclass(frozen=True, slots=True)
class PairingLines:
    """The ventures an expert has tutored, by name."""

    items: tuple[PairingLine, ...]
    next: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimBody:
    """For which venture, with what the register of companies says."""

    venture_id: UUID
    evidence: Annotated[
        str, Text(LONGEST_EVIDENCE), Named(says="What the register says and where it was seen.")
    ]
    seen_on: date


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.get("/experts/<uuid:expert_id>/claims")(list_claims)
    blueprint.post("/experts/<uuid:expert_id>/claims")(make_claim)
    blueprint.get("/claims/<uuid:claim_id>")(read_claim)
    blueprint.post("/claims/<uuid:claim_id>/approve")(approve_claim)
    blueprint.post("/claims/<uuid:claim_id>/refuse")(refuse_claim)


@operation(Permission.READ_DUTY, answer=PairingLines)
def list_claims(expert_id: UUID) -> Any:
    """List the ventures an expert has tutored, and what was claimed for each."""
    with reading() as reader:
        page = queries.pairing_page(reader, expert_id)
    return jsonable(PairingLines(tuple(map(_line, page.rows))))


@operation(Permission.CLAIM, answer=ClaimDetail)
def make_claim(expert_id: UUID, body: ClaimBody) -> Any:
    """Claim for a pairing; a second try returns the first claim, whatever became of it."""
    row: Claim = run(claims.claim, expert_id, body.venture_id, body.evidence, body.seen_on)
    return _read(row.id)


@operation(Permission.READ_DUTY, answer=ClaimDetail)
def read_claim(claim_id: UUID) -> Any:
    """Read one claim."""
    return _read(claim_id)


@operation(Permission.CHECK_CLAIM, answer=ClaimDetail)
def approve_claim(claim_id: UUID, version: int | None) -> Any:
    """Approve a claim; not by who entered it."""
    run(claims.approve, claim_id, version=version)
    return _read(claim_id)


@operation(Permission.CHECK_CLAIM, answer=ClaimDetail)
def refuse_claim(claim_id: UUID, version: int | None) -> Any:
    """Refuse a claim; it stays in the file, and no second one can be made."""
    run(claims.refuse, claim_id, version=version)
    return _read(claim_id)


def _read(claim_id: UUID) -> Any:
    with reading() as reader:
        return jsonable(_detail(queries.claim_of(reader, claim_id)))


def _line(row: PairingRow) -> PairingLine:
    return PairingLine(
        venture_id=row.venture_id,
        venture=row.name,
        registered_on=row.registered_on,
        services=row.services,
        opens_on=row.opens_on,
        is_open=row.is_open,
        claim=_detail(row.claim) if row.claim else None,
    )


def _detail(row: Claim) -> ClaimDetail:
    return ClaimDetail(
        id=row.id,
        version=row.version,
        expert_id=row.expert_id,
        venture_id=row.venture_id,
        opens_on=row.opens_on,
        evidence=row.evidence,
        seen_on=row.seen_on,
        amount_yuan=row.amount_yuan,
        policy=row.policy,
        status=row.status,
        made_at=row.made_at,
        checked_at=row.checked_at,
    )
