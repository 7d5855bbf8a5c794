"""What an expert may set as a clinic 坐诊, and what is served in it."""

from collections.abc import Iterable, Iterator
from datetime import date

from app.domain.availability.checks import day_ahead, limit, minutes, reason
from app.domain.availability.diary import Clinic, Mode
from app.domain.errors import FieldError, InvalidInputError

SLOT_MINUTES = range(15, 121, 5)


def ensure_clinic(
    clinic: Clinic, today: date, modes: frozenset[str], others: Iterable[Clinic]
) -> None:
    """Refuse a clinic in the past, too short for one slot, or on top of another.

    Args:
        clinic: what is to be set.
        today: the first day that can be chosen.
        modes: the ways in which the expert meets people at all.
        others: his clinics that stand.

    Raises:
        InvalidInputError: naming each field at fault.
    """
    errors = [
        *day_ahead("day", clinic.day, today),
        *limit("slot_minutes", clinic.slot_minutes, SLOT_MINUTES),
        *minutes("starts", "ends", clinic.starts_minute, clinic.ends_minute),
        *reason("note", clinic.note),
        *_room(clinic),
        *_mode(modes),
        *_standing(clinic, others),
    ]
    if errors:
        raise InvalidInputError(errors=errors)


def _room(clinic: Clinic) -> Iterator[FieldError]:
    length = clinic.ends_minute - clinic.starts_minute
    if 0 < length < clinic.slot_minutes:
        yield FieldError("ends", "availability.clinic_too_short")


def _mode(modes: frozenset[str]) -> Iterator[FieldError]:
    if Mode.ONSITE not in modes:
        yield FieldError("day", "availability.clinic_onsite")


def _standing(clinic: Clinic, others: Iterable[Clinic]) -> Iterator[FieldError]:
    for other in others:
        if (
            other.day == clinic.day
            and clinic.starts_minute < other.ends_minute
            and other.starts_minute < clinic.ends_minute
        ):
            yield FieldError("starts", "availability.clinic_already", {"day": clinic.day})
            return
