"""What became known of meetings after their month was closed: whom it moves, by whose hand."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select

from app.domain.calendar import Month
from app.domain.service_record import Additive
from app.models.account import Account
from app.models.period import Adjustment, Period
from app.models.person import Person
from app.models.service_record import Correction
from app.models.service_session import ServiceSession
from app.unit_of_work import Reader


@dataclass(frozen=True, slots=True)
class Moved:
    """The persons whom a change adds or removes.

    Attributes:
        count: how many.
        names: of those whom the reader may know; who writes the page masks them.
    """

    count: int
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hands:
    """Who proposed a correction and who checked it."""

    maker: str
    checker: str


@dataclass(frozen=True, slots=True)
class LateChange:
    """What became known of one meeting after its month was closed.

    Attributes:
        month: the closed month it is about.
        posted_month: the month in which it is told.
        hands: of a correction by the bureau; other news is posted by the rules themselves.
    """

    session_id: UUID
    reference: str
    cause: str
    month: str
    posted_month: str
    change: Additive
    added: Moved
    removed: Moved
    hands: Hands | None


def late_changes(reader: Reader, months: Iterable[Month]) -> tuple[LateChange, ...]:
    """Return what became known of these months after they were closed, as it was posted."""
    return _changes(reader, Period.month.in_([str(month) for month in months]))


def month_changes(
    reader: Reader, month: Month
) -> tuple[tuple[LateChange, ...], Mapping[str, Sequence[LateChange]]]:
    """Return what became known of the month once it was closed, and what it tells of earlier ones.

    The latter 上期调整 by the month they are about; at most three statements for both.
    """
    code = str(month)
    found = _changes(reader, or_(Period.month == code, Adjustment.posted_month == code))
    posted: dict[str, list[LateChange]] = defaultdict(list)
    for each in found:
        if each.posted_month == code:
            posted[each.month].append(each)
    return tuple(each for each in found if each.month == code), posted


def _changes(reader: Reader, which: ColumnElement[bool]) -> tuple[LateChange, ...]:
    rows = reader.session.execute(
        select(
            Adjustment,
            ServiceSession.reference,
            Period.month,
            Correction.made_by_id,
            Correction.checked_by_id,
        )
        .join(ServiceSession, ServiceSession.id == Adjustment.service_session_id)
        .join(Period, Period.id == Adjustment.period_id)
        .outerjoin(Correction, Correction.id == Adjustment.correction_id)
        .where(which)
        .order_by(Adjustment.created_at, Adjustment.id)
    ).all()
    persons = {UUID(key) for row in rows for key in _moved_keys(row.Adjustment)}
    known = _persons(reader, persons)
    staff = _staff(reader, {key for row in rows for key in (row.made_by_id, row.checked_by_id)})
    return tuple(_change(row, known, staff) for row in rows)


def _change(row: Any, persons: Mapping[UUID, str], staff: Mapping[UUID, str]) -> LateChange:
    posted, deltas = row.Adjustment, row.Adjustment.deltas
    by_hand = row.made_by_id is not None and row.checked_by_id is not None
    return LateChange(
        session_id=posted.service_session_id,
        reference=row.reference,
        cause=posted.cause,
        month=row.month,
        posted_month=posted.posted_month,
        change=Additive(**deltas["measures"]),
        added=_moved(deltas["persons_added"], persons),
        removed=_moved(deltas["persons_removed"], persons),
        hands=Hands(staff[row.made_by_id], staff[row.checked_by_id]) if by_hand else None,
    )


def _moved_keys(posted: Adjustment) -> tuple[str, ...]:
    return (*posted.deltas["persons_added"], *posted.deltas["persons_removed"])


def _moved(keys: Sequence[str], known: Mapping[UUID, str]) -> Moved:
    names = (known[person] for key in keys if (person := UUID(key)) in known)
    return Moved(len(keys), tuple(names))


def _persons(reader: Reader, keys: Collection[UUID]) -> Mapping[UUID, str]:
    if not keys:
        return {}
    rows = reader.session.execute(select(Person.id, Person.name).where(Person.id.in_(keys)))
    return {key: name for key, name in rows}


def _staff(reader: Reader, keys: Collection[UUID | None]) -> Mapping[UUID, str]:
    wanted = {key for key in keys if key is not None}
    if not wanted:
        return {}
    with reader.beyond_scope("who made and who checked a correction, by name"):
        rows = reader.session.execute(
            select(Account.id, Account.name).where(Account.id.in_(wanted))
        )
        return {key: name for key, name in rows}
