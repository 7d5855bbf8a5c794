"""Support items 扶持事项 of the plan: entered by one, checked by another."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from flask import Blueprint

from app.api.operations import operation
from app.api.schemas import Named, Text, Whole
from app.domain.actor import Permission
from app.domain.plan import LONGEST_DOCUMENT, LONGEST_GROUNDS, CheckStatus, SupportKind
from app.domain.plan.support import MOST_FEN
from app.http.run import reading, run
from app.http.wire import jsonable
from app.models.support_item import SupportItem
from app.queries.plan import entered
from app.queries.plan.checked import Checked
from app.queries.plan.entered import ItemRow
from app.services import plan
from app.services.plan import ItemEntry

ITEMS = "/plan/support-items"
Document = Annotated[str, Text(LONGEST_DOCUMENT), Named(says="Number of the paper that shows it.")]
Note = Annotated[str, Text(LONGEST_GROUNDS)]


@dataclass(frozen=True, slots=True)
class CheckDetail:
    """Who entered something, and what the check of it came to."""

    status: CheckStatus
    made_by: str | None
    made_at: datetime
    checked_by: str | None
    checked_at: datetime | None
    answer: str | None
    replaced_by: UUID | None


@dataclass(frozen=True, slots=True)
class ItemDetail:
    """A support item; `quantity` is fen of money, heads of jobs."""

    id: UUID
    version: int
    kind: SupportKind
    person_id: UUID
    done_on: date
    quantity: int | None
    document: str
    note: str | None
    replaces: UUID | None
    is_void: bool
    check: CheckDetail


@dataclass(frozen=True, slots=True)
class ItemList:
    """A page of support items, the newest first; `waiting` counts what waits in all."""

    items: tuple[ItemDetail, ...]
    waiting: int
    next: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StateQuery:
    """What waits for its check, counts, or was sent back."""

    state: CheckStatus = CheckStatus.PROPOSED
    cursor: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemBody:
    """What a founder was given or brought about."""

    kind: SupportKind
    person_id: UUID
    done_on: date
    quantity: Annotated[
        int | None, Whole(1, MOST_FEN), Named(says="Fen of money, heads of jobs.")
    ] = None
    document: Document
    note: Note = ""
    venture_id: UUID | None = None
    replaces: UUID | None = None
    is_void: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SentBackBody:
    """Why it is sent back."""

    answer: Note


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.get(ITEMS)(list_items)
    blueprint.post(ITEMS)(enter_item)
    blueprint.post(f"{ITEMS}/<uuid:item_id>/approve")(approve_item)
    blueprint.post(f"{ITEMS}/<uuid:item_id>/refuse")(refuse_item)


@operation(Permission.READ_PLAN, answer=ItemList, logged=True)
def list_items(query: StateQuery) -> Any:
    """Read the support items in a state."""
    with reading() as reader:
        page = entered.item_entries(reader, query.state, after=query.cursor)
    return jsonable(ItemList(tuple(map(_item, page.items)), page.waiting, page.next))


@operation(Permission.ENTER_PLAN, answer=ItemDetail, status=201)
def enter_item(body: ItemBody) -> Any:
    """Enter a support item; it counts once another officer has checked it."""
    entry = ItemEntry(
        kind=body.kind,
        person_id=body.person_id,
        done_on=body.done_on,
        quantity=body.quantity,
        document=body.document,
        note=body.note,
        venture_id=body.venture_id,
        replaces=body.replaces,
        is_void=body.is_void,
    )
    made: SupportItem = run(plan.propose_item, entry)
    return _read_item(made.id)


@operation(Permission.CHECK_PLAN, answer=ItemDetail)
def approve_item(item_id: UUID, version: int | None) -> Any:
    """Let a support item count; not by who entered it."""
    run(plan.approve_item, item_id, version=version)
    return _read_item(item_id)


@operation(Permission.CHECK_PLAN, answer=ItemDetail)
def refuse_item(item_id: UUID, body: SentBackBody, version: int | None) -> Any:
    """Send a support item back with the reason."""
    run(plan.refuse_item, item_id, body.answer, version=version)
    return _read_item(item_id)


def _read_item(item_id: UUID) -> Any:
    with reading() as reader:
        return jsonable(_item(entered.support_item(reader, item_id)))


def check_detail(checked: Checked) -> CheckDetail:
    """Return the check of something as machines read it."""
    return CheckDetail(
        checked.status,
        checked.made_by,
        checked.made_at,
        checked.checked_by,
        checked.checked_at,
        checked.answer,
        checked.replaced_by,
    )


def _item(row: ItemRow) -> ItemDetail:
    return ItemDetail(
        id=row.checked.id,
        version=row.checked.version,
        kind=row.kind,
        person_id=row.person_id,
        done_on=row.done_on,
        quantity=row.quantity,
        document=row.document,
        note=row.note,
        replaces=row.replaces,
        is_void=row.is_void,
        check=check_detail(row.checked),
    )
