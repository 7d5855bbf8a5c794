"""Clinics 坐诊: half-days of an expert that are given away slot by slot."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from app.domain.actor import Permission, may
from app.domain.availability import Clinic, ensure_clinic
from app.domain.calendar import CalendarWeek
from app.domain.errors import ForbiddenError, InvalidInputError, NotFoundError
from app.models.availability import Clinic as ClinicRow
from app.models.expert import Appointment, Expert
from app.models.place import Place
from app.services.availability.experts import ensure_places
from app.services.bookings.versions import ensure_version
from app.services.bookings.waiting import offer_freed
from app.unit_of_work import UnitOfWork

_ONE_WEEK = timedelta(days=7)


def set_clinic(
    uow: UnitOfWork,
    expert_id: UUID,
    clinic: Clinic,
    *,
    clinic_id: UUID | None = None,
    version: int | None = None,
) -> ClinicRow:
    """Set a clinic of the expert, or change one; bookings that stand are left alone.

    The expert and the bureau set any, a clerk of a sub-district those at its places.

    Raises:
        ForbiddenError: it is, or was, held at no place where the actor works.
        InvalidInputError: naming each field at fault.
        NotFoundError: the clinic to be changed is not his, or gone.
        StaleVersionError: when somebody changed it since the caller looked.
    """
    expert = uow.load(Expert, expert_id, lock=True)
    row = _load(uow, expert.id, clinic_id) if clinic_id else None
    _ensure_may_set(uow, expert.id, clinic, row)
    if row is not None:
        ensure_version(row, version)
    others = [other for other in _clinics(uow, expert.id) if other is not row]
    standing = [_clinic(other) for other in others]
    ensure_places(uow, {"place": clinic.place_id})
    ensure_clinic(clinic, uow.today, frozenset(expert.modes), standing)
    if row is None:
        row = uow.add(ClinicRow(expert_id=expert.id))
    row.day = clinic.day
    row.starts_minute, row.ends_minute = clinic.starts_minute, clinic.ends_minute
    row.slot_minutes = clinic.slot_minutes
    row.place_id, row.note = clinic.place_id, clinic.note.strip()
    uow.audit("availability.clinic_set", row, expert=expert.id, **_facts(row))
    offer_freed(uow, expert.id)
    return row


def remove_clinic(
    uow: UnitOfWork, expert_id: UUID, clinic_id: UUID, *, version: int | None = None
) -> None:
    """Take a clinic back, so that the week holds again; bookings that stand are left alone.

    Raises:
        ForbiddenError: it is held at no place where the actor works.
        NotFoundError: when it is not his, or gone already.
        StaleVersionError: when somebody changed it since the caller looked.
    """
    expert = uow.load(Expert, expert_id, lock=True)
    row = _load(uow, expert.id, clinic_id)
    _ensure_may_set(uow, expert.id, row)
    ensure_version(row, version)
    uow.audit("availability.clinic_removed", row, expert=expert.id, **_facts(row))
    uow.session.delete(row)


def repeat_clinics(uow: UnitOfWork, week: CalendarWeek) -> tuple[list[ClinicRow], int]:
    """Set the clinics of the week before once more in the week, each on its weekday.

    Returns:
        Those set, and how many were not: on a day off or past, on top of another, or of an
        expert who is not in term then.

    Raises:
        ForbiddenError: only who looks after all experts may.
    """
    uow.require(Permission.SET_AVAILABILITY, experts=frozenset())
    before = week.shifted(-1)
    rows = uow.all(
        select(ClinicRow)
        .where(ClinicRow.day.between(before.days[0], before.days[-1]))
        .order_by(ClinicRow.day, ClinicRow.starts_minute, ClinicRow.id)
    )
    found = [_repeated(uow, row) for row in rows]
    kept = [row for row in found if row is not None]
    return kept, len(found) - len(kept)


def _ensure_may_set(uow: UnitOfWork, expert_id: UUID, *held: Clinic | ClinicRow | None) -> None:
    """Refuse who may set neither the expert's time nor anything at one of the places."""
    uow.require(Permission.SET_CLINIC)
    if may(uow.actor, Permission.SET_AVAILABILITY, experts=frozenset({expert_id})):
        return
    for clinic in held:
        if clinic is None:
            continue
        place = uow.load(Place, clinic.place_id) if clinic.place_id else None
        if not uow.actor.works_at(place.street if place else None):
            raise ForbiddenError(permission=Permission.SET_CLINIC.value)


def _repeated(uow: UnitOfWork, row: ClinicRow) -> ClinicRow | None:
    day = row.day + _ONE_WEEK
    terms = uow.all(select(Appointment).where(Appointment.expert_id == row.expert_id))
    if not uow.calendar.is_working(day) or not any(t.starts_on <= day <= t.ends_on for t in terms):
        return None
    try:
        return set_clinic(uow, row.expert_id, replace(_clinic(row), day=day, note=row.note))
    except InvalidInputError:
        # Refused before anything was written: past, or on top of one that stands.
        return None


def _load(uow: UnitOfWork, expert_id: UUID, clinic_id: UUID) -> ClinicRow:
    row = uow.one(
        select(ClinicRow).where(ClinicRow.id == clinic_id, ClinicRow.expert_id == expert_id)
    )
    if row is None:
        raise NotFoundError("clinic.not_found")
    return row


def _clinics(uow: UnitOfWork, expert_id: UUID) -> list[ClinicRow]:
    return list(
        uow.all(
            select(ClinicRow).where(ClinicRow.expert_id == expert_id, ClinicRow.day >= uow.today)
        )
    )


def _clinic(row: ClinicRow) -> Clinic:
    return Clinic(row.day, row.starts_minute, row.ends_minute, row.slot_minutes, row.place_id)


def _facts(row: ClinicRow) -> dict[str, object]:
    return {
        "day": row.day,
        "starts": row.starts_minute,
        "ends": row.ends_minute,
        "slot": row.slot_minutes,
        "place_id": row.place_id,
    }
