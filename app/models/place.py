"""Places where people meet, and the days on which one is shut beyond its hours."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import on_violation
from app.domain.errors import InvalidInputError
from app.domain.place import PlaceKind, PlaceNameTakenError
from app.models.base import Base, Code, Json, Ledger, Versioned, enum_of, references

_IN_USE = text("retired_at IS NULL")


class Place(Versioned, Ledger, Base):
    """A room or a station with its weekly hours; a house of several rooms is several places.

    `hours` holds `{weekday, starts, ends}` in minutes of the local day.
    """

    __tablename__ = "places"
    __table_args__ = (
        UniqueConstraint("code"),
        CheckConstraint("seats > 0", name="seats"),
        Index(
            "uq_places_name", "name", unique=True, postgresql_where=_IN_USE, sqlite_where=_IN_USE
        ),
    )

    code: Mapped[Code | None]
    kind: Mapped[PlaceKind] = mapped_column(enum_of(PlaceKind))
    name: Mapped[str]
    street: Mapped[Code | None]
    address: Mapped[str]
    seats: Mapped[int]
    equipment: Mapped[Json]
    hours: Mapped[Json]
    retired_at: Mapped[datetime | None]


class PlaceClosing(Base):
    """Minutes of one day in which a place is shut although its week says otherwise."""

    __tablename__ = "place_closings"
    __table_args__ = (
        UniqueConstraint("place_id", "day", "starts_minute"),
        CheckConstraint(
            "starts_minute >= 0 AND ends_minute > starts_minute AND ends_minute <= 1440",
            name="span",
        ),
    )

    place_id: Mapped[UUID] = references("places")
    day: Mapped[date]
    starts_minute: Mapped[int]
    ends_minute: Mapped[int]
    reason: Mapped[str]


on_violation(PlaceNameTakenError, "uq_places_name", "places.name")
on_violation(
    lambda: InvalidInputError.at("first_on", "place.closed_already"),
    "uq_place_closings_place_id_day_starts_minute",
    "place_closings.place_id, place_closings.day, place_closings.starts_minute",
)
