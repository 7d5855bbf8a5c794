"""The verbs of a certificate: issue one of services or of an appointment, withdraw it."""

from collections import Counter
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.domain import prose
from app.domain.actor import Permission
from app.domain.certificate import (
    LONGEST_REASON,
    AlreadyWithdrawnError,
    CertificateKind,
    NothingToCertifyError,
    code_of,
    content_hash,
    ensure_period,
    fingerprint,
)
from app.domain.errors import NotFoundError
from app.models.certificate import Certificate
from app.models.expert import Appointment, Expert
from app.queries.duty import own_services
from app.queries.honours import certified_honours
from app.services.bookings.versions import ensure_version
from app.unit_of_work import UnitOfWork


def issue(
    uow: UnitOfWork, expert_id: UUID, first_on: date, last_on: date, key: bytes
) -> Certificate:
    """Certify the counted services of a period as they stand now, and the honours held today.

    An expert may have his own; the figures are those of the ledger, whoever asks. The same
    figures of the same period are certified once: asked again, the first comes back.

    Args:
        uow: the transaction.
        expert_id: of whom.
        first_on: the first day.
        last_on: the last day; what of it lies ahead is left out.
        key: from which the code is made.

    Raises:
        InvalidInputError: at a field of the period.
        NothingToCertifyError: nothing was counted in it.
    """
    expert = uow.load(Expert, expert_id)
    uow.require(Permission.ISSUE_CERTIFICATE, experts=frozenset({expert.id}))
    ensure_period(first_on, last_on, uow.today)
    last_on = min(last_on, uow.today)
    with uow.beyond_scope("the counted services that are certified"):
        services = own_services(uow, first_on, last_on, [expert.id])
    if not services:
        raise NothingToCertifyError(first_on=first_on, last_on=last_on)
    kinds = Counter(row.session_type for row in services)
    content = {
        **_of(expert),
        "services": len(services),
        "minutes": sum(row.minutes for row in services),
        "kinds": dict(sorted(kinds.items())),
        "records": sorted(str(row.record_id) for row in services),
    }
    held = certified_honours(uow, expert.id)
    # Without any the paper is the one there was before honours were printed.
    content |= {"honours": held} if held else {}
    return _keep(uow, CertificateKind.SERVICE, (expert.id, first_on, last_on), content, key)


def issue_letter(uow: UnitOfWork, appointment_id: UUID, key: bytes) -> Certificate:
    """Make the letter of an appointment; asked again, the first comes back."""
    uow.require(Permission.WITHDRAW_CERTIFICATE)
    term = uow.load(Appointment, appointment_id)
    expert = uow.load(Expert, term.expert_id)
    content = {
        **_of(expert),
        "document": term.document,
        "appointment": str(term.id),
        "approved_on": term.approved_on.isoformat(),
        "appointment_kind": term.kind.value,
    }
    span = (expert.id, term.starts_on, term.ends_on)
    return _keep(uow, CertificateKind.APPOINTMENT, span, content, key)


def withdraw(
    uow: UnitOfWork, certificate_id: UUID, reason: str, *, version: int | None = None
) -> Certificate:
    """Say that a certificate no longer holds; it stays in the file and verifies as withdrawn.

    Raises:
        AlreadyWithdrawnError: it was withdrawn before.
        InvalidInputError: at field `reason`.
    """
    certificate = uow.load(Certificate, certificate_id, lock=True)
    uow.require(Permission.WITHDRAW_CERTIFICATE)
    ensure_version(certificate, version)
    if certificate.withdrawn_at is not None:
        raise AlreadyWithdrawnError
    certificate.withdrawn_reason = prose.ensure("reason", reason, LONGEST_REASON)
    certificate.withdrawn_at = uow.now
    certificate.withdrawn_by_id = uow.actor.account_id
    uow.audit("certificate.withdrawn", certificate)
    return certificate


def _of(expert: Expert) -> dict[str, Any]:
    return {
        "name": expert.name,
        "category": expert.category.value,
        "organisation": expert.organisation,
        "title": expert.title,
    }


def _keep(
    uow: UnitOfWork,
    kind: CertificateKind,
    span: tuple[UUID, date, date],
    content: dict[str, Any],
    key: bytes,
) -> Certificate:
    expert_id, first_on, last_on = span
    content |= {"first_on": first_on.isoformat(), "last_on": last_on.isoformat()}
    # Two presses at once find each other.
    if uow.session.get(Expert, expert_id, with_for_update=True) is None:
        raise NotFoundError("expert.not_found")
    found = uow.all(
        select(Certificate).where(
            Certificate.kind == kind,
            Certificate.expert_id == expert_id,
            Certificate.first_on == first_on,
            Certificate.last_on == last_on,
            Certificate.content_hash == content_hash(content),
            Certificate.withdrawn_at.is_(None),
        )
    )
    if found:
        return found[0]
    certificate = Certificate(
        kind=kind,
        expert_id=expert_id,
        first_on=first_on,
        last_on=last_on,
        content=content,
        content_hash=content_hash(content),
        issued_at=uow.now,
        issued_by_id=uow.actor.account_id,
    )
    certificate.code_sha256 = fingerprint(code_of(key, certificate.id))
    uow.add(certificate)
    uow.audit("certificate.issued", certificate)
    return certificate
