"""Clinics 坐诊: half-days of an expert that are given away slot by slot."""

from uuid import UUID

from sqlalchemy import select

from app.domain.availability import Clinic, ensure_clinic
from app.domain.errors import NotFoundError
from app.models.availability import Clinic as ClinicRow
from app.services.availability.experts import ensure_places, load_expert
from app.services.bookings.versions import ensure_version
from app.services.bookings.waiting import offer_freed
from app.unit_of_work import UnitOfWork


def set_clinic(
    uow: UnitOfWork,
    expert_id: UUID,
    clinic: Clinic,
    *,
    clinic_id: UUID | None = None,
    version: int | None = None,
) -> ClinicRow:
    """Set a clinic of the expert, or change one; bookings that stand are left alone.

    Raises:
        InvalidInputError: naming each field at fault.
        NotFoundError: the clinic to be changed is not his, or gone.
        StaleVersionError: when somebody changed it since the caller looked.
    """
    expert = load_expert(uow, expert_id)
    row = _load(uow, expert.id, clinic_id) if clinic_id else None
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
        NotFoundError: when it is not his, or gone already.
        StaleVersionError: when somebody changed it since the caller looked.
    """
    expert = load_expert(uow, expert_id)
    row = _load(uow, expert.id, clinic_id)
    ensure_version(row, version)
    uow.audit("availability.clinic_removed", row, expert=expert.id, **_facts(row))
    uow.session.delete(row)


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
