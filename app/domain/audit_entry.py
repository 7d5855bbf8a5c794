"""The trail's arithmetic: canonical bodies, leaves, Merkle roots, chained seals."""

import hashlib
import hmac
import json
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import Enum, StrEnum
from typing import Protocol
from uuid import UUID

# How leaves, trees and seals are hashed; kept with each, so that a district may change it.
ALGORITHMS = ("sha256", "sm3")
ALGORITHM = "sha256"
FIRST_PREVIOUS = "0" * 64
_AS_IT_IS = frozenset({type(None), bool, int})


def canonical(value: object) -> str:
    """Return the one JSON text of a value: sorted keys, no spaces, NFC (after RFC 8785)."""
    return json.dumps(_plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(value: object, algorithm: str = ALGORITHM) -> str:
    """Return the hash of a value's canonical text, in hexadecimal."""
    return hashlib.new(algorithm, canonical(value).encode()).hexdigest()


def leaf_hash(body: str, algorithm: str = ALGORITHM) -> str:
    """Return the leaf of a body; the prefix 0x00 keeps leaves and nodes apart (RFC 6962 §2.1)."""
    return hashlib.new(algorithm, b"\x00" + body.encode()).hexdigest()


def entry_mac(key: bytes, leaf: str) -> str:
    """Return the application's mark on a leaf; who lacks the key cannot add entries."""
    return hmac.new(key, f"entry:{leaf}".encode(), hashlib.sha256).hexdigest()


def seal_mac(key: bytes, seal_digest: str) -> str:
    """Return the application's mark on a seal."""
    return hmac.new(key, f"seal:{seal_digest}".encode(), hashlib.sha256).hexdigest()


def marks_equal(one: str, other: str) -> bool:
    """Compare two marks in constant time."""
    return hmac.compare_digest(one.encode(), other.encode())


def merkle_root(leaves: Sequence[str], algorithm: str = ALGORITHM) -> str:
    """Return the RFC 6962 §2.1 tree head over hexadecimal leaves."""
    if not leaves:
        return hashlib.new(algorithm, b"").hexdigest()
    level = [bytes.fromhex(leaf) for leaf in leaves]
    while len(level) > 1:
        pairs = [
            hashlib.new(algorithm, b"\x01" + level[i] + level[i + 1]).digest()
            for i in range(0, len(level) - 1, 2)
        ]
        level = pairs + level[len(pairs) * 2 :]
    return level[0].hex()


@dataclass(frozen=True, slots=True)
class SealHead:
    """What a seal says: which entries, under which root, after which seal."""

    number: int
    first_seq: int
    last_seq: int
    root: str
    previous: str
    algorithm: str = ALGORITHM

    def digest(self) -> str:
        """Return the hash that the next seal names as its previous."""
        said: dict[str, object] = {
            "number": self.number,
            "first": self.first_seq,
            "last": self.last_seq,
            "root": self.root,
            "previous": self.previous,
        }
        if self.algorithm != ALGORITHM:
            said["algorithm"] = self.algorithm
        return digest(said, self.algorithm)


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature over a seal, and the fingerprint of the key it was made with."""

    key_id: str
    value: str


class Signer(Protocol):
    """Signs seals with a key that lies outside the database."""

    def sign(self, seal_digest: str) -> Signature:
        """Return the signature over what `signed_text` makes of the digest."""


class Checker(Protocol):
    """Knows the public keys with which seals may be signed."""

    def is_valid(self, seal_digest: str, signature: Signature) -> bool:
        """Tell whether one of the keys made the signature."""


def signed_text(seal_digest: str) -> bytes:
    """Return the bytes that are signed for a seal."""
    return b"jieban seal v1:" + seal_digest.encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryFacts:
    """An entry as it stands in the table."""

    id: UUID
    at: datetime
    actor_id: UUID | None
    action: str
    entity: str
    entity_id: UUID
    entity_version: int
    body: str
    algorithm: str
    leaf: str
    mac: str
    seq: int | None


class EntryFault(StrEnum):
    """What can be wrong with one entry by itself."""

    CHANGED = "entry.changed"
    FORGED = "entry.forged"
    MISLABELLED = "entry.mislabelled"


def entry_fault(entry: EntryFacts, key: bytes | None) -> EntryFault | None:
    """Return what is wrong with the entry, None when it is as it was written.

    Changed: the body no longer has its leaf. Forged: the mark was not made with the key.
    Mislabelled: the columns say something else than the body. Without the key, which only the
    application has, marks are not looked at.
    """
    if entry.algorithm not in ALGORITHMS or leaf_hash(entry.body, entry.algorithm) != entry.leaf:
        return EntryFault.CHANGED
    if key is not None and not marks_equal(entry_mac(key, entry.leaf), entry.mac):
        return EntryFault.FORGED
    said = json.loads(entry.body)
    labels = {
        "at": entry.at,
        "actor": entry.actor_id,
        "action": entry.action,
        "entity": entry.entity,
        "id": entry.entity_id,
        "version": entry.entity_version,
    }
    if any(said.get(name) != _plain(value) for name, value in labels.items()):
        return EntryFault.MISLABELLED
    return None


def _plain(value: object) -> object:
    if type(value) in _AS_IT_IS:
        return value
    if isinstance(value, Enum):
        return _plain(value.value)
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, datetime | date):
        return _day_or_instant(value)
    if isinstance(value, float | UUID):
        return repr(value) if isinstance(value, float) else str(value)
    if isinstance(value, Mapping):
        return {str(_plain(key)): _plain(item) for key, item in value.items()}
    return _plain_items(value)


def _plain_items(value: object) -> object:
    if isinstance(value, set | frozenset):
        return sorted((_plain(item) for item in value), key=str)
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        return [_plain(item) for item in value]
    raise TypeError(f"cannot be written canonically: {type(value).__name__}")


def _day_or_instant(value: date) -> str:
    # One instant, one text: the offset it was written with does not matter.
    return (value.astimezone(UTC) if isinstance(value, datetime) else value).isoformat()
