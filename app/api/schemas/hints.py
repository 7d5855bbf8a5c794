"""Which kind a type hint speaks of, and so what a dataclass takes."""

import types
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from app.api.schemas.containers import Anything, Either, Many, Maybe, Member, Record, Table
from app.api.schemas.kinds import (
    Count,
    Day,
    Flag,
    Id,
    Instant,
    Kind,
    MonthName,
    Named,
    Number,
    OneOf,
    Text,
    Whole,
)
from app.domain.calendar import Month

_PLAIN: Mapping[Any, Kind] = {
    str: Text(),
    int: Whole(),
    float: Number(),
    bool: Flag(),
    UUID: Id(),
    datetime: Instant(),
    date: Day(),
    Month: MonthName(),
}


def record_of(kind: type[Any]) -> Record:
    """Return what reads and describes the dataclass; members with a default may be left out."""
    return Record(kind, _members(kind))


def _members(kind: type[Any]) -> tuple[Member, ...]:
    hints = get_type_hints(kind, include_extras=True)
    return tuple(_member(each, hints[each.name]) for each in fields(kind))


def _member(of: Field[Any], hint: Any) -> Member:
    named = next((mark for mark in _marks(hint) if isinstance(mark, Named)), Named())
    return Member(
        attribute=of.name,
        name=named.name or of.name,
        kind=kind_of(hint),
        is_required=of.default is MISSING,
        default=None if of.default is MISSING else of.default,
        says=named.says,
    )


def kind_of(hint: Any) -> Kind:
    """Return the kind that a type hint speaks of.

    Raises:
        TypeError: when it speaks of none.
    """
    marks, bare = _marks(hint), _bare(hint)
    origin, given = get_origin(bare), get_args(bare)
    if origin in (Union, types.UnionType):
        return _one_of_kinds([_marked(part, marks) for part in given])
    own = next((mark for mark in marks if isinstance(mark, Kind)), None)
    if own is not None and origin is None:
        return own
    if origin in (tuple, Sequence, list):
        count = next((mark for mark in marks if isinstance(mark, Count)), None)
        return Many(own or kind_of(given[0]), count)
    if origin in (dict, Mapping):
        return Table(kind_of(given[1]))
    return _plain(bare)


def _plain(bare: Any) -> Kind:
    if bare is Any:
        return Anything()
    if bare in _PLAIN:
        return _PLAIN[bare]
    if isinstance(bare, type) and issubclass(bare, Enum):
        return OneOf.members(bare)
    if isinstance(bare, type) and is_dataclass(bare):
        return record_of(bare)
    raise TypeError(f"no kind for {bare}")


def _one_of_kinds(parts: list[Any]) -> Kind:
    kinds = tuple(kind_of(part) for part in parts if _bare(part) is not types.NoneType)
    found = kinds[0] if len(kinds) == 1 else Either(kinds)
    return Maybe(found) if len(kinds) < len(parts) else found


def _marks(hint: Any) -> tuple[Any, ...]:
    return get_args(hint)[1:] if get_origin(hint) is Annotated else ()


def _bare(hint: Any) -> Any:
    return get_args(hint)[0] if get_origin(hint) is Annotated else hint


def _marked(part: Any, marks: tuple[Any, ...]) -> Any:
    if not marks or part is types.NoneType:
        return part
    return Annotated[(part, *marks)]
