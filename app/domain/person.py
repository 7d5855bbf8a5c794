"""Natural persons 自然人: how surely somebody is known, and when two records are one person."""

import re
from collections.abc import Collection, Mapping
from uuid import UUID

from app.domain import prose
from app.domain.errors import ConflictError, FieldError, InvalidInputError, RuleError
from app.domain.service_record import canonical

LONGEST_NAME = 80
LONGEST_GROUNDS = 400
LONGEST_DOCUMENT = 40
_PHONE = re.compile(r"\+?[0-9][0-9 -]{5,18}[0-9]", re.ASCII)


class SamePersonsError(ConflictError):
    """The two records are known to be one person already."""

    default_code = "person.already_one"


class DoubleCheckedError(ConflictError):
    """The suspicion has been approved or refused in the meantime."""

    default_code = "person.double_checked"


class DoubleCheckerError(RuleError):
    """Who found a double cannot be the one who checks it."""

    default_code = "person.double_same_officer"


def ensure_person(name: str, phone: str | None) -> None:
    """Refuse a person without a name, or with what cannot be a telephone number.

    Raises:
        InvalidInputError: naming each field at fault.
    """
    errors = prose.faults("name", name, LONGEST_NAME)
    if phone is not None and not _PHONE.fullmatch(phone):
        errors.append(FieldError("phone", "person.phone"))
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
