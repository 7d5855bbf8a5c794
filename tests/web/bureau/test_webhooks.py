"""The pages of receivers outside the service."""

import re

import pytest

from app.domain.actor import SYSTEM, Role
from app.domain.message import EVENTS
from app.domain.webhook import TEST_EVENT, CallState, secret_of
from app.models.webhook import Webhook, WebhookCall
from app.unit_of_work.opening import webhook_key
from tests.builders import staff
from tests.serving import SECRET

NEW = "/bureau/webhooks/new"
SOUND = {
    "name": "市平台",
    "address": "https://r.example.org/in?token=abc",
    "events": "need.submitted",
}


@pytest.fixture
def operator(store, enter):
    return enter(staff(store, Role.SYS_ADMIN))


def only(store, model):
    with store.read(SYSTEM) as reader:
        return reader.session.query(model).one()


def add(operator) -> str:
    fields = {**operator.hidden(f"{NEW}?kind=signed"), **SOUND}
    return str(operator.send(NEW, **fields).location)


def test_a_receiver_is_added_and_its_secret_shown_once(store, operator) -> None:
    assert "还没有添加" in operator.get("/bureau/webhooks")
    here = add(operator)
    row = only(store, Webhook)
    secret = secret_of(webhook_key(SECRET), row.id, 1)
    assert secret in operator.get(here)
    shown = operator.get(here)
    assert secret not in shown
    assert "r.example.org" in shown
    assert "token=abc" not in shown + operator.get("/bureau/webhooks")


def test_wrong_input_comes_back_with_what_was_typed(operator) -> None:
    fields = {**operator.hidden(f"{NEW}?kind=signed"), **SOUND, "address": "http://r.example.org/"}
    refused = operator.send(NEW, 422, **fields).get_data(as_text=True)
    assert "填 https 开头的完整地址" in refused
    assert 'value="市平台"' in refused
    operator.get(f"{NEW}?kind=pigeon", 422)


def test_it_is_tried_paused_resumed_rotated_replayed_and_removed_by_presses(
    store, operator
) -> None:
    here = add(operator)
    first = re.search(r"[\w-]{43}", operator.get(here).partition("只显示这一次")[2])
    assert first is not None
    operator.send(f"{here}/test", **operator.hidden(here))
    call = only(store, WebhookCall)
    plain = {k: v for k, v in operator.hidden(here).items() if k != "return_to"}
    operator.send(f"{here}/calls/{call.id}/replay", 409, **plain)

    def taken(uow) -> None:
        uow.load(WebhookCall, call.id).state = CallState.DELIVERED

    store.execute(SYSTEM, taken)
    fields = operator.hidden(here)
    for _ in range(2):
        operator.send(f"{here}/calls/{call.id}/replay", **fields)
    assert operator.get(here).count("对方已收") == 1
    assert operator.get(here).count("正在推送") >= 1
    operator.send(f"{here}/pause", **operator.hidden(here))
    assert "恢复推送" in operator.get(here)
    plain = {k: v for k, v in operator.hidden(here).items() if k != "return_to"}
    operator.send(f"{here}/test", 422, **plain)
    operator.send(f"{here}/resume", **operator.hidden(here))
    operator.send(f"{here}/rotate", **operator.hidden(here))
    second = operator.get(here)
    assert "只显示这一次" in second
    assert first.group() not in second
    operator.send(f"{here}/remove", **operator.hidden(here))
    operator.get(here, 404)


def test_only_who_runs_the_service_sees_receivers(store, operator, enter) -> None:
    here = add(operator)
    for role in (Role.OFFICER, Role.AUDITOR, Role.SEC_ADMIN):
        desk = enter(staff(store, role))
        for page in ("/bureau/webhooks", NEW, here):
            desk.get(page, 403)


def test_every_event_has_a_name_in_both_languages(app) -> None:
    shown = {}
    for lang in ("zh", "en"):
        with app.test_request_context(headers={"Cookie": f"lang={lang}"}):
            name = app.jinja_env.get_template("bureau/running/webhook_words.html").module.event_name
            shown[lang] = {event: str(name(event)).strip() for event in (*EVENTS, TEST_EVENT)}
    for names in shown.values():
        # Names of events stand in bureau/running/webhook_words.html or bureau/auditing/trail.html.
        assert [event for event, name in names.items() if name in ("", event)] == []
    assert [event for event, name in shown["zh"].items() if name == shown["en"][event]] == []
