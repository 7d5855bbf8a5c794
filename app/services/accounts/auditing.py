"""Accounts for an audit: opened for some days, prolonged with a reason, ended by themselves."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update

from app.db import MachineNow, StaleVersionError
from app.domain.account import Holding, TermOverError, prolonged_to, term_ends_at
from app.domain.actor import Permission, Role
from app.domain.policy_number import PolicyNumber
from app.models.account import Account, ApiToken
from app.models.job import Job
from app.queries.policy_numbers import policy_number
from app.services.accounts.registering import NewAccount, end_sign_ins, register
from app.unit_of_work import UnitOfWork

EXPIRE = "expire_account"
ENDING = "account.ending"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAuditor:
    """Who is to audit, for how many days, and by which letter or order."""

    login: str
    name: str
    password: str
    days: int
    purpose: str


def open_auditor(uow: UnitOfWork, new: NewAuditor) -> Account:
    """Make an account that only looks and ends by itself at 24:00 of the last of its days."""
    uow.require(Permission.MANAGE_ACCOUNTS)
    account = register(
        uow,
        NewAccount(
            login=new.login,
            name=new.name,
            password=new.password,
            holdings=(Holding(Role.AUDITOR),),
            must_change_password=True,
            expires_at=term_ends_at(uow.today, new.days),
            purpose=new.purpose,
        ),
    )
    _plan_end(uow, account, term_ends_at(uow.today, new.days))
    facts = {"days": new.days, "until": account.expires_at, "purpose": new.purpose}
    uow.audit("account.audit_opened", account, **facts)
    return account


def prolong_auditor(
    uow: UnitOfWork, account_id: UUID, days: int, reason: str, *, version: int
) -> Account:
    """Let the account serve some days more, from today where its term is over.

    Raises:
        TermOverError: when the account has no term.
        StaleVersionError: when somebody decided on it meanwhile.
    """
    account, was = _with_term(uow, account_id, version)
    until = prolonged_to(was, uow.now, days)
    account.expires_at, account.is_active = until, True
    _plan_end(uow, account, until)
    facts = {"days": days, "was": was, "until": until, "reason": reason}
    uow.audit("account.audit_prolonged", account, **facts)
    return account


def end_auditor(uow: UnitOfWork, account_id: UUID, reason: str, *, version: int) -> Account:
    """End the account at once, with whatever is signed in; a second press changes nothing.

    Raises:
        TermOverError: when the account has no term.
        StaleVersionError: when somebody decided on it meanwhile.
    """
    account, was = _with_term(uow, account_id, version)
    if was > uow.now:
        account.expires_at = uow.now
        _close(uow, account)
        uow.audit("account.audit_ended", account, was=was, reason=reason)
    return account


def watch_ends(uow: UnitOfWork) -> int:
    """Tell holders and security administration of terms about to end, once for each end.

    How many days before is a dated number of policy.

    Returns:
        How many are new.
    """
    uow.require(Permission.RUN_JOBS)
    days = policy_number(uow, PolicyNumber.ACCOUNT_END_WARNING, uow.today)
    ending = uow.all(
        select(Account)
        .where(
            Account.is_active,
            Account.expires_at > uow.now,
            Account.expires_at <= uow.now + timedelta(days=days),
        )
        .order_by(Account.id)
    )
    return sum(_warn(uow, account) for account in ending)


def _warn(uow: UnitOfWork, account: Account) -> bool:
    # A term that was prolonged ends anew, and is told of anew.
    end = int(account.expires_at.timestamp()) if account.expires_at else 0
    if uow.one(select(Job.id).where(Job.dedupe_key == f"notify:{ENDING}:{account.id}:{end}")):
        return False
    uow.tell(ENDING, account, revision=end)
    return True


def expire(uow: UnitOfWork, account_id: UUID) -> None:
    """Close the account whose term is over; one that was prolonged meanwhile stays open."""
    uow.require(Permission.RUN_JOBS)
    account = uow.load(Account, account_id, lock=True)
    is_over = account.expires_at is not None and account.expires_at <= uow.now
    if is_over and account.is_active:
        _close(uow, account)
        uow.audit("account.expired", account, until=account.expires_at)


def _with_term(uow: UnitOfWork, account_id: UUID, version: int) -> tuple[Account, datetime]:
    uow.require(Permission.MANAGE_ACCOUNTS)
    account = uow.load(Account, account_id, lock=True)
    if account.expires_at is None:
        raise TermOverError("account.has_no_term")
    if account.version != version:
        raise StaleVersionError(version=account.version)
    return account, account.expires_at


def _plan_end(uow: UnitOfWork, account: Account, at: datetime) -> None:
    uow.flush()
    key = f"{EXPIRE}:{account.id}:{account.version}"
    uow.later(EXPIRE, key, at, subject_id=account.id)


def _close(uow: UnitOfWork, account: Account) -> None:
    account.is_active = False
    end_sign_ins(uow, account)
    with uow.beyond_scope("tokens of the account ended"):
        uow.session.execute(
            update(ApiToken)
            .where(ApiToken.account_id == account.id, ApiToken.revoked_at.is_(None))
            .values(revoked_at=MachineNow())
        )
