from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from app.domain.actor import SYSTEM, Permission, Role
from app.http.policy import policy
from app.models.audit_entry import AccessEntry
from app.unit_of_work import Store
from tests.builders import a_founder, staff
from tests.moments import START
from tests.serving import Serve


@policy(Permission.READ_SERVICE_SESSION, logged=True)
def evidence(no: str) -> Any:
    return f"evidence of {no}"


@pytest.fixture
def app(serve: Serve) -> Flask:
    app = serve()
    app.add_url_rule("/evidence/<no>", "evidence", evidence)
    return app


def looks(store: Store) -> list[AccessEntry]:
    with store.read(SYSTEM) as reader:
        return list(reader.session.scalars(select(AccessEntry).order_by(AccessEntry.id)))


def test_a_look_at_evidence_is_written_before_it_is_shown(
    client: FlaskClient, store: Store, sign_in: Any
) -> None:
    auditor = staff(store, Role.AUDITOR)
    answer = sign_in(client, auditor).get("/evidence/TZ1?month=2026-09")
    assert answer.text == "evidence of TZ1"
    (entry,) = looks(store)
    assert (entry.account_id, entry.at, entry.subject) == (
        auditor.account_id,
        START,
        "/evidence/TZ1",
    )
    assert entry.facts == {"method": "GET", "query": {"month": "2026-09"}}
    assert (entry.address, entry.request_id) == ("127.0.0.1", answer.headers["X-Request-Id"])


def test_whatever_an_auditor_opens_is_noted_and_of_others_only_evidence(
    app: Flask, client: FlaskClient, store: Store, sign_in: Any
) -> None:
    app.add_url_rule("/plain", "plain", policy(Permission.READ_COUNTS)(lambda: "plain"))
    sign_in(client, staff(store, Role.OFFICER)).get("/plain")
    assert looks(store) == []
    auditor = sign_in(client, staff(store, Role.AUDITOR))
    auditor.get("/plain?street=tangye")
    auditor.get("/help")
    auditor.get("/static/app.js").close()
    auditor.get("/healthz")
    assert [each.subject for each in looks(store)] == ["/plain", "/help"]


def test_a_try_of_an_auditor_to_change_something_is_refused_and_noted(
    app: Flask, client: FlaskClient, store: Store, sign_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    done: list[str] = []
    act = policy(Permission.READ_COUNTS)(lambda: done.append("done") or "done")
    app.add_url_rule("/act", "act", act, methods=["POST"])
    assert sign_in(client, staff(store, Role.AUDITOR)).post("/act").status_code == 403
    (entry,) = looks(store)
    assert (entry.subject, entry.facts["result"]) == ("/act", "refused")
    assert done == []
    assert sign_in(client, staff(store, Role.OFFICER)).post("/act").text == "done"


def test_who_may_not_look_leaves_no_entry(client: FlaskClient, store: Store, sign_in: Any) -> None:
    assert client.get("/evidence/TZ1").status_code == 303
    assert sign_in(client, staff(store, Role.SYS_ADMIN)).get("/evidence/TZ1").status_code == 403
    assert looks(store) == []


def test_a_look_that_cannot_be_written_is_not_shown(
    client: FlaskClient, store: Store, sign_in: Any
) -> None:
    sign_in(client, a_founder(store))

    def fail(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.startswith("INSERT INTO access_entries"):
            raise OSError("disk full")

    event.listen(store.engine, "before_cursor_execute", fail)
    answer = client.get("/evidence/TZ1")
    assert answer.status_code == 500
    assert "evidence of" not in answer.text


def test_what_is_noted_of_an_address_is_bounded(
    client: FlaskClient, store: Store, sign_in: Any
) -> None:
    sign_in(client, a_founder(store))
    query = "&".join(f"q{number}={'x' * 500}" for number in range(50))
    assert client.get(f"/evidence/{'n' * 500}?{query}").status_code == 200
    (entry,) = looks(store)
    assert len(entry.subject) == 200
    assert len(entry.facts["query"]) == 20
    assert {len(value) for value in entry.facts["query"].values()} == {200}
