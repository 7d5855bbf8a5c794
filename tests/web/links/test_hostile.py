"""Links in the wrong hands, and wrong links: nothing is done, nothing is shown, nothing is kept."""

import logging
import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from app.db import metadata
from app.domain.account import Holding
from app.domain.actor import SYSTEM, Role
from app.domain.availability import Mode
from app.domain.booking import BookingStatus
from app.domain.mail_link import Purpose, fingerprint, token_of
from app.jobs.registry import registry
from app.jobs.worker import Worker
from app.models.account import Account
from app.models.booking import Booking
from app.models.mail_link import MailLink
from app.models.outcome import Outcome
from app.services import accounts, bookings
from app.unit_of_work import unscoped
from app.unit_of_work.opening import link_key
from app.web.links import door
from tests.builders import a_founder, a_mentor, a_need, an_expert, staff
from tests.letter_links import KEY, SITE, Mailbox, contents, links_of, press
from tests.moments import at
from tests.services.scene import Scene, give_email
from tests.turns import on_each
from tests.web.links.conftest import MENTOR

ASKS = "想约您"


@pytest.fixture
def link(scene: Scene, mailbox: Mailbox) -> str:
    scene.request()
    return mailbox.link(MENTOR, ASKS)


def yes(scene: Scene) -> dict[str, str]:
    """What the form sends, so that nothing but the link stands in the way."""
    return {"do": "accept", "version": str(scene.rows(Booking)[0].version)}


def token(link: str) -> str:
    return link.rpartition("/")[2]


def status(scene: Scene) -> BookingStatus:
    (row,) = scene.rows(Booking)
    return row.status


def letter_id(scene: Scene) -> Any:
    (kept,) = scene.rows(MailLink)
    return kept.delivery_id


def wrong_tokens(scene: Scene, good: str) -> dict[str, str]:
    delivery_id = letter_id(scene)
    return {
        "guessed": token_of(b"another key of another service....", delivery_id, Purpose.ANSWER),
        "truncated": good[:-1],
        "lengthened": f"{good}A",
        "other case": good.swapcase(),
        "of another purpose": token_of(KEY, delivery_id, Purpose.RECORD),
        "of another letter": token_of(KEY, scene.rows(Booking)[0].id, Purpose.ANSWER),
        "its hash": fingerprint(good),
        "nothing": "-",
        "a wildcard": "%25",
        "very long": "A" * 4000,
        "control": "%00",
    }


def test_a_wrong_token_opens_nothing_and_changes_nothing(
    scene: Scene, app: Flask, link: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "_GUESSES", door.Allowance(most=1000, seconds=60))
    client = app.test_client()
    before = contents(scene.store)
    for name, wrong in wrong_tokens(scene, token(link)).items():
        answer = client.get(f"/links/{wrong}")
        assert answer.status_code == 404, name
        assert "没有这个链接" in answer.text, name
        assert "李晓" not in answer.text, name
        acted = press(client, f"/links/{wrong}", csrf_token=csrf_of(client), **yes(scene))
        assert acted.status_code == 404, name
    assert contents(scene.store) == before
    assert press(client, link, do="accept").status_code == 303
    assert status(scene) is BookingStatus.ACCEPTED


def csrf_of(client: FlaskClient) -> str:
    (found,) = set(re.findall(r'name="csrf_token" value="([^"]+)"', client.get("/login").text))
    return found


@pytest.mark.parametrize("field", [{}, {"csrf_token": "forged"}])
def test_a_press_without_the_forms_token_is_refused(
    scene: Scene, client: FlaskClient, link: str, field: dict[str, str]
) -> None:
    client.get(link)
    assert client.post(link, data={**yes(scene), **field}).status_code == 400
    assert status(scene) is BookingStatus.REQUESTED


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site", "Origin": "null"}],
)
def test_another_sites_page_cannot_press(
    scene: Scene, client: FlaskClient, link: str, headers: dict[str, str]
) -> None:
    form = {**yes(scene), "csrf_token": csrf_of(client)}
    assert client.post(link, data=form, headers=headers).status_code == 403
    assert status(scene) is BookingStatus.REQUESTED


def test_a_form_of_another_purpose_does_nothing(
    scene: Scene, client: FlaskClient, link: str
) -> None:
    answer = press(client, link, agrees="yes", surname="李", record="1", kind="closing", version="")
    assert answer.status_code == 422
    assert status(scene) is BookingStatus.REQUESTED
    assert scene.rows(Outcome) == []


def test_what_the_form_says_of_other_bookings_is_not_heard(
    scene: Scene, client: FlaskClient, link: str
) -> None:
    other = scene.request("09-22 14:00")
    answer = press(client, link, booking_id=str(other.id), subject_id=str(other.id), do="accept")
    assert answer.status_code == 303
    states = {row.id: row.status for row in scene.rows(Booking)}
    assert states.pop(other.id) is BookingStatus.REQUESTED
    assert list(states.values()) == [BookingStatus.ACCEPTED]


@on_each
def test_a_closed_account_revokes_its_links_for_good(
    scene: Scene, client: FlaskClient, link: str
) -> None:
    admin = staff(scene.store, Role.SEC_ADMIN)
    login = scene.rows(Account, Account.id == scene.mentor.account_id)[0].login
    scene.store.execute(admin, accounts.suspend, login)
    for _ in range(2):
        answer = client.get(link)
        assert answer.status_code == 410
        assert "这个链接已停用" in answer.text
        assert "李晓" not in answer.text
        press(client, link, csrf_token=csrf_of(client), **yes(scene))
        assert status(scene) is BookingStatus.REQUESTED
        scene.store.execute(admin, accounts.reactivate, login)


def test_a_role_taken_away_closes_its_links(scene: Scene, client: FlaskClient, link: str) -> None:
    admin = staff(scene.store, Role.SEC_ADMIN)
    login = scene.rows(Account, Account.id == scene.mentor.account_id)[0].login
    scene.store.execute(admin, accounts.revoke, login, Role.MENTOR)
    assert client.get(link).status_code == 410


def test_another_address_closes_the_links_of_letters_to_the_old_one(
    scene: Scene, client: FlaskClient, link: str
) -> None:
    give_email(scene.store, scene.mentor.person_id, "new@example.org")
    assert client.get(link).status_code == 410
    press(client, link, csrf_token=csrf_of(client), **yes(scene))
    assert status(scene) is BookingStatus.REQUESTED


def test_a_revoked_link_does_nothing(scene: Scene, client: FlaskClient, link: str) -> None:
    scene.store.execute(
        SYSTEM, lambda uow: uow.session.execute(update(MailLink).values(revoked_at=uow.now))
    )
    assert client.get(link).status_code == 410
    press(client, link, csrf_token=csrf_of(client), **yes(scene))
    assert status(scene) is BookingStatus.REQUESTED


def test_another_accounts_sign_in_is_not_looked_at_and_not_changed(
    app: Flask, scene: Scene, sign_in: Any, link: str
) -> None:
    stranger = a_founder(scene.store, name="马青岚")
    client = sign_in(app.test_client(), stranger)
    page = client.get(link)
    assert page.status_code == 200
    assert "马青岚" not in page.text
    assert "退出登录" not in page.text
    assert press(client, link, do="accept").status_code == 303
    assert status(scene) is BookingStatus.ACCEPTED
    assert client.get("/mentor").status_code == 403
    assert client.get("/me").status_code == 200


def test_a_link_signs_nobody_in(scene: Scene, client: FlaskClient, link: str) -> None:
    press(client, link, do="accept")
    for path in ("/mentor", "/mentor/calendar", f"/bookings/{scene.rows(Booking)[0].id}"):
        answer = client.get(path)
        assert (answer.status_code, answer.location[:7]) == (303, "/login?"), path


def test_a_link_whose_subject_is_another_mentors_shows_and_does_nothing(
    scene: Scene, client: FlaskClient, link: str
) -> None:
    # Even one who, as an officer, would see everybody's: a link's reader acts in one role.
    admin = staff(scene.store, Role.SEC_ADMIN)
    login = scene.rows(Account, Account.id == scene.mentor.account_id)[0].login
    scene.store.execute(admin, accounts.grant, login, Holding(Role.OFFICER))
    assert client.get(link).status_code == 200
    other = an_expert(scene.store, name="徐总")
    a_mentor(scene.store, other)
    founder = a_founder(scene.store, name="马青岚")
    need = a_need(scene.store, founder.person_id, text="想开一家卤味店，问怎么办证")
    choice = bookings.Choice(
        need_id=need.id, expert_id=other.id, starts_at=at("09-22 14:00"), mode=Mode.ONSITE
    )
    theirs = scene.store.execute(founder, bookings.request_now, choice)
    swap = update(MailLink).values(subject_id=theirs.id)
    scene.store.execute(SYSTEM, lambda uow: uow.session.execute(swap))
    page = client.get(link)
    assert "卤味" not in page.text
    assert "马青岚" not in page.text
    press(client, link, csrf_token=csrf_of(client), **yes(scene))
    assert {row.status for row in scene.rows(Booking)} == {BookingStatus.REQUESTED}
    assert scene.rows(MailLink)[0].used_at is None


def test_the_token_of_one_letter_is_not_that_of_the_next(
    scene: Scene, mailbox: Mailbox, link: str
) -> None:
    scene.request("09-22 14:00")
    other = mailbox.link(MENTOR, "9月22日")
    assert token(other) != token(link)
    subjects = {row.token_sha256: row.subject_id for row in scene.rows(MailLink)}
    assert len(subjects) == 2
    assert len(set(subjects.values())) == 2


def test_a_body_of_more_than_a_mebibyte_is_refused(
    scene: Scene, client: FlaskClient, link: str
) -> None:
    form = {**yes(scene), "csrf_token": csrf_of(client), "note": "长" * (1024 * 1024)}
    assert client.post(link, data=form).status_code == 413
    assert status(scene) is BookingStatus.REQUESTED


def test_guesses_are_slowed_down_and_good_links_are_not(client: FlaskClient, link: str) -> None:
    statuses = [client.get(f"/links/{number}").status_code for number in range(40)]
    assert statuses == [404] * 30 + [429] * 10
    late = client.get("/links/x")
    assert int(late.headers["Retry-After"]) > 0
    assert client.get(link).status_code == 200


def test_one_link_opened_without_end_is_slowed_down(
    client: FlaskClient, link: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "_USES", door.Allowance(most=3, seconds=60))
    assert [client.get(link).status_code for _ in range(5)] == [200] * 3 + [429] * 2


@on_each
def test_the_token_is_in_no_row_and_in_no_log(
    scene: Scene, client: FlaskClient, link: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    secret = token(link)
    client.get(link)
    client.get(f"{link}x")
    client.post(link, data={**yes(scene), "csrf_token": "forged"})
    headers = {"Idempotency-Key": "a-key-of-some-length", "Origin": "null"}
    form = {**yes(scene), "csrf_token": csrf_of(client), "idempotency_key": "another-key"}
    assert client.post(link, data=form, headers=headers).status_code == 303
    assert status(scene) is BookingStatus.ACCEPTED
    said = [record.getMessage() + str(record.exc_text or "") for record in caplog.records]
    assert [line for line in said if secret in line] == []
    with unscoped(), scene.store.engine.connect() as connection:
        for table in metadata.sorted_tables:
            rows = list(map(repr, connection.execute(select(table))))
            assert [row for row in rows if secret in row] == [], table.name
            kept = [row for row in rows if fingerprint(secret) in row]
            assert bool(kept) is (table.name == "mail_links"), table.name


def test_with_another_secret_the_letter_carries_another_link_and_the_old_one_dies(
    scene: Scene, client: FlaskClient, mailbox: Mailbox
) -> None:
    mailbox.failures = 1
    scene.request()
    mailbox.work()
    (first,) = links_of(mailbox.letters[-1])
    assert client.get(first).status_code == 200
    scene.clock.put(at("09-16 10:30"))
    renewed = link_key("another secret, thirty-two characters or more")
    Worker(scene.store, registry(mailbox, SITE, "历城创业导师", link_key=renewed)).work()
    (second,) = links_of(mailbox.letters[-1])
    assert second != first
    assert client.get(first).status_code == 404
    assert client.get(second).status_code == 200
