"""核验: what stands behind the code of a certificate or a record, for whoever holds the paper."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any

from flask import Blueprint, request

from app.api.operations import operation
from app.api.schemas import Text
from app.domain.account import TooManyTriesError
from app.domain.actor import ANONYMOUS
from app.domain.certificate import LONGEST_NUMBER, LONGEST_TYPED, CertificateKind, typed_code
from app.domain.errors import NotFoundError
from app.http.edge import the_settings, the_store
from app.http.limits import Allowance
from app.http.wire import jsonable
from app.queries.certificates import CertificateView, CertifiedHonour, verified
from app.queries.record_proofs import RecordProof, record_proof
from app.unit_of_work.opening import certificate_key

_TRIES = Allowance(most=30, seconds=600)


@dataclass(frozen=True, slots=True)
class Verified:
    """What was certified, and whether it holds; the name is masked.

    Attributes:
        honours: that were printed, and whether each holds today.
        services_now: today's figure of the period where it is not the one certified, else null.
    """

    kind: CertificateKind
    is_valid: bool
    is_intact: bool
    withdrawn_at: datetime | None
    name: str
    first_on: date
    last_on: date
    issued_at: datetime
    services: int | None
    minutes: int | None
    honours: tuple[CertifiedHonour, ...]
    services_now: int | None
    minutes_now: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyQuery:
    """The code as it was typed; spaces, dashes and letter cases do not matter."""

    code: Annotated[str, Text(LONGEST_TYPED)]


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyRecordQuery(VerifyQuery):
    """The code with the number printed above it."""

    number: Annotated[str, Text(LONGEST_NUMBER)]


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.get("/verify")(verify_certificate)
    blueprint.get("/verify/record")(verify_record)


@operation(answer=Verified)
def verify_certificate(query: VerifyQuery) -> Any:
    """Verify the code of a certificate."""
    code = _typed(query)
    with the_store().read(ANONYMOUS) as reader:
        found = verified(reader, code)
    if found is None:
        raise NotFoundError("certificate.not_found")
    return jsonable(_verified(found))


@operation(answer=RecordProof)
def verify_record(query: VerifyRecordQuery) -> Any:
    """Verify a printed record by its number and its code."""
    code, key = _typed(query), certificate_key(the_settings().secret_key)
    with the_store().read(ANONYMOUS) as reader:
        found = record_proof(reader, key, query.number.strip().upper(), code)
    if found is None:
        raise NotFoundError("record.not_verified")
    return jsonable(found)


def _typed(query: VerifyQuery) -> str:
    wait = _TRIES.spend(request.remote_addr or "")
    if wait:
        raise TooManyTriesError(seconds=wait)
    return typed_code(query.code)


def _verified(found: CertificateView) -> Verified:
    said = found.content if found.is_intact else {}
    return Verified(
        kind=found.kind,
        is_valid=found.is_valid,
        is_intact=found.is_intact,
        withdrawn_at=found.withdrawn_at,
        name=found.masked_name,
        first_on=found.first_on,
        last_on=found.last_on,
        issued_at=found.issued_at,
        services=said.get("services"),
        minutes=said.get("minutes"),
        honours=found.honours,
        services_now=found.now.services if found.now else None,
        minutes_now=found.now.minutes if found.now else None,
    )
