"""Values made of others: lists, objects, and what may be null."""

from dataclasses import dataclass
from typing import Any

from app.api.schemas.kinds import Count, Kind, Schema
from app.domain.errors import FieldError, InvalidInputError
from app.http.wire import jsonable

MOST_ERRORS = 50
LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class Maybe(Kind):
    """A value, or null."""

    kind: Kind

    def read(self, value: object, at: str) -> Any:
        """Return the value, None for null."""
        return None if value is None else self.kind.read(value, at)

    def heard(self, text: str) -> object:
        """Return what a query parameter says, as JSON would have said it."""
        return self.kind.heard(text)

    def describe(self) -> Schema:
        """Return the JSON Schema of the kind."""
        return {"anyOf": [self.kind.describe(), {"type": "null"}]}


@dataclass(frozen=True, slots=True)
class Many(Kind):
    """A list of values of one kind."""

    kind: Kind
    count: Count | None = None

    def heard(self, text: str) -> object:
        """Return the values that stand between commas."""
        return [self.kind.heard(part.strip()) for part in text.split(",")]

    def read(self, value: object, at: str) -> tuple[Any, ...]:
        """Return the values, or every fault among them."""
        count = self.count or Count()
        if not isinstance(value, list):
            raise InvalidInputError.at(at, "input.not_a_list")
        if len(value) > count.most:
            raise InvalidInputError.at(at, "input.too_many", most=count.most)
        if len(value) < count.least:
            raise InvalidInputError.at(at, "input.required")
        faults = Faults()
        found = tuple(
            faults.reading(self.kind, item, f"{at}[{place}]") for place, item in enumerate(value)
        )
        faults.tell()
        return found

    def describe(self) -> Schema:
        """Return the JSON Schema of the kind."""
        schema: Schema = {"type": "array", "items": self.kind.describe()}
        if self.count:
            schema |= {"minItems": self.count.least, "maxItems": self.count.most}
        return schema


@dataclass(frozen=True, slots=True)
class Table(Kind):
    """Values by name, in answers only."""

    kind: Kind

    def describe(self) -> Schema:
        """Return the JSON Schema of the kind."""
        return {"type": "object", "additionalProperties": self.kind.describe()}


@dataclass(frozen=True, slots=True)
class Either(Kind):
    """A value of one of several kinds, in answers only."""

    kinds: tuple[Kind, ...]

    def describe(self) -> Schema:
        """Return the JSON Schema of the kind."""
        return {"anyOf": [kind.describe() for kind in self.kinds]}


@dataclass(frozen=True, slots=True)
class Anything(Kind):
    """A value whose form is not promised, in answers only."""

    def describe(self) -> Schema:
        """Return the JSON Schema of the kind."""
        return {}


@dataclass(frozen=True, slots=True)
class Member:
    """One name of an object."""

    attribute: str
    name: str
    kind: Kind
    is_required: bool
    default: Any
    says: str | None

    def describe(self) -> Schema:
        """Return the JSON Schema of the member."""
        schema = dict(self.kind.describe())
        if self.default is not None:
            schema["default"] = jsonable(self.default)
        if self.says:
            schema["description"] = self.says
        return schema


@dataclass(frozen=True, slots=True)
class Record(Kind):
    """An object with the members of a dataclass; in a request no others are taken."""

    of: type[Any]
    members: tuple[Member, ...]

    def read(self, value: object, at: str) -> Any:
        """Return the dataclass, or every fault among the members."""
        if not isinstance(value, dict):
            raise InvalidInputError.at(at, "input.not_an_object")
        known = {member.name: member for member in self.members}
        faults = Faults()
        for name in value.keys() - known.keys():
            faults.note(InvalidInputError.at(_below(at, name), "input.unknown_field"))
        given = {
            member.attribute: self._part(faults, member, value[name], _below(at, name))
            for name, member in known.items()
            if name in value
        }
        for member in self.members:
            if member.is_required and member.name not in value:
                faults.note(InvalidInputError.at(_below(at, member.name), "input.required"))
        faults.tell()
        return self.of(**given)

    def _part(self, faults: "Faults", member: Member, value: object, at: str) -> Any:
        if value is None and not isinstance(member.kind, Maybe):
            return faults.note(InvalidInputError.at(at, "input.required"))
        return faults.reading(member.kind, value, at)

    def describe(self) -> Schema:
        """Return a reference; what it refers to is Definitions' to say."""
        return {"$ref": f"#/components/schemas/{self.of.__name__}"}


class Faults:
    """What is wrong with the parts of a value, told together."""

    def __init__(self) -> None:
        self._errors: list[FieldError] = []

    def reading(self, kind: Kind, value: object, at: str) -> Any:
        """Return the part, None when it is at fault."""
        try:
            return kind.read(value, at)
        except InvalidInputError as error:
            self.note(error)

    def note(self, error: InvalidInputError) -> None:
        """Keep the fault for later."""
        self._errors += error.errors

    def tell(self) -> None:
        """Refuse the whole when any part was at fault.

        Raises:
            InvalidInputError: with the faults in order of their names, not more than are read.
        """
        if self._errors:
            found = sorted(self._errors, key=lambda error: error.field)
            raise InvalidInputError(errors=found[:MOST_ERRORS])


def _below(at: str, name: str) -> str:
    short = name[:LONGEST_NAME]
    return f"{at}.{short}" if at else short
