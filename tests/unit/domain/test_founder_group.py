"""Seals of sensitive groups: told by whoever holds the key, by nobody once it is gone."""

import re
from dataclasses import dataclass
from typing import Any

import pytest

from app.domain import founder_group
from app.domain.founder_group import (
    WITHDRAWN,
    counted_as,
    is_sealed,
    new_seal,
    opened,
    with_groups_opened,
    with_kept_seals,
)

# The same for every process: they stand in the names of tests.
KEPT, GONE = f"sealed:{'g' * 32}", f"sealed:{'h' * 32}"
SEALS = {KEPT: "disabled"}


@dataclass(frozen=True)
class Said:
    """As much of a decision or of facts as is asked for."""

    groups: tuple[tuple[str, str | None], ...] = ()
    attendees: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Came:
    person_id: str
    group: str | None


def test_a_seal_is_of_letters_alone_and_no_two_are_alike() -> None:
    seals = {new_seal() for _ in range(200)}
    assert len(seals) == 200
    assert all(re.fullmatch(r"sealed:[a-v]{32}", seal) for seal in seals)
    assert all(len(seal) <= 40 for seal in seals)


@pytest.mark.parametrize(
    ("group", "is_seal", "shown", "counted"),
    [
        (None, False, None, None),
        ("veteran", False, "veteran", "veteran"),
        (KEPT, True, "disabled", "disabled"),
        (GONE, True, WITHDRAWN, None),
    ],
)
def test_a_seal_is_opened_while_its_key_is_kept(group, is_seal, shown, counted) -> None:
    assert is_sealed(group) is is_seal
    assert opened(group, SEALS) == shown
    assert counted_as(group, SEALS) == counted


def test_decisions_are_counted_by_groups_and_others_left_as_they_are() -> None:
    sealed = Said((("a", KEPT), ("b", GONE), ("c", None)))
    plain = Said((("d", "veteran"),))
    now = with_groups_opened([sealed, plain], SEALS)  # type: ignore[list-item]
    assert now[0].groups == (("a", "disabled"), ("b", None), ("c", None))
    assert now[1] is plain
    then = with_groups_opened([sealed], SEALS, as_reported=True)  # type: ignore[list-item]
    assert then[0].groups == (("a", "disabled"), ("b", WITHDRAWN), ("c", None))


def test_a_closed_month_keeps_the_seals_whose_key_is_gone() -> None:
    stood = Said((("a", KEPT), ("b", GONE)))
    facts = Said(attendees=(Came("a", None), Came("b2", "veteran"), Came("c", None)))
    kept = with_kept_seals(facts, stood, SEALS, {"b2": "b"})  # type: ignore[arg-type]
    assert [each.group for each in kept.attendees] == [None, GONE, None]
    same = with_kept_seals(facts, Said((("a", KEPT),)), SEALS, {})  # type: ignore[arg-type]
    assert same is facts
    assert founder_group.PREFIX == "sealed:"
