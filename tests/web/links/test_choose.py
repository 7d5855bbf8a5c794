"""A founder takes one of the times a mentor offers, from the letter that tells of them."""

from datetime import datetime

import pytest
from flask.testing import FlaskClient

from app.domain.booking import BookingStatus
from app.models.booking import Booking
from app.models.mail_link import MailLink
from app.models.time_offer import TimeOffer
from app.services import bookings
from tests.letter_links import Mailbox, press
from tests.moments import at
from tests.services.scene import Scene
from tests.turns import on_each
from tests.web.links.conftest import FOUNDER

FIRST, SECOND = at("09-21 15:00"), at("09-22 10:00")


def offered(scene: Scene, mailbox: Mailbox, booking: Booking) -> str:
    scene.store.execute(scene.mentor, bookings.offer_times, booking.id, [FIRST, SECOND])
    newest = mailbox.letter(FOUNDER, "时间")
    (path,) = [part for part in newest.text.split() if "/links/" in part]
    return path.removeprefix("http://localhost")


@pytest.fixture
def link(scene: Scene, mailbox: Mailbox) -> str:
    return offered(scene, mailbox, scene.request())


def booking(scene: Scene) -> Booking:
    (row,) = scene.rows(Booking)
    return row


def said(starts_at: datetime) -> str:
    return starts_at.isoformat()


@on_each
def test_one_press_takes_a_time_and_agrees_it(scene: Scene, client: FlaskClient, link: str) -> None:
    page = client.get(link)
    assert page.status_code == 200
    assert "9月21日 周一 15:00–15:50" in page.text
    assert press(client, link, starts_at=said(SECOND)).status_code == 303
    assert (booking(scene).status, booking(scene).starts_at) == (BookingStatus.ACCEPTED, SECOND)
    assert "约好了" in client.get(link).text
    version = str(booking(scene).version)
    assert press(client, link, starts_at=said(FIRST), version=version).status_code == 303
    assert booking(scene).starts_at == SECOND


def test_none_of_them_ends_the_request(scene: Scene, client: FlaskClient, link: str) -> None:
    assert press(client, link, starts_at="none").status_code == 303
    assert booking(scene).status is BookingStatus.DECLINED
    assert "这些时间都不合适" in client.get(link).text


@pytest.mark.parametrize("wrong", ["", "yes", "2026-09-21T15:00"])
def test_no_choice_is_asked_for_again(
    scene: Scene, client: FlaskClient, link: str, wrong: str
) -> None:
    answer = press(client, link, starts_at=wrong)
    assert answer.status_code == 422
    assert "errsum" in answer.text
    assert booking(scene).status is BookingStatus.REQUESTED


def test_a_time_that_was_not_offered_cannot_be_taken(
    scene: Scene, client: FlaskClient, link: str
) -> None:
    answer = press(client, link, starts_at=said(at("09-23 10:00")))
    assert answer.status_code in (409, 422)
    assert booking(scene).status is BookingStatus.REQUESTED
    assert scene.rows(MailLink, MailLink.purpose == "choose")[0].used_at is None


def test_a_meeting_that_was_agreed_can_be_moved_or_left(
    scene: Scene, client: FlaskClient, mailbox: Mailbox
) -> None:
    link = offered(scene, mailbox, scene.accepted())
    assert "仍按原来的时间" in client.get(link).text
    assert press(client, link, starts_at=said(FIRST)).status_code == 303
    assert (booking(scene).status, booking(scene).starts_at) == (BookingStatus.ACCEPTED, FIRST)


def test_times_taken_back_are_told(scene: Scene, client: FlaskClient, link: str) -> None:
    scene.store.execute(scene.mentor, bookings.accept, booking(scene).id)
    assert "见面的时间已经定好" in client.get(link).text
    version = str(booking(scene).version)
    assert press(client, link, starts_at=said(FIRST), version=version).status_code in (409, 422)
    assert booking(scene).starts_at == at("09-18 14:00")


def test_after_the_deadline_the_link_is_gone(scene: Scene, client: FlaskClient, link: str) -> None:
    (offer,) = scene.rows(TimeOffer)
    (kept,) = scene.rows(MailLink, MailLink.purpose == "choose")
    assert kept.expires_at == offer.answer_by
    scene.clock.put(offer.answer_by)
    assert client.get(link).status_code == 410
