import socket
from dataclasses import replace
from email.headerregistry import Address

import pytest

from app.adapters.email import (
    Outbox,
    SmtpTransport,
    UnsafeHeaderError,
    compose,
    smtp_transport,
)
from app.domain.job import DeliveryState
from app.domain.message import Letter, NotHandedOverError
from tests.jobs.mail_server import MailServer

LETTER = Letter(
    key="0123",
    address="founder@example.org",
    title="张敏接受了您的预约",
    text="李晓，您好：\n\n第一段 <b>&\n第二行\n\n打开页面：https://example.org/bookings/1?a=1&b=2",
)
SENDER = Address("历城创业导师", "service", "example.org")


def transport(server: MailServer) -> SmtpTransport:
    return smtp_transport(server.url, "历城创业导师", "https://example.org")


def test_a_letter_arrives_with_the_same_words_in_text_and_html(server: MailServer) -> None:
    receipt = transport(server).send(LETTER)
    assert (receipt.state, receipt.reference) == (DeliveryState.ACCEPTED, "<0123@example.org>")
    (mail,) = server.mails
    assert mail["Subject"] == LETTER.title
    assert mail["To"] == LETTER.address
    assert mail["From"] == "历城创业导师 <service@example.org>"
    assert mail["Message-ID"] == "<0123@example.org>"
    plain, rich = (mail.get_body([kind]) for kind in ("plain", "html"))
    assert plain is not None
    assert rich is not None
    assert plain.get_content().splitlines() == LETTER.text.splitlines()
    html = rich.get_content()
    assert "第一段 &lt;b&gt;&amp;<br>第二行" in html
    assert '<a href="https://example.org/bookings/1?a=1&amp;b=2">' in html


def test_a_letter_tried_twice_is_one_letter_to_the_mailbox(server: MailServer) -> None:
    for _ in range(2):
        transport(server).send(LETTER)
    assert {mail["Message-ID"] for mail in server.mails} == {"<0123@example.org>"}


@pytest.mark.parametrize(
    "changed",
    [
        {"address": "a@example.org\r\nBcc: b@example.org"},
        {"title": "您好\nBcc: b@example.org"},
        {"title": "您好\rX: y"},
        {"key": "k>\r\nX: y"},
    ],
)
def test_a_line_break_never_becomes_a_header(server: MailServer, changed: dict[str, str]) -> None:
    letter = replace(LETTER, **changed)
    with pytest.raises(UnsafeHeaderError):
        compose(letter, SENDER)
    assert transport(server).send(letter).state is DeliveryState.FAILED
    assert server.raw == []


def test_an_address_the_server_refuses_for_good_has_failed(server: MailServer) -> None:
    server.rcpt_answer = "550 no such user"
    receipt = transport(server).send(LETTER)
    assert (receipt.state, receipt.reason) == (DeliveryState.FAILED, "refused: 550 no such user")


def test_a_letter_the_server_refuses_for_good_has_failed(server: MailServer) -> None:
    server.data_answer = "554 not wanted"
    assert transport(server).send(LETTER).state is DeliveryState.FAILED


@pytest.mark.parametrize("answer", ["rcpt_answer", "data_answer"])
def test_a_refusal_for_now_is_raised_so_that_it_is_tried_again(
    server: MailServer, answer: str
) -> None:
    setattr(server, answer, "451 later")
    with pytest.raises(NotHandedOverError, match="carrier_busy: 451 later"):
        transport(server).send(LETTER)


def test_a_server_that_is_away_is_raised_so_that_it_is_tried_again() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with pytest.raises(NotHandedOverError, match=r"carrier_away: .*refused"):
        smtp_transport(f"smtp://127.0.0.1:{port}", "x", "https://example.org").send(LETTER)


def test_a_password_is_not_sent_in_clear_over_the_network(
    server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.adapters.email._is_loopback", lambda _host: False)
    sender = replace(transport(server), user="u", password="p")
    with pytest.raises(NotHandedOverError, match="carrier_busy: no TLS"):
        sender.send(LETTER)
    assert server.raw == []


@pytest.mark.parametrize(
    ("url", "host", "port", "tls", "sender"),
    [
        ("smtp://mail.example.org", "mail.example.org", 587, False, "no-reply@site.example"),
        ("smtps://mail.example.org", "mail.example.org", 465, True, "no-reply@site.example"),
        ("smtps://a%40b.cn:p%2Fw@mail:2465", "mail", 2465, True, "a@b.cn"),
        ("smtp://u:p@mail:25?from=x@y.cn", "mail", 25, False, "x@y.cn"),
    ],
)
def test_the_address_of_a_server_says_all(
    url: str, host: str, port: int, tls: bool, sender: str
) -> None:
    made = smtp_transport(url, "站", "https://site.example")
    assert (made.host, made.port, made.has_tls, made.sender.addr_spec) == (host, port, tls, sender)


def test_user_and_password_are_unquoted() -> None:
    made = smtp_transport("smtps://a%40b.cn:p%2Fw@mail", "站", "https://site.example")
    assert (made.user, made.password) == ("a@b.cn", "p/w")


@pytest.mark.parametrize("url", ["http://mail", "mail:25", "smtp://"])
def test_what_is_no_address_of_a_mail_server_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="JIEBAN_SMTP_URL"):
        smtp_transport(url, "站", "https://site.example")


def test_without_a_server_letters_rest_in_the_outbox() -> None:
    receipt = Outbox().send(LETTER)
    assert (receipt.state, receipt.reference) == (DeliveryState.DELIVERED, "outbox")
