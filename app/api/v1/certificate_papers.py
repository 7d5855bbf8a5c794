"""服务证明、聘书: issued to an expert, read with their codes, withdrawn with a reason."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from flask import Blueprint

from app.api.operations import operation
from app.api.schemas import Named, Text
from app.domain.actor import Permission
from app.domain.certificate import LONGEST_REASON, CertificateKind, code_of, spaced
from app.domain.errors import NotFoundError
from app.http.edge import the_settings
from app.http.run import reading, run
from app.http.wire import jsonable
from app.models.certificate import Certificate
from app.queries import certificates as queries
from app.queries.certificates import CertificateView, CertifiedHonour
from app.services import certificates
from app.unit_of_work import Reader
from app.unit_of_work.opening import certificate_key

BOTH_SIDES = (Permission.READ_DUTY, Permission.READ_OWN_DUTY)


@dataclass(frozen=True, slots=True)
class CertificateDetail:
    """A certificate as it was issued, and how it stands now.

    Attributes:
        services: that were certified; null for a letter of appointment.
        minutes: the expert's own in them.
        document: of a letter of appointment, else null.
        honours: that were printed, and whether each holds today.
        code: by which anybody verifies it.
    """

    id: UUID
    version: int
    kind: CertificateKind
    expert_id: UUID
    first_on: date
    last_on: date
    services: int | None
    minutes: int | None
    document: str | None
    honours: tuple[CertifiedHonour, ...]
    code: str
    issued_at: datetime
    withdrawn_at: datetime | None
    is_valid: bool


@dataclass(frozen=True, slots=True)
class CertificateLines:
    """The certificates of an expert, the newest first."""

    items: tuple[CertificateDetail, ...]
    next: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodBody:
    """Which days are certified, both included; what of them lies ahead is left out."""

    first_on: date
    last_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterBody:
    """Of which appointment the letter is made."""

    appointment_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateWithdrawalBody:
    """Why it no longer holds."""

    reason: Annotated[str, Text(LONGEST_REASON), Named(says="For the file of the bureau.")]


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    expert = "/experts/<uuid:expert_id>"
    one = "/certificates/<uuid:certificate_id>"
    blueprint.get(f"{expert}/certificates")(list_certificate_papers)
    blueprint.post(f"{expert}/certificates")(issue_certificate)
    blueprint.post(f"{expert}/letters")(issue_letter)
    blueprint.get(one)(read_certificate)
    blueprint.post(f"{one}/withdraw")(withdraw_certificate)


@operation(*BOTH_SIDES, answer=CertificateLines)
def list_certificate_papers(expert_id: UUID) -> Any:
    """List what was issued to an expert; a mentor reads his own."""
    with reading() as reader:
        _ensure_known(reader, expert_id)
        found = queries.certificates_of(reader, expert_id)
    return jsonable(CertificateLines(tuple(map(_detail, found.items))))


@operation(Permission.ISSUE_CERTIFICATE, answer=CertificateDetail)
def issue_certificate(expert_id: UUID, body: PeriodBody) -> Any:
    """Certify the counted services of a period and the honours held; once for the same figures."""
    issued: Certificate = run(certificates.issue, expert_id, body.first_on, body.last_on, _key())
    return _read(issued.id)


@operation(Permission.WITHDRAW_CERTIFICATE, answer=CertificateDetail)
def issue_letter(expert_id: UUID, body: LetterBody) -> Any:
    """Make the letter of one of an expert's appointments; asked again, the first comes back."""
    with reading() as reader:
        terms = queries.certificates_of(reader, expert_id).terms
    if body.appointment_id not in {term.id for term in terms}:
        raise NotFoundError("appointment.not_found")
    issued: Certificate = run(certificates.issue_letter, body.appointment_id, _key())
    return _read(issued.id)


@operation(*BOTH_SIDES, answer=CertificateDetail, logged=True)
def read_certificate(certificate_id: UUID) -> Any:
    """Read a certificate with its code; a mentor reads his own, and each look is noted."""
    return _read(certificate_id)


@operation(Permission.WITHDRAW_CERTIFICATE, answer=CertificateDetail)
def withdraw_certificate(
    certificate_id: UUID, body: CertificateWithdrawalBody, version: int | None
) -> Any:
    """Say that a certificate no longer holds; whoever verifies it is told so."""
    run(certificates.withdraw, certificate_id, body.reason, version=version)
    return _read(certificate_id)


def _ensure_known(reader: Reader, expert_id: UUID) -> None:
    if not (reader.actor.is_staff or reader.actor.expert_id == expert_id):
        raise NotFoundError("expert.not_found")


def _key() -> bytes:
    return certificate_key(the_settings().secret_key)


def _read(certificate_id: UUID) -> Any:
    with reading() as reader:
        return jsonable(_detail(queries.certificate(reader, certificate_id)))


def _detail(view: CertificateView) -> CertificateDetail:
    said = view.content
    return CertificateDetail(
        id=view.id,
        version=view.version,
        kind=view.kind,
        expert_id=view.expert_id,
        first_on=view.first_on,
        last_on=view.last_on,
        services=said.get("services"),
        minutes=said.get("minutes"),
        document=said.get("document"),
        honours=view.honours,
        code=spaced(code_of(_key(), view.id)),
        issued_at=view.issued_at,
        withdrawn_at=view.withdrawn_at,
        is_valid=view.is_valid,
    )
