"""A founder's word on the facts from the letter that asks for it."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from app.domain.outcome import ConfirmationKind, OutcomeStatus
from app.models.mail_link import MailLink
from app.models.outcome import Confirmation, Dispute, Outcome, Rating
from app.services import outcomes
from tests.letter_links import Mailbox, press
from tests.moments import at
from tests.services.scene import Scene
from tests.turns import on_each
from tests.web.links.conftest import FOUNDER

ASKS = "写好了服务记录"


@pytest.fixture
def link(scene: Scene, mailbox: Mailbox) -> str:
    scene.recorded()
    return mailbox.link(FOUNDER, ASKS)


def outcome(scene: Scene) -> Outcome:
    (row,) = scene.rows(Outcome)
    return row


def test_the_page_shows_facts_and_record(client: FlaskClient, link: str) -> None:
    page = client.get(link)
    assert page.status_code == 200
    for said in ("9月18日 周五 14:00–15:00", "先核名，再到大厅提交。", "您的姓"):
        assert said in page.text


@on_each
def test_one_press_confirms_as_by_link_with_the_surname(
    scene: Scene, client: FlaskClient, link: str
) -> None:
    answer = press(client, link, agrees="yes", surname="李", rating="5")
    assert (answer.status_code, answer.location) == (303, link)
    (said,) = scene.rows(Confirmation)
    assert (said.kind, said.person_id) == (ConfirmationKind.LINK, scene.founder.person_id)
    assert outcome(scene).status is OutcomeStatus.CONFIRMED
    assert outcome(scene).confirmation_kind is ConfirmationKind.LINK
    assert [row.score for row in scene.rows(Rating)] == [5]
    assert "您已确认" in client.get(link).text
    assert (
        press(client, link, agrees="no", surname="李", remark="没有", record="1").status_code == 303
    )
    assert len(scene.rows(Confirmation)) == 1


@pytest.mark.parametrize("surname", ["", "王", "晓"])
def test_another_surname_is_refused_and_the_words_are_kept(
    scene: Scene, client: FlaskClient, link: str, surname: str
) -> None:
    answer = press(client, link, agrees="no", surname=surname, remark="只谈了20分钟")
    assert answer.status_code == 422
    assert "只谈了20分钟" in answer.text
    assert scene.rows(Confirmation) == []
    assert outcome(scene).status is OutcomeStatus.RECORDED
    assert scene.rows(MailLink, MailLink.purpose == "confirm")[0].used_at is None


def test_disagreement_says_in_what_and_opens_a_dispute(
    scene: Scene, client: FlaskClient, link: str
) -> None:
    assert press(client, link, agrees="no", surname="李").status_code == 422
    answer = press(client, link, agrees="no", surname="李", remark="只谈了20分钟")
    assert answer.status_code == 303
    assert outcome(scene).status is OutcomeStatus.DISPUTED
    assert [row.statement for row in scene.rows(Dispute)] == ["只谈了20分钟"]
    assert "已收到您的不同意见" in client.get(link).text


def test_a_record_changed_meanwhile_is_shown_and_asked_anew(
    scene: Scene, client: FlaskClient, link: str
) -> None:
    written = outcomes.Record("怎么登记？", "改为先租房。", [], "advised", reason="写错了")
    scene.store.execute(scene.mentor, outcomes.revise, outcome(scene).service_session_id, written)
    answer = press(client, link, agrees="yes", surname="李", record="1")
    assert answer.status_code == 409
    assert "改为先租房。" in answer.text
    assert scene.rows(Confirmation) == []
    assert press(client, link, agrees="yes", surname="李").status_code == 303


def test_what_was_confirmed_after_signing_in_is_told(
    scene: Scene, client: FlaskClient, link: str
) -> None:
    scene.store.execute(scene.founder, outcomes.confirm, outcome(scene).id, agrees=True)
    assert "这次服务已经确认" in client.get(link).text
    answer = press(client, link, agrees="no", surname="李", remark="没有", record="1")
    assert answer.status_code == 409
    assert outcome(scene).status is OutcomeStatus.CONFIRMED


def test_after_the_window_a_new_letter_still_lets_him_confirm(
    scene: Scene, client: FlaskClient, mailbox: Mailbox, link: str
) -> None:
    due: Any = outcome(scene).confirm_by
    scene.clock.put(due)
    assert client.get(link).status_code == 410
    scene.clock.put(at("09-28 09:00"))
    late = mailbox.link(FOUNDER, "没有确认")
    assert late != link
    assert press(client, late, agrees="yes", surname="李").status_code == 303
    assert outcome(scene).status is OutcomeStatus.CONFIRMED
    assert outcome(scene).is_late
