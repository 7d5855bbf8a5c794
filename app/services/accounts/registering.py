"""Accounts made, their roles granted and taken away, their passwords changed."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update

from app.db import MachineNow
from app.domain.account import (
    Holding,
    NotOnesOwnError,
    TermOverError,
    WrongPasswordError,
    clean_login,
    ensure_holdings,
    ensure_login,
    ensure_password,
    is_staff,
)
from app.domain.actor import Permission, Role
from app.domain.erasure import ErasedError
from app.domain.errors import FieldError, InvalidInputError, NotFoundError
from app.models.account import Account, AccountRole, SignInSession
from app.models.erasure import Erasure
from app.models.expert import Expert
from app.models.mail_link import MailLink
from app.models.person import Person
from app.services.accounts.passwords import has_password, password_hash
from app.services.accounts.tokens import account_of
from app.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAccount:
    """Who is to sign in, with which roles, as which person.

    Without a person a founder becomes a new one, and a mentor is the expert of the pool with the
    reference or, without one, with exactly this name. A demo account may keep the password of the
    demo, which the rules would refuse.
    """

    login: str
    name: str
    password: str
    holdings: tuple[Holding, ...]
    person_id: UUID | None = None
    expert_ref: str | None = None
    must_change_password: bool = False
    expires_at: datetime | None = None
    purpose: str | None = None
    is_demo: bool = False


def register(uow: UnitOfWork, new: NewAccount) -> Account:
    """Make an account that can sign in at once."""
    uow.require(Permission.MANAGE_ACCOUNTS)
    login = clean_login(new.login)
    ensure_login(login, new.name)
    ensure_holdings(new.holdings)
    roles = [holding.role for holding in new.holdings]
    if not new.is_demo:
        ensure_password(new.password, is_staff=is_staff(roles), own_words=(login, new.name))
    account = uow.add(
        Account(
            login=login,
            name=new.name,
            password_hash=password_hash(new.password),
            person_id=new.person_id or _person_of(uow, new, roles),
            must_change_password=new.must_change_password,
            created_at=uow.now,
            expires_at=new.expires_at,
            purpose=new.purpose,
        )
    )
    uow.flush()
    for holding in new.holdings:
        _hold(uow, account, holding)
    uow.audit("account.registered", account, roles=sorted(roles))
    return account


def grant(uow: UnitOfWork, login: str, holding: Holding) -> Account:
    """Add a role to the account; it works from the next request on."""
    uow.require(Permission.MANAGE_ACCOUNTS)
    account = _of_another(uow, login)
    ensure_holdings([*_holdings(uow, account), holding])
    _hold(uow, account, holding)
    uow.audit("account.role_granted", account, role=holding.role)
    end_sign_ins(uow, account)
    return account


def revoke(uow: UnitOfWork, login: str, role: Role) -> Account:
    """Take a role from the account."""
    uow.require(Permission.MANAGE_ACCOUNTS)
    account = _of_another(uow, login)
    held = uow.one(
        select(AccountRole).where(AccountRole.account_id == account.id, AccountRole.role == role)
    )
    if held is None:
        raise NotFoundError("account.role_not_held")
    uow.session.delete(held)
    uow.audit("account.role_revoked", account, role=role)
    end_sign_ins(uow, account)
    return account


def suspend(uow: UnitOfWork, login: str) -> Account:
    """Let nobody sign in to the account and end whatever is signed in."""
    uow.require(Permission.MANAGE_ACCOUNTS)
    account = _of_another(uow, login)
    account.is_active = False
    end_sign_ins(uow, account)
    _revoke_links(uow, account)
    uow.audit("account.suspended", account)
    return account


def reactivate(uow: UnitOfWork, login: str) -> Account:
    """Let the account sign in again."""
    uow.require(Permission.MANAGE_ACCOUNTS)
    account = _of_another(uow, login)
    with uow.beyond_scope("whether the account was closed for good"):
        if uow.all(select(Erasure.id).where(Erasure.person_id == account.person_id)):
            raise ErasedError
    if account.expires_at is not None and account.expires_at <= uow.now:
        raise TermOverError
    account.is_active = True
    uow.audit("account.reactivated", account)
    return account


def change_password(uow: UnitOfWork, present: str, wanted: str) -> Account:
    """Change the actor's own password; every sign-in of the account ends, this one included.

    Raises:
        WrongPasswordError: when `present` is not the present password.
        InvalidInputError: when `wanted` breaks a rule.
    """
    uow.require(Permission.USE_OWN_ACCOUNT)
    if uow.actor.account_id is None:
        raise NotFoundError("account.not_found")
    account = uow.load(Account, uow.actor.account_id, lock=True)
    if not has_password(account.password_hash, present):
        raise WrongPasswordError(errors=[FieldError("present", "account.password_wrong")])
    roles = [holding.role for holding in _holdings(uow, account)]
    ensure_password(wanted, is_staff=is_staff(roles), own_words=(account.login, account.name))
    account.password_hash = password_hash(wanted)
    account.must_change_password = False
    end_sign_ins(uow, account)
    uow.audit("account.password_changed", account)
    return account


def end_sign_ins(uow: UnitOfWork, account: Account) -> None:
    """End every sign-in of the account."""
    with uow.beyond_scope("sign-ins of the account changed"):
        uow.session.execute(
            update(SignInSession)
            .where(SignInSession.account_id == account.id, SignInSession.revoked_at.is_(None))
            .values(revoked_at=MachineNow())
        )


def _revoke_links(uow: UnitOfWork, account: Account) -> None:
    """Make the links of all letters to the account worthless for good."""
    with uow.beyond_scope("links of the account revoked"):
        uow.session.execute(
            update(MailLink)
            .where(
                MailLink.account_id == account.id,
                MailLink.used_at.is_(None),
                MailLink.revoked_at.is_(None),
            )
            .values(revoked_at=uow.now)
        )


def set_password(uow: UnitOfWork, login: str, wanted: str) -> Account:
    """Set a new first password, to be changed at the next sign-in."""
    uow.require(Permission.MANAGE_ACCOUNTS)
    account = account_of(uow, login)
    roles = [holding.role for holding in _holdings(uow, account)]
    ensure_password(wanted, is_staff=is_staff(roles), own_words=(account.login, account.name))
    account.password_hash = password_hash(wanted)
    account.must_change_password = True
    end_sign_ins(uow, account)
    uow.audit("account.password_set", account)
    return account


def _of_another(uow: UnitOfWork, login: str) -> Account:
    account = account_of(uow, login)
    if account.id == uow.actor.account_id:
        raise NotOnesOwnError
    return account


def _hold(uow: UnitOfWork, account: Account, holding: Holding) -> None:
    uow.add(
        AccountRole(
            account_id=account.id,
            role=holding.role,
            department=holding.department,
            street=holding.street,
        )
    )


def _holdings(uow: UnitOfWork, account: Account) -> list[Holding]:
    rows = uow.all(select(AccountRole).where(AccountRole.account_id == account.id))
    return [Holding(row.role, row.department, row.street) for row in rows]


def _person_of(uow: UnitOfWork, new: NewAccount, roles: list[Role]) -> UUID | None:
    if Role.MENTOR in roles:
        return _person_of_expert(uow, new)
    if Role.FOUNDER not in roles:
        return None
    person = uow.add(Person(name=new.name, created_at=uow.now))
    uow.flush()
    return person.id


def _person_of_expert(uow: UnitOfWork, new: NewAccount) -> UUID | None:
    same = Expert.source_ref == new.expert_ref if new.expert_ref else Expert.name == new.name
    found = uow.all(select(Expert.person_id).where(same))
    if new.expert_ref and not found:
        raise InvalidInputError.at("expert", "account.expert_unknown")
    if len(found) > 1:
        raise InvalidInputError.at("expert", "account.expert_ambiguous", found=len(found))
    return found[0] if found else None
