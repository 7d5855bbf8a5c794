"""Events told to other systems and to robots, with receivers that are away, slow, or inside."""

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import update

from app.adapters.email import Outbox
from app.adapters.posting import Poster
from app.adapters.reaching import is_public
from app.db import StaleVersionError
from app.domain.actor import SYSTEM, Actor, Role
from app.domain.errors import DomainError, ForbiddenError, InvalidInputError
from app.domain.job import JobState
from app.domain.task import TaskKind
from app.domain.webhook import SEND, CallState, Draft, WebhookKind, secret_of, signature
from app.jobs.registry import Outside, registry
from app.jobs.worker import Worker
from app.models.job import Job
from app.models.task import Task
from app.models.webhook import Webhook, WebhookCall
from app.queries.webhooks import call_page, webhook_list
from app.services import webhooks
from app.unit_of_work import UnitOfWork
from tests.builders import staff
from tests.moments import START
from tests.scenes import Plays
from tests.services.scene import SITE, Scene, set_scene

KEY = b"k" * 32
REQUESTED = "booking.requested"
TAKEN = (200, b'{"errcode":0}')


class _Desk(BaseHTTPRequestHandler):
    server: Any

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append((self.path, dict(self.headers), body))
        status, answer = self.server.answers.pop(0) if self.server.answers else TAKEN
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "http://127.0.0.1/inside")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def receiving() -> Iterator[Any]:
    server: Any = ThreadingHTTPServer(("127.0.0.1", 0), _Desk)
    server.asked, server.answers = [], []
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def receiver() -> Iterator[Any]:
    with receiving() as server:
        yield server


@pytest.fixture
def plays() -> Plays:
    return {"scene": set_scene}


@dataclass
class Push:
    """One receiver added by an operator, told by workers for whom this machine is public."""

    scene: Scene
    receiver: Any
    operator: Actor
    options: dict[str, Any] = field(default_factory=dict)

    def add(self, kind: WebhookKind = WebhookKind.SIGNED, *events: str) -> Webhook:
        draft = Draft(
            name="市平台",
            kind=kind,
            address="https://receiver.example.org/in?key=1",
            events=events or (REQUESTED,),
            secret="SECx" if kind is WebhookKind.DINGTALK else None,
        )
        if kind is not WebhookKind.SIGNED:
            host = {"wecom": "qyapi.weixin.qq.com", "dingtalk": "oapi.dingtalk.com"}[kind]
            draft = Draft(**{**_fields(draft), "address": f"https://{host}/robot/send?key=1"})
        row = self.scene.store.execute(self.operator, webhooks.add, draft)
        self._lead_here(row)
        return row

    def _lead_here(self, row: Webhook) -> None:
        """Have it lead to this machine, which no form accepts."""
        port = self.receiver.server_address[1]
        here = f"http://receiver.example.org:{port}/in?key=1"

        def use_case(uow: UnitOfWork) -> None:
            uow.session.execute(update(Webhook).where(Webhook.id == row.id).values(address=here))

        self.scene.store.execute(SYSTEM, use_case)

    def work(self) -> None:
        given = {
            "allows_http": True,
            "resolve": lambda _host: ["127.0.0.1"],
            "is_public": lambda _address: True,
            **self.options,
        }
        outside = Outside(poster=Poster(**given), webhook_key=KEY)
        Worker(self.scene.store, registry(Outbox(), SITE, "站", outside=outside)).work()

    def until(self, longest: timedelta) -> None:
        """Work at each moment at which an event is due again."""
        end = self.scene.clock.now() + longest
        self.work()
        while waiting := self.scene.rows(Job, Job.kind == SEND, Job.state == JobState.READY):
            due = min(job.run_at for job in waiting)
            if due > end:
                break
            self.scene.clock.put(max(due, self.scene.clock.now()))
            self.work()

    @property
    def calls(self) -> list[WebhookCall]:
        return self.scene.rows(WebhookCall)

    def row(self) -> Webhook:
        (row,) = self.scene.rows(Webhook)
        return row


def _fields(draft: Draft) -> dict[str, Any]:
    return {name: getattr(draft, name) for name in ("name", "kind", "events", "secret")}


@pytest.fixture
def push(scene: Scene, receiver: Any) -> Push:
    return Push(scene, receiver, staff(scene.store, Role.SYS_ADMIN))


def test_an_event_arrives_once_signed_with_codes_and_keys_alone(push: Push) -> None:
    webhook = push.add()
    booking = push.scene.request()
    push.work()
    push.work()
    ((path, headers, body),) = push.receiver.asked
    assert path == "/in?key=1"
    stamp = headers["X-Jieban-Timestamp"]
    secret = secret_of(KEY, webhook.id, 1)
    # As docs/api.md says it.
    expected = hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    assert headers["X-Jieban-Signature"] == f"v1={expected}"
    said = json.loads(body)
    assert said["event"] == REQUESTED
    assert said["occurred_at"] == START.isoformat()
    assert headers["Idempotency-Key"] == headers["X-Jieban-Event-Id"] == said["id"]
    assert said["data"] == {
        "subject_id": str(booking.id),
        "revision": booking.version,
        "status": "requested",
        "booking_id": str(booking.id),
        "need_id": str(booking.need_id),
        "reference": booking.reference,
    }
    for name in ("李晓", "张敏", "138", "@example.org"):
        assert name not in body.decode()
    (call,) = push.calls
    assert (call.state, call.tries, call.status) == (CallState.DELIVERED, 1, 200)


def test_only_what_was_asked_for_is_sent_and_nothing_of_before(push: Push) -> None:
    push.scene.request()
    push.work()
    push.add(WebhookKind.SIGNED, "booking.accepted")
    push.scene.request("09-21 14:00")
    push.work()
    assert push.receiver.asked == []


def test_an_event_is_planned_with_the_message_or_not_at_all(push: Push) -> None:
    push.add()
    push.scene.request()

    def broken(uow: UnitOfWork) -> None:
        happening = webhooks.Happening(
            event=REQUESTED,
            subject_id=push.row().id,
            revision=1,
            data={},
            at=uow.now,
            text=lambda: None,
        )
        for _ in range(2):
            webhooks.announce(uow, happening)
            uow.flush()
        assert len(uow.all(WebhookCall.__table__.select())) == 1
        raise RuntimeError

    with pytest.raises(RuntimeError):
        push.scene.store.execute(SYSTEM, broken)
    assert push.calls == []


def test_an_event_not_taken_is_tried_again_as_the_same_event(push: Push) -> None:
    push.add()
    push.receiver.answers += [(500, b"oops"), (429, b"later")]
    push.scene.request()
    push.work()
    (call,) = push.calls
    assert (call.state, call.status, call.answer) == (CallState.PLANNED, 500, "oops")
    assert push.row().failing_since == START
    push.until(timedelta(hours=1))
    (call,) = push.calls
    assert (call.state, call.tries) == (CallState.DELIVERED, 3)
    assert push.row().failing_since is None
    assert len({body for _, _, body in push.receiver.asked}) == 1
    assert len({headers["X-Jieban-Event-Id"] for _, headers, _ in push.receiver.asked}) == 1


def test_a_receiver_that_takes_nothing_for_a_day_is_paused_and_somebody_is_asked_to_look(
    push: Push,
) -> None:
    push.add()
    push.receiver.answers += [(503, b"")] * 200
    push.scene.request()
    push.until(timedelta(days=3))
    row = push.row()
    assert row.is_given_up
    assert row.paused_at - START >= timedelta(days=1)
    assert push.calls[0].state is CallState.SKIPPED
    (task,) = push.scene.rows(Task, Task.kind == TaskKind.WEBHOOK_PAUSED)
    assert task.facts == {"name": "市平台", "host": "receiver.example.org"}
    tried = len(push.receiver.asked)
    push.scene.request("09-29 14:00")
    push.work()
    assert len(push.receiver.asked) == tried
    push.receiver.answers.clear()
    push.scene.store.execute(push.operator, webhooks.resume, row.id, version=row.version)
    assert push.scene.rows(Task, Task.kind == TaskKind.WEBHOOK_PAUSED)[0].closed_at is not None
    push.scene.store.execute(push.operator, webhooks.replay, push.calls[0].id)
    push.work()
    assert [call.state for call in push.calls] == [CallState.SKIPPED, CallState.DELIVERED]
    assert len({call.event_id for call in push.calls}) == 1


def test_a_redirect_is_not_followed(push: Push) -> None:
    push.add()
    push.receiver.answers.append((302, b""))
    push.scene.request()
    push.work()
    assert (push.calls[0].state, push.calls[0].status) == (CallState.PLANNED, 302)
    assert len(push.receiver.asked) == 1


def test_what_lies_inside_is_never_connected_to(push: Push) -> None:
    push.options = {"is_public": is_public}
    push.add()
    push.scene.request()
    push.work()
    assert (push.calls[0].state, push.calls[0].answer) == (CallState.PLANNED, "address refused")
    for options, answer in (
        ({"allows_http": False}, "address refused"),
        ({"hosts": frozenset({"other.example.org"})}, "host not allowed"),
    ):
        push.options = options
        push.scene.clock.put(push.scene.clock.now() + timedelta(hours=1))
        push.work()
        assert push.calls[0].answer == answer
    assert push.calls[0].tries == 3
    assert push.receiver.asked == []


def test_robots_say_the_officers_words_without_names(push: Push) -> None:
    push.add(WebhookKind.WECOM, "booking.expired")
    booking = push.scene.request()
    push.scene.clock.put(booking.hold_until or booking.starts_at)
    push.until(timedelta(days=3))
    ((path, _, body),) = push.receiver.asked
    assert path == "/in?key=1"
    said = json.loads(body)
    assert said["msgtype"] == "text"
    assert said["text"]["content"] == (
        f"【站】导师没有按时回复预约{booking.reference}\n{SITE}/bureau/needs"
    )


def test_a_robot_that_answers_no_with_200_has_not_taken_it(push: Push) -> None:
    push.add(WebhookKind.WECOM, "booking.expired")
    row = push.row()
    push.receiver.answers.append((200, b'{"errcode":45009,"errmsg":"freq out of limit"}'))
    push.scene.store.execute(push.operator, webhooks.test, row.id, "试\n/bureau")
    push.work()
    assert push.calls[0].state is CallState.PLANNED
    assert "45009" in (push.calls[0].answer or "")


def test_the_robot_of_dingtalk_is_given_its_own_signature(push: Push) -> None:
    push.add(WebhookKind.DINGTALK, "booking.expired")
    push.scene.store.execute(push.operator, webhooks.test, push.row().id, "试\n/bureau")
    push.work()
    ((path, _, _),) = push.receiver.asked
    asked = parse_qs(urlsplit(path).query)
    (stamp,), (sign,) = asked["timestamp"], asked["sign"]
    made = hmac.new(b"SECx", f"{stamp}\nSECx".encode(), hashlib.sha256).digest()
    assert sign == base64.b64encode(made).decode()
    assert asked["key"] == ["1"]


def test_another_secret_signs_from_then_on(push: Push) -> None:
    row = push.add()
    row = push.row()
    push.scene.store.execute(push.operator, webhooks.rotate, row.id, version=row.version)
    push.scene.request()
    push.work()
    ((_, headers, body),) = push.receiver.asked
    new = signature(secret_of(KEY, row.id, 2), int(headers["X-Jieban-Timestamp"]), body)
    assert headers["X-Jieban-Signature"] == f"v1={new}"
    assert secret_of(KEY, row.id, 1) != secret_of(KEY, row.id, 2)
    with pytest.raises(StaleVersionError):
        push.scene.store.execute(push.operator, webhooks.rotate, row.id, version=row.version)


def test_a_removed_receiver_is_told_nothing_and_its_key_is_gone(push: Push) -> None:
    push.add()
    push.scene.request()
    row = push.row()
    push.scene.store.execute(push.operator, webhooks.remove, row.id, version=row.version)
    push.work()
    assert push.receiver.asked == []
    assert "key" not in push.row().address
    with push.scene.store.read(push.operator) as reader:
        assert webhook_list(reader) == []


def test_a_replay_is_pressed_once_and_only_when_it_is_over(push: Push) -> None:
    push.add()
    push.scene.request()
    push.work()
    (call,) = push.calls
    push.scene.store.execute(push.operator, webhooks.replay, call.id)
    for key in (call.id, push.calls[-1].id):
        with pytest.raises(DomainError) as refused:
            push.scene.store.execute(push.operator, webhooks.replay, key)
        assert refused.value.code == "webhook.still_trying"
    push.work()
    assert len({headers["Idempotency-Key"] for _, headers, _ in push.receiver.asked}) == 1
    with push.scene.store.read(push.operator) as reader:
        page = call_page(reader, call.webhook_id)
    assert [item.may_replay for item in page.items] == [True, False]


def test_nobody_else_sees_or_changes_receivers(push: Push) -> None:
    row = push.add()
    officer = staff(push.scene.store)
    with push.scene.store.read(officer) as reader:
        assert webhook_list(reader) == []
    for use_case in (webhooks.pause, webhooks.remove):
        with pytest.raises(ForbiddenError):
            push.scene.store.execute(officer, use_case, row.id, version=row.version)


SOUND = {
    "name": "市平台",
    "kind": WebhookKind.SIGNED,
    "address": "https://receiver.example.org/in",
    "events": (REQUESTED,),
}


@pytest.mark.parametrize(
    ("changed", "at"),
    [
        ({"name": " "}, "name"),
        ({"address": "http://receiver.example.org/in"}, "address"),
        ({"address": "https://u:p@receiver.example.org/in"}, "address"),
        ({"address": "https://receiver.example.org/i n"}, "address"),
        ({"address": "https://receiver.example.org:99999/"}, "address"),
        ({"address": "https://例子.cn/"}, "address"),
        ({"address": "https:///in"}, "address"),
        ({"address": "https://elsewhere.example.org/"}, "address"),
        ({"events": ()}, "events"),
        ({"events": ("booking.never",)}, "events"),
        ({"kind": WebhookKind.WECOM}, "address"),
        ({"kind": WebhookKind.WECOM, "events": ("need.submitted",)}, "events"),
        ({"kind": WebhookKind.DINGTALK, "secret": ""}, "secret"),
    ],
)
def test_what_cannot_be_a_receiver_is_refused_by_field(
    push: Push, changed: dict[str, Any], at: str
) -> None:
    draft = Draft(**{**SOUND, **changed})
    hosts = frozenset({"receiver.example.org"})
    with pytest.raises(InvalidInputError) as refused:
        push.scene.store.execute(push.operator, webhooks.add, draft, hosts)
    assert at in [error.field for error in refused.value.errors]
