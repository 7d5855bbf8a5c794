"""One hand behind the record and the word on it: the word is kept, and an officer calls."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.domain.outcome import OutcomeStatus
from app.domain.task import TaskEnd
from app.models.job import Job
from app.models.mail_link import MailLink
from app.models.outcome import Confirmation, Outcome
from app.models.task import Task
from app.services import outcomes
from tests.builders import a_founder
from tests.letter_links import Mailbox, press
from tests.moments import at
from tests.services.scene import Scene, give_email
from tests.turns import on_each
from tests.web.links.conftest import FOUNDER, MENTOR

GLOBAL = {"REMOTE_ADDR": "8.8.4.4"}


@pytest.fixture
def phone(app: Flask) -> FlaskClient:
    """The browser in which the mentor wrote the record by his link."""
    return app.test_client()


@pytest.fixture
def link(scene: Scene, mailbox: Mailbox, phone: FlaskClient) -> str:
    scene.accepted()
    scene.clock.put(at("09-18 14:50"))
    record = mailbox.link(MENTOR, "填写与李晓见面的记录")
    known = {
        "on": "2026-09-18",
        "actual_start": "14:00",
        "actual_end": "14:50",
        "break_minutes": "0",
        "attendees": str(scene.founder.person_id),
        "question": "怎么登记？",
        "advice": "先核名。",
        "result": "advised",
    }
    phone.environ_base.update(GLOBAL)
    assert press(phone, record, **known).status_code == 303
    return mailbox.link(FOUNDER, "写好了服务记录")


def yes(client: FlaskClient, link: str) -> str:
    assert press(client, link, agrees="yes", surname="李").status_code == 303
    return client.get(link).text


def outcome(scene: Scene) -> Outcome:
    (row,) = scene.rows(Outcome)
    return row


def reasons(scene: Scene) -> list[str]:
    (task,) = scene.rows(Task, Task.kind == "word_in_doubt")
    return str(task.facts["reasons"]).split()


@on_each
def test_the_same_browser_settles_nothing_and_a_call_does(
    scene: Scene, phone: FlaskClient, mailbox: Mailbox, link: str
) -> None:
    assert "您的确认已收到" in yes(phone, link)
    assert outcome(scene).status is OutcomeStatus.RECORDED
    assert reasons(scene) == ["same_device", "same_address"]
    assert len(scene.rows(Confirmation)) == 1
    waiting = scene.rows(Job, Job.kind == "remind_confirm", Job.state == "ready")
    assert waiting == []
    press(phone, link, agrees="yes", surname="李", record="1")
    assert len(scene.rows(Confirmation)) == 1

    scene.store.execute(scene.officer, outcomes.certify, outcome(scene).id, "电话核实，情况属实")
    assert outcome(scene).status is OutcomeStatus.CERTIFIED
    (task,) = scene.rows(Task, Task.kind == "word_in_doubt")
    assert task.ending is TaskEnd.SETTLED


def test_the_task_tells_why_and_outlives_the_window(
    scene: Scene, app: Flask, sign_in: Any, phone: FlaskClient, mailbox: Mailbox, link: str
) -> None:
    yes(phone, link)
    due: Any = outcome(scene).confirm_by
    scene.clock.put(due)
    mailbox.work()
    assert outcome(scene).status is OutcomeStatus.UNCONFIRMED
    page = sign_in(app.test_client(), scene.officer).get("/bureau/tasks").text
    assert "信里的确认有疑点" in page
    assert "与填写记录用的是同一台设备" in page


def test_another_browser_at_another_address_confirms(app: Flask, scene: Scene, link: str) -> None:
    client = app.test_client()
    client.environ_base.update({"REMOTE_ADDR": "1.1.1.1"})
    assert "您已确认" in yes(client, link)
    assert outcome(scene).status is OutcomeStatus.CONFIRMED
    assert scene.rows(Task, Task.kind == "word_in_doubt") == []


def test_an_address_of_a_proxy_says_nothing(app: Flask, scene: Scene, link: str) -> None:
    (record,) = scene.rows(MailLink, MailLink.purpose == "record")
    (confirm,) = scene.rows(MailLink, MailLink.purpose == "confirm")
    assert record.address is not None
    client = app.test_client()
    client.environ_base.update({"REMOTE_ADDR": "10.0.0.3"})
    assert "您已确认" in yes(client, link)
    (used,) = scene.rows(MailLink, MailLink.id == confirm.id)
    assert used.address is None


@pytest.mark.parametrize("who", ["mentor", "officer"])
def test_a_browser_in_which_somebody_who_serves_is_signed_in_is_doubted(
    app: Flask, scene: Scene, sign_in: Any, link: str, who: str
) -> None:
    client = sign_in(app.test_client(), getattr(scene, who))
    assert "您的确认已收到" in yes(client, link)
    assert reasons(scene) == ["signed_in_as_other"]


def test_the_founders_own_sign_in_is_no_doubt(
    app: Flask, scene: Scene, sign_in: Any, link: str
) -> None:
    assert "您已确认" in yes(sign_in(app.test_client(), scene.founder), link)


def test_an_address_of_two_people_is_doubted(app: Flask, scene: Scene, link: str) -> None:
    a_founder(scene.store, name="马青岚", email=FOUNDER.upper())
    assert "您的确认已收到" in yes(app.test_client(), link)
    assert reasons(scene) == ["shared_contact"]


def test_a_record_sent_signed_in_leaves_the_same_marks(
    app: Flask, scene: Scene, sign_in: Any, mailbox: Mailbox
) -> None:
    scene.accepted()
    scene.clock.put(at("09-18 15:00"))
    browser = sign_in(app.test_client(), scene.mentor)
    page = f"/mentor/sessions/{scene.session().id}/report"
    sent = {
        "on": "2026-09-18",
        "actual_start": "14:00",
        "actual_end": "14:50",
        "break_minutes": "0",
        "attendees": str(scene.founder.person_id),
        "question": "怎么登记？",
        "advice": "先核名。",
        "result": "advised",
        "do": "send",
    }
    assert press(browser, page, origin="http://localhost", **sent).status_code == 303
    link = mailbox.link(FOUNDER, "写好了服务记录")
    browser.delete_cookie("sid")
    assert "您的确认已收到" in yes(browser, link)
    assert reasons(scene) == ["same_device"]


def test_disagreement_is_never_doubted(scene: Scene, phone: FlaskClient, link: str) -> None:
    assert press(phone, link, agrees="no", surname="李", remark="没有见面").status_code == 303
    assert outcome(scene).status is OutcomeStatus.DISPUTED


def test_the_address_of_who_serves_gets_no_link_to_confirm(scene: Scene, mailbox: Mailbox) -> None:
    give_email(scene.store, scene.mentor.person_id, FOUNDER.upper())
    scene.recorded()
    letter = mailbox.letter(FOUNDER, "写好了服务记录")
    assert "/links/" not in letter.text
