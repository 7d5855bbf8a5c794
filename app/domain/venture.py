"""Ventures: legal forms and the registration code that names an enterprise for good."""

import unicodedata
from datetime import date
from enum import StrEnum

from app.domain.errors import FieldError, InvalidInputError

CODE_LENGTH = 18
# GB 32100-2015: digits and capitals without I, O, S, V and Z; position i weighs 3^i mod 31.
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_VALUES = {mark: value for value, mark in enumerate(_ALPHABET)}
_MODULUS = 31


class EntityType(StrEnum):
    """Legal forms of vocabulary entity_type; all but a team are registered."""

    TEAM = "team"
    INDIVIDUAL_BUSINESS = "individual_business"
    COMPANY = "company"
    COOP = "coop"
    PARTNERSHIP = "partnership"
    PRIVATE_NONPROFIT = "private_nonprofit"


def check_mark(body: str) -> str | None:
    """Return the last mark that belongs to the first 17, None when one of them is foreign."""
    if len(body) != CODE_LENGTH - 1 or any(mark not in _VALUES for mark in body):
        return None
    total = sum(_VALUES[mark] * pow(3, place, _MODULUS) for place, mark in enumerate(body))
    return _ALPHABET[-total % _MODULUS]


def parse_credit_code(text: str, field: str = "venture_credit_code") -> str:
    """Return the 统一社会信用代码 as registers write it: 18 marks, capitals, no spaces.

    Raises:
        InvalidInputError: at the field.
    """
    code = "".join(unicodedata.normalize("NFKC", text).split()).upper()
    mark = check_mark(code[:-1])
    if mark is None or mark != code[-1]:
        raise InvalidInputError.at(field, "venture.credit_code_invalid")
    return code


def ensure_registration(
    entity_type: EntityType, credit_code: str | None, registered_on: date | None, today: date
) -> None:
    """Refuse a team that is registered, and a registration that lies ahead.

    Raises:
        InvalidInputError: naming each field.
    """
    errors = []
    if entity_type is EntityType.TEAM and credit_code is not None:
        errors.append(FieldError("venture_credit_code", "venture.team_unregistered"))
    if entity_type is EntityType.TEAM and registered_on is not None:
        errors.append(FieldError("registered_on", "venture.team_unregistered"))
    if registered_on is not None and registered_on > today:
        errors.append(FieldError("registered_on", "input.too_late", {"last": today}))
    if errors:
        raise InvalidInputError(errors=errors)
