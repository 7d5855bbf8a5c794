"""Which bodies of the trail may be shown: those that hold codes, keys, times and numbers only."""

import json
import re
from collections.abc import Collection, Iterator
from typing import Any

# Written by the bureau itself, about no person.
_PUBLIC = frozenset(
    {
        ("calendar_days", "row.name"),
        ("calendar_days", "row.source"),
        ("appointments", "row.document"),
        ("counting_policies", "row.rules.rounding"),
    }
)
# Why a use case looked beyond its actor's scope: a sentence of the program itself.
_SCOPE = "beyond_scope"
_PLACE = ("service_sessions", "row.place")
_KEY_OR_HASH = re.compile(r"[0-9a-f]{64}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_CODE = re.compile(r"[A-Za-z0-9_.:+/-]*")
_NUMBER_OF_SOMEBODY = re.compile(r"(?<!\d)(1\d{10}|\d{15}|\d{17}[0-9Xx])(?!\d)")


def withheld(entity: str, body: str, places: Collection[str]) -> list[str]:
    """Return where a body holds text that is not shown; empty when it may be shown whole.

    Args:
        entity: the table it is about.
        body: the canonical text.
        places: names of the bureau's own rooms, which say nothing about a person.
    """
    return [
        path
        for path, text in _texts("", json.loads(body))
        if not _is_harmless(text)
        and path != _SCOPE
        and (entity, path) not in _PUBLIC
        and not ((entity, path) == _PLACE and text in places)
    ]


def _texts(path: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, item in value.items():
            if not _is_harmless(key):
                yield path, key
            yield from _texts(f"{path}.{key}" if path else key, item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(path, item)


def _is_harmless(text: str) -> bool:
    if _KEY_OR_HASH.fullmatch(text):
        return True
    return bool(_CODE.fullmatch(text)) and not _NUMBER_OF_SOMEBODY.search(text)
