"""Which experts stand down, when and until when."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, exists, or_, select

from app.domain.calendar import local_day
from app.domain.errors import NotFoundError
from app.domain.stand_down import StoodDown
from app.models.expert import Expert
from app.models.stand_down import StandDown
from app.queries.accounts import account_names
from app.queries.free_times import Look
from app.unit_of_work import Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class StandDownRow:
    """A stand-down as the bureau and the expert himself read it.

    Attributes:
        ordered_by: the approver; None where the reader may not know.
        is_standing: it was not lifted and its last day has not passed.
        is_in_force: it holds today.
    """

    id: UUID
    version: int
    first_on: date
    last_on: date
    reason: str
    ordered_by: str | None
    ordered_at: datetime
    lifted_at: datetime | None
    is_standing: bool
    is_in_force: bool


@dataclass(frozen=True, slots=True)
class StandDowns:
    """The stand-downs of an expert, the newest first."""

    expert_id: UUID
    items: tuple[StandDownRow, ...]


def stands_down(day: date) -> ColumnElement[bool]:
    """Return the criterion that an expert of the pool stands down on the day."""
    return exists().where(StandDown.expert_id == Expert.id, *_holds_on(day))


def takes_no_requests(day: date) -> ColumnElement[bool]:
    """Return the criterion that an expert of the pool has paused or stands down on the day."""
    return or_(Expert.is_paused, stands_down(day))


def standing_down(look: Look, expert_ids: Collection[UUID], day: date) -> frozenset[UUID]:
    """Return those of the experts who stand down on the day."""
    rows = look.session.scalars(
        select(StandDown.expert_id).where(StandDown.expert_id.in_(expert_ids), *_holds_on(day))
    )
    return frozenset(rows)


def known_of(look: Look, expert_ids: Collection[UUID]) -> dict[UUID, tuple[StoodDown, ...]]:
    """Return every stand-down of the experts as the counting rules know it."""
    found: dict[UUID, list[StoodDown]] = defaultdict(list)
    rows = look.session.scalars(
        select(StandDown)
        .where(StandDown.expert_id.in_(expert_ids))
        .order_by(StandDown.first_on, StandDown.id)
    )
    for row in rows:
        told = StoodDown(row.first_on, row.last_on, row.ordered_at, row.lifted_at)
        found[row.expert_id].append(told)
    return {key: tuple(each) for key, each in found.items()}


def stand_downs_of(reader: Reader, expert_id: UUID) -> tuple[StandDownRow, ...]:
    """Return the stand-downs of an expert, the newest first."""
    rows = reader.session.scalars(
        select(StandDown)
        .where(StandDown.expert_id == expert_id)
        .order_by(StandDown.first_on.desc(), StandDown.id)
    ).all()
    names = account_names(reader, {row.ordered_by_id for row in rows}) if rows else {}
    today = local_day(reader.now)
    return tuple(_row(row, names.get(row.ordered_by_id), today) for row in rows)


def stand_downs_detail(reader: Reader, expert_id: UUID) -> StandDowns:
    """Return the stand-downs: his own for a mentor, anybody's for the bureau.

    Raises:
        NotFoundError: there is no such expert, or he is somebody else.
    """
    is_known = reader.actor.is_staff or reader.actor.expert_id == expert_id
    if not is_known or reader.session.get(Expert, expert_id) is None:
        raise NotFoundError("expert.not_found")
    return StandDowns(expert_id, stand_downs_of(reader, expert_id))


def _row(row: StandDown, ordered_by: str | None, today: date) -> StandDownRow:
    is_standing = row.lifted_at is None and row.last_on >= today
    return StandDownRow(
        id=row.id,
        version=row.version,
        first_on=row.first_on,
        last_on=row.last_on,
        reason=row.reason,
        ordered_by=ordered_by,
        ordered_at=row.ordered_at,
        lifted_at=row.lifted_at,
        is_standing=is_standing,
        is_in_force=is_standing and row.first_on <= today,
    )


def _holds_on(day: date) -> Sequence[ColumnElement[bool]]:
    return (StandDown.first_on <= day, StandDown.last_on >= day, StandDown.lifted_at.is_(None))
