"""Accounts for an audit: opened for some days, ended by themselves, prolonged, ended early."""

from datetime import timedelta
from typing import Any

import pytest

from app.db import StaleVersionError
from app.domain.account import (
    Holding,
    NotOnesOwnError,
    RolesSeparatedError,
    TermOverError,
)
from app.domain.actor import SYSTEM, Role
from app.domain.calendar import day_ends_at, local_day
from app.domain.clock import FixedClock
from app.domain.errors import ForbiddenError, InvalidInputError
from app.models.account import Account
from app.queries.account_lists import AccountFilter, AccountState, account_list, account_row
from app.queries.accounts import token_holder
from app.services import accounts
from app.unit_of_work import Store
from tests.builders import staff
from tests.moments import START
from tests.services.test_accounts import actions, entered, holder
from tests.turns import on_each

TODAY = local_day(START)
DAY = timedelta(days=1)


def an_audit(store: Store, **values: Any) -> Account:
    facts = {
        "login": "zhou",
        "name": "周审计",
        "password": accounts.new_secret(),
        "days": 14,
        "purpose": "济历审通〔2026〕12 号",
    }
    keeper = staff(store, Role.SEC_ADMIN, login="keeper")
    return store.execute(keeper, accounts.open_auditor, accounts.NewAuditor(**{**facts, **values}))


@on_each
def test_an_account_for_an_audit_ends_by_itself_with_its_last_day(
    store: Store, clock: FixedClock
) -> None:
    account = an_audit(store)
    assert account.expires_at == day_ends_at(TODAY + 13 * DAY)
    secret = entered(store, "zhou")
    token = store.execute(SYSTEM, accounts.issue_token, "zhou")
    clock.put(account.expires_at - timedelta(seconds=1))
    assert holder(store, secret) is not None
    clock.put(account.expires_at)
    # No job has run yet: the term alone closes every door.
    assert holder(store, secret) is None
    with store.read(SYSTEM) as reader:
        assert token_holder(reader, accounts.secret_sha256(token), None) is None
    assert store.execute(SYSTEM, accounts.begin_try, "zhou").account_id is None
    store.execute(SYSTEM, accounts.expire, account.id)
    store.execute(SYSTEM, accounts.expire, account.id)
    assert actions(store).count("account.expired") == 1
    assert "account.audit_opened" in actions(store)


@on_each
def test_it_is_prolonged_with_a_reason_before_and_after_its_end(
    store: Store, clock: FixedClock
) -> None:
    account, keeper = an_audit(store), staff(store, Role.SEC_ADMIN)

    def prolong(days: int, version: int) -> Account:
        reason = "资料较多"
        return store.execute(
            keeper, accounts.prolong_auditor, account.id, days, reason, version=version
        )

    longer = prolong(7, account.version)
    assert longer.expires_at == day_ends_at(TODAY + 20 * DAY)
    with pytest.raises(StaleVersionError):
        prolong(7, account.version)
    clock.put(account.expires_at or START)
    store.execute(SYSTEM, accounts.expire, account.id)
    assert store.execute(SYSTEM, accounts.begin_try, "zhou").account_id == account.id
    clock.put(longer.expires_at + 5 * DAY)
    store.execute(SYSTEM, accounts.expire, account.id)
    with store.read(keeper) as reader:
        over = account_row(reader, account.id)
    assert (over.is_over, over.is_serving) == (True, False)
    again = prolong(1, over.version)
    assert again.expires_at == day_ends_at(local_day(clock.now()))
    assert entered(store, "zhou")


def test_it_is_ended_early_at_once_and_only_a_prolongation_opens_it_again(store: Store) -> None:
    account, keeper = an_audit(store), staff(store, Role.SEC_ADMIN)
    secret = entered(store, "zhou")

    def end(version: int) -> Account:
        return store.execute(keeper, accounts.end_auditor, account.id, "查完了", version=version)

    ended = end(account.version)
    assert holder(store, secret) is None
    end(ended.version)
    assert actions(store).count("account.audit_ended") == 1
    with pytest.raises(TermOverError):
        store.execute(keeper, accounts.reactivate, "zhou")


@pytest.mark.parametrize("days", [0, 93])
def test_nobody_audits_for_no_days_or_for_longer_than_a_quarter(store: Store, days: int) -> None:
    with pytest.raises(InvalidInputError) as caught:
        an_audit(store, days=days)
    assert [(each.field, each.code) for each in caught.value.errors] == [
        ("days", "account.audit_days")
    ]


def test_who_audits_holds_no_other_role(store: Store) -> None:
    an_audit(store)
    keeper = staff(store, Role.SEC_ADMIN)
    with pytest.raises(RolesSeparatedError) as caught:
        store.execute(keeper, accounts.grant, "zhou", Holding(Role.OFFICER))
    assert caught.value.code == "account.auditor_is_apart"


def test_nobody_decides_on_his_own_account_or_without_the_permission(store: Store) -> None:
    an_audit(store)
    keeper = staff(store, Role.SEC_ADMIN, login="own")
    for act, more in (
        (accounts.grant, (Holding(Role.OFFICER),)),
        (accounts.revoke, (Role.SEC_ADMIN,)),
        (accounts.suspend, ()),
    ):
        with pytest.raises(NotOnesOwnError):
            store.execute(keeper, act, "own", *more)  # type: ignore[arg-type]  # by turns
    new = accounts.NewAuditor(login="x", name="x", password="x", days=1, purpose="x")
    with pytest.raises(ForbiddenError):
        store.execute(staff(store, Role.APPROVER), accounts.open_auditor, new)


def test_accounts_are_listed_by_text_role_and_state(store: Store) -> None:
    account, keeper = an_audit(store), staff(store, Role.SEC_ADMIN)

    def found(**wanted: Any) -> list[str]:
        with store.read(keeper) as reader:
            return [row.login for row in account_list(reader, AccountFilter(**wanted)).items]

    assert found(role=Role.AUDITOR) == found(text="审计") == found(text="ZHO") == ["zhou"]
    assert found(text="%") == found(state=AccountState.CLOSED) == []
    store.execute(keeper, accounts.suspend, "zhou")
    assert found(state=AccountState.CLOSED) == ["zhou"]
    assert "zhou" not in found(state=AccountState.SERVING)
    with store.read(staff(store, Role.OFFICER)) as reader:
        assert "zhou" not in [row.login for row in account_list(reader, AccountFilter()).items]
    assert account.purpose == "济历审通〔2026〕12 号"
