import threading
import time
from typing import Any

import pytest
from flask import Flask, jsonify, request
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.domain.actor import SYSTEM, Permission
from app.domain.errors import RuleError
from app.http.policy import policy, public
from app.http.run import run
from app.models.job import IdempotencyKey
from app.models.person import Person
from app.unit_of_work import Store, UnitOfWork
from tests.builders import a_founder, staff
from tests.serving import Serve


def enrol(uow: UnitOfWork, name: str, seconds: float = 0) -> Person:
    time.sleep(seconds)
    if name == "nobody":
        raise RuleError
    return uow.add(Person(name=name, created_at=uow.now))


def shown(person: Person) -> dict[str, Any]:
    return {"id": person.id, "at": person.created_at}


@policy(Permission.USE_OWN_ACCOUNT)
def by_answer() -> Any:
    return jsonify(run(enrol, request.form["name"], 0.2, answer=shown)), 201


@policy(Permission.USE_OWN_ACCOUNT)
def by_row() -> Any:
    return str(run(enrol, request.form["name"]).id)


@policy(Permission.USE_OWN_ACCOUNT)
def by_two() -> Any:
    first = run(enrol, request.form["name"])
    second = run(enrol, request.form["name"], answer=lambda person: person.id)
    return f"{first.id} {second}"


@public
def by_api() -> Any:
    return jsonify(run(enrol, request.get_json()["name"], answer=shown)), 201


@public
def by_anybody() -> Any:
    return str(run(enrol, request.form["name"]).id)


@pytest.fixture
def app(serve: Serve) -> Flask:
    app = serve()
    app.config["WTF_CSRF_ENABLED"] = False
    for path, view in (
        ("/answer", by_answer),
        ("/row", by_row),
        ("/two", by_two),
        ("/api/enrol", by_api),
        ("/anybody", by_anybody),
    ):
        app.add_url_rule(path, view.__name__, view, methods=["POST"])
    return app


@pytest.fixture
def desk(client: FlaskClient, store: Store, sign_in: Any) -> FlaskClient:
    return sign_in(client, staff(store))


def named(store: Store, name: str) -> int:
    with store.read(SYSTEM) as reader:
        statement = select(func.count()).select_from(Person).where(Person.name == name)
        return reader.session.execute(statement).scalar_one()


def keys(store: Store) -> int:
    with store.read(SYSTEM) as reader:
        return reader.session.execute(select(func.count()).select_from(IdempotencyKey)).scalar_one()


@pytest.mark.parametrize("path", ["/answer", "/row", "/two"])
def test_a_second_press_is_answered_alike_and_does_nothing(
    desk: FlaskClient, store: Store, path: str
) -> None:
    form = {"name": "王一", "idempotency_key": "k1"}
    first, second = desk.post(path, data=form), desk.post(path, data=form)
    assert first.status_code == second.status_code
    assert first.data == second.data
    assert named(store, "王一") == (2 if path == "/two" else 1)


def test_without_a_key_each_press_counts(desk: FlaskClient, store: Store) -> None:
    for _ in range(2):
        desk.post("/row", data={"name": "王一"})
    assert (named(store, "王一"), keys(store)) == (2, 0)


def test_the_header_serves_as_well_as_the_field(desk: FlaskClient, store: Store) -> None:
    for _ in range(2):
        desk.post("/row", data={"name": "王一"}, headers={"Idempotency-Key": "k1"})
    assert named(store, "王一") == 1


@pytest.mark.parametrize(
    ("path", "form"), [("/row", {"name": "王二"}), ("/answer", {"name": "王一"})]
)
def test_a_key_used_for_something_else_is_refused(
    desk: FlaskClient, store: Store, path: str, form: dict[str, str]
) -> None:
    desk.post("/row", data={"name": "王一", "idempotency_key": "k1"})
    answer = desk.post(path, data={**form, "idempotency_key": "k1"})
    assert answer.status_code == 422
    assert "已经提交过一次" in answer.get_data(as_text=True)
    assert (named(store, "王一"), named(store, "王二")) == (1, 0)


def test_a_fresh_token_against_forgery_makes_no_other_press(
    desk: FlaskClient, store: Store
) -> None:
    for token in ("one", "two"):
        desk.post("/row", data={"name": "王一", "idempotency_key": "k1", "csrf_token": token})
    assert named(store, "王一") == 1


def test_two_people_may_use_the_same_key(app: Flask, store: Store, sign_in: Any) -> None:
    for who in (staff(store), staff(store)):
        sign_in(app.test_client(), who).post("/row", data={"name": "王一", "idempotency_key": "k"})
    assert named(store, "王一") == 2


def test_a_refused_press_leaves_no_key_and_may_be_corrected(
    desk: FlaskClient, store: Store
) -> None:
    assert desk.post("/row", data={"name": "nobody", "idempotency_key": "k"}).status_code == 422
    assert keys(store) == 0
    assert desk.post("/row", data={"name": "王一", "idempotency_key": "k"}).status_code == 200


@pytest.mark.parametrize("key", ["x" * 151, "中文", "a\tb"])
def test_a_malformed_key_is_refused(desk: FlaskClient, store: Store, key: str) -> None:
    answer = desk.post("/row", data={"name": "王一", "idempotency_key": key})
    assert answer.status_code == 422
    assert named(store, "王一") == 0


def test_nobody_in_particular_has_no_keys(client: FlaskClient, store: Store) -> None:
    for _ in range(2):
        client.post("/anybody", data={"name": "王一", "idempotency_key": "k"})
    assert (named(store, "王一"), keys(store)) == (2, 0)


def test_the_answer_is_the_same_bytes_through_the_api(
    client: FlaskClient, store: Store, bearer: Any
) -> None:
    headers = {**bearer(a_founder(store)), "Idempotency-Key": "k1"}
    first = client.post("/api/enrol", json={"name": "王一"}, headers=headers)
    second = client.post("/api/enrol", json={"name": "王一"}, headers=headers)
    assert (first.status_code, first.json) == (201, second.json)
    assert first.json["at"] == "2026-09-16T10:00:00+08:00"
    other = client.post("/api/enrol", json={"name": "王二"}, headers=headers)
    assert (other.status_code, other.json["code"]) == (422, "idempotency.key_reused")


def test_presses_at_the_same_moment_have_one_effect_and_one_answer(
    app: Flask, store: Store, sign_in: Any
) -> None:
    sign_in(app.test_client(), who := staff(store))
    answers, start = [], threading.Barrier(4)

    def press() -> None:
        client = app.test_client()
        client.set_cookie("sid", f"secret of {who.account_id}")
        start.wait()
        answers.append(client.post("/answer", data={"name": "王一", "idempotency_key": "k"}))

    threads = [threading.Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [answer.status_code for answer in answers] == [201] * 4
    assert len({answer.data for answer in answers}) == 1
    assert (named(store, "王一"), keys(store)) == (1, 1)
