"""A link in a letter with which its reader does one thing without signing in."""

import base64
import hashlib
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from app.domain.actor import Role
from app.domain.errors import ConflictError, NotFoundError


class Purpose(StrEnum):
    """The one thing that a link is for."""

    ANSWER = "answer"
    RECORD = "record"
    CONFIRM = "confirm"
    CHOOSE = "choose"


class LinkState(StrEnum):
    """What a link is worth at an instant."""

    OPEN = "open"
    DONE = "done"
    EXPIRED = "expired"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for all links of a purpose.

    Attributes:
        role: as what its reader acts, whatever other roles he holds.
        carried_by: the wordings of the messages whose letters carry such a link.
        words: the wording of the paragraph that offers it.
    """

    role: Role
    carried_by: frozenset[str]
    words: str


PURPOSES: Mapping[Purpose, Terms] = {
    Purpose.ANSWER: Terms(
        Role.MENTOR,
        frozenset({"booking.requested", "booking.answer_due"}),
        "mail_link.answer",
    ),
    Purpose.RECORD: Terms(
        Role.MENTOR,
        frozenset({"service_session.over", "outcome.record_due"}),
        "mail_link.record",
    ),
    Purpose.CONFIRM: Terms(
        Role.FOUNDER,
        frozenset({"outcome.recorded", "outcome.confirm_due", "outcome.unconfirmed"}),
        "mail_link.confirm",
    ),
    Purpose.CHOOSE: Terms(
        Role.FOUNDER,
        frozenset({"booking.times_offered", "booking.move_offered.founder"}),
        "mail_link.choose",
    ),
}


class Doubt(StrEnum):
    """Why a founder's word by link may be somebody else's: an officer calls him."""

    SAME_DEVICE = "same_device"
    SAME_ADDRESS = "same_address"
    SIGNED_IN_AS_OTHER = "signed_in_as_other"
    SHARED_CONTACT = "shared_contact"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """From where a link is used, in marks that tell only whether two uses have it in common.

    Attributes:
        device: of the browser, None before it got its mark.
        address: of the connection, None where that is a proxy's or unknown.
        serves: whether somebody who serves or works here is signed in in the browser.
    """

    device: str | None = None
    address: str | None = None
    serves: bool = False


class UnknownLinkError(NotFoundError):
    """There is no such link, or it is for something else."""

    default_code = "mail_link.not_found"


class LinkClosedError(ConflictError):
    """The link was used, has run out or was revoked; `state` says which."""

    default_code = "mail_link.closed"


def purpose_of(words: str) -> Purpose | None:
    """Return what letters with this wording let their reader do, None for nothing."""
    carrying = (each for each, terms in PURPOSES.items() if words in terms.carried_by)
    return next(carrying, None)


def token_of(key: bytes, delivery_id: UUID, purpose: Purpose) -> str:
    """Return the token of a letter's link: 32 bytes, the same however often the letter is tried.

    Args:
        key: made of the application's secret; kept outside the database.
        delivery_id: the letter.
        purpose: what the link is for.
    """
    digest = hmac.new(key, b"%b:%b" % (purpose.encode(), delivery_id.bytes), hashlib.sha256)
    return base64.urlsafe_b64encode(digest.digest()).rstrip(b"=").decode()


def fingerprint(token: str) -> str:
    """Return what is kept of a token: a hash, by which nobody gets at the token."""
    return hashlib.sha256(token.encode()).hexdigest()


def state_of(
    *, used_at: datetime | None, revoked_at: datetime | None, expires_at: datetime, now: datetime
) -> LinkState:
    """Return what the link is worth; what was done with it is told for ever."""
    if used_at is not None:
        return LinkState.DONE
    if revoked_at is not None:
        return LinkState.REVOKED
    return LinkState.EXPIRED if expires_at <= now else LinkState.OPEN


def ensure_open(state: LinkState) -> None:
    """Refuse to act with a link that is closed.

    Raises:
        LinkClosedError: naming the state.
    """
    if state is not LinkState.OPEN:
        raise LinkClosedError(state=state.value)


def doubts(own: Hand, others: Iterable[Hand], *, shares_contact: bool) -> tuple[Doubt, ...]:
    """Return what speaks for one hand behind the record and the word on it.

    Args:
        own: from where the word comes.
        others: from where the record came.
        shares_contact: whether the letter's address is that of somebody else as well.
    """
    known = list(others)
    found = {
        Doubt.SAME_DEVICE: own.device is not None and own.device in {h.device for h in known},
        Doubt.SAME_ADDRESS: own.address is not None and own.address in {h.address for h in known},
        Doubt.SIGNED_IN_AS_OTHER: own.serves,
        Doubt.SHARED_CONTACT: shares_contact,
    }
    return tuple(doubt for doubt, holds in found.items() if holds)
