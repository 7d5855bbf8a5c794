import json
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text

from app.db import open_engine
from app.domain.actor import SYSTEM, Role
from app.domain.clock import FixedClock
from app.factory import create_app
from app.models.account import Account, AccountRole
from app.unit_of_work import Store
from tests.builders import an_expert
from tests.databases import AUDIT_KEY
from tests.moments import START
from tests.serving import app, client, serve, settings

__all__ = ["app", "client", "serve"]

PASSWORD = "seven quiet herons wade\n"


def call(app: Flask, *words: str, typed: str = PASSWORD) -> Result:
    return app.test_cli_runner().invoke(args=list(words), input=typed)


def create(app: Flask, role: str, *more: str, typed: str = PASSWORD) -> Result:
    words = ("accounts", "create", "--login", f"l-{role}", "--name", "郭明", "--role", role)
    return call(app, *words, *more, typed=typed)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SYSTEM])
def test_an_account_of_each_role_is_made_from_the_command_line(
    app: Flask, store: Store, role: Role
) -> None:
    place = {"dept_liaison": ("--department", "kjj"), "street_liaison": ("--street", "tangye")}
    result = create(app, role.value, *place.get(role, ()), "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    assert json.loads(result.stdout)["login"] == f"l-{role}"
    with store.read(SYSTEM) as reader:
        assert reader.session.scalars(select(AccountRole.role)).all() == [role]


@pytest.mark.parametrize(
    ("words", "typed", "said"),
    [
        (("officer",), "short\n", "account.password_short"),
        (("officer",), "", "account.password_short"),
        (("dept_liaison",), PASSWORD, "account.department_of_liaison"),
        (("officer", "--street", "tangye"), PASSWORD, "account.street_of_liaison"),
        (("mentor", "--expert", "E404"), PASSWORD, "account.expert_unknown"),
        (("emperor",), PASSWORD, "Invalid value for '--role'"),
        (("system",), PASSWORD, "Invalid value for '--role'"),
    ],
)
def test_a_wrong_call_exits_with_2_says_why_and_makes_nothing(
    app: Flask, store: Store, words: tuple[str, ...], typed: str, said: str
) -> None:
    result = create(app, *words, "--json", typed=typed)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr
    with store.read(SYSTEM) as reader:
        assert reader.session.scalars(select(Account.id)).all() == []


def test_a_login_taken_is_a_wrong_call(app: Flask) -> None:
    assert create(app, "officer").exit_code == 0
    result = create(app, "officer")
    assert result.exit_code == 2
    assert "account.login_taken" in result.stderr


def test_a_token_from_the_command_line_opens_the_api(
    app: Flask, client: FlaskClient, store: Store
) -> None:
    create(app, "founder")
    token = json.loads(call(app, "tokens", "create", "--login", "l-founder", "--json").stdout)
    headers = {"Authorization": f"Bearer {token['token']}"}
    assert client.get("/api/v1/no/such", headers=headers).status_code == 404
    assert call(app, "tokens", "revoke", "--login", "l-founder").stdout == "1\n"
    unknown = call(app, "tokens", "create", "--login", "nobody", "--json")
    assert (unknown.exit_code, unknown.stdout) == (1, "")
    assert "account.not_found" in unknown.stderr


def test_a_mentor_made_by_name_is_that_expert(app: Flask, store: Store) -> None:
    expert = an_expert(store, name="郭明")
    create(app, "mentor")
    with store.read(SYSTEM) as reader:
        assert reader.session.scalars(select(Account.person_id)).one() == expert.person_id


def test_roles_are_granted_revoked_and_kept_apart(app: Flask, store: Store) -> None:
    create(app, "sec_admin")
    granted = call(app, "accounts", "grant", "--login", "l-sec_admin", "--role", "officer")
    assert granted.exit_code == 0
    apart = call(app, "accounts", "grant", "--login", "l-sec_admin", "--role", "sys_admin")
    assert apart.exit_code == 1
    assert "account.roles_separated" in apart.stderr
    assert (
        call(app, "accounts", "revoke", "--login", "l-sec_admin", "--role", "officer").exit_code
        == 0
    )
    with store.read(SYSTEM) as reader:
        assert reader.session.scalars(select(AccountRole.role)).all() == [Role.SEC_ADMIN]


def test_an_account_is_suspended_reactivated_and_gets_a_new_password(
    app: Flask, store: Store
) -> None:
    create(app, "officer")

    def account() -> Account:
        with store.read(SYSTEM) as reader:
            return reader.session.scalars(select(Account)).one()

    before = account().password_hash
    call(app, "accounts", "suspend", "--login", "l-officer")
    assert not account().is_active
    call(app, "accounts", "reactivate", "--login", "l-officer")
    assert account().is_active
    call(app, "accounts", "password", "--login", "l-officer", typed="nine loud magpies argue\n")
    assert account().password_hash != before
    assert account().must_change_password


def test_the_schema_is_checked_and_brought_up(app: Flask, store: Store) -> None:
    assert call(app, "db", "check").exit_code == 0
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    assert call(app, "db", "check").exit_code == 1


@pytest.mark.parametrize("dialect", ["sqlite"])
def test_an_empty_database_gets_its_schema(tmp_path: Path, dialect: str) -> None:
    engine = open_engine(f"sqlite:///{tmp_path}/new.db")
    fresh = create_app(settings(), store=Store(engine, FixedClock(START), AUDIT_KEY))
    assert call(fresh, "db", "check").exit_code == 1
    assert call(fresh, "db", "upgrade").exit_code == 0
    assert call(fresh, "db", "check").exit_code == 0
    assert create(fresh, "officer").exit_code == 0
    engine.dispose()
