"""Support items: entered with what shows them, counted once another has checked them."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from app.domain import prose
from app.domain.actor import Permission
from app.domain.errors import FieldError, InvalidInputError
from app.domain.plan import (
    LONGEST_GROUNDS,
    SUPPORT_ITEMS,
    CheckStatus,
    SupportKind,
    ensure_document,
    ensure_quantity,
    ensure_waits,
)
from app.models.person import Person, VentureMember
from app.models.support_item import SupportItem
from app.services.plan.checks import decide
from app.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemEntry:
    """What an officer enters of a support item.

    Attributes:
        quantity: fen of a loan or subsidy, heads of jobs; None of what has no quantity.
        document: number of the contract, receipt or agreement that shows it.
        replaces: the item this one puts right; `is_void` says that there was none at all.
    """

    kind: SupportKind
    person_id: UUID
    done_on: date
    quantity: int | None
    document: str
    note: str = ""
    venture_id: UUID | None = None
    replaces: UUID | None = None
    is_void: bool = False


def propose_item(uow: UnitOfWork, entry: ItemEntry) -> SupportItem:
    """Enter a support item; it counts once another officer has checked it.

    Raises:
        InvalidInputError: naming each field that cannot be so.
        KnownError: the paper is entered already, or the item was put right by another.
        CheckedError: what it puts right does not count.
    """
    uow.require(Permission.ENTER_PLAN)
    person = uow.load(Person, entry.person_id)
    if entry.kind not in SUPPORT_ITEMS:
        raise InvalidInputError.at("kind", "input.not_a_choice")
    if person.voided_at is not None:
        raise InvalidInputError.at("person_id", "person.not_found")
    document = ensure_document(entry.document, entry.done_on, uow.today)
    _ensure_venture(uow, entry)
    note = prose.ensure("note", entry.note, LONGEST_GROUNDS) if entry.note.strip() else None
    if entry.replaces is not None:
        _ensure_counts(uow, entry.replaces)
        if note is None:
            raise InvalidInputError.at("note", "input.required")
    elif entry.is_void:
        raise InvalidInputError(errors=[FieldError("is_void", "input.not_a_choice")])
    item = uow.add(
        SupportItem(
            kind=entry.kind,
            person_id=person.id,
            venture_id=entry.venture_id,
            done_on=entry.done_on,
            quantity=ensure_quantity(entry.kind, entry.quantity),
            document=document,
            note=note,
            replaces_id=entry.replaces,
            is_void=entry.is_void,
            status=CheckStatus.PROPOSED,
            made_by_id=uow.actor.account_id,
            made_at=uow.now,
        )
    )
    uow.audit("support_item.proposed", item)
    uow.flush()
    return item


def approve_item(uow: UnitOfWork, item_id: UUID, *, version: int | None = None) -> SupportItem:
    """Let an item count; what it puts right counts no more.

    Raises:
        SameHandsError: the actor entered it.
        CheckedError: it has been decided.
    """
    item = decide(uow, SupportItem, item_id, CheckStatus.APPROVED, version)
    uow.audit("support_item.approved", item)
    return item


def refuse_item(
    uow: UnitOfWork, item_id: UUID, answer: str, *, version: int | None = None
) -> SupportItem:
    """Send an item back with the reason; it stays in the file and counts nothing.

    Raises:
        SameHandsError: the actor entered it.
        CheckedError: it has been decided.
    """
    item = decide(uow, SupportItem, item_id, CheckStatus.REFUSED, version, answer)
    uow.audit("support_item.refused", item)
    return item


def _ensure_counts(uow: UnitOfWork, item_id: UUID) -> None:
    ensure_waits(uow.load(SupportItem, item_id, lock=True).status, CheckStatus.APPROVED)


def _ensure_venture(uow: UnitOfWork, entry: ItemEntry) -> None:
    if entry.venture_id is None:
        return
    member = select(VentureMember.id).where(
        VentureMember.venture_id == entry.venture_id, VentureMember.person_id == entry.person_id
    )
    if not uow.all(member):
        raise InvalidInputError.at("venture_id", "input.not_a_choice")
