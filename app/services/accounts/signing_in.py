"""Signing in and out: a try is entered before it is judged, so parallel guesses gain nothing."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, select, update

from app.db import MachineNow, insert_new
from app.domain.account import (
    TooManyTriesError,
    clean_login,
    wait_after,
)
from app.domain.ids import new_id
from app.models.account import Account, SignInFailure, SignInSession
from app.queries.accounts import still_serves
from app.services.accounts.tokens import new_secret, secret_sha256
from app.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Try:
    """A try to sign in that may be judged: the account it names, if there is one."""

    login: str
    account_id: UUID | None = None
    password_hash: str | None = None
    must_change_password: bool = False


def begin_try(uow: UnitOfWork, login: str) -> Try:
    """Enter a try for the login as if it failed; signing in takes it back.

    Runs as the service, since nobody is signed in yet. The login is kept as a hash: people type
    passwords into the wrong field.

    Raises:
        TooManyTriesError: `seconds` are left until the next try is taken.
    """
    key = secret_sha256(clean_login(login))
    failure = _locked_failure(uow, key)
    # Read behind the lock: whoever waited for it judges by the time it got it.
    now = uow.session.execute(select(MachineNow())).scalar_one()
    if failure.wait_until > now:
        left = failure.wait_until - now
        raise TooManyTriesError(seconds=int(left.total_seconds()) + 1)
    failure.count += 1
    failure.wait_until = now + wait_after(failure.count)
    account = uow.one(
        select(Account).where(Account.login == clean_login(login), still_serves(uow.now))
    )
    if account is None:
        return Try(key)
    return Try(key, account.id, account.password_hash, account.must_change_password)


def _locked_failure(uow: UnitOfWork, key: str) -> SignInFailure:
    first = {"login": key, "count": 0, "wait_until": MachineNow()}
    insert_new(uow.session, SignInFailure, id=new_id(), **first)
    statement = select(SignInFailure).where(SignInFailure.login == key).with_for_update()
    return uow.session.scalars(statement).one()


def sign_in(uow: UnitOfWork, tried: Try, rehashed: str | None = None) -> str:
    """Open a sign-in after a right password and return its secret, which only the browser keeps.

    Args:
        uow: a transaction of the service.
        tried: the try whose password was right.
        rehashed: the same password under today's parameters, when the kept hash was older.
    """
    if tried.account_id is None:
        raise ValueError("a try without an account cannot be right")
    account = uow.load(Account, tried.account_id)
    if rehashed is not None:
        account.password_hash = rehashed
    uow.session.execute(delete(SignInFailure).where(SignInFailure.login == tried.login))
    secret = new_secret()
    uow.add(
        SignInSession(
            account_id=account.id,
            token_sha256=secret_sha256(secret),
            created_at=MachineNow(),
            last_seen_at=MachineNow(),
        )
    )
    uow.audit("account.signed_in", account)
    return secret


def sign_out(uow: UnitOfWork, secret: str) -> None:
    """End the sign-in with the secret; one that has ended already stays ended."""
    ended = uow.session.scalars(
        update(SignInSession)
        .where(
            SignInSession.token_sha256 == secret_sha256(secret), SignInSession.revoked_at.is_(None)
        )
        .values(revoked_at=MachineNow())
        .returning(SignInSession.account_id)
    ).one_or_none()
    if ended is not None:
        uow.audit("account.signed_out", uow.load(Account, ended))


def see(uow: UnitOfWork, sign_in_id: UUID) -> None:
    """Note that the sign-in is in use."""
    uow.session.execute(
        update(SignInSession)
        .where(SignInSession.id == sign_in_id)
        .values(last_seen_at=MachineNow())
    )
