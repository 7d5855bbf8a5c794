"""Who somebody is: the account behind a sign-in or a token, with everything an actor needs."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, ScalarSelect, Select, and_, func, select

from app.db import MachineNow
from app.domain.account import sign_in_holds
from app.domain.actor import Actor, Role
from app.domain.calendar import ZONE, local_day
from app.domain.ids import AccountId, ExpertId, PersonId
from app.domain.policy_number import PolicyNumber
from app.models.account import Account, AccountRole, ApiToken, SignInSession
from app.models.calendar_feed import CalendarFeed
from app.models.expert import Expert
from app.models.message import Message
from app.queries.policy_numbers import policy_number
from app.unit_of_work import Reader, UnitOfWork, unscoped


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A sign-in that holds: whose it is and when it was last in use, by the machine's time.

    `unread` is how many messages wait to be read, which every page shows.
    """

    id: UUID
    actor: Actor
    must_change_password: bool
    last_seen_at: datetime
    looked_at: datetime
    unread: int


@dataclass(frozen=True, slots=True)
class AccountLine:
    """One account of a list."""

    login: str
    name: str
    roles: tuple[Role, ...]


def still_serves(now: datetime) -> ColumnElement[bool]:
    """Return which accounts can be used at the instant: neither suspended nor over."""
    lasts = Account.expires_at.is_(None) | (Account.expires_at > now)
    return and_(Account.is_active.is_(True), lasts)


def login_of(reader: Reader, account_id: UUID | None) -> str:
    """Return with what an account signs in, for files and pages that name who made them."""
    statement = select(Account.login).where(Account.id == account_id)
    with unscoped():
        return reader.session.connection().execute(statement).scalar() or ""


def account_names(reader: Reader | UnitOfWork, keys: Iterable[UUID]) -> dict[UUID, str]:
    """Return what the holders of accounts are called.

    Who may read what somebody did may read who it was; accounts themselves stay hidden.
    """
    statement = select(Account.id, Account.name).where(Account.id.in_(list(keys)))
    with unscoped():
        rows = reader.session.connection().execute(statement)
        return {key: name for key, name in rows}


def signed_in(reader: Reader, token_sha256: str, request_id: str | None) -> SignedIn | None:
    """Return the sign-in with this secret's hash; None when there is none or it has run out."""
    which = SignInSession.token_sha256 == token_sha256
    rows = reader.session.execute(
        _holders(
            reader,
            SignInSession.id.label("sign_in_id"),
            SignInSession.created_at.label("began_at"),
            SignInSession.last_seen_at,
            Account.must_change_password,
            MachineNow().label("looked_at"),
            _unread().label("unread"),
        )
        .join(SignInSession, SignInSession.account_id == Account.id)
        .where(which, SignInSession.revoked_at.is_(None))
    ).all()
    if not rows:
        return None
    actor, first = _actor(rows, request_id), rows[0]
    if not sign_in_holds(first.began_at, first.last_seen_at, first.looked_at, actor.roles):
        return None
    return SignedIn(
        first.sign_in_id,
        actor,
        first.must_change_password,
        first.last_seen_at,
        first.looked_at,
        first.unread,
    )


def token_holder(reader: Reader, token_sha256: str, request_id: str | None) -> Actor | None:
    """Return who holds the bearer token with this hash; None when nobody does."""
    rows = reader.session.execute(
        _holders(reader)
        .join(ApiToken, ApiToken.account_id == Account.id)
        .where(ApiToken.token_sha256 == token_sha256, ApiToken.revoked_at.is_(None))
    ).all()
    return _actor(rows, request_id) if rows else None


def feed_holder(reader: Reader, token_sha256: str, request_id: str | None) -> Actor | None:
    """Return whose calendar feed has this hash; None when it is nobody's, or his no longer."""
    rows = reader.session.execute(
        _holders(reader)
        .join(CalendarFeed, CalendarFeed.account_id == Account.id)
        .where(CalendarFeed.token_sha256 == token_sha256, CalendarFeed.revoked_at.is_(None))
    ).all()
    return _actor(rows, request_id) if rows else None


def account_holder(reader: Reader, account_id: UUID, request_id: str | None) -> Actor | None:
    """Return whose account it is; None when it is closed."""
    rows = reader.session.execute(_holders(reader).where(Account.id == account_id)).all()
    return _actor(rows, request_id) if rows else None


def account_lines(reader: Reader, logins: Collection[str]) -> Sequence[AccountLine]:
    """Return the active accounts among the logins, in the order given."""
    rows = reader.session.execute(
        select(Account.login, Account.name, AccountRole.role)
        .join(AccountRole, AccountRole.account_id == Account.id)
        .where(Account.login.in_(logins), Account.is_active.is_(True))
        .order_by(AccountRole.role)
    )
    names: dict[str, str] = {}
    roles: dict[str, list[Role]] = {}
    for login, name, role in rows:
        names[login] = name
        roles.setdefault(login, []).append(role)
    return [
        AccountLine(login, names[login], tuple(roles[login])) for login in logins if login in names
    ]


def _unread() -> ScalarSelect[int]:
    waiting = (Message.account_id == Account.id) & Message.read_at.is_(None)
    return (
        select(func.count())
        .select_from(Message)
        .where(waiting)
        .correlate(Account)
        .scalar_subquery()
    )


def _holders(reader: Reader, *more: Any) -> Select[Any]:
    return (
        select(
            Account.id,
            Account.name,
            Account.person_id,
            AccountRole.role,
            AccountRole.department,
            AccountRole.street,
            Expert.id.label("expert_id"),
            Expert.time_zone,
            *more,
        )
        .select_from(Account)
        .outerjoin(AccountRole, AccountRole.account_id == Account.id)
        .outerjoin(Expert, Expert.person_id == Account.person_id)
        .where(still_serves(reader.now))
    )


def _actor(rows: Sequence[Row[Any]], request_id: str | None) -> Actor:
    first = rows[0]
    roles = frozenset(row.role for row in rows if row.role is not None)
    return Actor(
        roles=roles,
        account_id=AccountId(first.id),
        person_id=PersonId(first.person_id) if first.person_id else None,
        expert_id=ExpertId(first.expert_id) if first.expert_id and Role.MENTOR in roles else None,
        time_zone=first.time_zone or ZONE.key,
        department=next((row.department for row in rows if row.department), None),
        street=next((row.street for row in rows if row.street), None),
        name=first.name,
        request_id=request_id,
    )


def own_end(reader: Reader) -> datetime | None:
    """Return when the reader's account ends, once that is to be pointed at; else None."""
    expires_at = reader.session.scalar(
        select(Account.expires_at).where(Account.id == reader.actor.account_id)
    )
    if expires_at is None:
        return None
    days = policy_number(reader, PolicyNumber.ACCOUNT_END_WARNING, local_day(reader.now))
    return expires_at if expires_at <= reader.now + timedelta(days=days) else None
