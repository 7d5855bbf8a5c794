"""The log of looks as those read it who watch over them: who, what, when, from where."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select

from app.models.account import Account
from app.models.audit_entry import AccessEntry
from app.queries.accounts import account_names
from app.unit_of_work import Reader, unscoped

PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class LookFilter:
    """Which looks; what is None does not limit.

    Attributes:
        who: part of the name or login of the account.
        what: the beginning of the address that was looked at.
    """

    who: str | None = None
    what: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """One look: by whom, at what, how, from where, when.

    Attributes:
        query: what was asked besides the address, such as the filters of a list.
        facts: what was handed out, or that the try was refused.
    """

    id: UUID
    at: datetime
    account: str
    subject: str
    query: Mapping[str, str]
    facts: Mapping[str, str]
    address: str


@dataclass(frozen=True, slots=True)
class LookPage:
    """Some looks, and the key with which the next ones are asked for."""

    items: Sequence[Look]
    next: UUID | None


def looks(
    reader: Reader, wanted: LookFilter, *, after: UUID | None = None, limit: int = PAGE
) -> LookPage:
    """Return looks, the newest first."""
    statement = select(AccessEntry).where(*_conditions(reader, wanted))
    if after is not None:
        statement = statement.where(AccessEntry.id < after)
    rows = reader.session.scalars(statement.order_by(AccessEntry.id.desc()).limit(limit + 1)).all()
    names = account_names(reader, {row.account_id for row in rows})
    items = [_look(row, names) for row in rows[:limit]]
    return LookPage(items, items[-1].id if len(rows) > limit else None)


def _conditions(reader: Reader, wanted: LookFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.who is not None:
        conditions.append(AccessEntry.account_id.in_(_named(reader, wanted.who)))
    if wanted.what is not None:
        conditions.append(AccessEntry.subject.startswith(wanted.what, autoescape=True))
    if wanted.since is not None:
        conditions.append(AccessEntry.at >= wanted.since)
    if wanted.until is not None:
        conditions.append(AccessEntry.at < wanted.until)
    return conditions


def _named(reader: Reader, who: str) -> Sequence[UUID]:
    """Return whose name or login it may be; accounts themselves stay hidden."""
    like = Account.name.contains(who, autoescape=True)
    like |= Account.login.startswith(who.casefold(), autoescape=True)
    with unscoped():
        return reader.session.connection().execute(select(Account.id).where(like)).scalars().all()


def _look(row: AccessEntry, names: Mapping[UUID, str]) -> Look:
    said = dict(row.facts)
    query, method = said.pop("query", {}), said.pop("method", "GET")
    facts = {name: str(fact) for name, fact in said.items()}
    if method != "GET":
        facts["method"] = str(method)
    return Look(
        id=row.id,
        at=row.at,
        account=names.get(row.account_id, ""),
        subject=row.subject,
        query=query,
        facts=facts,
        address=row.address,
    )
