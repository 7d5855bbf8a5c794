import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from enum import StrEnum
from hashlib import sha256
from uuid import UUID

import pytest

from app.domain.audit_entry import (
    EntryFacts,
    EntryFault,
    SealHead,
    canonical,
    digest,
    entry_fault,
    entry_mac,
    leaf_hash,
    marks_equal,
    merkle_root,
    seal_mac,
)
from app.domain.ids import new_id
from tests.moments import START

KEY = b"k" * 32


class Colour(StrEnum):
    RED = "red"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"b": 1, "a": None}, '{"a":null,"b":1}'),
        ({"x": True, "y": False}, '{"x":true,"y":false}'),
        (Colour.RED, '"red"'),
        (date(2026, 9, 18), '"2026-09-18"'),
        (datetime(2026, 9, 18, 6, tzinfo=UTC), '"2026-09-18T06:00:00+00:00"'),
        (UUID(int=1), '"00000000-0000-0000-0000-000000000001"'),
        (0.1, '"0.1"'),
        ((1, "二"), '[1,"二"]'),
        ({"b", "a"}, '["a","b"]'),
        ("e\u0301", '"é"'),
    ],
)
def test_a_value_has_one_text(value, text) -> None:
    assert canonical(value) == text


def test_an_instant_has_one_text_whatever_its_offset() -> None:
    utc = datetime(2026, 9, 18, 6, tzinfo=UTC)
    assert canonical(utc) == canonical(utc.astimezone(timezone(timedelta(hours=8))))


def test_what_has_no_canonical_text_is_refused() -> None:
    with pytest.raises(TypeError):
        canonical({"row": object()})


def test_an_empty_tree_has_the_hash_of_nothing() -> None:
    assert merkle_root([]) == sha256(b"").hexdigest()


def by_definition(leaves: list[bytes]) -> bytes:
    """RFC 6962 §2.1, word for word."""
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return sha256(b"\x01" + by_definition(leaves[:k]) + by_definition(leaves[k:])).digest()


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 7, 8, 9, 31, 33, 100])
def test_the_root_is_the_one_of_the_standard(count) -> None:
    leaves = [leaf_hash(str(number)) for number in range(count)]
    assert merkle_root(leaves) == by_definition([bytes.fromhex(leaf) for leaf in leaves]).hex()


def test_leaves_and_nodes_are_kept_apart() -> None:
    assert leaf_hash("x") == sha256(b"\x00x").hexdigest()


@pytest.mark.parametrize("name", ["number", "first_seq", "last_seq", "root", "previous"])
def test_the_digest_of_a_seal_covers_every_part(name) -> None:
    head = SealHead(2, 6, 9, "r", "p")
    changed = replace(head, **{name: "other" if name in ("root", "previous") else 77})
    assert head.digest() != changed.digest()


def test_marks_of_entries_and_seals_cannot_stand_for_each_other() -> None:
    assert entry_mac(KEY, "x") != seal_mac(KEY, "x")
    assert entry_mac(KEY, "x") != entry_mac(b"another", "x")


def test_marks_are_compared_whatever_they_hold() -> None:
    assert marks_equal("甲", "甲")
    assert not marks_equal("甲", "0" * 64)


def an_entry(**values) -> EntryFacts:
    facts = {
        "at": START,
        "actor": None,
        "action": "booking.held",
        "entity": "bookings",
        "id": new_id(),
        "version": 1,
    }
    body = canonical({**facts, "row": {"status": "on_hold"}})
    leaf = leaf_hash(body)
    defaults = {
        "id": new_id(),
        "at": facts["at"],
        "actor_id": None,
        "action": facts["action"],
        "entity": facts["entity"],
        "entity_id": facts["id"],
        "entity_version": 1,
        "body": body,
        "algorithm": "sha256",
        "leaf": leaf,
        "mac": entry_mac(KEY, leaf),
        "seq": None,
    }
    return EntryFacts(**{**defaults, **values})


def test_an_entry_as_it_was_written_has_no_fault() -> None:
    assert entry_fault(an_entry(), KEY) is None


def test_a_changed_body_is_found() -> None:
    entry = an_entry()
    assert entry_fault(replace(entry, body=entry.body + " "), KEY) is EntryFault.CHANGED
    assert entry_fault(replace(entry, algorithm="md5"), KEY) is EntryFault.CHANGED


def test_a_body_with_a_leaf_of_its_own_but_no_key_is_forged() -> None:
    entry = an_entry()
    body = json.dumps({**json.loads(entry.body), "row": {"status": "accepted"}})
    changed = replace(entry, body=body, leaf=leaf_hash(body))
    assert entry_fault(changed, KEY) is EntryFault.FORGED


@pytest.mark.parametrize(
    "label",
    [
        {"at": START + timedelta(seconds=1)},
        {"actor_id": new_id()},
        {"action": "booking.released"},
        {"entity": "outcomes"},
        {"entity_id": new_id()},
        {"entity_version": 2},
    ],
)
def test_a_column_that_says_something_else_than_the_body_is_found(label) -> None:
    assert entry_fault(an_entry(**label), KEY) is EntryFault.MISLABELLED


def test_equal_values_have_equal_digests() -> None:
    assert digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1})
