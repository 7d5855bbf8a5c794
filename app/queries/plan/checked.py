"""The check of what was entered, as pages show it: who, when, and whether the reader decides."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import func, or_, select

from app.domain.actor import Permission, may
from app.domain.plan import CheckStatus
from app.models.account import Account
from app.models.plan import ReportedFigure
from app.models.support_item import OpeningList, SupportItem
from app.unit_of_work import Reader

PAGE = 30
Kept = TypeVar("Kept", SupportItem, ReportedFigure, OpeningList)


@dataclass(frozen=True, slots=True)
class Checked:
    """Who entered something, and what the check of it came to.

    Attributes:
        is_own: the reader entered it, so that another has to check it.
        may_check: whether the reader may decide it now.
        replaced_by: what puts it right, or waits to.
    """

    id: UUID
    version: int
    status: CheckStatus
    made_by: str | None
    made_at: datetime
    checked_by: str | None
    checked_at: datetime | None
    answer: str | None
    is_own: bool
    may_check: bool
    replaced_by: UUID | None = None


@dataclass(frozen=True, slots=True)
class Entries:
    """A page of what was entered, the newest first; `waiting` counts what waits in all."""

    items: Sequence[Any]
    waiting: int
    next: UUID | None


def page_of(
    reader: Reader, model: type[Kept], status: CheckStatus, after: UUID | None
) -> tuple[Sequence[Kept], UUID | None]:
    """Return a page of what is in a state, the newest first, and where the next begins."""
    statement = select(model).where(model.status == status).order_by(model.id.desc())
    if after is not None:
        statement = statement.where(model.id < after)
    found = reader.session.scalars(statement.limit(PAGE + 1)).all()
    return found[:PAGE], found[PAGE - 1].id if len(found) > PAGE else None


def waiting(reader: Reader, model: type[Kept]) -> int:
    """Return how many wait for their check."""
    count = select(func.count(model.id)).where(model.status == CheckStatus.PROPOSED)
    return reader.session.scalars(count).one()


def later_of(
    reader: Reader, model: type[SupportItem] | type[ReportedFigure], found: Sequence[Any]
) -> Mapping[UUID, UUID]:
    """Return what puts each of the rows right, or waits to."""
    rows = reader.session.execute(
        select(model.replaces_id, model.id).where(
            model.replaces_id.in_([row.id for row in found]),
            or_(model.status == CheckStatus.PROPOSED, model.status == CheckStatus.APPROVED),
        )
    )
    return {replaced: key for replaced, key in rows if replaced is not None}


def names_of(reader: Reader, found: Sequence[Kept]) -> Mapping[UUID, str]:
    """Return the names of who entered and who checked."""
    wanted = {key for row in found for key in (row.made_by_id, row.checked_by_id) if key}
    with reader.beyond_scope("the names of colleagues who entered and checked"):
        rows = reader.session.execute(
            select(Account.id, Account.name).where(Account.id.in_(wanted))
        )
        return {key: name for key, name in rows}


def checked_of(
    reader: Reader, row: Kept, names: Mapping[UUID, str], replaced_by: UUID | None
) -> Checked:
    """Return the check of a row as the reader sees it."""
    is_own = row.made_by_id == reader.actor.account_id
    may_check = may(reader.actor, Permission.CHECK_PLAN) and not is_own
    return Checked(
        id=row.id,
        version=row.version,
        status=row.status,
        made_by=names.get(row.made_by_id),
        made_at=row.made_at,
        checked_by=names.get(row.checked_by_id) if row.checked_by_id else None,
        checked_at=row.checked_at,
        answer=row.answer,
        is_own=is_own,
        may_check=may_check,
        replaced_by=replaced_by,
    )
