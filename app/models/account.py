"""Accounts, roles held, sign-in sessions, sign-in failures and API tokens."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import on_violation
from app.domain.actor import Role
from app.domain.errors import InvalidInputError
from app.models.base import Base, Code, Versioned, enum_of, references


class Account(Versioned, Base):
    """Somebody who can sign in, those who audit until their term ends. Business time."""

    __tablename__ = "accounts"
    __table_args__ = (UniqueConstraint("login"),)

    login: Mapped[str]
    name: Mapped[str]
    password_hash: Mapped[str]
    person_id: Mapped[UUID | None] = references("persons")
    is_active: Mapped[bool] = mapped_column(default=True)
    must_change_password: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    purpose: Mapped[str | None]


class AccountRole(Base):
    """A role an account holds, for liaisons with the department or street it is held for."""

    __tablename__ = "account_roles"
    __table_args__ = (
        UniqueConstraint("account_id", "role"),
        CheckConstraint("role <> 'system'", name="not_system"),
        CheckConstraint(
            "(role = 'dept_liaison') = (department IS NOT NULL)", name="department_of_liaison"
        ),
        CheckConstraint("(role = 'street_liaison') = (street IS NOT NULL)", name="street_of_clerk"),
    )

    account_id: Mapped[UUID] = references("accounts")
    role: Mapped[Role] = mapped_column(enum_of(Role))
    department: Mapped[Code | None]
    street: Mapped[Code | None]


class SignInSession(Base):
    """A signed-in browser; the cookie's secret is kept as a hash only. Machine time."""

    __tablename__ = "sign_in_sessions"
    __table_args__ = (UniqueConstraint("token_sha256"),)

    account_id: Mapped[UUID] = references("accounts")
    token_sha256: Mapped[str]
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class SignInFailure(Base):
    """Failures in a row for one login, and until when the next try must wait. Machine time."""

    __tablename__ = "sign_in_failures"
    __table_args__ = (UniqueConstraint("login"),)

    login: Mapped[str]
    count: Mapped[int]
    wait_until: Mapped[datetime]


class ApiToken(Base):
    """A bearer token of an account, kept as a hash only. Machine time."""

    __tablename__ = "api_tokens"
    __table_args__ = (UniqueConstraint("token_sha256"),)

    account_id: Mapped[UUID] = references("accounts")
    token_sha256: Mapped[str]
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


on_violation(
    lambda: InvalidInputError.at("login", "account.login_taken"),
    "uq_accounts_login",
    "accounts.login",
)
