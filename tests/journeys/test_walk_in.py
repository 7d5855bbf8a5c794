"""Scenario 11, steps 1 and 2 and its reach: a founder without a smartphone, of a sensitive group.

Walked on the pages and again through the API; what the mentor and other streets must not learn
is looked for in everything they are shown or sent.
"""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.domain.actor import SYSTEM, Actor
from app.models.booking import Booking
from app.models.consent import Consent
from app.models.message import Message
from app.models.need import Need
from app.models.person import FounderGroup, Person
from app.models.service_session import ServiceSession
from app.services import bookings, messages, outcomes, service_sessions
from app.services.service_sessions import Finish
from tests.builders import staff
from tests.desk import WORDS, ServiceDesk, a_desk
from tests.journeys.district import WRITTEN
from tests.moments import at
from tests.scenes import Plays
from tests.serving import app, bearer, serve, sign_in

__all__ = ["app", "bearer", "serve", "sign_in"]

GROUP, PHONE = "就业困难人员", "13800001234"
SHEET = {"kind": "signature", "given_on": "2026-09-16", "filed_at": "扫描件 2026-0916-03"}
_HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')

Visit = Callable[[Actor], "Browser"]


class Browser:
    """A signed-in browser without scripts."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def get(self, path: str, status: int = 200) -> str:
        answer = self.client.get(path)
        assert answer.status_code == status, (path, answer.status_code)
        return answer.get_data(as_text=True)

    def post(self, page: str, to: str, **typed: str) -> str:
        hidden = {name: unescape(value) for name, value in _HIDDEN.findall(self.get(page))}
        answer = self.client.post(to, data={**hidden, **typed})
        assert answer.status_code == 303, answer.get_data(as_text=True)[:3000]
        return str(answer.location)


@pytest.fixture
def plays() -> Plays:
    return {"desk": a_desk}


@pytest.fixture
def desk(scene: ServiceDesk) -> ServiceDesk:
    return scene


@pytest.fixture
def visit(app: Flask, sign_in: Any) -> Visit:
    return lambda actor: Browser(sign_in(app.test_client(), actor))


def test_she_is_registered_heard_booked_and_counted_on_the_pages(desk, visit) -> None:
    clerk = visit(desk.clerk)
    new = "/bureau/desk/people/new"
    person = clerk.post(
        new,
        new,
        name="钱大妈",
        phone=PHONE,
        birth_year="1963",
        document="居民身份证",
        agreed="yes",
        **SHEET,
        group="hardship_employment",
        **{f"group_{name}": value for name, value in SHEET.items()},
    )
    heard = {"text": WORDS, "session_type": "consultation", "channel": "community_station"}
    need = clerk.post(person, f"{person}/needs", **heard)
    assert "张敏" in clerk.get(need)
    times = f"{need}/book?mentor={desk.mentor.expert.id}&day=2026-09-18"
    chosen = {"starts_at": at("09-18 14:00").isoformat(), "mode": "onsite", "agreed": "yes"}
    slip = clerk.post(times, f"{need}/book", **chosen)
    assert "9月18日 周五 14:00–14:50" in clerk.get(slip)
    purposes = {row.purpose.value for row in desk.district.rows(Consent)}
    assert purposes == {"service", "sensitive_group"}
    assert desk.district.one(Need).channel == "community_station"

    stranger = visit(desk.stranger)
    for path in (person, need, slip):
        stranger.get(path, 404)
    assert "没有找到" in stranger.get("/bureau/desk?q=1234")

    _held_and_signed(desk)
    _ensure_nothing_leaks(desk, visit)


def test_she_is_registered_heard_booked_and_counted_through_the_api(
    desk, app, bearer, visit
) -> None:
    headers = {who: bearer(who) for who in (desk.clerk, desk.stranger, desk.mentor.actor)}

    def ask(actor: Actor, method: str, path: str, body: Any = None) -> Any:
        return app.test_client().open(
            f"/api/v1{path}", method=method, json=body, headers=headers[actor]
        )

    made = ask(
        desk.clerk,
        "POST",
        "/persons",
        {
            "name": "钱大妈",
            "phone": PHONE,
            "birth_year": 1963,
            "document": "居民身份证",
            "consent": SHEET,
            "group": "hardship_employment",
            "group_consent": SHEET,
        },
    )
    assert made.status_code == 201, made.text
    need = ask(
        desk.clerk,
        "POST",
        "/needs",
        {
            "text": WORDS,
            "session_type": "consultation",
            "person_id": made.json["id"],
            "channel": "community_station",
        },
    )
    booked = ask(
        desk.clerk,
        "POST",
        "/bookings",
        {
            "need_id": need.json["id"],
            "expert_ids": [str(desk.mentor.expert.id)],
            "starts_at": at("09-18 14:00").isoformat(),
            "session_type": "consultation",
            "mode": "onsite",
        },
    )
    assert booked.status_code == 201, booked.text
    for path in (f"/persons/{made.json['id']}", f"/needs/{need.json['id']}"):
        assert ask(desk.stranger, "GET", path).status_code == 404
    seen = ask(desk.mentor.actor, "GET", f"/bookings/{booked.json['id']}").text
    assert GROUP not in seen
    assert PHONE not in seen

    _held_and_signed(desk)
    _ensure_nothing_leaks(desk, visit)


def _held_and_signed(desk: ServiceDesk) -> None:
    """Let the mentor accept, meet and record; she signs, and a second clerk compares."""
    district, store = desk.district, desk.store
    booking = district.one(Booking)
    assert booking.channel == "community_station"
    store.execute(desk.mentor.actor, bookings.accept, booking.id)
    store.execute(SYSTEM, messages.tell, "booking.requested", booking.id, 1, {})
    session = district.one(ServiceSession)
    assert session.channel == "community_station"
    district.wait_until("09-18 14:50")
    facts = Finish(actual_start=at("09-18 14:00"), actual_end=at("09-18 14:45"))
    store.execute(desk.mentor.actor, service_sessions.finish, session.id, facts)
    store.execute(desk.mentor.actor, outcomes.record, session.id, WRITTEN)
    assert district.decision(session).reason == "unconfirmed"
    second = staff(store, name="第二位经办")
    outcome = district.outcome_of(session)
    store.execute(second, outcomes.confirm_on_paper, outcome.id, "扫描件 2026-0918-01")
    decision = district.decision(session)
    assert (decision.status, decision.detail["confirmation"]) == ("counted", "paper_signature")
    # Her group is her own word still: it enters no group table.
    assert district.one(FounderGroup).verified_at is None
    assert decision.detail["groups"] == [[str(booking.founder_person_id), None]]


def _ensure_nothing_leaks(desk: ServiceDesk, visit: Visit) -> None:
    """Look for her group and telephone in what the mentor and the public are shown or sent."""
    session = desk.district.one(ServiceSession)
    mentor = visit(desk.mentor.actor)
    report = mentor.get(f"/mentor/sessions/{session.id}/report")
    assert "钱大妈" in report
    shown = [report, *map(mentor.get, ("/mentor", "/mentor/sessions", "/mentor/calendar"))]
    told = [f"{row.title}{row.text}{row.facts}" for row in desk.district.rows(Message)]
    for text in (*shown, *told, mentor.get("/mentors")):
        assert GROUP not in text
        assert "hardship_employment" not in text
        assert PHONE not in text
    assert desk.district.one(Person, Person.name == "钱大妈").phone == PHONE
