"""Settings as their reader keeps them: what is sent, and where it is shown anyhow."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.adapters.email import Outbox
from app.domain.actor import Actor, Role
from app.jobs.registry import registry
from app.jobs.worker import Worker
from app.models.message import Delivery, Preference
from app.models.person import Person
from app.services import messages
from tests.builders import staff
from tests.founder_road import FounderRoad, plays, road
from tests.services.scene import SITE, give_email
from tests.serving import SignIn

__all__ = ["plays", "road"]


@dataclass
class Browsers:
    """A browser for each person, signed in once."""

    app: Flask
    csrf: Callable[[FlaskClient, str], dict[str, str]]
    sign_in: SignIn
    clients: dict[str, FlaskClient] = field(default_factory=dict)

    def of(self, who: Actor) -> FlaskClient:
        key = str(who.account_id)
        if key not in self.clients:
            self.clients[key] = self.sign_in(self.app.test_client(), who)
        return self.clients[key]

    def page(self, who: Actor, path: str = "/settings") -> str:
        answer = self.of(who).get(path)
        assert answer.status_code == 200
        return answer.get_data(as_text=True)

    def send(self, who: Actor, **fields: object) -> tuple[int, str]:
        sent = {**self.csrf(self.of(who), "/settings"), **fields}
        answer = self.of(who).post("/settings/messages", data=sent)
        return answer.status_code, answer.get_data(as_text=True)


@pytest.fixture
def browsers(road: FounderRoad, app: Flask, csrf, sign_in: SignIn) -> Browsers:
    give_email(road.store, road.founder.person_id, "li@example.org")
    return Browsers(app, csrf, sign_in)


def test_a_founder_switches_reminders_off_and_sees_it(road, browsers) -> None:
    assert 'value="reminders-email" aria-describedby="topic-reminders" checked' in browsers.page(
        road.founder
    )
    status, _ = browsers.send(
        road.founder, shown=["reminders-email", "answers-email"], on="answers-email"
    )
    assert status == 303
    told = browsers.page(road.founder)
    assert 'value="reminders-email" aria-describedby="topic-reminders">' in told
    assert 'value="answers-email" aria-describedby="topic-answers" checked' in told
    assert "已保存" in told


def test_the_second_press_changes_nothing(road: FounderRoad, browsers: Browsers) -> None:
    for _ in range(2):
        assert browsers.send(road.founder, shown="reminders-email")[0] == 303
    assert len(road.rows(Preference)) == 1


def test_what_must_be_said_cannot_be_switched_off(road: FounderRoad, browsers: Browsers) -> None:
    status, text = browsers.send(road.founder, shown=["meetings-email", "reminders-email"])
    assert status == 422
    assert "“预约的答复、改期和取消”至少要留一种发送方式" in text
    assert 'value="reminders-email" aria-describedby="topic-reminders">' in text
    assert road.rows(Preference) == []


def test_nonsense_is_nothing_chosen(road: FounderRoad, browsers: Browsers) -> None:
    assert browsers.send(road.founder, shown=["reminders-pigeon", "x" * 1000], on="y")[0] == 303
    assert road.rows(Preference) == []


@pytest.mark.parametrize("role", [Role.OFFICER, Role.SYS_ADMIN, Role.AUDITOR])
def test_staff_without_an_address_are_told_where_to_look(road, browsers, role) -> None:
    told = browsers.page(staff(road.store, role))
    assert "您还没有留邮箱和手机号" in told
    assert "把预约放进自己的日历" not in told


def test_every_page_counts_what_waits_to_be_read(road, browsers) -> None:
    road.requested()
    Worker(road.store, registry(Outbox(), SITE, "历城创业导师")).work()
    mentor = browsers.page(road.mentor, "/mentor")
    assert 'aria-label="消息，1 条没有看过"' in mentor
    assert "想约您" in browsers.page(road.mentor, "/inbox")
    road.store.execute(road.mentor, messages.mark_all_read)
    assert 'href="/inbox" aria-label="消息"' in browsers.page(road.mentor, "/mentor")


def test_somebody_keeps_where_he_is_reached_and_letters_go_there(road, browsers) -> None:
    who = road.mentor
    client = browsers.of(who)
    sent = {**browsers.csrf(client, "/settings"), "email": " Zhang@Example.org ", "phone": ""}
    assert client.post("/settings/contact", data=sent).status_code == 303
    assert 'value="zhang@example.org"' in browsers.page(who)
    road.requested()
    Worker(road.store, registry(Outbox(), SITE, "历城创业导师")).work()
    (letter,) = road.rows(Delivery)
    assert letter.address == "zhang@example.org"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"email": "no address"}, "请填写完整的邮箱地址"),
        ({"email": "a@b"}, "请填写完整的邮箱地址"),
        ({"email": "a@example.org\r\nBcc: x@example.org"}, "处需要修改"),
        ({"phone": "打给我"}, "处需要修改"),
    ],
)
def test_what_cannot_be_an_address_is_said_at_its_field(road, browsers, fields, words) -> None:
    client = browsers.of(road.founder)
    sent = {**browsers.csrf(client, "/settings"), "email": "li@example.org", **fields}
    answer = client.post("/settings/contact", data=sent)
    assert answer.status_code == 422
    assert words in answer.get_data(as_text=True)
    assert road.row(Person, Person.id == road.founder.person_id).email == "li@example.org"


def test_a_founder_cannot_be_reached_where_his_mentor_is(road, browsers) -> None:
    give_email(road.store, road.expert.person_id, "zhang@example.org")
    client = browsers.of(road.founder)
    sent = {**browsers.csrf(client, "/settings"), "email": "ZHANG@example.org"}
    answer = client.post("/settings/contact", data=sent)
    assert answer.status_code == 422
    assert "是导师或工作人员的" in answer.get_data(as_text=True)
    assert road.row(Person, Person.id == road.founder.person_id).email == "li@example.org"


def test_staff_get_letters_once_they_say_where(road, browsers) -> None:
    officer = staff(road.store)
    client = browsers.of(officer)
    sent = {**browsers.csrf(client, "/settings"), "email": "guo@example.org"}
    assert client.post("/settings/contact", data=sent).status_code == 303
    assert 'value="guo@example.org"' in browsers.page(officer)
    assert client.post("/settings/contact", data=sent).status_code == 303
    assert len(road.rows(Person, Person.email == "guo@example.org")) == 1
