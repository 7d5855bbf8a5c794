import logging
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask, abort, redirect, request
from flask.testing import FlaskClient

from app.domain.actor import Permission
from app.domain.errors import (
    ConflictError,
    DomainError,
    FieldError,
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
    RuleError,
)
from app.http.policy import policy, public
from app.http.run import run
from app.models.person import Person
from app.unit_of_work import UnitOfWork
from tests.builders import a_founder
from tests.moments import START
from tests.serving import Serve


@dataclass(frozen=True, slots=True)
class Time:
    starts_at: Any


ERRORS: dict[str, Exception] = {
    "input": InvalidInputError(
        errors=[FieldError("name", "input.too_long", {"longest": 5, "length": 9})]
    ),
    "rule": RuleError(),
    "conflict": ConflictError(alternatives=[Time(START)], row=object()),
    "forbidden": ForbiddenError(),
    "not_found": NotFoundError(),
    "unworded": RuleError("nobody.worded_this"),
    "kindless": DomainError("clock.file"),
    "bug": ZeroDivisionError("secret detail"),
}
STATUS = {
    "input": 422,
    "rule": 422,
    "conflict": 409,
    "forbidden": 403,
    "not_found": 404,
    "unworded": 422,
    "kindless": 500,
    "bug": 500,
}


@public
def refuse(which: str) -> Any:
    raise ERRORS[which]


@policy(Permission.SUBMIT_NEED)
def private() -> Any:
    return "in"


@public
def stop(status: int) -> Any:
    abort(status)


@public
def away() -> Any:
    abort(redirect("/elsewhere"))


@public
def store_text() -> Any:
    run(keep_person, request.form["name"])
    return "kept"


def keep_person(uow: UnitOfWork, name: str) -> None:
    uow.add(Person(name=name, created_at=uow.now))


@pytest.fixture
def app(serve: Serve) -> Flask:
    app = serve()
    app.config["WTF_CSRF_ENABLED"] = False
    for prefix in ("", "/api/v1"):
        app.add_url_rule(
            f"{prefix}/test/<which>", f"refuse{prefix}", refuse, methods=["GET", "POST"]
        )
        app.add_url_rule(
            f"{prefix}/test-private", f"private{prefix}", private, methods=["GET", "POST"]
        )
        app.add_url_rule(f"{prefix}/test-stop/<int:status>", f"stop{prefix}", stop)
    app.add_url_rule("/test-away", "away", away)
    app.add_url_rule("/test-store", "store_text", store_text, methods=["POST"])
    app.add_url_rule("/test-post", "post_only", private, methods=["POST"])
    return app


sqlite_only = pytest.mark.parametrize("dialect", ["sqlite"])


@sqlite_only
@pytest.mark.parametrize("which", ERRORS)
def test_a_page_answers_each_refusal_with_its_status_and_words(
    client: FlaskClient, which: str
) -> None:
    answer = client.get(f"/test/{which}")
    text = answer.get_data(as_text=True)
    assert answer.status_code == STATUS[which]
    assert "<h1>" in text
    assert "secret detail" not in text
    assert "Traceback" not in text


@sqlite_only
@pytest.mark.parametrize("which", ERRORS)
def test_the_api_answers_each_refusal_with_a_problem(client: FlaskClient, which: str) -> None:
    answer = client.get(f"/api/v1/test/{which}")
    body = answer.json
    assert answer.content_type == "application/problem+json"
    assert answer.status_code == body["status"] == STATUS[which]
    assert body["type"] == f"urn:jieban:problem:{body['code']}"
    assert body["title"]
    assert body["detail"]
    assert body["instance"] == answer.headers["X-Request-Id"]
    assert "secret detail" not in answer.get_data(as_text=True)


@sqlite_only
def test_a_problem_names_fields_and_carries_facts(client: FlaskClient) -> None:
    fault = client.get("/api/v1/test/input", headers={"Accept-Language": "en"}).json
    assert fault["errors"] == [
        {
            "field": "name",
            "code": "input.too_long",
            "detail": "“name” takes 5 characters; there are 9",
        }
    ]
    conflict = client.get("/api/v1/test/conflict").json
    assert conflict["alternatives"] == [{"starts_at": "2026-09-16T10:00:00+08:00"}]
    assert "row" not in conflict
    assert conflict["detail"].startswith("刚刚有变化")


@sqlite_only
def test_a_bug_is_logged_under_the_number_a_person_reads(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR, "jieban.faults"):
        answer = client.get("/test/bug")
    number = answer.headers["X-Request-Id"]
    assert number in answer.get_data(as_text=True)
    (record,) = [record for record in caplog.records if record.name == "jieban.faults"]
    assert number in record.getMessage()
    assert record.exc_info is not None
    assert record.exc_info[0] is ZeroDivisionError


@sqlite_only
@pytest.mark.parametrize("which", ["rule", "conflict"])
def test_a_form_that_says_where_it_stands_goes_back_there(client: FlaskClient, which: str) -> None:
    answer = client.post(f"/test/{which}", data={"return_to": "/help?x=1"})
    assert (answer.status_code, answer.location) == (303, "/help?x=1")
    assert "<main" in (page := client.get("/help").get_data(as_text=True))
    assert ("按规则现在不能这样办" if which == "rule" else "刚刚有变化") in page


@sqlite_only
@pytest.mark.parametrize("back", ["//evil.example", "https://evil.example", "", "/\\evil"])
def test_a_form_never_leads_off_the_site(client: FlaskClient, back: str) -> None:
    assert client.post("/test/rule", data={"return_to": back}).status_code == 422


@sqlite_only
@pytest.mark.parametrize(
    ("status", "code"),
    [
        (400, "request.malformed"),
        (403, "forbidden"),
        (404, "not_found"),
        (413, "request.too_large"),
        (415, "request.media_type"),
        (418, "request.malformed"),
        (500, "error.internal"),
        (503, "error.internal"),
    ],
)
def test_what_the_framework_refuses_has_a_page_and_a_code(
    client: FlaskClient, status: int, code: str
) -> None:
    page, problem = client.get(f"/test-stop/{status}"), client.get(f"/api/v1/test-stop/{status}")
    assert page.status_code == problem.status_code == status
    assert "<h1>" in page.get_data(as_text=True)
    assert problem.json["code"] == code


@sqlite_only
def test_a_wrong_method_is_405_for_both(client: FlaskClient) -> None:
    assert client.get("/test-post").status_code == 405
    assert client.delete("/api/v1/test/rule").json["code"] == "request.wrong_method"


@sqlite_only
def test_a_redirect_on_the_way_stays_a_redirect(client: FlaskClient) -> None:
    assert client.get("/test-away").location == "/elsewhere"


@sqlite_only
def test_who_is_not_signed_in_is_led_to_the_sign_in_page_and_back(client: FlaskClient) -> None:
    answer = client.get("/test-private?tab=1&x=%E4%B8%AD")
    assert answer.status_code == 303
    assert answer.location == "/login?next=%2Ftest-private%3Ftab%3D1%26x%3D%25E4%25B8%25AD"
    assert client.post("/test-private").location == "/login?next=%2Ftest-private"
    assert client.post("/test-post").location == "/login?next=%2F"


@sqlite_only
def test_a_fragment_leads_the_whole_page_to_sign_in(client: FlaskClient) -> None:
    answer = client.get("/test-private", headers={"HX-Request": "true"})
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"] == "/login?next=%2Ftest-private"


@sqlite_only
@pytest.mark.parametrize("header", [None, "Bearer", "Bearer wrong", "Basic eDp5", "bearer  "])
def test_the_api_asks_for_a_token(client: FlaskClient, header: str | None) -> None:
    headers = {"Authorization": header} if header else {}
    answer = client.get("/api/v1/test-private", headers=headers)
    assert (answer.status_code, answer.json["code"]) == (401, "account.not_signed_in")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


@sqlite_only
def test_the_api_takes_no_cookie_and_pages_take_no_token(
    app: Flask, store: Any, sign_in: Any, bearer: Any
) -> None:
    founder = a_founder(store)
    by_cookie = sign_in(app.test_client(), founder)
    assert by_cookie.get("/test-private").status_code == 200
    assert by_cookie.get("/api/v1/test-private").status_code == 401
    headers = bearer(founder)
    assert app.test_client().get("/api/v1/test-private", headers=headers).status_code == 200
    assert app.test_client().get("/test-private", headers=headers).status_code == 303


def test_text_no_column_takes_is_never_a_fault_of_ours(client: FlaskClient) -> None:
    for name in ("x" * 5000, "a\x00b", "龘" * 201):
        assert client.post("/test-store", data={"name": name}).status_code in (200, 422)
