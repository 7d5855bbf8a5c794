"""A message on its way out of the service."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from app.domain.job import DeliveryState, TryLaterError
from app.domain.message.preference import Channel

# A gateway that did take a message knows it by then; asked earlier it may not.
ASK_AFTER = timedelta(seconds=30)


class Reason(StrEnum):
    """Why a delivery stands as it does; what a carrier said may follow after a colon."""

    SUPERSEDED = "superseded"
    CANCELLED = "cancelled"
    ACCOUNT_CLOSED = "account_closed"
    NO_MOBILE = "no_mobile"
    TOO_LATE = "too_late"
    GIVEN_UP = "given_up"
    CARRIER_AWAY = "carrier_away"
    CARRIER_BUSY = "carrier_busy"
    REFUSED = "refused"
    UNWRITABLE = "unwritable"
    NO_ANSWER = "no_answer"
    NO_REPORT = "no_report"
    NEVER_TAKEN = "never_taken"
    CARRIER_SILENT = "carrier_silent"

    def saying(self, words: str) -> str:
        """Return the code with what the carrier said."""
        return f"{self.value}: {words}"[:200]


# For these a letter waits although its time has come.
HELD_UP = (Reason.CARRIER_AWAY, Reason.CARRIER_BUSY, Reason.NO_ANSWER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A text document that travels with a letter, its parameters those of its MIME type."""

    name: str
    subtype: str
    parameters: Mapping[str, str]
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One message to be sent to one address; the key is the same however often it is tried."""

    key: str
    address: str
    title: str
    text: str
    attachment: Attachment | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortMessage:
    """A message to a mobile telephone; the key is the same however often it is tried."""

    key: str
    address: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """What a carrier is to do: carry the parcel, or, without one, say what became of the key."""

    channel: Channel
    key: str
    parcel: Letter | ShortMessage | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a letter, and what its carrier calls it."""

    state: DeliveryState
    reference: str | None = None
    reason: str | None = None


class NotHandedOverError(TryLaterError):
    """The carrier certainly did not take it, and may take it later."""


class NeverTakenError(NotHandedOverError):
    """Asked, the carrier said that it never had it."""


class UnclearError(TryLaterError):
    """Nobody knows whether the carrier took it."""
