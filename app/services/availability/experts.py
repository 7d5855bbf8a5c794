"""The expert whose time is set, by himself or by an officer."""

from collections.abc import Collection, Mapping
from datetime import date
from uuid import UUID

from sqlalchemy import select

from app.domain.actor import Permission
from app.domain.availability import wall_time
from app.domain.errors import FieldError, InvalidInputError
from app.models.expert import Expert
from app.models.place import Place
from app.unit_of_work import UnitOfWork


def load_expert(uow: UnitOfWork, expert_id: UUID) -> Expert:
    """Return the expert, locked, when the actor may set his time."""
    expert = uow.load(Expert, expert_id, lock=True)
    uow.require(Permission.SET_AVAILABILITY, experts=frozenset({expert.id}))
    return expert


def ensure_places(uow: UnitOfWork, place_ids: Mapping[str, UUID | None]) -> None:
    """Refuse places that there are not, or that are no longer used.

    Raises:
        InvalidInputError: naming each field at fault.
    """
    named = {place_id for place_id in place_ids.values() if place_id is not None}
    used = select(Place.id).where(Place.id.in_(named), Place.retired_at.is_(None))
    missing = named - set(uow.all(used)) if named else set()
    if missing:
        raise InvalidInputError(
            errors=[
                FieldError(name, "availability.place_unknown")
                for name, place_id in place_ids.items()
                if place_id in missing
            ]
        )


def local_today(uow: UnitOfWork, expert: Expert) -> date:
    """Return the date that the expert's own calendar shows."""
    return wall_time(uow.now, expert.time_zone).date()


def ordered(expert: Expert, modes: Collection[str]) -> list[str]:
    """Return the ways of meeting in the expert's own order."""
    return [mode for mode in expert.modes if mode in modes]
