"""The schemas of all objects that a document refers to."""

from typing import Any

from app.api.schemas.containers import Either, Many, Maybe, Record, Table
from app.api.schemas.hints import record_of
from app.api.schemas.kinds import Kind, Schema


class Definitions:
    """The schemas of all objects that a document refers to, by the names of their classes."""

    def __init__(self) -> None:
        self.schemas: dict[str, Schema] = {}
        self._classes: dict[str, type[Any]] = {}

    def add(self, kind: type[Any], *, is_closed: bool = False) -> Schema:
        """Describe the dataclass and everything below it; return the reference to it.

        Args:
            kind: the dataclass.
            is_closed: True for a request, which takes no other members.
        """
        name = kind.__name__
        if self._classes.setdefault(name, kind) is not kind:
            raise TypeError(f"two schemas are called {name}")
        if name not in self.schemas:
            found = record_of(kind).members
            schema: Schema = {
                "type": "object",
                "description": (kind.__doc__ or "").partition("\n")[0],
                "properties": {member.name: member.describe() for member in found},
                "required": [member.name for member in found if member.is_required],
            }
            self.schemas[name] = {**schema, "additionalProperties": False} if is_closed else schema
            for member in found:
                for nested in _records(member.kind):
                    self.add(nested.of, is_closed=is_closed)
        return record_of(kind).describe()


def _records(kind: Kind) -> list[Record]:
    if isinstance(kind, Record):
        return [kind]
    if isinstance(kind, Maybe | Many | Table):
        return _records(kind.kind)
    if isinstance(kind, Either):
        return [record for each in kind.kinds for record in _records(each)]
    return []
