"""Short messages over a gateway that speaks HTTP, and can say what became of each.

The gateway is not trusted to know a message again: what may have reached it is never sent a
second time before it was asked by our key. docs/operations.md describes the few words that both
sides speak, for whoever puts a provider's own interface behind them.
"""

import hashlib
import hmac
import http.client
import json
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

from app.adapters.email import Outbox
from app.adapters.trust import trust
from app.domain.job import DeliveryState
from app.domain.message import NotHandedOverError, Reason, Receipt, ShortMessage, UnclearError
from app.settings import Settings

TIMEOUT_SECONDS = 5.0
MOST_BYTES = 64 * 1024
_LATER = frozenset({http.client.TOO_MANY_REQUESTS, http.client.SERVICE_UNAVAILABLE})
_TAKEN = {"accepted": DeliveryState.ACCEPTED, "delivered": DeliveryState.DELIVERED}
_SETTLED = {**_TAKEN, "failed": DeliveryState.FAILED}
# Of several reports on one message the one that says most counts.
_ORDER = ("delivered", "failed", "accepted", "pending")


class _NoAnswerError(Exception):
    """What came back is no answer of a gateway."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SmsGateway:
    """Hands short messages to a gateway."""

    host: str
    port: int
    path: str
    key: str
    secret: bytes = field(repr=False)
    has_tls: bool = True
    seconds: float = TIMEOUT_SECONDS

    def send(self, message: ShortMessage) -> Receipt:
        """Send one message and return whether the gateway took it.

        Raises:
            NotHandedOverError: it certainly did not, and may later.
            UnclearError: it may have; `ask` before anything is sent again.
        """
        body = {"out_id": message.key, "phone": message.address, "text": message.text}
        until = time.monotonic() + self.seconds
        line = self._line()
        try:
            line.connect()
        except OSError as error:
            raise NotHandedOverError(Reason.CARRIER_AWAY.saying(str(error))) from error
        if time.monotonic() > until:
            # Who stood still for so long may have been taken for dead.
            line.close()
            raise NotHandedOverError(Reason.CARRIER_AWAY)
        try:
            status, answer = self._ask(line, "/send", body)
        except (OSError, http.client.HTTPException, _NoAnswerError) as error:
            raise UnclearError(Reason.NO_ANSWER) from error
        return _sent(status, answer)

    def ask(self, key: str) -> Receipt | None:
        """Return what became of a message, None when the gateway never had it.

        Raises:
            UnclearError: it does not say, or not yet.
        """
        line = self._line()
        try:
            status, answer = self._ask(line, "/query", {"out_id": key})
        except (OSError, http.client.HTTPException, _NoAnswerError) as error:
            raise UnclearError(Reason.NO_ANSWER) from error
        items = answer.get("items")
        if status != http.client.OK or not isinstance(items, list):
            raise UnclearError(Reason.NO_ANSWER.saying(f"HTTP {status}"))
        return _told(items)

    def _line(self) -> http.client.HTTPConnection:
        if not self.has_tls:
            return http.client.HTTPConnection(self.host, self.port, timeout=self.seconds)
        return http.client.HTTPSConnection(
            self.host, self.port, timeout=self.seconds, context=trust()
        )

    def _ask(
        self, line: http.client.HTTPConnection, act: str, body: dict[str, str]
    ) -> tuple[int, dict[str, Any]]:
        content = json.dumps(body, ensure_ascii=False).encode()
        stamp = str(int(time.time()))
        signed = hmac.new(self.secret, f"{stamp}.".encode() + content, hashlib.sha256)
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "X-Key": self.key,
            "X-Timestamp": stamp,
            "X-Signature": signed.hexdigest(),
        }
        try:
            line.request("POST", f"{self.path}{act}", body=content, headers=headers)
            response = line.getresponse()
            return response.status, _object(response.read(MOST_BYTES))
        finally:
            line.close()


def gateway_of(settings: Settings) -> SmsGateway | Outbox:
    """Return the gateway that the settings name; without one messages rest in the outbox."""
    return sms_gateway(settings.sms_url) if settings.sms_url else Outbox()


def sms_gateway(url: str) -> SmsGateway:
    """Return the gateway of an address such as `https://key:secret@sms.example.cn/bridge`.

    Raises:
        ValueError: when the address is not one.
    """
    parts = urlsplit(url)
    if not (parts.scheme in ("http", "https") and parts.hostname):
        raise ValueError("JIEBAN_SMS_URL must be https://key:secret@host/…")
    if not (parts.username and parts.password):
        raise ValueError("JIEBAN_SMS_URL must hold key and secret")
    has_tls = parts.scheme == "https"
    return SmsGateway(
        host=parts.hostname,
        port=parts.port or (443 if has_tls else 80),
        path=parts.path.rstrip("/"),
        key=unquote(parts.username),
        secret=unquote(parts.password).encode(),
        has_tls=has_tls,
    )


def _object(content: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(content)
    except ValueError as error:
        raise _NoAnswerError from error
    if not isinstance(answer, dict):
        raise _NoAnswerError
    return answer


def _sent(status: int, answer: dict[str, Any]) -> Receipt:
    said, reason = str(answer.get("status")), str(answer.get("reason") or "")
    if status == http.client.OK and said in _TAKEN:
        return Receipt(_TAKEN[said], str(answer.get("id") or "") or None)
    if status == http.client.OK and said == "refused":
        return Receipt(DeliveryState.FAILED, reason=Reason.REFUSED.saying(reason))
    if status in _LATER and said == "busy":
        raise NotHandedOverError(Reason.CARRIER_BUSY.saying(reason or f"HTTP {status}"))
    # Something between us and the gateway may have answered in its place.
    raise UnclearError(Reason.NO_ANSWER.saying(f"HTTP {status}"))


def _told(items: list[Any]) -> Receipt | None:
    reports = [item for item in items if isinstance(item, dict) and item.get("status") in _ORDER]
    if items and not reports:
        raise UnclearError(Reason.NO_REPORT)
    if not reports:
        return None
    report = min(reports, key=lambda item: _ORDER.index(item["status"]))
    if report["status"] == "pending":
        raise UnclearError(Reason.NO_REPORT)
    state = _SETTLED[report["status"]]
    said = Reason.REFUSED.saying(str(report.get("reason") or ""))
    reason = said if state is DeliveryState.FAILED else None
    return Receipt(state, str(report.get("id") or "") or None, reason)
