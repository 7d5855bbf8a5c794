"""Scenario 11, must fail: her group or a number of hers in any public page, log line, letter,
error page or file for mentors.

Every address there is is asked for by a visitor and by her mentor, with her own keys in it. The
same search finds both where they may stand, so that finding nothing means something.
"""

import logging
from collections.abc import Iterable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.adapters.email import Outbox
from app.domain.actor import PERMISSIONS, Permission, Role
from app.domain.job import DeliveryState
from app.domain.message import Letter, Receipt
from app.models.booking import Booking
from app.models.job import Job
from app.models.message import Message
from app.models.person import FounderGroup, Person
from app.models.service_session import ServiceSession
from app.services import bookings, desk_entries
from app.services.needs import NeedInput
from app.unit_of_work import UnitOfWork
from tests.http.routes import routes_of
from tests.journeys.qian import CODE, GROUP, PHONE, Qian
from tests.journeys.test_erasure import with_a_visit_ahead
from tests.journeys.visits import deliver
from tests.scenes import Plays
from tests.serving import app, serve, sign_in

__all__ = ["app", "serve", "sign_in"]

IDENTITY = "370102196301011248"
WORDS = (GROUP, CODE, PHONE, IDENTITY)
# What her mentor does read: that he does shows that her pages were among those asked for.
READ = ("钱大妈", "想在社区开个面点铺")


@pytest.fixture
def plays() -> Plays:
    return {"qian": with_a_visit_ahead}


@pytest.fixture
def qian(scene: Qian) -> Qian:
    """She told her identity number although nobody asked; the mentor is asked for a time."""
    desk = scene.desk
    told = NeedInput(text=f"想在社区开个面点铺，营业执照怎么办？我的身份证号是{IDENTITY}。")
    need = desk.store.execute(desk.clerk, desk_entries.take_need, told, scene.she.person_id)
    desk.books(need, "10-21 10:00")
    return scene


def keys_of(qian: Qian) -> dict[str, object]:
    """Return what stands in addresses about her."""
    booking = max(qian.district.rows(Booking), key=lambda row: row.starts_at)
    session = max(qian.district.rows(ServiceSession), key=lambda row: row.planned_starts_at)
    return {
        "person_id": qian.she.person_id,
        "session_id": session.id,
        "booking_id": booking.id,
        "need_id": booking.need_id,
        "expert_id": qian.desk.mentor.expert.id,
        "reference": session.reference,
        "outcome_id": qian.district.outcome_of(qian.october).id,
        "account_id": qian.she.actor.account_id,
    }


def telling(
    client: FlaskClient, app: Flask, keys: dict[str, object], permissions: frozenset[Permission]
) -> dict[str, set[str]]:
    """Return which addresses that are open to the client tell which of the words."""
    found: dict[str, set[str]] = {}
    for route in routes_of(app, keys):
        is_open = route.policy.is_public or route.policy.permissions & permissions
        if route.changes or route.endpoint == "static" or not is_open:
            continue
        answer = client.get(route.path)
        for word in _in(answer.get_data(as_text=False)):
            found.setdefault(word, set()).add(f"{route.path} {answer.status_code}")
    return found


def _in(body: bytes) -> Iterable[str]:
    return [word for word in (*WORDS, *READ) if word.encode() in body]


def test_no_address_tells_a_visitor_or_her_mentor(
    qian: Qian, app: Flask, sign_in: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    # Pages on which somebody registers or asks name every group there is, and nobody's.
    keys = keys_of(qian)
    visitor = telling(app.test_client(), app, keys, frozenset())
    own = PERMISSIONS[Role.MENTOR]
    mentor = telling(sign_in(app.test_client(), qian.desk.mentor.actor), app, keys, own)
    assert not visitor
    assert mentor.keys() == set(READ)
    for word in WORDS:
        assert word not in caplog.text


def test_the_same_search_finds_it_where_it_may_stand(qian: Qian, app: Flask, sign_in: Any) -> None:
    her = sign_in(app.test_client(), qian.she.actor)
    for path, word in (("/me/data", GROUP), ("/me/data/copy.json", CODE), ("/settings", PHONE)):
        assert word in _in(her.get(path).data)
    officer = sign_in(app.test_client(), qian.district.officer)
    assert GROUP in _in(officer.get(f"/bureau/desk/people/{qian.she.person_id}").data)


def test_no_letter_and_no_job_tells_it(qian: Qian, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[Any] = []

    def carry(_self: Any, letter: Any) -> Any:
        sent.append(letter)
        return Receipt(DeliveryState.DELIVERED, "kept")

    monkeypatch.setattr(Outbox, "send", carry)
    asked = max(qian.district.rows(Booking), key=lambda row: row.starts_at)
    qian.store.execute(qian.desk.mentor.actor, bookings.accept, asked.id)
    deliver(qian.store)
    letters = [each for each in sent if isinstance(each, Letter)]
    assert letters
    texts = [repr(each) for each in sent]
    texts += [f"{row.title}{row.text}{row.facts}" for row in qian.district.rows(Message)]
    texts += [f"{row.payload}{row.last_error}" for row in qian.district.rows(Job)]
    for text in texts:
        for word in (GROUP, CODE, IDENTITY):
            assert word not in text
    # A letter to herself goes to her own address; nobody else's names her number.
    assert any("钱大妈" in text for text in texts)


def test_an_error_tells_the_statement_and_none_of_its_values(
    qian: Qian, app: Flask, sign_in: Any, caplog: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(uow: UnitOfWork, *_given: Any, **_named: Any) -> None:
        uow.add(FounderGroup(person_id=qian.she.person_id, code=CODE))
        uow.add(Person(name=PHONE, phone=PHONE, created_at=None))
        uow.flush()

    monkeypatch.setattr("app.services.persons.verify_group", fail)
    officer = sign_in(app.test_client(), qian.district.officer)
    page = f"/bureau/desk/people/{qian.she.person_id}"
    token = officer.get("/settings").text.split('name="csrf_token" value="')[1].split('"')[0]
    given = {"group": CODE, f"proof_{CODE}": "certificate", "csrf_token": token}
    answer = officer.post(f"{page}/groups", data=given)
    assert answer.status_code >= 400
    assert "INSERT INTO" in caplog.text
    for word in (CODE, GROUP, PHONE):
        assert word not in answer.text
        assert word not in caplog.text
