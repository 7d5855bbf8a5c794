import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from app.adapters.absences import Absences
from app.adapters.carrying import Carriers
from app.adapters.email import Outbox
from app.adapters.sms import SmsGateway, sms_gateway
from app.domain.job import DeliveryState
from app.domain.message import (
    Channel,
    Errand,
    Letter,
    NeverTakenError,
    NotHandedOverError,
    Reason,
    Receipt,
    ShortMessage,
    UnclearError,
)
from tests import sms_gateway as fake

MESSAGE = ShortMessage(key="0123", address="13800001111", text="【站】您好 https://example.org/1")


@pytest.fixture
def provider() -> Iterator[fake.SmsGateway]:
    with fake.sms_gateway() as running:
        yield running


@pytest.fixture
def gateway(provider: fake.SmsGateway) -> SmsGateway:
    return sms_gateway(provider.url)


def test_a_message_arrives_signed_under_its_key(
    provider: fake.SmsGateway, gateway: SmsGateway
) -> None:
    receipt = gateway.send(MESSAGE)
    assert (receipt.state, receipt.reference) == (DeliveryState.ACCEPTED, "biz-0123")
    assert provider.messages == [{"out_id": "0123", "phone": MESSAGE.address, "text": MESSAGE.text}]


def test_with_another_secret_nothing_is_taken(
    provider: fake.SmsGateway, gateway: SmsGateway
) -> None:
    with pytest.raises(UnclearError, match="HTTP 403"):
        replace(gateway, secret=b"guessed").send(MESSAGE)
    assert not provider.taken


@pytest.mark.parametrize(
    ("act", "error", "taken"),
    [
        ("busy", NotHandedOverError, 0),
        ("broken", UnclearError, 0),
        ("broken_after", UnclearError, 1),
        ("silent", UnclearError, 1),
        ("lost", UnclearError, 0),
    ],
)
def test_only_what_certainly_was_not_taken_counts_as_not_handed_over(
    provider: fake.SmsGateway, gateway: SmsGateway, act: str, error: type[Exception], taken: int
) -> None:
    provider.acts_to_come.append(act)
    with pytest.raises(error) as caught:
        gateway.send(MESSAGE)
    assert type(caught.value) is error
    assert provider.taken["0123"] == taken


def test_a_gateway_that_says_nothing_is_waited_for_no_longer_than_said(
    provider: fake.SmsGateway, gateway: SmsGateway
) -> None:
    provider.silence = 0.9
    provider.acts_to_come.append("silent")
    began = time.monotonic()
    with pytest.raises(UnclearError):
        replace(gateway, seconds=0.2).send(MESSAGE)
    assert time.monotonic() - began < 0.8


def test_an_answer_given_twice_is_one_answer(
    provider: fake.SmsGateway, gateway: SmsGateway
) -> None:
    provider.acts_to_come.append("twice")
    assert gateway.send(MESSAGE).state is DeliveryState.ACCEPTED
    assert gateway.send(replace(MESSAGE, key="4")).reference == "biz-4"


def test_a_refusal_for_good_has_failed(provider: fake.SmsGateway, gateway: SmsGateway) -> None:
    provider.acts_to_come.append("refused")
    receipt = gateway.send(MESSAGE)
    assert (receipt.state, receipt.reason) == (DeliveryState.FAILED, "refused: blacklisted")


def test_a_gateway_that_is_away_has_taken_nothing() -> None:
    away = sms_gateway(f"http://k:s@127.0.0.1:{fake.closed_port()}")
    with pytest.raises(NotHandedOverError, match="carrier_away"):
        away.send(MESSAGE)
    with pytest.raises(UnclearError):
        away.ask("0123")


@pytest.mark.parametrize(
    ("report", "state"),
    [("delivered", "delivered"), ("failed", "failed"), ("accepted", "accepted")],
)
def test_asked_it_says_what_became_of_a_message(
    provider: fake.SmsGateway, gateway: SmsGateway, report: str, state: str
) -> None:
    gateway.send(MESSAGE)
    provider.reports.append(report)
    receipt = gateway.ask("0123")
    assert receipt is not None
    assert receipt.state == state


@pytest.mark.parametrize("report", ["pending", "busy"])
def test_an_answer_still_to_come_is_no_answer(
    provider: fake.SmsGateway, gateway: SmsGateway, report: str
) -> None:
    gateway.send(MESSAGE)
    provider.reports.append(report)
    with pytest.raises(UnclearError) as caught:
        gateway.ask("0123")
    assert not isinstance(caught.value, NotHandedOverError)


def test_what_it_never_had_is_said_apart(provider: fake.SmsGateway, gateway: SmsGateway) -> None:
    assert gateway.ask("0123") is None
    carriers = Carriers(email=Outbox(), sms=gateway)
    with pytest.raises(NeverTakenError):
        carriers.carry(Errand(channel=Channel.SMS, key="0123"))
    assert provider.questions == 2


@pytest.mark.parametrize(
    "error",
    [
        NotHandedOverError(Reason.CARRIER_AWAY.saying("no route")),
        UnclearError(Reason.NO_ANSWER),
    ],
)
def test_a_carrier_that_is_away_is_waited_for_once_and_not_for_each_message(
    provider: fake.SmsGateway, gateway: SmsGateway, error: Exception
) -> None:
    class Counting:
        """A mail server that is away, and that counts who comes all the same."""

        asked = 0

        def send(self, _letter: Letter) -> Receipt:
            self.asked += 1
            raise error

    mail, absences = Counting(), Absences(seconds=0.2)
    carriers = Carriers(email=mail, sms=gateway, absences=absences)
    letter = Letter(key="1", address="a@example.org", title="您好", text="您好")
    errand = Errand(channel=Channel.EMAIL, key="1", parcel=letter)
    with pytest.raises(type(error)):
        carriers.carry(errand)
    for _ in range(3):
        with pytest.raises(NotHandedOverError, match="carrier_away: no "):
            carriers.carry(errand)
    assert mail.asked == 1
    # Others are carried meanwhile, and it is asked again later.
    assert carriers.carry(Errand(channel=Channel.SMS, key="0123", parcel=MESSAGE))
    assert provider.taken["0123"] == 1
    time.sleep(0.25)
    with pytest.raises(type(error)):
        carriers.carry(errand)
    assert mail.asked == 2


def test_only_a_gateway_is_asked() -> None:
    carriers = Carriers(email=Outbox(), sms=Outbox())
    assert carriers.asked == frozenset()
    assert (
        carriers.carry(Errand(channel=Channel.SMS, key="0", parcel=MESSAGE)).reference == "outbox"
    )
    with pytest.raises(TypeError, match="nobody can be asked"):
        carriers.carry(Errand(channel=Channel.SMS, key="0"))


@pytest.mark.parametrize(
    ("url", "host", "port", "path", "tls"),
    [
        ("https://k%40b:s%2F@sms.example.cn/bridge/", "sms.example.cn", 443, "/bridge", True),
        ("http://k%40b:s%2F@127.0.0.1:8080", "127.0.0.1", 8080, "", False),
    ],
)
def test_the_address_of_a_gateway_says_all(
    url: str, host: str, port: int, path: str, tls: bool
) -> None:
    made = sms_gateway(url)
    assert (made.host, made.port, made.path, made.has_tls) == (host, port, path, tls)
    assert (made.key, made.secret) == ("k@b", b"s/")
    assert "s/" not in repr(made)


@pytest.mark.parametrize("url", ["ftp://k:s@host", "https://host", "https://k@host", "host"])
def test_what_is_no_address_of_a_gateway_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="JIEBAN_SMS_URL"):
        sms_gateway(url)
