"""Certificates as they are printed, listed, and verified by strangers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.domain.calendar import local_day
from app.domain.certificate import CertificateKind, content_hash, fingerprint
from app.domain.errors import NotFoundError
from app.domain.privacy import mask_name
from app.models.account import Account
from app.models.certificate import Certificate
from app.models.expert import Appointment, Expert
from app.queries.duty import own_services
from app.queries.free_times import Look
from app.queries.honours import still_held
from app.unit_of_work import Reader


@dataclass(frozen=True, slots=True)
class Figures:
    """Counted services of a period and the expert's own minutes in them."""

    services: int
    minutes: int


@dataclass(frozen=True, slots=True)
class CertifiedHonour:
    """An honour as it was printed.

    Attributes:
        holds: today: neither withdrawn nor run out since.
    """

    kind: str
    zh: str
    en: str
    document: str
    given_by: str
    given_on: date
    holds: bool


@dataclass(frozen=True, slots=True)
class CertificateView:
    """A certificate as it was issued, and how it stands now.

    Attributes:
        content: what was printed.
        is_intact: the content is the one that was issued.
        now: the figures of the period today, where they differ from those certified.
        ended_on: the last day of the term today, where it is not the one of the letter.
        honours: those that were printed, and whether each holds today.
    """

    id: UUID
    kind: CertificateKind
    expert_id: UUID
    first_on: date
    last_on: date
    content: Mapping[str, Any]
    issued_at: datetime
    issued_by: str | None
    withdrawn_at: datetime | None
    version: int
    is_intact: bool
    now: Figures | None
    ended_on: date | None = None
    honours: tuple[CertifiedHonour, ...] = ()

    @property
    def is_valid(self) -> bool:
        """Tell whether it holds: neither withdrawn nor changed."""
        return self.is_intact and self.withdrawn_at is None

    @property
    def issued_on(self) -> date:
        """The district's day on which it was issued."""
        return local_day(self.issued_at)

    @property
    def masked_name(self) -> str:
        """The name as a stranger may read it."""
        return mask_name(str(self.content["name"]))


@dataclass(frozen=True, slots=True)
class CertificateList:
    """The certificates of one expert, the newest first, and the terms a letter can be made of."""

    expert_id: UUID
    name: str
    items: tuple[CertificateView, ...]
    terms: Sequence[Appointment]


def certificate(reader: Reader, certificate_id: UUID) -> CertificateView:
    """Return one certificate in the actor's sight.

    Raises:
        NotFoundError: there is none.
    """
    row = reader.session.scalars(
        select(Certificate).where(Certificate.id == certificate_id)
    ).one_or_none()
    if row is None:
        raise NotFoundError("certificate.not_found")
    with reader.beyond_scope("how a certificate stands now"):
        return _view(reader, row)


def certificates_of(reader: Reader, expert_id: UUID) -> CertificateList:
    """Return the certificates of an expert in the actor's sight.

    Raises:
        NotFoundError: there is no such expert.
    """
    name = reader.session.scalars(select(Expert.name).where(Expert.id == expert_id)).one_or_none()
    if name is None:
        raise NotFoundError("expert.not_found")
    rows = reader.session.scalars(
        select(Certificate)
        .where(Certificate.expert_id == expert_id)
        .order_by(Certificate.issued_at.desc(), Certificate.id.desc())
    ).all()
    terms = reader.session.scalars(
        select(Appointment)
        .where(Appointment.expert_id == expert_id)
        .order_by(Appointment.starts_on.desc())
    ).all()
    items = tuple(_shown(row) for row in rows)
    return CertificateList(expert_id, name, items, terms)


def verified(look: Look, code: str) -> CertificateView | None:
    """Return the certificate of a code as it stands now, None when there is none; for anybody."""
    with look.beyond_scope("the certificate of a code, for whoever holds the code"):
        row = look.session.scalars(
            select(Certificate).where(Certificate.code_sha256 == fingerprint(code))
        ).one_or_none()
        return None if row is None else _view(look, row)


def _view(look: Look, row: Certificate) -> CertificateView:
    name = None
    if row.issued_by_id is not None:
        name = look.session.scalars(
            select(Account.name).where(Account.id == row.issued_by_id)
        ).one_or_none()
    return replace(
        _shown(row),
        issued_by=name,
        now=_changed(look, row),
        ended_on=_ended(look, row),
        honours=_honours(look, row),
    )


def _honours(look: Look, row: Certificate) -> tuple[CertifiedHonour, ...]:
    # What was changed in the database is not vouched for, and not read either.
    is_intact = content_hash(row.content) == row.content_hash
    printed = row.content.get("honours", []) if is_intact else []
    held = still_held(look, [UUID(each["id"]) for each in printed])
    return tuple(
        CertifiedHonour(
            kind=each["kind"],
            zh=each["zh"],
            en=each["en"],
            document=each["document"],
            given_by=each["given_by"],
            given_on=date.fromisoformat(each["given_on"]),
            holds=UUID(each["id"]) in held,
        )
        for each in printed
    )


def _ended(look: Look, row: Certificate) -> date | None:
    if row.kind is not CertificateKind.APPOINTMENT:
        return None
    term = look.session.get(Appointment, UUID(row.content["appointment"]))
    return term.ends_on if term is not None and term.ends_on != row.last_on else None


def _changed(look: Look, row: Certificate) -> Figures | None:
    if row.kind is not CertificateKind.SERVICE:
        return None
    services = own_services(look, row.first_on, row.last_on, [row.expert_id])
    now = Figures(len(services), sum(each.minutes for each in services))
    said = Figures(row.content["services"], row.content["minutes"])
    return now if now != said else None


def _shown(row: Certificate) -> CertificateView:
    return CertificateView(
        id=row.id,
        kind=row.kind,
        expert_id=row.expert_id,
        first_on=row.first_on,
        last_on=row.last_on,
        content=row.content,
        issued_at=row.issued_at,
        issued_by=None,
        withdrawn_at=row.withdrawn_at,
        version=row.version,
        is_intact=content_hash(row.content) == row.content_hash,
        now=None,
    )
