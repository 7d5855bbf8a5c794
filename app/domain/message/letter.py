"""A message on its way out of the service."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.job import DeliveryState


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


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a letter, and what its carrier calls it."""

    state: DeliveryState
    reference: str | None = None
    reason: str | None = None
