"""The check of what another has made, the same for whatever it is."""

from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from app.domain.actor import Permission
from app.models.checked import Checked
from app.services.bookings.versions import ensure_version
from app.unit_of_work import UnitOfWork

Row = TypeVar("Row", bound=Checked)


def check(
    uow: UnitOfWork,
    model: type[Row],
    row_id: UUID,
    status: StrEnum,
    permission: Permission,
    version: int | None,
) -> Row:
    """Decide on what another has made, once, and note who and when.

    Raises:
        NotFoundError: there is no such row, or the actor may not know of it.
        RuleError: `same_hands` of the row's HANDS; the actor made it.
        ConflictError: `decided` of its HANDS; it has been decided.
        StaleVersionError: somebody else has changed it since.
    """
    return stamp(uow, to_check(uow, model, row_id, permission, version), status)


def to_check(
    uow: UnitOfWork, model: type[Row], row_id: UUID, permission: Permission, version: int | None
) -> Row:
    """Return a row that the actor may decide on, locked; for what has to be done before `stamp`.

    Raises:
        DomainError: as `check`.
    """
    row = uow.load(model, row_id, lock=True)
    uow.require(permission)
    row.HANDS.ensure(row.status, row.made_by_id, uow.actor.account_id)
    ensure_version(row, version)
    return row


def stamp(uow: UnitOfWork, row: Row, status: StrEnum) -> Row:
    """Note the decision of the actor on a row that `to_check` returned."""
    row.status = status
    row.checked_by_id, row.checked_at = uow.actor.account_id, uow.now
    return row
