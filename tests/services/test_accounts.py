import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from app.db import MachineNow
from app.domain.account import Holding, RolesSeparatedError, TooManyTriesError, WrongPasswordError
from app.domain.actor import SYSTEM, Actor, Permission, Role
from app.domain.errors import ForbiddenError, InvalidInputError, NotFoundError
from app.models.account import Account, AccountRole, ApiToken, SignInFailure, SignInSession
from app.models.audit_entry import AuditEntry
from app.models.job import IdempotencyKey
from app.models.person import Person
from app.queries.accounts import account_lines, signed_in, token_holder
from app.services import accounts
from app.unit_of_work import Store, UnitOfWork
from tests.builders import an_actor, an_expert, staff

PASSWORD = "seven quiet herons wade"
OTHER = "nine loud magpies argue"


def a_new(role: Role = Role.FOUNDER, **values: Any) -> accounts.NewAccount:
    place = {key: values.pop(key) for key in ("department", "street") if key in values}
    defaults = {"login": "lixiao", "name": "李晓", "password": PASSWORD}
    return accounts.NewAccount(**{**defaults, "holdings": (Holding(role, **place),), **values})


def registered(store: Store, role: Role = Role.FOUNDER, **values: Any) -> Account:
    return store.execute(SYSTEM, accounts.register, a_new(role, **values))


def entered(store: Store, login: str = "lixiao") -> str:
    """Sign in past the password and return the secret."""
    return store.execute(SYSTEM, accounts.sign_in, store.execute(SYSTEM, accounts.begin_try, login))


def holder(store: Store, secret: str) -> Actor | None:
    with store.read(SYSTEM) as reader:
        found = signed_in(reader, accounts.secret_sha256(secret), "R1")
    return found.actor if found else None


def change(store: Store, model: Any, **values: Any) -> None:
    """Change every row of a table, as time or an operator would."""

    def use_case(uow: UnitOfWork) -> None:
        for row in uow.all(select(model)):
            for name, value in values.items():
                setattr(row, name, value(row) if callable(value) else value)

    store.execute(SYSTEM, use_case)


def actions(store: Store) -> list[str]:
    with store.read(SYSTEM) as reader:
        of_accounts = select(AuditEntry.action).where(AuditEntry.entity == "accounts")
        return list(reader.session.scalars(of_accounts.order_by(AuditEntry.id)))


def count(store: Store, model: Any) -> int:
    with store.read(SYSTEM) as reader:
        return reader.session.execute(select(func.count()).select_from(model)).scalar_one()


def test_an_account_keeps_no_password_and_is_somebody(store: Store) -> None:
    account = registered(store)

    assert account.password_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert PASSWORD not in account.password_hash
    assert actions(store) == ["account.registered"]
    with store.read(SYSTEM) as reader:
        person = reader.session.get(Person, account.person_id)
        assert person is not None
        assert person.name == "李晓"


def test_a_taken_login_is_refused_however_it_is_written(store: Store) -> None:
    registered(store)
    with pytest.raises(InvalidInputError) as caught:
        registered(store, login=" LiXiao")
    assert [(e.field, e.code) for e in caught.value.errors] == [("login", "account.login_taken")]
    assert count(store, Account) == 1
    assert count(store, Person) == 1


def test_staff_need_a_longer_password_and_the_demo_any(store: Store) -> None:
    with pytest.raises(InvalidInputError):
        registered(store, Role.OFFICER, password="quiet herons")
    registered(store, password="quiet herons")
    registered(store, Role.OFFICER, login="o", password="demo-2026-jieban", is_demo=True)


def test_only_security_administration_makes_accounts(store: Store) -> None:
    officer, security = staff(store), staff(store, Role.SEC_ADMIN)
    with pytest.raises(ForbiddenError):
        store.execute(officer, accounts.register, a_new())
    assert store.execute(security, accounts.register, a_new()).login == "lixiao"


def test_a_mentor_is_the_expert_of_that_name_or_reference(store: Store) -> None:
    expert = an_expert(store, name="张敏", source_ref="E1")
    by_name = registered(store, Role.MENTOR, login="m1", name="张敏")
    by_reference = registered(store, Role.MENTOR, login="m2", name="敏", expert_ref="E1")
    stranger = registered(store, Role.MENTOR, login="m3", name="无此人")

    people = [by_name.person_id, by_reference.person_id, stranger.person_id]
    assert people == [expert.person_id, expert.person_id, None]
    actor = holder(store, entered(store, "m1"))
    assert actor is not None
    assert actor.expert_id == expert.id


def test_two_experts_of_one_name_are_told_apart_by_reference_only(store: Store) -> None:
    for reference in ("E1", "E2"):
        an_expert(store, name="张敏", source_ref=reference)
    for values in ({}, {"expert_ref": "E3"}):
        with pytest.raises(InvalidInputError):
            registered(store, Role.MENTOR, name="张敏", **values)
    assert count(store, Account) == 0


def test_a_founder_of_an_experts_name_is_not_that_expert(store: Store) -> None:
    an_expert(store, name="李晓")
    registered(store)
    actor = holder(store, entered(store))
    assert actor is not None
    assert actor.expert_id is None


def test_a_sign_in_is_known_by_its_secret_alone(store: Store) -> None:
    account = registered(store, Role.DEPT_LIAISON, login="dep", department="kjj")
    secret = entered(store, "dep")

    actor = holder(store, secret)
    assert actor is not None
    assert (actor.account_id, actor.roles) == (account.id, {Role.DEPT_LIAISON})
    assert (actor.department, actor.street, actor.request_id) == ("kjj", None, "R1")
    assert len(secret) >= 43
    assert holder(store, secret[:-1]) is None
    with store.read(SYSTEM) as reader:
        kept = reader.session.scalars(select(SignInSession.token_sha256)).one()
    assert secret not in kept


@pytest.mark.parametrize(
    ("role", "column", "past", "holds"),
    [
        (Role.FOUNDER, "last_seen_at", timedelta(minutes=29), True),
        (Role.FOUNDER, "last_seen_at", timedelta(minutes=31), False),
        (Role.AUDITOR, "last_seen_at", timedelta(minutes=14), True),
        (Role.AUDITOR, "last_seen_at", timedelta(minutes=16), False),
        (Role.FOUNDER, "created_at", timedelta(hours=9, minutes=59), True),
        (Role.FOUNDER, "created_at", timedelta(hours=10, minutes=1), False),
    ],
)
def test_a_sign_in_ends_by_the_databases_clock(
    store: Store, role: Role, column: str, past: timedelta, holds: bool
) -> None:
    registered(store, role)
    secret = entered(store)
    change(store, SignInSession, **{column: lambda row: getattr(row, column) - past})
    assert (holder(store, secret) is not None) is holds


def test_business_time_neither_ends_nor_keeps_a_sign_in(store: Store, clock: Any) -> None:
    registered(store)
    secret = entered(store)
    clock.put(clock.now() + timedelta(days=30))
    assert holder(store, secret) is not None


def sign_out(store: Store, _account: Account, secret: str) -> None:
    store.execute(SYSTEM, accounts.sign_out, secret)


def suspend(store: Store, account: Account, _secret: str) -> None:
    store.execute(SYSTEM, accounts.suspend, account.login)


def grant(store: Store, account: Account, _secret: str) -> None:
    store.execute(SYSTEM, accounts.grant, account.login, Holding(Role.MENTOR))


def change_password(store: Store, account: Account, _secret: str) -> None:
    me = an_actor(account, Role.FOUNDER)
    store.execute(me, accounts.change_password, PASSWORD, OTHER)


def set_password(store: Store, account: Account, _secret: str) -> None:
    store.execute(SYSTEM, accounts.set_password, account.login, OTHER)


@pytest.mark.parametrize("act", [sign_out, suspend, grant, change_password, set_password])
def test_a_sign_in_ends_at_once_with(
    store: Store, act: Callable[[Store, Account, str], None]
) -> None:
    account = registered(store)
    first, second = entered(store), entered(store)
    act(store, account, first)
    assert holder(store, first) is None
    assert (holder(store, second) is None) is (act is not sign_out)


def test_signing_out_twice_is_no_error_and_one_entry(store: Store) -> None:
    registered(store)
    secret = entered(store)
    for _ in range(2):
        store.execute(SYSTEM, accounts.sign_out, secret)
    assert actions(store) == ["account.registered", "account.signed_in", "account.signed_out"]


def test_a_suspended_account_is_as_unknown_as_none(store: Store) -> None:
    registered(store)
    store.execute(SYSTEM, accounts.suspend, "lixiao")
    tried = store.execute(SYSTEM, accounts.begin_try, "lixiao")
    assert (tried.account_id, tried.password_hash) == (None, None)
    store.execute(SYSTEM, accounts.reactivate, "lixiao")
    assert store.execute(SYSTEM, accounts.begin_try, "lixiao").account_id is not None


def test_after_five_tries_the_next_must_wait_longer_and_longer(store: Store) -> None:
    registered(store)
    for _ in range(5):
        store.execute(SYSTEM, accounts.begin_try, "lixiao")
    with pytest.raises(TooManyTriesError) as caught:
        store.execute(SYSTEM, accounts.begin_try, "LIXIAO ")
    assert caught.value.facts["seconds"] == 1

    change(store, SignInFailure, wait_until=lambda row: row.wait_until - timedelta(hours=1))
    store.execute(SYSTEM, accounts.begin_try, "lixiao")
    with pytest.raises(TooManyTriesError) as caught:
        store.execute(SYSTEM, accounts.begin_try, "lixiao")
    assert caught.value.facts["seconds"] == 2


def test_unknown_logins_wait_just_as_long_and_are_not_kept_in_clear(store: Store) -> None:
    for _ in range(5):
        assert store.execute(SYSTEM, accounts.begin_try, "nobody").account_id is None
    with pytest.raises(TooManyTriesError):
        store.execute(SYSTEM, accounts.begin_try, "nobody")
    with store.read(SYSTEM) as reader:
        assert reader.session.scalars(select(SignInFailure.login)).one() != "nobody"


def test_signing_in_takes_the_tries_back(store: Store) -> None:
    registered(store)
    for _ in range(4):
        store.execute(SYSTEM, accounts.begin_try, "lixiao")
    entered(store)
    assert count(store, SignInFailure) == 0
    entered(store)


def test_parallel_guesses_are_judged_no_more_often_than_others(store: Store) -> None:
    registered(store)
    judged, start = [], threading.Barrier(12)

    def guess() -> None:
        start.wait()
        try:
            judged.append(store.execute(SYSTEM, accounts.begin_try, "lixiao"))
        except TooManyTriesError:
            return

    threads = [threading.Thread(target=guess) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(judged) == 5


def test_the_present_password_is_asked_for_before_it_changes(store: Store) -> None:
    me = an_actor(registered(store), Role.FOUNDER)
    with pytest.raises(WrongPasswordError):
        store.execute(me, accounts.change_password, OTHER, OTHER)
    with pytest.raises(InvalidInputError) as caught:
        store.execute(me, accounts.change_password, PASSWORD, "lixiaolixiao2026")
    assert caught.value.code == "account.password_guessable"
    store.execute(me, accounts.change_password, PASSWORD, OTHER)
    tried = store.execute(SYSTEM, accounts.begin_try, "lixiao")
    assert not accounts.has_password(tried.password_hash, PASSWORD)
    assert accounts.has_password(tried.password_hash, OTHER)


def test_a_password_set_by_somebody_else_is_to_be_changed(store: Store) -> None:
    registered(store)
    store.execute(SYSTEM, accounts.set_password, "lixiao", OTHER)
    assert store.execute(SYSTEM, accounts.begin_try, "lixiao").must_change_password


def test_nobody_gets_two_administrations_by_a_second_grant(store: Store) -> None:
    registered(store, Role.SEC_ADMIN, login="sec")
    with pytest.raises(RolesSeparatedError):
        store.execute(SYSTEM, accounts.grant, "sec", Holding(Role.AUDIT_ADMIN))
    store.execute(SYSTEM, accounts.revoke, "sec", Role.SEC_ADMIN)
    store.execute(SYSTEM, accounts.grant, "sec", Holding(Role.AUDIT_ADMIN))
    with store.read(SYSTEM) as reader:
        assert reader.session.scalars(select(AccountRole.role)).all() == [Role.AUDIT_ADMIN]
    with pytest.raises(NotFoundError):
        store.execute(SYSTEM, accounts.revoke, "sec", Role.SEC_ADMIN)


def test_an_officer_becomes_no_founder_and_a_founder_no_officer(store: Store) -> None:
    registered(store, Role.OFFICER, login="guoming")
    registered(store, Role.FOUNDER, login="lixiao")
    for login, wanted in (("guoming", Role.FOUNDER), ("lixiao", Role.OFFICER)):
        with pytest.raises(RolesSeparatedError) as caught:
            store.execute(SYSTEM, accounts.grant, login, Holding(wanted))
        assert caught.value.code == "account.founder_is_staff"
    assert count(store, AccountRole) == 2


def test_a_token_acts_for_its_account_until_it_is_revoked(store: Store) -> None:
    account = registered(store, Role.STREET_LIAISON, login="street", street="tangye")
    token = store.execute(SYSTEM, accounts.issue_token, "street")

    def known() -> Actor | None:
        with store.read(SYSTEM) as reader:
            return token_holder(reader, accounts.secret_sha256(token), None)

    actor = known()
    assert actor is not None
    assert (actor.account_id, actor.street) == (account.id, "tangye")
    assert store.execute(SYSTEM, accounts.revoke_tokens, "street") == 1
    assert known() is None
    assert count(store, ApiToken) == 1


def test_tokens_of_nobody_and_by_nobody_are_refused(store: Store) -> None:
    with pytest.raises(NotFoundError):
        store.execute(SYSTEM, accounts.issue_token, "nobody")
    account = registered(store)
    with pytest.raises(ForbiddenError):
        store.execute(an_actor(account, Role.FOUNDER), accounts.issue_token, "lixiao")
    assert Permission.MANAGE_ACCOUNTS == "account.manage"


def test_an_account_without_a_password_lets_nobody_in() -> None:
    assert not accounts.has_password(None, PASSWORD)
    assert not accounts.has_password("unusable", PASSWORD)
    kept = accounts.password_hash(PASSWORD)
    assert accounts.has_password(kept, PASSWORD)
    assert not accounts.has_password(kept, PASSWORD + " ")
    assert not accounts.needs_rehash(kept)
    assert accounts.needs_rehash("$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$" + "A" * 43)


def test_what_has_run_out_is_forgotten_and_nothing_else(store: Store) -> None:
    account = registered(store)
    entered(store)
    store.execute(SYSTEM, accounts.begin_try, "nobody")

    def keep_answer(uow: UnitOfWork) -> None:
        row = IdempotencyKey(
            account_id=account.id, key="k", route="POST /", body_sha256=b"", answer={}
        )
        row.created_at = uow.session.execute(select(MachineNow())).scalar_one()
        uow.add(row)

    store.execute(SYSTEM, keep_answer)
    assert store.execute(SYSTEM, accounts.forget_expired) == 0
    change(store, SignInSession, created_at=lambda row: row.created_at - timedelta(hours=11))
    change(store, SignInFailure, wait_until=lambda row: row.wait_until - timedelta(hours=1))
    change(store, IdempotencyKey, created_at=lambda row: row.created_at - timedelta(days=8))
    assert store.execute(SYSTEM, accounts.forget_expired) == 3


def test_what_has_expired_is_forgotten_once_a_day(store: Store, clock: Any) -> None:
    assert store.execute(SYSTEM, accounts.watch_expired) is True
    assert store.execute(SYSTEM, accounts.watch_expired) is False
    clock.put(clock.now() + timedelta(days=1))
    assert store.execute(SYSTEM, accounts.watch_expired) is True


def test_account_lines_come_in_the_order_asked_and_without_the_suspended(store: Store) -> None:
    registered(store)
    registered(store, Role.OFFICER, login="o", name="郭明")
    registered(store, Role.OFFICER, login="gone", name="走")
    store.execute(SYSTEM, accounts.suspend, "gone")
    with store.read(SYSTEM) as reader:
        lines = account_lines(reader, ["o", "gone", "nobody", "lixiao"])
    assert [(line.login, line.name, line.roles) for line in lines] == [
        ("o", "郭明", (Role.OFFICER,)),
        ("lixiao", "李晓", (Role.FOUNDER,)),
    ]
