"""What every table shares."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, ClassVar
from uuid import UUID

from sqlalchemy import Enum, ForeignKey, MetaData, String, Text, Uuid, event
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

from app.db import JSONValue, UTCDateTime, metadata
from app.domain.ids import new_id

Code = Annotated[str, mapped_column(String(40))]
Label = Annotated[str, mapped_column(String(200))]
Prose = Annotated[str, mapped_column(Text)]
Json = Annotated[Any, mapped_column(JSONValue)]


class Base(DeclarativeBase):
    """A row with a UUIDv7 key."""

    metadata: ClassVar[MetaData] = metadata
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UTCDateTime(),
        UUID: Uuid(),
        str: String(200),
    }

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)


@event.listens_for(Base, "init", propagate=True)
def _identify(_row: Base, _args: tuple[Any, ...], values: dict[str, Any]) -> None:
    values.setdefault("id", new_id())


class Versioned:
    """A row that two people may edit: an update of a stale copy is refused."""

    version: Mapped[int] = mapped_column(default=1)

    @declared_attr.directive
    @classmethod
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.version}


class Ledger:
    """A row whose every change must be audited in the same transaction.

    The columns named in PRIVATE enter the audit only as part of a hash. Those of them that came
    to the table, or became private, after it had rows are named in PRIVATE_SINCE as well: the
    hash leaves them out while they are empty, so that older entries go on holding.
    """

    PRIVATE: ClassVar[frozenset[str]] = frozenset()
    PRIVATE_SINCE: ClassVar[frozenset[str]] = frozenset()


def enum_of(kind: type[StrEnum]) -> Enum:
    """Return a column type that stores the values and lets the database check them."""
    return Enum(
        kind,
        native_enum=False,
        create_constraint=True,
        length=40,
        name=_snake(kind.__name__),
        values_callable=lambda members: [member.value for member in members],
    )


def references(table: str, **options: Any) -> Any:
    """Return a column that holds a key of the other table, indexed unless told otherwise."""
    options.setdefault("index", True)
    return mapped_column(ForeignKey(f"{table}.id"), **options)


def _snake(name: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")
