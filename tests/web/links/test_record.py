"""A mentor's record from the letter that asks for it: what is known is filled in, one press."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from app.domain.booking import BookingStatus
from app.domain.outcome import OutcomeStatus
from app.domain.service_session import NoShow, ServiceSessionStatus
from app.models.booking import Booking
from app.models.mail_link import MailLink
from app.models.outcome import Outcome, OutcomeVersion
from app.services import bookings, outcomes, service_sessions
from tests.letter_links import Mailbox, links_of, press
from tests.moments import at
from tests.services.scene import Scene
from tests.turns import on_each
from tests.web.links.conftest import MENTOR

ASKS = "填写与李晓见面的记录"
WRITTEN = {"advice": "先核名，再到大厅提交。", "result": "advised"}
KNOWN = {
    "on": "2026-09-18",
    "actual_start": "14:00",
    "actual_end": "14:50",
    "break_minutes": "0",
    "question": "我想办营业执照",
}


@pytest.fixture
def link(scene: Scene, mailbox: Mailbox) -> str:
    scene.accepted()
    scene.clock.put(at("09-18 14:50"))
    return mailbox.link(MENTOR, ASKS)


def sent(scene: Scene, **more: Any) -> dict[str, Any]:
    return {**KNOWN, "attendees": str(scene.founder.person_id), **WRITTEN, **more}


def outcome(scene: Scene) -> Outcome:
    (row,) = scene.rows(Outcome)
    return row


def test_the_form_holds_what_is_known(client: FlaskClient, link: str) -> None:
    page = client.get(link)
    assert page.status_code == 200
    assert "9月18日 周五 14:00–14:50" in page.text
    assert 'value="2026-09-18"' in page.text
    assert 'value="14:50"' in page.text
    assert "checked" in page.text
    assert "<summary>" in page.text


def test_who_checked_in_and_since_when_is_filled_in(
    scene: Scene, client: FlaskClient, link: str
) -> None:
    session = scene.session()
    scene.clock.put(at("09-18 14:05"))
    scene.store.execute(scene.mentor, service_sessions.check_in, session.id)
    scene.clock.put(at("09-18 14:08"))
    scene.store.execute(scene.founder, service_sessions.check_in, session.id)
    scene.clock.put(at("09-18 15:00"))
    assert 'value="14:08"' in client.get(link).text


@on_each
def test_one_press_closes_the_meeting_and_records_it(
    scene: Scene, client: FlaskClient, link: str
) -> None:
    answer = press(client, link, **sent(scene))
    assert (answer.status_code, answer.location) == (303, link)
    assert scene.session().status is ServiceSessionStatus.FINISHED
    assert outcome(scene).status is OutcomeStatus.RECORDED
    assert "记录已提交" in client.get(link).text
    again = press(client, link, **sent(scene, kind="closing", version="1"))
    assert again.status_code == 303
    assert len(scene.rows(OutcomeVersion)) == 1


@pytest.mark.parametrize(
    ("wrong", "is_open"), [({"advice": ""}, False), ({"actual_end": "13:00"}, True)]
)
def test_a_fault_is_told_where_it_is_and_nothing_is_lost(
    scene: Scene, client: FlaskClient, link: str, wrong: dict[str, str], is_open: bool
) -> None:
    answer = press(client, link, **sent(scene, question="先办什么？", **wrong))
    assert answer.status_code == 422
    assert "errsum" in answer.text
    assert "先办什么？" in answer.text
    assert ('<details class="disc" open>' in answer.text) is is_open
    assert scene.session().status is ServiceSessionStatus.PLANNED
    assert scene.rows(OutcomeVersion) == []
    assert scene.rows(MailLink, MailLink.purpose == "record")[0].used_at is None
    assert press(client, link, **sent(scene)).status_code == 303


def test_a_meeting_closed_elsewhere_is_only_recorded(
    scene: Scene, mailbox: Mailbox, client
) -> None:
    scene.finished()
    scene.clock.put(at("09-21 16:00"))
    link = mailbox.link(MENTOR, "请填写")
    page = client.get(link)
    assert "实际时间" in page.text
    assert 'name="actual_start"' not in page.text
    answer = press(client, link, question="怎么登记？", **WRITTEN)
    assert answer.status_code == 303
    assert outcome(scene).status is OutcomeStatus.RECORDED


def test_a_meeting_closed_while_the_form_was_open_is_told(
    scene: Scene, client: FlaskClient, link: str
) -> None:
    form = sent(scene, kind="closing", version="1")
    facts = service_sessions.Finish(actual_start=at("09-18 14:00"), actual_end=at("09-18 14:50"))
    scene.store.execute(scene.mentor, service_sessions.finish, scene.session().id, facts)
    answer = press(client, link, **form)
    assert answer.status_code == 409
    assert WRITTEN["advice"] in answer.text
    assert press(client, link, question="怎么登记？", **WRITTEN).status_code == 303


def test_a_record_written_after_signing_in_leaves_nothing_to_do(
    scene: Scene, client: FlaskClient, link: str
) -> None:
    facts = service_sessions.Finish(actual_start=at("09-18 14:00"), actual_end=at("09-18 14:50"))
    written = outcomes.Record("怎么登记？", "先核名。", [], "advised")
    scene.store.execute(scene.mentor, outcomes.report, scene.session().id, facts, written)
    page = client.get(link)
    assert page.status_code == 200
    assert "记录已提交，在等创业者核对" in page.text
    assert press(client, link, **sent(scene, kind="closing", version="1")).status_code == 409
    assert len(scene.rows(OutcomeVersion)) == 1


def test_a_meeting_that_did_not_come_about_is_told(
    scene: Scene, client: FlaskClient, link: str
) -> None:
    scene.store.execute(
        scene.mentor, service_sessions.report_no_show, scene.session().id, NoShow.FOUNDER
    )
    assert "已登记为没有见成" in client.get(link).text


def test_a_cancelled_meeting_asks_for_no_record(scene: Scene, mailbox: Mailbox) -> None:
    booking = scene.accepted()
    scene.store.execute(scene.founder, bookings.cancel, booking.id, "f_solved")
    scene.clock.put(at("09-18 15:00"))
    mailbox.work()
    assert [each for each in mailbox.letters if ASKS in each.title] == []
    assert scene.rows(Booking)[0].status is BookingStatus.CANCELLED


def test_who_closed_and_recorded_in_time_is_not_asked(scene: Scene, mailbox: Mailbox) -> None:
    scene.recorded()
    scene.clock.put(at("09-18 18:00"))
    mailbox.work()
    assert [each for each in mailbox.letters if ASKS in each.title] == []


def test_after_two_working_days_the_link_is_gone(
    scene: Scene, client: FlaskClient, link: str
) -> None:
    scene.clock.put(at("09-23 00:00"))
    assert client.get(link).status_code == 410
    press(client, link, **sent(scene, kind="closing", version="1"))
    assert scene.rows(Outcome) == []


def test_the_letter_before_the_meeting_carries_no_link(scene: Scene, mailbox: Mailbox) -> None:
    scene.accepted()
    scene.clock.put(at("09-18 12:00"))
    mailbox.work()
    reminders = [each for each in mailbox.letters if each.address == MENTOR][1:]
    assert reminders
    assert [links_of(each) for each in reminders] == [[]] * len(reminders)
