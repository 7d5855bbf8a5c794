"""Consent 同意 given on paper: for which purpose, how it was signed, when, and where it is kept."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain import prose
from app.domain.errors import ConflictError, FieldError, InvalidInputError

LONGEST_PLACE = 80


class Purpose(StrEnum):
    """What may be done with somebody's data; each purpose is asked for by itself."""

    SERVICE = "service"
    SENSITIVE_GROUP = "sensitive_group"


class ConsentKind(StrEnum):
    """How somebody gave his word on paper."""

    SIGNATURE = "signature"
    THUMBPRINT = "thumbprint"


class WithdrawalKind(StrEnum):
    """How somebody took his consent back: signed in himself, or on paper at a desk."""

    ONLINE = "online"
    SIGNATURE = "signature"
    THUMBPRINT = "thumbprint"


class NothingToWithdrawError(ConflictError):
    """Nothing that needs this consent is kept of the person, or not any more."""

    default_code = "consent.nothing_to_withdraw"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperConsent:
    """One signed sheet; `filed_at` is where it, or its scan, is kept."""

    kind: ConsentKind
    given_on: date
    filed_at: str


def ensure_sheet(given: PaperConsent, today: date) -> None:
    """Refuse a sheet of the future, or one that nobody could find.

    Raises:
        InvalidInputError: naming each field at fault.
    """
    errors = _faults("", given, today)
    if errors:
        raise InvalidInputError(errors=errors)


def ensure_consents(
    service: PaperConsent, group: PaperConsent | None, today: date, *, is_sensitive: bool
) -> None:
    """Refuse a registration without the consent that each of its parts needs.

    A sensitive group has a sheet of its own (PIPL art. 29); for any other no such sheet is kept.

    Raises:
        InvalidInputError: naming each field at fault, those of the group's sheet with `group_`.
    """
    errors = _faults("", service, today)
    if group is not None:
        errors += _faults("group_", group, today)
    if is_sensitive and group is None:
        errors.append(FieldError("group_given_on", "consent.separate"))
    if group is not None and not is_sensitive:
        errors.append(FieldError("group", "consent.nothing_sensitive"))
    if errors:
        raise InvalidInputError(errors=errors)


def _faults(prefix: str, given: PaperConsent, today: date) -> list[FieldError]:
    errors = prose.faults(f"{prefix}filed_at", given.filed_at, LONGEST_PLACE)
    if given.given_on > today:
        errors.append(FieldError(f"{prefix}given_on", "consent.in_future"))
    return errors
