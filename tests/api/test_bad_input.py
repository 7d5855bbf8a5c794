"""Every route that changes something, under everything that must not get through."""

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from jsonschema import Draft202012Validator
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.db import metadata
from app.domain.actor import Actor
from app.domain.clock import FixedClock
from app.domain.ids import new_id
from app.unit_of_work import Store, unscoped
from tests.api.asking import FORMATS, PREFIX, Asker, Promise
from tests.api.conftest import As
from tests.depth import THOROUGH
from tests.founder_road import FounderRoad
from tests.scenes import Plays

JSON = "application/json"
MIB = 1024 * 1024
NOW = "09-18 14:40"
START, END = "2026-09-18T14:00:00+08:00", "2026-09-18T14:35:00+08:00"
RECORD = {"question": "怎么办", "advice": "这样办", "actions": [], "result": "advised"}
VALUES: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    1.5,
    10**40,
    "",
    "x",
    "\x00",
    "长" * 300_000,
    "2026-09-18",
    "2026-09-18T14:00:00",
    "0001-01-01T00:00:00+08:00",
    "９" * 50,
    [],
    [None],
    [[]],
    ["x"] * 1000,
    {},
    {"text": {}},
)
# A member is given every third of them, another third on each route; in a thorough run all.
EVERY = 1 if THOROUGH else 3
NOT_JSON = (b"{", b"'a'", b"\xff\xfe", b'{"a": 1, "a": 2}', b'{"a": NaN}', b"[" * 100_000)
NO_OBJECT = (b"[]", b'"text"', b"null", b"1", b"true")


@dataclass(frozen=True)
class Case:
    """A route with somebody who may use it and a body that it takes."""

    route: str
    path: str
    who: Actor
    body: dict[str, Any]


ROUTES = (
    "/needs",
    "/needs/{need_id}/proposals",
    "/bookings",
    "/bookings/{booking_id}/accept",
    "/bookings/{booking_id}/decline",
    "/bookings/{booking_id}/cancel",
    "/bookings/{booking_id}/move",
    "/service-sessions/{session_id}/check-in",
    "/service-sessions/{session_id}/finish",
    "/service-sessions/{session_id}/no-show",
    "/service-sessions/{session_id}/outcome",
    "/outcomes/{outcome_id}/confirm",
)


class Scene:
    """A road on which each route can be taken."""

    def __init__(self, road: FounderRoad) -> None:
        self.road = road
        self.recorded = road.recorded("09-17 09:00", need_id=road.a_need().id)
        self.finished = road.finished("09-17 11:00", need_id=road.a_need().id)
        self.planned = road.session_of(road.accepted("09-18 14:00", need_id=road.a_need().id))
        road.put(NOW)
        self.requested = road.requested("09-23 09:00", need_id=road.a_need().id)

    def cases(self) -> list[Case]:
        return [self.case(route) for route in ROUTES]

    def case(self, route: str) -> Case:
        keys = {
            "need_id": self.road.need.id,
            "booking_id": self.requested.id,
            "session_id": self.finished.id if route.endswith("/outcome") else self.planned.id,
            "outcome_id": self.road.outcome_of(self.recorded).id,
        }
        by_mentor = route.endswith(("/accept", "/decline", "/finish", "/no-show", "/outcome"))
        who = self.road.mentor if by_mentor else self.road.founder
        return Case(route, route.format(**keys), who, self._body(route))

    def _body(self, route: str) -> dict[str, Any]:
        bodies: dict[str, dict[str, Any]] = {
            "needs": {"text": "我想办营业执照，要带哪些材料？", "session_type": "consultation"},
            "bookings": {
                "need_id": str(self.road.need.id),
                "expert_ids": [str(self.road.expert.id)],
                "starts_at": "2026-09-22T09:00:00+08:00",
                "session_type": "consultation",
                "mode": "online",
            },
            "decline": {"reason": "m_overload"},
            "cancel": {"reason": "f_solved"},
            "move": {"starts_at": "2026-09-23T15:00:00+08:00"},
            "finish": {"actual_start": START, "actual_end": END},
            "no-show": {"who": "no_show_founder", "reason": "没有人来"},
            "outcome": RECORD,
            "confirm": {"agrees": True, "rating": 5},
        }
        return bodies.get(route.rpartition("/")[2], {})


def every_route(store: Store, clock: FixedClock) -> Scene:
    return Scene(FounderRoad(store, clock))


@pytest.fixture
def plays() -> Plays:
    return {"scene": every_route}


def state(store: Store) -> dict[str, str]:
    """Return a digest of every table."""
    found = {}
    with unscoped(), store.engine.connect() as connection:
        for table in metadata.sorted_tables:
            rows = sorted(map(repr, connection.execute(select(table))))
            found[table.name] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
    return found


def raw(asker: Asker, case: Case, data: bytes, kind: str | None = JSON) -> Any:
    return asker.send("POST", case.path, data=data, content_type=kind)


def refused(answer: TestResponse, status: int, code: str | None = None) -> None:
    """Fail unless the answer is a problem with this status, and with this code if one is named."""
    assert answer.status_code == status, answer.text[:500]
    assert answer.content_type == "application/problem+json"
    assert answer.json is not None
    assert code in (None, answer.json["code"])
    assert answer.json["detail"]


def wrong_bodies(case: Case, promise: Promise) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield bodies that the document forbids: each member wrong, each missing, one too many."""
    described = promise.document["paths"][PREFIX + case.route]["post"]
    content = described.get("requestBody", {}).get("content", {})
    schema = content.get(JSON, {}).get("schema", {"type": "object", "additionalProperties": False})
    whole = Draft202012Validator({**promise.document, **schema}, format_checker=FORMATS)
    name = schema.get("$ref", "").rpartition("/")[2]
    members = promise.document["components"]["schemas"].get(name, {"properties": {}})["properties"]
    assert whole.is_valid(case.body)
    tried = [
        (member, {**case.body, member: value})
        for turn, member in enumerate(members, start=ROUTES.index(case.route))
        for value in VALUES[turn % EVERY :: EVERY]
    ]
    tried += [(m, {k: v for k, v in case.body.items() if k != m}) for m in case.body]
    tried += [("surplus", {**case.body, "surplus": 1}), ("", {**case.body, "": None})]
    yield from ((member, body) for member, body in tried if not whole.is_valid(body))


def test_what_is_no_request_is_refused_and_leaves_nothing(
    scene: Scene, as_: As, store: Store
) -> None:
    askers = [(case, as_(case.who)) for case in scene.cases()]
    before = state(store)
    for case, asker in askers:
        for data in NOT_JSON:
            refused(raw(asker, case, data), 400, "request.malformed")
        for data in NO_OBJECT:
            refused(raw(asker, case, data), 422, "input.not_an_object")
        for kind in ("text/plain", "application/x-www-form-urlencoded", None):
            answer = raw(asker, case, json.dumps(case.body).encode(), kind)
            refused(answer, 415, "request.media_type")
        refused(raw(asker, case, b'{"a": "' + b"x" * MIB + b'"}'), 413, "request.too_large")
        refused(raw(asker, case, json.dumps({"a" * 900_000: 1}).encode()), 422)
        if case.body:
            refused(asker.post(case.path), 422, "input.invalid")
        for key in ("k" * 151, "ключ"):
            answer = asker.post(case.path, case.body, headers={"Idempotency-Key": key})
            refused(answer, 422, "idempotency.key_malformed")
    assert state(store) == before


def test_each_member_at_fault_is_named_and_leaves_nothing(
    scene: Scene, as_: As, store: Store, promise: Promise
) -> None:
    askers = [(case, as_(case.who)) for case in scene.cases()]
    before = state(store)
    tried = 0
    for case, asker in askers:
        for member, body in wrong_bodies(case, promise):
            answer = asker.post(case.path, body)
            refused(answer, 422)
            assert answer.json is not None
            fields = {re.split(r"[\[.]", error["field"])[0] for error in answer.json["errors"]}
            assert member in fields, (case.route, member, str(body)[:200], answer.text[:500])
            tried += 1
    assert tried > 500 / EVERY
    assert state(store) == before


def test_an_id_of_nothing_or_of_no_form_is_not_found(scene: Scene, as_: As, store: Store) -> None:
    askers = [(case, as_(case.who)) for case in scene.cases() if "{" in case.route]
    before = state(store)
    for case, asker in askers:
        own = case.path.split("/")[2]
        unlike = ("1", "x" * 3000, "..", "%00", own.replace("-", ""), f"{own}0")
        for other in (str(new_id()), *unlike):
            refused(asker.post(case.path.replace(own, other), case.body), 404)
    assert state(store) == before


def test_nobody_and_a_false_token_are_sent_to_sign_in(
    scene: Scene, app: Flask, store: Store
) -> None:
    before = state(store)
    for case in scene.cases():
        for header in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic YTpi"}):
            answer = app.test_client().post(PREFIX + case.path, json=case.body, headers=header)
            refused(answer, 401, "account.not_signed_in")
            assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert state(store) == before


@pytest.mark.parametrize("route", ROUTES)
def test_a_second_press_is_answered_alike_and_does_nothing_more(
    scene: Scene, as_: As, store: Store, route: str
) -> None:
    case = scene.case(route)
    asker = as_(case.who)
    key = {"Idempotency-Key": "one press"}
    first = asker.post(case.path, case.body, headers=key)
    assert first.status_code in (200, 201), first.text
    after = state(store)
    second = asker.post(case.path, case.body, headers=key)
    assert (second.status_code, second.data) == (first.status_code, first.data)
    assert second.headers.get("ETag") == first.headers.get("ETag")
    # The same key for another request, even if only its bytes differ.
    other = json.dumps(case.body).encode() + b"\n"
    answer = asker.send("POST", case.path, data=other, content_type=JSON, headers=key)
    refused(answer, 422, "idempotency.key_reused")
    assert state(store) == after
