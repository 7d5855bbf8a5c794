"""The verbs of a place: add, change, retire, close days."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.domain.actor import Permission
from app.domain.availability import Closing, ensure_closing
from app.domain.errors import NotFoundError
from app.domain.place import (
    Equipment,
    PlaceFacts,
    PlaceKind,
    PlaceRetiredError,
    closed,
    ensure_place,
)
from app.models.place import Place, PlaceClosing
from app.services.bookings.versions import ensure_version
from app.unit_of_work import UnitOfWork


def add(uow: UnitOfWork, facts: PlaceFacts, *, code: str | None = None) -> Place:
    """Add a place; it can be booked at once.

    Args:
        uow: the transaction.
        facts: what it is and when it is open.
        code: by which the reference data knows it; places added at the desk have none.

    Raises:
        InvalidInputError: naming each field at fault.
        PlaceNameTakenError: another place in use has the name.
    """
    uow.require(Permission.MANAGE_PLACES)
    ensure_place(facts)
    place = uow.add(Place(code=code, **_values(facts)))
    uow.flush()
    uow.audit("place.added", place)
    return place


def change(
    uow: UnitOfWork, place_id: UUID, facts: PlaceFacts, *, version: int | None = None
) -> Place:
    """Change what is said of a place; bookings that stand are left alone.

    Raises:
        InvalidInputError: naming each field at fault.
        PlaceRetiredError: it is no longer used.
        PlaceNameTakenError, StaleVersionError: somebody was faster.
    """
    place = _in_use(uow, place_id)
    ensure_version(place, version)
    ensure_place(facts)
    for name, value in _values(facts).items():
        setattr(place, name, value)
    uow.flush()
    uow.audit("place.changed", place)
    return place


def retire(uow: UnitOfWork, place_id: UUID, *, version: int | None = None) -> Place:
    """Take a place out of use; bookings that stand keep it, no new ones are made.

    Raises:
        PlaceRetiredError: it is retired already.
    """
    place = _in_use(uow, place_id)
    ensure_version(place, version)
    place.retired_at = uow.now
    uow.audit("place.retired", place)
    return place


def close_day(
    uow: UnitOfWork, place_id: UUID, closing: Closing, *, version: int | None = None
) -> Sequence[PlaceClosing]:
    """Shut a place on a day, or on each of several; bookings that stand are left alone.

    Raises:
        InvalidInputError: for a past day, a missing reason, or a day that is shut already.
    """
    place = _in_use(uow, place_id)
    ensure_version(place, version)
    standing = uow.all(
        select(PlaceClosing).where(
            PlaceClosing.place_id == place.id, PlaceClosing.day >= closing.first_on
        )
    )
    others = [closed(row.day, row.starts_minute, row.ends_minute) for row in standing]
    ensure_closing(closing, uow.today, others)
    rows = [
        uow.add(
            PlaceClosing(
                place_id=place.id,
                day=day,
                starts_minute=closing.starts_minute,
                ends_minute=closing.ends_minute,
                reason=closing.reason.strip(),
            )
        )
        for day in closing.days()
    ]
    for row in rows:
        uow.audit("place.day_closed", row, place=place.id, day=row.day)
    return rows


def reopen_days(uow: UnitOfWork, place_id: UUID, closing_ids: Collection[UUID]) -> int:
    """Let the week hold again on days on which the place was shut, and return on how many.

    Raises:
        NotFoundError: one of them is not of this place, or gone already.
    """
    place = _in_use(uow, place_id)
    rows = uow.all(
        select(PlaceClosing).where(
            PlaceClosing.place_id == place.id, PlaceClosing.id.in_(closing_ids)
        )
    )
    if not rows or len(rows) < len(set(closing_ids)):
        raise NotFoundError("place_closing.not_found")
    for row in rows:
        uow.audit("place.day_reopened", row, place=place.id, day=row.day)
        uow.session.delete(row)
    return len(rows)


def import_places(uow: UnitOfWork, rows: Sequence[Mapping[str, Any]]) -> int:
    """Add the rooms of the reference data that are not known yet; the desk's changes stay.

    Returns:
        How many were added.
    """
    known = set(uow.all(select(Place.code).where(Place.code.is_not(None))))
    fresh = [
        (house, room) for house in rows for room in house["rooms"] if room["code"] not in known
    ]
    for house, room in fresh:
        facts = PlaceFacts(
            kind=PlaceKind(house["kind"]),
            name=f"{house['name']} {room['name']}",
            street=house["street"],
            address=house["address"],
            seats=room["seats"],
            equipment=[Equipment(code) for code in room["equipment"]],
        )
        add(uow, facts, code=room["code"])
    return len(fresh)


def _in_use(uow: UnitOfWork, place_id: UUID) -> Place:
    place = uow.load(Place, place_id, lock=True)
    uow.require(Permission.MANAGE_PLACES)
    if place.retired_at is not None:
        raise PlaceRetiredError
    return place


def _values(facts: PlaceFacts) -> dict[str, Any]:
    return {
        "kind": facts.kind,
        "name": facts.name.strip(),
        "street": facts.street,
        "address": facts.address.strip(),
        "seats": facts.seats,
        "equipment": sorted(each.value for each in facts.equipment),
        "hours": [
            {"weekday": span.weekday, "starts": span.starts_minute, "ends": span.ends_minute}
            for span in sorted(facts.hours, key=lambda span: (span.weekday, span.starts_minute))
        ],
    }
