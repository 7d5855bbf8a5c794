"""Letters by SMTP, or into the service's own outbox where no server is set."""

import html
import logging
import smtplib
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate
from ipaddress import ip_address
from typing import Protocol
from urllib.parse import parse_qs, unquote, urlsplit

from app.adapters.trust import trust
from app.domain.job import DeliveryState
from app.domain.message import (
    Attachment,
    Letter,
    NotHandedOverError,
    Reason,
    Receipt,
    ShortMessage,
    UnclearError,
)
from app.settings import Settings

log = logging.getLogger(__name__)

# A lease is four times as long, so that a slow server does not make a second worker send.
TIMEOUT_SECONDS = 15
_PORTS = {"smtp": 587, "smtps": 465}
_PERMANENT = 500


class UnsafeHeaderError(ValueError):
    """A line break in an address or subject would let somebody write headers of his own."""


class PlainPasswordError(RuntimeError):
    """The server offers no TLS; the password is not sent in clear."""


class Transport(Protocol):
    """Carries letters; raises `TryLaterError` when trying again may help."""

    def send(self, letter: Letter) -> Receipt:
        """Send one letter; the same key twice is the same letter."""
        ...


@dataclass(frozen=True, slots=True)
class Outbox:
    """Accepts every message and sends none; staff read them in the service."""

    def send(self, _message: Letter | ShortMessage) -> Receipt:
        """Accept the message: it stays readable with its delivery."""
        return Receipt(DeliveryState.DELIVERED, "outbox")


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpTransport:
    """Hands letters to a mail server."""

    host: str
    port: int
    sender: Address
    user: str | None = None
    password: str | None = None
    has_tls: bool = False

    def send(self, letter: Letter) -> Receipt:
        """Send one letter and return whether the server took it.

        Raises:
            NotHandedOverError: it certainly did not, and may later.
            UnclearError: it may have; sent again, it is the same letter to the mailbox.
        """
        try:
            mail = compose(letter, self.sender)
        except UnsafeHeaderError as error:
            log.exception("letter %s cannot be written", letter.key)
            return Receipt(DeliveryState.FAILED, reason=Reason.UNWRITABLE.saying(str(error)))
        server = self._reach()
        try:
            server.send_message(mail)
        except smtplib.SMTPRecipientsRefused as error:
            code, reason = next(iter(error.recipients.values()))
            return _refused(code, reason)
        except smtplib.SMTPDataError as error:
            return _refused(error.smtp_code, error.smtp_error)
        except smtplib.SMTPSenderRefused as error:
            # Our own address, not the letter, is what the server does not like.
            raise _later(error.smtp_code, error.smtp_error) from error
        except OSError as error:
            raise UnclearError(Reason.NO_ANSWER.saying(str(error))) from error
        finally:
            server.close()
        return Receipt(DeliveryState.ACCEPTED, mail["Message-ID"])

    def _reach(self) -> smtplib.SMTP:
        """Return the server, ready to be handed letters."""
        try:
            return self._open()
        except smtplib.SMTPResponseException as error:
            raise _later(error.smtp_code, error.smtp_error) from error
        except PlainPasswordError as error:
            raise NotHandedOverError(Reason.CARRIER_BUSY.saying(f"no TLS: {error}")) from error
        except OSError as error:
            raise NotHandedOverError(Reason.CARRIER_AWAY.saying(str(error))) from error

    def _open(self) -> smtplib.SMTP:
        if self.has_tls:
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                self.host, self.port, timeout=TIMEOUT_SECONDS, context=trust()
            )
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=TIMEOUT_SECONDS)
        try:
            self._secure(server)
        except Exception:
            server.close()
            raise
        return server

    def _secure(self, server: smtplib.SMTP) -> None:
        server.ehlo()
        secured = self.has_tls
        if not secured and server.has_extn("starttls"):
            server.starttls(context=trust())
            server.ehlo()
            secured = True
        if self.user and self.password:
            if not secured and not _is_loopback(self.host):
                raise PlainPasswordError(self.host)
            server.login(self.user, self.password)


def transport_of(settings: Settings) -> Transport:
    """Return the transport that the settings name."""
    if settings.smtp_url is None:
        return Outbox()
    return smtp_transport(settings.smtp_url, settings.site_name, settings.base_url)


def mailbox_of(settings: Settings) -> str:
    """Return the address in whose name the service writes: its own setting, else the sender."""
    if settings.mailbox:
        return settings.mailbox
    transport = transport_of(settings)
    if isinstance(transport, SmtpTransport):
        return transport.sender.addr_spec
    return f"no-reply@{urlsplit(settings.base_url).hostname}"


def smtp_transport(url: str, site_name: str, base_url: str) -> SmtpTransport:
    """Return the transport of an address such as `smtps://user:pass@host:465?from=a@b.cn`.

    Without `from` the user is the sender where he is an address, else `no-reply` of the site.

    Raises:
        ValueError: when the address is not one.
    """
    parts = urlsplit(url)
    if parts.scheme not in _PORTS or not parts.hostname:
        raise ValueError("JIEBAN_SMTP_URL must be smtp://… or smtps://…")
    user = unquote(parts.username) if parts.username else None
    given = parse_qs(parts.query).get("from")
    own = user if user and "@" in user else f"no-reply@{urlsplit(base_url).hostname}"
    return SmtpTransport(
        host=parts.hostname,
        port=parts.port or _PORTS[parts.scheme],
        sender=Address(display_name=site_name, addr_spec=given[0] if given else own),
        user=user,
        password=unquote(parts.password) if parts.password else None,
        has_tls=parts.scheme == "smtps",
    )


def compose(letter: Letter, sender: Address) -> EmailMessage:
    """Return the letter as mail, in plain text and in HTML made of the same words.

    Raises:
        UnsafeHeaderError: when an address or subject holds a line break.
    """
    for value in (letter.address, letter.title, letter.key):
        if any(character in value for character in "\r\n\0"):
            raise UnsafeHeaderError("line break in a header")
    mail = EmailMessage(policy=SMTP)
    mail["From"] = sender
    mail["To"] = letter.address
    mail["Subject"] = letter.title
    mail["Date"] = formatdate()
    mail["Message-ID"] = f"<{letter.key}@{sender.domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(letter.text)
    mail.add_alternative(_html(letter), subtype="html")
    if letter.attachment is not None:
        _attach(mail, letter.attachment)
    return mail


def _attach(mail: EmailMessage, attachment: Attachment) -> None:
    """Add the document twice, as mail programs want it: to act on at sight, and to keep."""
    # Base64 keeps the bytes: a mail server may break lines of plain text anew.
    for add, name in ((mail.add_alternative, None), (mail.add_attachment, attachment.name)):
        add(
            attachment.content,
            maintype="text",
            subtype=attachment.subtype,
            params=dict(attachment.parameters),
            filename=name,
        )


def _html(letter: Letter) -> str:
    paragraphs = "".join(
        f"<p>{'<br>'.join(_linked(line) for line in paragraph.splitlines())}</p>"
        for paragraph in letter.text.split("\n\n")
    )
    title = html.escape(letter.title)
    return (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">'
        f"<title>{title}</title></head><body><h1>{title}</h1>{paragraphs}</body></html>"
    )


def _linked(line: str) -> str:
    before, found, rest = line.partition("http")
    if not found or not rest.startswith(("://", "s://")):
        return html.escape(line)
    address = html.escape(found + rest)
    return f'{html.escape(before)}<a href="{address}">{address}</a>'


def _refused(code: int, reason: bytes | str) -> Receipt:
    if code < _PERMANENT:
        raise _later(code, reason)
    return Receipt(DeliveryState.FAILED, reason=Reason.REFUSED.saying(_said(code, reason)))


def _later(code: int, reason: bytes | str) -> NotHandedOverError:
    return NotHandedOverError(Reason.CARRIER_BUSY.saying(_said(code, reason)))


def _said(code: int, reason: bytes | str) -> str:
    words = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else reason
    return f"{code} {words}"


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
