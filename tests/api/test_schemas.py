"""How values are read: no database, no application."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

import pytest

from app.api.schemas import Count, Definitions, Flag, Named, OneOf, Text, Whole, record_of
from app.api.schemas.containers import MOST_ERRORS
from app.api.schemas.hints import kind_of
from app.domain.calendar import Month
from app.domain.errors import InvalidInputError

KEY = UUID("01990000-0000-7000-8000-000000000001")


class Colour(StrEnum):
    RED = "red"


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """A part."""

    day: date
    count: Annotated[int, Whole(1, 3)] = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """A whole."""

    name: Annotated[str, Text(5)]
    first: Annotated[date | None, Named("from", "When it begins.")] = None
    leaves: Annotated[tuple[Leaf, ...], Count(0, 2)] = ()
    note: Annotated[str | None, Text(5)] = None


def refused(kind: Any, value: object) -> dict[str, str]:
    with pytest.raises(InvalidInputError) as refusal:
        kind.read(value, "it")
    return {error.field: error.code for error in refusal.value.errors}


@pytest.mark.parametrize(
    ("hint", "value", "expected"),
    [
        (Annotated[str, Text(3)], "abc", "abc"),
        (Annotated[str, Text(3)], "a\r\nb", "a\nb"),
        (Annotated[int, Whole(0, 9)], 9, 9),
        (Annotated[int, Whole(0, 9)], 3.0, 3),
        (bool, False, False),
        (UUID, str(KEY), KEY),
        (UUID, str(KEY).upper(), KEY),
        (datetime, "2026-09-18T14:00:00+08:00", datetime(2026, 9, 18, 6, tzinfo=UTC)),
        (datetime, "2026-09-18T06:00:00Z", datetime(2026, 9, 18, 6, tzinfo=UTC)),
        (date, "2026-02-28", date(2026, 2, 28)),
        (Month, "2026-09", Month(2026, 9)),
        (Colour, "red", Colour.RED),
        (Annotated[Colour, OneOf({"r": Colour.RED})], "r", Colour.RED),
        (Annotated[tuple[UUID, ...], Count(1, 2)], [str(KEY)], (KEY,)),
        (Annotated[str | None, Text(3)], None, None),
    ],
)
def test_a_value_of_its_kind_is_taken(hint: Any, value: object, expected: object) -> None:
    found = kind_of(hint).read(value, "it")
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    ("hint", "value", "code"),
    [
        (Annotated[str, Text(3)], "abcd", "input.too_long"),
        (Annotated[str, Text(3)], "  ", "input.required"),
        (Annotated[str, Text(3)], "a\x00", "input.control_character"),
        (Annotated[str, Text(3)], 3, "input.not_text"),
        (Annotated[int, Whole(0, 9)], "3", "input.not_a_number"),
        (Annotated[int, Whole(0, 9)], True, "input.not_a_number"),
        (Annotated[int, Whole(0, 9)], 3.5, "input.not_a_number"),
        (Annotated[int, Whole(0, 9)], 1e300, "input.too_large"),
        (Annotated[int, Whole(0, 9)], -1, "input.too_small"),
        (bool, 1, "input.not_true_or_false"),
        (UUID, KEY.hex, "input.not_an_id"),
        (UUID, 7, "input.not_an_id"),
        (datetime, "2026-09-18", "input.no_offset"),
        (datetime, "2026-09-18T25:00:00Z", "input.not_an_instant"),
        (datetime, 1789711200, "input.not_an_instant"),
        (datetime, "0001-01-01T00:00:00+23:59", "input.too_early"),
        (datetime, "9999-12-31T23:59:59-23:59", "input.too_late"),
        (date, "20260918", "input.not_a_date"),
        (date, "2026-9-18", "input.not_a_date"),
        (date, "１９９９-01-01", "input.not_a_date"),
        (date, "1999-12-31", "input.too_early"),
        (date, 20260918, "input.not_a_date"),
        (Month, "2026-9", "calendar.month_invalid"),
        (Month, 202609, "calendar.month_invalid"),
        (Colour, "blue", "input.unknown_code"),
        (Colour, ["red"], "input.unknown_code"),
        (Annotated[tuple[UUID, ...], Count(1, 2)], [], "input.required"),
        (Annotated[tuple[UUID, ...], Count(1, 2)], [str(KEY)] * 3, "input.too_many"),
        (Annotated[tuple[UUID, ...], Count(1, 2)], {"0": str(KEY)}, "input.not_a_list"),
    ],
)
def test_a_value_of_another_kind_is_refused_by_code(hint: Any, value: object, code: str) -> None:
    assert refused(kind_of(hint), value) == {"it": code}


def test_an_object_is_read_member_by_member() -> None:
    given = {"name": "oak", "from": "2026-01-01", "leaves": [{"day": "2026-05-01", "count": 2}]}
    assert record_of(Tree).read(given, "") == Tree(
        name="oak", first=date(2026, 1, 1), leaves=(Leaf(day=date(2026, 5, 1), count=2),)
    )


def test_everything_at_fault_is_named_at_its_place() -> None:
    given = {"from": 1, "first": "x", "leaves": [{"count": None}, 7], "note": None}
    with pytest.raises(InvalidInputError) as refusal:
        record_of(Tree).read(given, "")
    assert {error.field: error.code for error in refusal.value.errors} == {
        "name": "input.required",
        "from": "input.not_a_date",
        "first": "input.unknown_field",
        "leaves[0].day": "input.required",
        "leaves[0].count": "input.required",
        "leaves[1]": "input.not_an_object",
    }


def test_faults_without_end_are_told_as_far_as_anybody_reads() -> None:
    given = {f"{number:0200}": 1 for number in range(1000)}
    with pytest.raises(InvalidInputError) as refusal:
        record_of(Tree).read(given, "")
    errors = refusal.value.errors
    assert len(errors) == MOST_ERRORS
    assert max(len(error.field) for error in errors) == 100


@pytest.mark.parametrize("value", [[], "x", 1, None, True])
def test_what_is_no_object_is_refused_as_a_whole(value: object) -> None:
    assert refused(record_of(Tree), value) == {"it": "input.not_an_object"}


def test_a_query_says_numbers_and_flags_in_words() -> None:
    assert (Whole(0, 9).heard("7"), Whole(0, 9).heard("７"), Whole().heard("1e3")) == (
        7,
        "７",
        "1e3",
    )
    assert [Flag().heard(word) for word in ("true", "false", "1")] == [True, False, "1"]


def test_a_class_is_described_with_all_below_it() -> None:
    definitions = Definitions()
    assert definitions.add(Tree, is_closed=True) == {"$ref": "#/components/schemas/Tree"}
    tree, leaf = definitions.schemas["Tree"], definitions.schemas["Leaf"]
    assert (tree["required"], leaf["required"]) == (["name"], ["day"])
    assert tree["additionalProperties"] is leaf["additionalProperties"] is False
    assert tree["properties"]["from"] == {
        "anyOf": [{"type": "string", "format": "date"}, {"type": "null"}],
        "description": "When it begins.",
    }
    assert tree["properties"]["leaves"]["items"] == {"$ref": "#/components/schemas/Leaf"}
    assert leaf["properties"]["count"] == {
        "type": "integer",
        "minimum": 1,
        "maximum": 3,
        "default": 1,
    }


def test_two_classes_of_one_name_are_a_mistake_of_the_author() -> None:
    definitions = Definitions()
    definitions.add(Leaf)
    other = type("Leaf", (), {})
    with pytest.raises(TypeError, match="two schemas"):
        definitions.add(other)


def test_what_has_no_kind_is_a_mistake_of_the_author() -> None:
    with pytest.raises(TypeError, match="no kind"):
        kind_of(bytes)
    with pytest.raises(TypeError, match="answers only"):
        kind_of(Mapping[str, int]).read({}, "it")
    assert kind_of(Mapping[str, int | str]).describe() == {
        "type": "object",
        "additionalProperties": {"anyOf": [{"type": "integer"}, {"type": "string"}]},
    }
    assert kind_of(Any).describe() == {}
    assert kind_of(float).describe() == {"type": "number"}
