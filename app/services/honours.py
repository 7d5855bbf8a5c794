"""The verbs of an honour: enter, confirm or refuse by another, withdraw with a reason."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from app.domain import prose
from app.domain.actor import Permission
from app.domain.appraisal import SENIOR
from app.domain.errors import ConflictError, InvalidInputError
from app.domain.honour import (
    LONGEST_NOTE,
    LONGEST_REASON,
    LONGEST_TITLE,
    VOCABULARY,
    HonourStatus,
    NotConfirmedError,
)
from app.models.expert import Expert
from app.models.honour import Honour
from app.models.vocabulary import Term
from app.queries.appraisals import marks_of
from app.services.bookings.versions import ensure_version
from app.services.checks import check
from app.unit_of_work import UnitOfWork

_STANDING = (HonourStatus.ENTERED, HonourStatus.CONFIRMED)


@dataclass(frozen=True, slots=True)
class HonourEntry:
    """What the document says; without `valid_until` it holds until it is withdrawn."""

    kind: str
    document: str
    given_by: str
    given_on: date
    valid_until: date | None = None
    note: str = ""


def enter(uow: UnitOfWork, expert_id: UUID, entry: HonourEntry) -> Honour:
    """Enter an honour from its document; it is shown once another has confirmed it.

    Raises:
        InvalidInputError: at a field of the entry; a senior tag 资深 needs the marks for it.
        ConflictError: the same honour of the same document stands for him already.
    """
    uow.require(Permission.ENTER_HONOUR)
    # Two who enter the same find each other.
    expert = uow.load(Expert, expert_id, lock=True)
    _ensure_fields(uow, entry)
    if entry.kind == SENIOR and not marks_of(uow, [expert.id])[expert.id].is_senior:
        raise InvalidInputError.at("kind", "honour.not_senior")
    document = prose.ensure("document", entry.document, LONGEST_TITLE)
    standing = uow.all(
        select(Honour).where(
            Honour.expert_id == expert.id,
            Honour.kind == entry.kind,
            Honour.document == document,
            Honour.status.in_(_STANDING),
        )
    )
    if standing:
        raise ConflictError("honour.exists")
    row = uow.add(
        Honour(
            expert_id=expert.id,
            kind=entry.kind,
            document=document,
            given_by=prose.ensure("given_by", entry.given_by, LONGEST_TITLE),
            given_on=entry.given_on,
            valid_until=entry.valid_until,
            note=prose.ensure("note", entry.note, LONGEST_NOTE) if entry.note.strip() else "",
            status=HonourStatus.ENTERED,
            made_by_id=uow.actor.account_id,
            made_at=uow.now,
        )
    )
    uow.audit("honour.entered", row)
    return row


def confirm(uow: UnitOfWork, honour_id: UUID, *, version: int | None = None) -> Honour:
    """Confirm an honour, which is shown from now on; not by who entered it."""
    return _decide(uow, honour_id, HonourStatus.CONFIRMED, version)


def refuse(uow: UnitOfWork, honour_id: UUID, *, version: int | None = None) -> Honour:
    """Refuse an honour; it stays in the file and is not shown."""
    return _decide(uow, honour_id, HonourStatus.REFUSED, version)


def withdraw(
    uow: UnitOfWork, honour_id: UUID, reason: str, *, version: int | None = None
) -> Honour:
    """Say that a confirmed honour no longer holds, and why; it stays in the file.

    Raises:
        NotConfirmedError: it is not confirmed, or was withdrawn before.
        InvalidInputError: at field `reason`.
    """
    row = uow.load(Honour, honour_id, lock=True)
    uow.require(Permission.CHECK_HONOUR)
    ensure_version(row, version)
    if row.status is not HonourStatus.CONFIRMED:
        raise NotConfirmedError
    row.withdrawn_reason = prose.ensure("reason", reason, LONGEST_REASON)
    row.status, row.withdrawn_at = HonourStatus.WITHDRAWN, uow.now
    row.withdrawn_by_id = uow.actor.account_id
    uow.audit("honour.withdrawn", row)
    return row


def _ensure_fields(uow: UnitOfWork, entry: HonourEntry) -> None:
    known = uow.all(
        select(Term.code).where(
            Term.vocabulary == VOCABULARY, Term.code == entry.kind, Term.is_retired.is_(False)
        )
    )
    if not known:
        raise InvalidInputError.at("kind", "input.not_a_choice")
    if entry.given_on > uow.today:
        raise InvalidInputError.at("given_on", "input.too_late", last=uow.today)
    if entry.valid_until is not None and entry.valid_until < entry.given_on:
        raise InvalidInputError.at("valid_until", "input.too_early", first=entry.given_on)


def _decide(uow: UnitOfWork, honour_id: UUID, status: HonourStatus, version: int | None) -> Honour:
    row = check(uow, Honour, honour_id, status, Permission.CHECK_HONOUR, version)
    uow.audit(f"honour.{status}", row)
    return row
