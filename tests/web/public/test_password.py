from typing import Any

import pytest
from flask.testing import FlaskClient

from app.domain.account import Holding
from app.domain.actor import SYSTEM, Permission, Role
from app.http.policy import policy
from app.models.account import Account
from app.services import accounts
from app.settings import Environment
from app.unit_of_work import Store
from tests.serving import Serve

OLD = "seven quiet herons wade"
NEW = "nine loud magpies argue"
sqlite_only = pytest.mark.parametrize("dialect", ["sqlite"])


@pytest.fixture
def officer(store: Store) -> Account:
    new = accounts.NewAccount(
        login="guoming",
        name="郭明",
        password=OLD,
        holdings=(Holding(Role.OFFICER),),
        must_change_password=True,
    )
    return store.execute(SYSTEM, accounts.register, new)


def works(store: Store, password: str) -> bool:
    tried = store.execute(SYSTEM, accounts.begin_try, "guoming")
    return accounts.has_password(tried.password_hash, password)


def test_a_changed_password_works_and_every_browser_signs_in_anew(
    client: FlaskClient, csrf: Any, sign_in: Any, store: Store, officer: Account
) -> None:
    sign_in(client, officer)
    form = {**csrf(client, "/password"), "present": OLD, "password": NEW, "again": NEW}
    answer = client.post("/password", data=form)
    assert (answer.status_code, answer.location) == (303, "/login")
    assert client.get_cookie("sid") is None
    assert "密码已经改好" in client.get("/login").text
    assert works(store, NEW)
    assert not works(store, OLD)


@sqlite_only
@pytest.mark.parametrize(
    ("form", "field", "words"),
    [
        ({"present": NEW}, "present", "现在的密码不对"),
        ({"password": NEW, "again": NEW + "x"}, "again", "两次输入的新密码不一样"),
        ({"password": "too short", "again": "too short"}, "password", "至少 15 个字符"),
        ({"password": "guoming-2026-guoming", "again": "guoming-2026-guoming"}, "password", "猜到"),
        ({"password": "", "again": ""}, "password", "至少 15 个字符"),
    ],
)
def test_a_password_that_will_not_do_is_named_at_its_field(
    client: FlaskClient,
    csrf: Any,
    sign_in: Any,
    store: Store,
    officer: Account,
    form: dict[str, str],
    field: str,
    words: str,
) -> None:
    sign_in(client, officer)
    sent = {**csrf(client, "/password"), "present": OLD, "password": NEW, "again": NEW, **form}
    answer = client.post("/password", data=sent)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert words in answer.text
    assert NEW not in answer.text
    assert works(store, OLD)


@sqlite_only
def test_a_first_password_is_pointed_at_where_no_real_data_is(
    client: FlaskClient, csrf: Any, officer: Account
) -> None:
    client.post("/login", data={**csrf(client, "/login"), "login": "guoming", "password": OLD})
    assert "初始密码" in client.get("/help").text


@sqlite_only
def test_a_first_password_is_changed_before_anything_else_in_production(
    serve: Serve, sign_in: Any, officer: Account
) -> None:
    app = serve(environment=Environment.PRODUCTION)
    app.add_url_rule("/private", "private", policy(Permission.USE_OWN_ACCOUNT)(lambda: "in"))
    client = sign_in(app.test_client(), officer)
    assert client.get("/password").status_code == 200
    assert client.get("/private").location == "/password"
    assert client.get("/help").status_code == 200
