"""Bearer tokens of the API and the secrets of sign-ins: shown once, kept as hashes."""

import hashlib
import secrets

from sqlalchemy import select, update

from app.db import MachineNow
from app.domain.account import clean_login
from app.domain.actor import Permission
from app.domain.errors import NotFoundError
from app.models.account import Account, ApiToken
from app.unit_of_work import UnitOfWork

SECRET_BYTES = 32


def new_secret() -> str:
    """Return 256 random bits as text that fits a cookie or a header."""
    return secrets.token_urlsafe(SECRET_BYTES)


def secret_sha256(secret: str) -> str:
    """Return what is kept of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def issue_token(uow: UnitOfWork, login: str) -> str:
    """Return a new bearer token of the account; it is never shown again."""
    uow.require(Permission.MANAGE_ACCOUNTS)
    account = account_of(uow, login)
    secret = new_secret()
    uow.add(
        ApiToken(
            account_id=account.id,
            token_sha256=secret_sha256(secret),
            created_at=MachineNow(),
        )
    )
    uow.audit("account.token_issued", account)
    return secret


def revoke_tokens(uow: UnitOfWork, login: str) -> int:
    """Make every bearer token of the account worthless and return how many there were."""
    uow.require(Permission.MANAGE_ACCOUNTS)
    account = account_of(uow, login)
    with uow.beyond_scope("tokens of the account named"):
        ended = uow.session.scalars(
            update(ApiToken)
            .where(ApiToken.account_id == account.id, ApiToken.revoked_at.is_(None))
            .values(revoked_at=MachineNow())
            .returning(ApiToken.id)
        ).all()
    uow.audit("account.tokens_revoked", account, tokens=len(ended))
    return len(ended)


def account_of(uow: UnitOfWork, login: str) -> Account:
    """Return the account with the login.

    Raises:
        NotFoundError: when there is none in the actor's sight.
    """
    account = uow.one(select(Account).where(Account.login == clean_login(login)))
    if account is None:
        raise NotFoundError("account.not_found")
    return account
