"""What reports and records ask somebody to do, until it is done or dropped."""

from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from flask import Blueprint

from app.api.operations import operation
from app.api.schemas import Named, OneOf, Text
from app.api.v1.service_sessions import SESSION
from app.domain.action_item import LONGEST_NOTE, ActionEvent, ActionSide, Closing
from app.domain.actor import Permission
from app.http.run import reading, run
from app.http.wire import jsonable
from app.models.action_item import ActionItem
from app.queries.action_items import ItemFilter, ItemView, item, item_list, meeting_items
from app.services import action_items
from app.unit_of_work import UnitOfWork

ITEM = "/action-items/<uuid:item_id>"
RESULTS = {"done": ActionEvent.FINISH, "dropped": ActionEvent.DROP, "open": ActionEvent.REOPEN}


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemQuery:
    """Which items: overdue, open or closed ones, of everybody or of one side."""

    state: ItemFilter = ItemFilter.OPEN
    side: ActionSide | None = None
    cursor: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseItemBody:
    """What became of it; what is dropped, or opened again, says why."""

    result: Annotated[str, OneOf.words(tuple(RESULTS))]
    note: Annotated[str | None, Text(LONGEST_NOTE), Named(says="Obligatory unless it is done.")] = (
        None
    )


@dataclass(frozen=True, slots=True)
class ItemPage:
    """Items by due day, closed ones the newest first."""

    items: tuple[ItemView, ...]
    next: UUID | None = None


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.get("/action-items")(list_action_items)
    blueprint.get(f"{SESSION}/action-items")(list_items_of_session)
    blueprint.post(f"{ITEM}/close")(close_action_item)


@operation(Permission.READ_ACTIONS, answer=ItemPage)
def list_action_items(query: ItemQuery) -> Any:
    """List what is to be done."""
    with reading() as reader:
        page = item_list(reader, query.state, side=query.side, after=query.cursor)
        return jsonable(ItemPage(page.items, page.next))


@operation(Permission.READ_SERVICE_SESSION, answer=ItemPage)
def list_items_of_session(session_id: UUID) -> Any:
    """List what is to be done after one meeting."""
    with reading() as reader:
        return jsonable(ItemPage(meeting_items(reader, session_id)[1]))


@operation(Permission.CLOSE_ACTION, answer=ItemView)
def close_action_item(item_id: UUID, body: CloseItemBody, version: int | None) -> Any:
    """Say that it is done or dropped, or open it again."""
    closing = Closing(RESULTS[body.result], body.note or "")
    run(_close, item_id, closing, version, answer=str)
    with reading() as reader:
        return jsonable(item(reader, item_id))


def _close(uow: UnitOfWork, item_id: UUID, closing: Closing, version: int | None) -> UUID:
    row: ActionItem = action_items.close(uow, item_id, closing, version=version)
    return row.id
