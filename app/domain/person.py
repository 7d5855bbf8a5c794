"""Natural persons 自然人: how surely somebody is known, and when two records are one person."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from app.domain import prose
from app.domain.errors import ConflictError, FieldError, InvalidInputError, RuleError
from app.domain.service_record import canonical
from app.domain.vocabulary import fold

LONGEST_NAME = 80
LONGEST_GROUNDS = 400
LONGEST_DOCUMENT = 40
EARLIEST_BIRTH_YEAR = 1900
YOUNGEST = 14
LAST_DIGITS = 4
SHORTEST_PHONE = 7
_LONGEST_LOCAL_PHONE = 11
_COUNTRY = "86"
LONGEST_EMAIL = 200
_EMAIL = re.compile(r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-z0-9-]+(\.[a-z0-9-]+)+", re.ASCII)
_PHONE = re.compile(r"\+?[0-9][0-9 -]{5,18}[0-9]", re.ASCII)


class SamePersonsError(ConflictError):
    """The two records are known to be one person already."""

    default_code = "person.already_one"


class DoubleCheckedError(ConflictError):
    """The suspicion has been approved or refused in the meantime."""

    default_code = "person.double_checked"


class DoubleWaitsError(ConflictError):
    """The same suspicion waits for its check already."""

    default_code = "person.double_waits"


class DoubleCheckerError(RuleError):
    """Who found a double cannot be the one who checks it."""

    default_code = "person.double_same_officer"


class SeparateConsentError(RuleError):
    """A sensitive group is verified only where a consent of its own was signed."""

    default_code = "person.group_without_consent"


class NothingToConsentError(ConflictError):
    """No sensitive group of the person waits for a sheet of its own."""

    default_code = "person.nothing_to_consent"


class LikelyDoubleError(ConflictError):
    """Somebody much alike is registered already; `persons` names them."""

    default_code = "person.likely_double"


class GroupProof(StrEnum):
    """The kind of paper that shows a founder group; it tells neither group nor number."""

    CERTIFICATE = "certificate"
    LETTER = "letter"
    REGISTER = "register"


class ContactOfStaffError(RuleError):
    """The address or telephone belongs to an expert or to staff, and cannot be a founder's."""

    default_code = "person.contact_of_staff"


@dataclass(frozen=True, slots=True)
class Contact:
    """Where somebody is reached; None where there is nothing."""

    email: str | None
    phone: str | None


def ensure_contact(contact: Contact) -> Contact:
    """Return the contact as it is kept: mail addresses in small letters, blanks as nothing.

    Raises:
        InvalidInputError: naming what cannot be an address or a telephone.
    """
    email = (contact.email or "").strip().lower() or None
    phone = (contact.phone or "").strip() or None
    errors = []
    if email is not None and (len(email) > LONGEST_EMAIL or not _EMAIL.fullmatch(email)):
        errors.append(FieldError("email", "person.email"))
    if phone is not None and not _PHONE.fullmatch(phone):
        errors.append(FieldError("phone", "person.phone"))
    if errors:
        raise InvalidInputError(errors=errors)
    return Contact(email, phone)


class Likeness(StrEnum):
    """What makes two records look like one person."""

    PHONE = "phone"
    BIRTH_YEAR = "birth_year"
    VENTURE = "venture"
    NAME = "name"


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """What is known of somebody that tells him from others."""

    name: str
    phone: str | None = None
    birth_year: int | None = None
    ventures: frozenset[str] = frozenset()


def likenesses(one: Traits, other: Traits) -> tuple[Likeness, ...]:
    """Return why the two may be one person; nothing when they are told apart.

    One telephone is enough. One name is, where a year of birth or a venture agrees, or where
    nothing that is known of both tells them apart.
    """
    found = []
    first, second = phone_digits(one.phone), phone_digits(other.phone)
    if first and first == second:
        found.append(Likeness.PHONE)
    if fold(one.name) != fold(other.name):
        return tuple(found)
    if one.birth_year is not None and one.birth_year == other.birth_year:
        found.append(Likeness.BIRTH_YEAR)
    if {fold(name) for name in one.ventures} & {fold(name) for name in other.ventures}:
        found.append(Likeness.VENTURE)
    are_apart = None not in (one.birth_year, other.birth_year) or (first and second)
    if not found and not are_apart:
        found.append(Likeness.NAME)
    return tuple(found)


def phone_digits(number: str | None) -> str:
    """Return the digits of a telephone number as numbers are compared, without 86 before them."""
    shown = unicodedata.normalize("NFKC", number or "")
    digits = "".join(mark for mark in shown if mark.isascii() and mark.isdigit())
    is_foreign_form = len(digits) > _LONGEST_LOCAL_PHONE and digits.startswith(_COUNTRY)
    return digits.removeprefix(_COUNTRY) if is_foreign_form else digits


def ensure_separate_consent(*, is_sensitive: bool, has_sheet: bool) -> None:
    """Refuse to verify a sensitive group without the sheet that it alone needs (PIPL art. 29).

    Raises:
        SeparateConsentError: no such sheet is kept.
    """
    if is_sensitive and not has_sheet:
        raise SeparateConsentError


def ensure_new(known: Iterable[UUID], seen: Collection[UUID]) -> None:
    """Refuse a new record while somebody much alike has not been looked at.

    Args:
        known: the records that look like the same person.
        seen: those of which somebody says that they are others.

    Raises:
        LikelyDoubleError: naming those not looked at.
    """
    unseen = [key for key in known if key not in seen]
    if unseen:
        raise LikelyDoubleError(persons=[str(key) for key in unseen])


def ensure_person(name: str, phone: str | None, birth_year: int | None, this_year: int) -> None:
    """Refuse a person without a name, or with what cannot be his telephone or year of birth.

    Raises:
        InvalidInputError: naming each field at fault.
    """
    errors = prose.faults("name", name, LONGEST_NAME)
    if phone is not None and not _PHONE.fullmatch(phone):
        errors.append(FieldError("phone", "person.phone"))
    low, high = EARLIEST_BIRTH_YEAR, this_year - YOUNGEST
    if birth_year is not None and not low <= birth_year <= high:
        code = "input.too_small" if birth_year < low else "input.too_large"
        errors.append(FieldError("birth_year", code, {"low": low, "high": high}))
    if errors:
        raise InvalidInputError(errors=errors)


def with_doubles(persons: Collection[UUID], aliases: Mapping[str, str]) -> frozenset[UUID]:
    """Return the persons with every other record of the same human beings.

    Args:
        persons: keys of records.
        aliases: for each double the person it stands for.
    """
    if not aliases:
        return frozenset(persons)
    same = {canonical(str(person_id), aliases) for person_id in persons}
    doubles = {UUID(alias_id) for alias_id in aliases if canonical(alias_id, aliases) in same}
    return frozenset(persons) | {UUID(person_id) for person_id in same} | doubles
