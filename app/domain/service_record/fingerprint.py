"""A hash over what a decision rests on, the same whatever the order of the rows."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime

from app.domain.service_record.facts import SessionFacts
from app.domain.service_record.policy import CountingPolicy


def inputs_hash(parts: Iterable[SessionFacts], policy: CountingPolicy) -> str:
    """Return the SHA-256 in hex over the facts of all parts and the policy row."""
    text = _canonical({"parts": tuple(parts), "policy": policy})
    return hashlib.sha256(text.encode()).hexdigest()


def plain_facts(facts: SessionFacts) -> dict[str, object]:
    """Return the facts of one record as values JSON knows, in the form the hash is taken over."""
    return {field.name: _plain(getattr(facts, field.name)) for field in fields(facts)}


def _canonical(value: object) -> str:
    return json.dumps(_plain(value), sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _plain(value: object) -> object:
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, tuple):
        return sorted((_plain(inner) for inner in value), key=_canonical)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return value
