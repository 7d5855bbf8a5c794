"""Accounts as security administration sees them: who may sign in, as what, until when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, select

from app.domain.account import Holding
from app.domain.actor import Role
from app.domain.errors import NotFoundError
from app.models.account import Account, AccountRole
from app.queries.accounts import still_serves
from app.unit_of_work import Reader

PAGE = 50


class AccountState(StrEnum):
    """Whether an account can be used."""

    SERVING = "serving"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountFilter:
    """Which accounts; what is None does not limit."""

    text: str | None = None
    role: Role | None = None
    state: AccountState | None = None


@dataclass(frozen=True, slots=True)
class AccountRow:
    """One account.

    Attributes:
        expires_at: the end of its term; None where it has none.
        purpose: what it was opened for, of accounts with a term.
        is_serving: whether it can be used now.
        is_over: whether its term is over.
    """

    id: UUID
    version: int
    login: str
    name: str
    holdings: tuple[Holding, ...]
    created_at: datetime
    expires_at: datetime | None
    purpose: str | None
    is_serving: bool
    is_over: bool
    must_change_password: bool


@dataclass(frozen=True, slots=True)
class AccountPage:
    """Some accounts, and the key with which the next ones are asked for."""

    items: Sequence[AccountRow]
    next: UUID | None


def account_list(
    reader: Reader, wanted: AccountFilter, *, after: UUID | None = None, limit: int = PAGE
) -> AccountPage:
    """Return accounts, the newest first."""
    statement = select(Account).where(*_conditions(wanted, reader.now))
    if after is not None:
        statement = statement.where(Account.id < after)
    rows = reader.session.scalars(statement.order_by(Account.id.desc()).limit(limit + 1)).all()
    items = _rows(reader, rows[:limit])
    return AccountPage(items, items[-1].id if len(rows) > limit else None)


def account_row(reader: Reader, account_id: UUID) -> AccountRow:
    """Return one account.

    Raises:
        NotFoundError: there is none in the reader's sight.
    """
    row = reader.session.get(Account, account_id)
    if row is None:
        raise NotFoundError("account.not_found")
    return _rows(reader, [row])[0]


def _conditions(wanted: AccountFilter, now: datetime) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.text is not None:
        like = Account.name.contains(wanted.text, autoescape=True)
        like |= Account.login.contains(wanted.text.casefold(), autoescape=True)
        conditions.append(like)
    if wanted.role is not None:
        holders = select(AccountRole.account_id).where(AccountRole.role == wanted.role)
        conditions.append(Account.id.in_(holders))
    if wanted.state is not None:
        serves = still_serves(now)
        conditions.append(serves if wanted.state is AccountState.SERVING else ~serves)
    return conditions


def _rows(reader: Reader, rows: Sequence[Account]) -> list[AccountRow]:
    held: dict[UUID, list[Holding]] = {row.id: [] for row in rows}
    statement = select(AccountRole).where(AccountRole.account_id.in_(held))
    for each in reader.session.scalars(statement.order_by(AccountRole.role)):
        held[each.account_id].append(Holding(each.role, each.department, each.street))
    return [_row(row, held[row.id], reader.now) for row in rows]


def _row(row: Account, holdings: Sequence[Holding], now: datetime) -> AccountRow:
    is_over = row.expires_at is not None and row.expires_at <= now
    return AccountRow(
        id=row.id,
        version=row.version,
        login=row.login,
        name=row.name,
        holdings=tuple(holdings),
        created_at=row.created_at,
        expires_at=row.expires_at,
        purpose=row.purpose,
        is_serving=row.is_active and not is_over,
        is_over=is_over,
        must_change_password=row.must_change_password,
    )
