"""What an expert may set as a clinic 坐诊, and what is served in it."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

from app.domain.availability.checks import day_ahead, limit, minutes, reason
from app.domain.availability.diary import Clinic, Diary, Mode
from app.domain.availability.search import NotFreeError
from app.domain.calendar import day_starts_at, local_day
from app.domain.errors import ConflictError, FieldError, InvalidInputError, RuleError

SLOT_MINUTES = range(15, 121, 5)


class NotTodayError(RuleError):
    """Only slots of the clinic that is held today are given away at the counter."""

    default_code = "clinic.not_today"


class ClinicChangedError(ConflictError):
    """The clinic has been changed or taken back since its slots were looked at."""

    default_code = "clinic.changed"


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


def ensure_slot_today(clinic: Clinic, starts_at: datetime, now: datetime) -> None:
    """Refuse what is no slot of a clinic that is held today.

    Raises:
        NotTodayError: naming the day of the clinic.
        NotFreeError: none of its slots starts then.
    """
    if clinic.day != local_day(now):
        raise NotTodayError(day=clinic.day)
    midnight = day_starts_at(clinic.day)
    if starts_at not in {midnight + timedelta(minutes=minute) for minute in clinic.slots()}:
        raise NotFreeError("availability.in_clinic", day=clinic.day, minutes=clinic.slot_minutes)


def at_the_counter(diary: Diary, clinic: Clinic) -> Diary:
    """Return the diary for who stands at the counter of the clinic: its expert needs no notice.

    Raises:
        ClinicChangedError: the diary no longer has the clinic as it is.
    """
    if clinic not in diary.clinics:
        raise ClinicChangedError
    return replace(diary, notice=timedelta())


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
