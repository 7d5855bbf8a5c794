from typing import Any

import pytest
from flask.testing import FlaskClient

from app.domain.account import Holding
from app.domain.actor import SYSTEM, Role
from app.services import accounts
from app.unit_of_work import Store

PASSWORD = "seven quiet herons wade"


@pytest.fixture
def founder(store: Store) -> Any:
    new = accounts.NewAccount(
        login="lixiao", name="李晓", password=PASSWORD, holdings=(Holding(Role.FOUNDER),)
    )
    return store.execute(SYSTEM, accounts.register, new)


def test_the_right_password_opens_the_way(client: FlaskClient, csrf: Any, founder: Any) -> None:
    form = {**csrf(client, "/login"), "login": " LiXiao ", "password": PASSWORD}
    answer = client.post("/login", data=form)
    assert (answer.status_code, answer.location) == (303, "/")
    assert client.get("/").location == "/me"
