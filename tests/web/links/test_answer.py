"""A mentor answers a request from its letter, without signing in."""

import threading
from email.headerregistry import Address

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from app.adapters.email import compose
from app.domain.actor import SYSTEM
from app.domain.booking import BookingStatus, IllegalTransitionError
from app.domain.job import DeliveryState
from app.domain.mail_link import LinkClosedError
from app.models.audit_entry import AuditEntry
from app.models.booking import Booking
from app.models.mail_link import MailLink
from app.models.message import Delivery
from app.models.service_session import ServiceSession
from app.services import bookings, mail_links, messages
from app.services.mail_links import using
from tests.letter_links import Mailbox, links_of, press
from tests.moments import at
from tests.services.scene import Scene
from tests.turns import on_each
from tests.web.links.conftest import FOUNDER, MENTOR

ASKS = "想约您"


@pytest.fixture
def link(scene: Scene, mailbox: Mailbox) -> str:
    scene.request()
    return mailbox.link(MENTOR, ASKS)


def booking(scene: Scene) -> Booking:
    (row,) = scene.rows(Booking)
    return row


def test_the_letter_offers_both_ways(scene: Scene, mailbox: Mailbox) -> None:
    scene.request()
    letter = mailbox.letter(MENTOR, ASKS)
    (path,) = links_of(letter)
    assert "不用登录" in letter.text
    assert "打开页面：http://localhost/mentor\n" in letter.text
    assert len(path.rpartition("/")[2]) == 43


def test_the_page_shows_the_request_and_says_nothing_of_itself(
    client: FlaskClient, link: str
) -> None:
    answer = client.get(link)
    assert answer.status_code == 200
    assert "接受这个时间" in answer.text
    assert "9月18日 周五 14:00–14:50" in answer.text
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert "Set-Cookie" not in answer.headers or "sid=" not in answer.headers["Set-Cookie"]


@on_each
def test_one_press_accepts_and_the_second_says_so(
    scene: Scene, client: FlaskClient, mailbox: Mailbox, link: str
) -> None:
    first = press(client, link, do="accept")
    assert (first.status_code, first.location) == (303, link)
    assert booking(scene).status is BookingStatus.ACCEPTED
    again = client.get(link)
    assert again.status_code == 200
    assert "您已接受这次预约" in again.text
    version = booking(scene).version
    second = press(client, link, do="decline", reason="m_overload", version=str(version))
    assert (second.status_code, second.location) == (303, link)
    assert booking(scene).status is BookingStatus.ACCEPTED
    assert len(scene.rows(ServiceSession)) == 1
    assert mailbox.letter(FOUNDER, "接受")


def test_what_was_done_is_audited_as_the_mentors(
    scene: Scene, client: FlaskClient, link: str
) -> None:
    press(client, link, do="accept")
    actions = [
        row.action for row in scene.rows(AuditEntry, AuditEntry.actor_id == scene.mentor.account_id)
    ]
    assert {"booking.accepted", "mail_link.used"} <= set(actions)


def test_a_refusal_needs_a_reason_and_keeps_what_was_written(
    scene: Scene, client: FlaskClient, link: str
) -> None:
    answer = press(client, link, do="decline", note="下周可以")
    assert answer.status_code == 422
    assert "下周可以" in answer.text
    assert "errsum" in answer.text
    assert booking(scene).status is BookingStatus.REQUESTED
    done = press(client, link, do="decline", reason="m_overload", note="下周可以")
    assert done.status_code == 303
    assert booking(scene).end_reason == "m_overload"
    assert "您已答复“不方便”" in client.get(link).text


def test_a_request_withdrawn_meanwhile_is_told_and_left_alone(
    scene: Scene, client: FlaskClient, link: str
) -> None:
    scene.store.execute(scene.founder, bookings.withdraw, booking(scene).id, "f_solved")
    answer = client.get(link)
    assert "对方已撤回这次预约" in answer.text
    assert 'href="/login?next=%2Fmentor"' in answer.text
    pressed = press(client, link, do="accept", version=str(booking(scene).version))
    assert pressed.status_code in (303, 409)
    assert booking(scene).status is BookingStatus.WITHDRAWN
    assert scene.rows(MailLink)[0].used_at is None


def test_a_request_answered_while_the_page_was_open_is_told_with_the_press(
    scene: Scene, client: FlaskClient, link: str
) -> None:
    version = str(booking(scene).version)
    client.get(link)
    scene.store.execute(scene.mentor, bookings.decline, booking(scene).id, "m_overload")
    pressed = press(client, link, do="accept", version=version)
    assert pressed.status_code == 409
    assert "这次预约已经谢绝" in pressed.text
    assert booking(scene).status is BookingStatus.DECLINED


def test_after_the_deadline_the_link_is_gone(scene: Scene, client: FlaskClient, link: str) -> None:
    (kept,) = scene.rows(MailLink)
    assert kept.expires_at == booking(scene).answer_by
    scene.clock.put(kept.expires_at)
    answer = client.get(link)
    assert answer.status_code == 410
    assert "这个链接已经过期" in answer.text
    assert press(client, link, do="accept", version=str(booking(scene).version)).status_code == 303
    assert booking(scene).status is BookingStatus.REQUESTED


@on_each
def test_of_two_presses_at_once_one_is_done(app: Flask, scene: Scene, link: str) -> None:
    clients = [app.test_client() for _ in range(4)]
    start = threading.Barrier(len(clients))
    statuses: list[int] = []

    def go(client: FlaskClient, **typed: str) -> None:
        start.wait()
        statuses.append(press(client, link, **typed).status_code)

    said = [{"do": "accept"}, {"do": "decline", "reason": "m_overload"}] * 2
    threads = [
        threading.Thread(target=go, args=(client,), kwargs=typed)
        for client, typed in zip(clients, said, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [303] * 4
    used = scene.rows(AuditEntry, AuditEntry.action == "mail_link.used")
    assert len(used) == 1
    assert booking(scene).status in (BookingStatus.ACCEPTED, BookingStatus.DECLINED)


def test_without_the_links_own_check_the_second_press_would_reach_the_request(
    scene: Scene, client: FlaskClient, link: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    press(client, link, do="accept")
    (used,) = scene.rows(MailLink)
    yes = mail_links.Answer(accepts=True)
    with pytest.raises(LinkClosedError):
        scene.store.execute(scene.mentor, mail_links.answer, used.token_sha256, yes)
    monkeypatch.setattr(using, "ensure_open", lambda _state: None)
    with pytest.raises(IllegalTransitionError):
        scene.store.execute(scene.mentor, mail_links.answer, used.token_sha256, yes)


def test_a_letter_tried_again_carries_the_same_bytes(scene: Scene, mailbox: Mailbox) -> None:
    mailbox.failures = 1
    scene.request()
    mailbox.work()
    scene.clock.put(at("09-16 10:30"))
    mailbox.work()
    tries = [each for each in mailbox.letters if each.address == MENTOR]
    assert len(tries) == 2
    assert tries[0] == tries[1]
    with scene.store.read(scene.mentor) as reader:
        assert len(reader.session.scalars(select(MailLink)).all()) == 1


def test_the_pages_are_said_in_english_to_who_reads_it(
    scene: Scene, client: FlaskClient, link: str
) -> None:
    client.set_cookie("lang", "en")
    page = client.get(link).text
    assert "Accept this time" in page
    assert "would like to meet you" in page
    press(client, link, do="accept")
    assert "You have accepted this booking" in client.get(link).text


def test_the_mail_carries_the_link_in_both_its_parts(scene: Scene, mailbox: Mailbox) -> None:
    scene.request()
    letter = mailbox.letter(MENTOR, ASKS)
    (path,) = links_of(letter)
    mail = compose(letter, Address("历城创业导师", "service", "example.org"))
    plain, rich = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert rich is not None
    assert f"\nhttp://localhost{path}\n" in plain.get_content().replace("\r\n", "\n")
    assert f'<a href="http://localhost{path}">' in rich.get_content()


def test_a_letter_that_failed_and_is_sent_once_more_carries_a_link_of_its_own(
    scene: Scene, client: FlaskClient, mailbox: Mailbox
) -> None:
    scene.request()
    first = mailbox.link(MENTOR, ASKS)
    (letter,) = [row for row in scene.rows(Delivery) if row.address == MENTOR]
    failed = update(Delivery).where(Delivery.id == letter.id).values(state=DeliveryState.FAILED)
    scene.store.execute(SYSTEM, lambda uow: uow.session.execute(failed))
    scene.store.execute(scene.officer, messages.resend, letter.id)
    second = mailbox.link(MENTOR, ASKS)
    assert second != first
    assert press(client, second, do="accept").status_code == 303
    assert "这次预约已经接受" in client.get(first).text
