"""Events told to other systems 事件推送: kinds of receivers, what they are sent, its signature."""

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import quote, urlsplit
from uuid import UUID

from app.domain.errors import ConflictError, FieldError, InvalidInputError, RuleError
from app.domain.job import TryLaterError
from app.domain.message import EVENTS, Audience, Notice

SEND = "send_webhook"
TEST_EVENT = "webhook.test"
LONGEST_NAME, LONGEST_ADDRESS, LONGEST_SECRET = 60, 500, 200
# Who takes nothing for so long is not tried any more, and somebody looks at it.
PAUSED_AFTER = timedelta(days=1)
KEPT_CHARACTERS = 300
_ADDRESS = re.compile(r"https://[!-~]+")
_ROBOT_HOSTS = {"wecom": "qyapi.weixin.qq.com", "dingtalk": "oapi.dingtalk.com"}


class WebhookKind(StrEnum):
    """A system that checks our signature, or a robot in a group of colleagues."""

    SIGNED = "signed"
    WECOM = "wecom"
    DINGTALK = "dingtalk"


class CallState(StrEnum):
    """What became of one event for one receiver."""

    PLANNED = "planned"
    DELIVERED = "delivered"
    FAILED = "failed"
    SKIPPED = "skipped"


class WebhookPausedError(RuleError):
    """Nothing is sent to a receiver that is paused."""

    default_code = "webhook.paused"


class StillTryingError(ConflictError):
    """It is on its way already."""

    default_code = "webhook.still_trying"


class NoSecretError(RuleError):
    """Only receivers that check our signature have a secret of ours."""

    default_code = "webhook.no_secret"


class CallFailedError(TryLaterError):
    """The receiver did not take it; `status` is its answer's, None where there was none."""

    def __init__(self, words: str, status: int | None = None, answer: str = "") -> None:
        self.status = status
        self.answer = answer[:KEPT_CHARACTERS]
        super().__init__(words[:KEPT_CHARACTERS])


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A receiver as somebody describes it; `secret` is the one that DingTalk gives."""

    name: str
    kind: WebhookKind
    address: str
    events: Sequence[str]
    secret: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request to a receiver, as it goes out; its address may hold a key."""

    address: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    body: bytes
    is_robot: bool = False


@dataclass(frozen=True, slots=True)
class Reply:
    """What the receiver answered."""

    status: int
    answer: str


def officers_notice(event: str) -> Notice | None:
    """Return in which words officers hear of the event, None when they do not."""
    for notice in EVENTS.get(event, ()):
        if notice.to is Audience.OFFICERS:
            return notice
    return None


def events_for(kind: WebhookKind) -> list[str]:
    """Return what a receiver may ask for: robots only what officers are told."""
    if kind is WebhookKind.SIGNED:
        return sorted(EVENTS)
    return sorted(event for event in EVENTS if officers_notice(event))


def ensure_sound(draft: Draft, allowed_hosts: Collection[str]) -> None:
    """Refuse a receiver that cannot be reached safely, or that asks for nothing.

    Args:
        draft: the receiver.
        allowed_hosts: where the operator limits them, the only hosts; empty allows all.

    Raises:
        InvalidInputError: naming each field.
    """
    faults = []
    if not draft.name.strip() or len(draft.name) > LONGEST_NAME:
        faults.append(FieldError("name", "webhook.name", {"most": LONGEST_NAME}))
    if not is_address(draft.address):
        faults.append(FieldError("address", "webhook.address"))
    else:
        host = host_of(draft.address)
        wanted = _ROBOT_HOSTS.get(draft.kind)
        if wanted is not None and host != wanted:
            faults.append(FieldError("address", "webhook.robot_host", {"host": wanted}))
        elif allowed_hosts and host not in allowed_hosts:
            faults.append(FieldError("address", "webhook.host_not_allowed"))
    if not draft.events or not set(draft.events) <= set(events_for(draft.kind)):
        faults.append(FieldError("events", "webhook.events"))
    if draft.kind is WebhookKind.DINGTALK and not draft.secret:
        faults.append(FieldError("secret", "webhook.secret"))
    if faults:
        raise InvalidInputError(errors=faults)


def is_address(address: str) -> bool:
    """Tell whether it is an https address that names a host, and nobody."""
    if len(address) > LONGEST_ADDRESS or not _ADDRESS.fullmatch(address):
        return False
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return False
    return port != 0 and bool(parts.hostname) and parts.username is None


def host_of(address: str) -> str:
    """Return the host, which is all that pages show of an address: the rest may be a key."""
    return urlsplit(address).hostname or ""


def secret_of(key: bytes, webhook_id: UUID, generation: int) -> str:
    """Return the secret shared with a receiver; each generation has another.

    Args:
        key: made from the installation's secret, never kept in the database.
        webhook_id: the receiver.
        generation: how often the secret was made.
    """
    made = hmac.new(key, f"{webhook_id.hex}:{generation}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(made).decode().rstrip("=")


def signature(secret: str, timestamp: int, body: bytes) -> str:
    """Return the HMAC-SHA256 over `timestamp.body`, in hex."""
    signed = f"{timestamp}.".encode() + body
    return hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


def body_of(event_id: UUID, event: str, at: datetime, data: Mapping[str, object]) -> str:
    """Return what a system is sent, in one fixed form: the same event is always the same bytes."""
    content = {"id": str(event_id), "event": event, "occurred_at": at.isoformat(), "data": data}
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def text_body(text: str) -> str:
    """Return what the robots of WeCom and DingTalk are sent."""
    return json.dumps({"msgtype": "text", "text": {"content": text}}, ensure_ascii=False)


def signed_call(address: str, body: str, event_id: UUID, secret: str, timestamp: int) -> Call:
    """Return the request to a system that checks our signature.

    Args:
        address: where it goes.
        body: what it says.
        event_id: by which the receiver knows an event that comes twice.
        secret: shared with the receiver.
        timestamp: now, in seconds, by which old requests are told.
    """
    content = body.encode()
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "Idempotency-Key": str(event_id),
        "X-Jieban-Event-Id": str(event_id),
        "X-Jieban-Timestamp": str(timestamp),
        "X-Jieban-Signature": f"v1={signature(secret, timestamp, content)}",
    }
    return Call(address=address, headers=headers, body=content)


def robot_call(address: str, body: str, secret: str | None, timestamp: int) -> Call:
    """Return the request to a robot; DingTalk's carries its own signature in the address."""
    if secret:
        stamp = str(timestamp * 1000)
        made = hmac.new(secret.encode(), f"{stamp}\n{secret}".encode(), hashlib.sha256).digest()
        mark = "&" if urlsplit(address).query else "?"
        address += f"{mark}timestamp={stamp}&sign={quote(base64.b64encode(made), safe='')}"
    headers = {"Content-Type": "application/json; charset=utf-8"}
    return Call(address=address, headers=headers, body=body.encode(), is_robot=True)
