"""Items are closed by whoever follows them, and opened again where that was a mistake."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import select

from app.domain.action_item import (
    ActionEvent,
    ActionSide,
    ActionStatus,
    Closing,
    NotOwnItemError,
    ensure_closing,
    next_status,
)
from app.domain.actor import Permission, Role
from app.domain.follow_up import ActionState
from app.models.action_item import ActionItem
from app.services.action_items.following import plan_reminders
from app.services.bookings.versions import ensure_version
from app.services.jobs import cancel_open
from app.unit_of_work import UnitOfWork

# What an answered follow-up says of an action closes it; what is under way stays open.
_SAID: Mapping[ActionState, ActionEvent] = {
    ActionState.DONE: ActionEvent.FINISH,
    ActionState.DROPPED: ActionEvent.DROP,
}
DROPPED_ON_CALL = "回访时说不办了"
_FOUNDERS = frozenset({ActionSide.FOUNDER, ActionSide.BOTH})


def close(
    uow: UnitOfWork, item_id: UUID, closing: Closing, *, version: int | None = None
) -> ActionItem:
    """Note that an item is done, or dropped with a reason; or open it again, saying why.

    Raises:
        NotOwnItemError: a founder, of what is not his to do.
        IllegalStepError: it is closed already, or still open.
        InvalidInputError: the reason is missing.
        StaleVersionError: somebody else has changed it since.
    """
    item = uow.load(ActionItem, item_id, lock=True)
    uow.require(Permission.CLOSE_ACTION)
    if uow.actor.roles == {Role.FOUNDER} and item.side not in _FOUNDERS:
        raise NotOwnItemError
    status = next_status(item.status, closing.event)
    ensure_version(item, version)
    _put(uow, item, status, ensure_closing(closing))
    return item


def hear(
    uow: UnitOfWork, outcome_id: UUID, said: Mapping[int, ActionState], remark: str | None
) -> None:
    """Close what an answered follow-up says is done, or given up; it was asked of a meeting.

    Args:
        uow: the caller's transaction.
        outcome_id: of which record.
        said: how far each action has come, by its place there.
        remark: what was said besides; the reason of what was given up.
    """
    rows = uow.all(
        select(ActionItem)
        .where(
            ActionItem.outcome_id == outcome_id,
            ActionItem.place.in_(list(said)),
            ActionItem.status == ActionStatus.OPEN,
        )
        .order_by(ActionItem.id)
        .with_for_update()
    )
    for row in rows:
        event = _SAID.get(said[row.place]) if row.place is not None else None
        if event is not None:
            why = (remark or DROPPED_ON_CALL) if event is ActionEvent.DROP else remark
            _put(uow, row, next_status(row.status, event), why)


def _put(uow: UnitOfWork, item: ActionItem, status: ActionStatus, note: str | None) -> None:
    item.status, item.note = status, note
    is_open = status is ActionStatus.OPEN
    item.closed_at = None if is_open else uow.now
    item.closed_by_id = None if is_open else uow.actor.account_id
    cancel_open(uow, item.id)
    uow.flush()
    if is_open:
        plan_reminders(uow, item)
    uow.audit(f"action_item.{'reopened' if is_open else status.value}", item)
