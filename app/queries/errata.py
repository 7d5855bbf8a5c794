"""勘误 of closed months: those printed, and those that wait for their checker."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select

from app.domain.actor import Permission, may
from app.domain.calendar import Month
from app.domain.erratum import ErratumStatus
from app.domain.errors import NotFoundError
from app.models.account import Account
from app.models.erratum import Erratum
from app.models.period import Period
from app.unit_of_work import Reader


@dataclass(frozen=True, slots=True)
class ErratumRow:
    """One erratum: what was wrong in which month, and who says so.

    Attributes:
        is_own: whether the reader proposed it himself.
    """

    id: UUID
    version: int
    month: str
    words: str
    status: ErratumStatus
    made_by: str
    made_at: datetime
    checked_by: str | None
    checked_at: datetime | None
    is_own: bool


@dataclass(frozen=True, slots=True)
class Errata:
    """What is printed on a report, and what waits.

    Attributes:
        waiting: shown to those alone who propose or check.
        may_propose: whether the reader may propose one.
        may_check: whether the reader may check those of others.
    """

    printed: tuple[ErratumRow, ...]
    waiting: tuple[ErratumRow, ...]
    may_propose: bool
    may_check: bool


def errata(reader: Reader, months: Iterable[Month]) -> Errata:
    """Return the errata of these months in the order of their approval; two statements."""
    wanted = [str(month) for month in months]
    rows = _rows(reader, Period.month.in_(wanted), Erratum.status != ErratumStatus.REFUSED)
    printed = [row for row in rows if row.status is ErratumStatus.APPROVED]
    may_propose = may(reader.actor, Permission.MAKE_CORRECTION)
    may_check = may(reader.actor, Permission.CHECK_CORRECTION)
    waiting = [row for row in rows if row.status is ErratumStatus.PROPOSED]
    return Errata(
        printed=tuple(sorted(printed, key=lambda row: (row.month, row.checked_at, row.id))),
        waiting=tuple(waiting) if may_propose or may_check else (),
        may_propose=may_propose,
        may_check=may_check,
    )


def erratum(reader: Reader, erratum_id: UUID) -> ErratumRow:
    """Return one erratum, whatever became of it.

    Raises:
        NotFoundError: there is none.
    """
    rows = _rows(reader, Erratum.id == erratum_id)
    if not rows:
        raise NotFoundError("erratum.not_found")
    return rows[0]


def _rows(reader: Reader, *which: ColumnElement[bool]) -> list[ErratumRow]:
    found = reader.session.execute(
        select(Erratum, Period.month)
        .join(Period, Period.id == Erratum.period_id)
        .where(*which)
        .order_by(Period.month, Erratum.made_at, Erratum.id)
    ).all()
    keys = {key for row, _ in found for key in (row.made_by_id, row.checked_by_id) if key}
    names = _names(reader, keys)
    return [
        ErratumRow(
            id=row.id,
            version=row.version,
            month=month,
            words=row.words,
            status=row.status,
            made_by=names[row.made_by_id],
            made_at=row.made_at,
            checked_by=names[row.checked_by_id] if row.checked_by_id else None,
            checked_at=row.checked_at,
            is_own=row.made_by_id == reader.actor.account_id,
        )
        for row, month in found
    ]


def _names(reader: Reader, keys: Collection[UUID]) -> Mapping[UUID, str]:
    if not keys:
        return {}
    with reader.beyond_scope("who proposed and who checked an erratum, by name"):
        rows = reader.session.execute(select(Account.id, Account.name).where(Account.id.in_(keys)))
        return {key: name for key, name in rows}
