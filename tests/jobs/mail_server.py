"""A real mail server on this machine, aiosmtpd, that keeps what it takes and can be told to refuse.

Answers are for mails to come, the first for the first; after them it takes every mail.
"""

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.sms_gateway import closed_port

HANGS_UP = "hangs up"
TAKEN = "250 ok"


class MailServer:
    """Takes every letter unless told otherwise."""

    def __init__(self) -> None:
        self.raw: list[bytes] = []
        self.rcpt_answer = self.data_answer = TAKEN
        self.data_answers: deque[str] = deque()
        self.taken: Callable[[], object] = lambda: None
        self.port = closed_port()

    async def handle_RCPT(  # noqa: N802  # the name that aiosmtpd calls
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: object
    ) -> str:
        if self.rcpt_answer == TAKEN:
            envelope.rcpt_tos.append(address)
        return self.rcpt_answer

    async def handle_DATA(  # noqa: N802  # the name that aiosmtpd calls
        self, server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        answer = self.data_answers.popleft() if self.data_answers else self.data_answer
        if answer in (TAKEN, HANGS_UP):
            assert isinstance(envelope.content, bytes)
            self.raw.append(envelope.content)
        self.taken()
        if answer == HANGS_UP:
            # The mail is taken, and nobody hears of it.
            assert server.transport is not None
            server.transport.abort()
        return answer

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}?from=service@example.org"

    @property
    def mails(self) -> list[EmailMessage]:
        parsed = [message_from_bytes(raw, policy=policy.default) for raw in self.raw]
        return [mail for mail in parsed if isinstance(mail, EmailMessage)]


@contextmanager
def mail_server() -> Iterator[MailServer]:
    server = MailServer()
    controller = Controller(server, hostname="127.0.0.1", port=server.port, ready_timeout=30)
    controller.start()
    try:
        yield server
    finally:
        controller.stop()
