"""Certificates 证明 and records: codes by which a stranger may verify one, and what it says."""

import hashlib
import hmac
import unicodedata
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from app.domain.audit_entry import digest
from app.domain.errors import ConflictError, InvalidInputError, RuleError

# Letters and digits that are not mistaken for one another (Crockford's base 32).
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
RANDOM_BITS = 80
_RANDOM, _CHECKS, _GROUP = RANDOM_BITS // 5, 2, 6
_PRIME = 1021
_READ_AS = str.maketrans("OIL", "011")
LONGEST_TYPED = 60
LONGEST_NUMBER = 40
LONGEST_REASON = 500


class CertificateKind(StrEnum):
    """What is certified: services of a period, or an appointment 聘书."""

    SERVICE = "service"
    APPOINTMENT = "appointment"


class WrongCodeError(InvalidInputError):
    """What was typed cannot be a code: a letter is wrong, missing or too many."""

    default_code = "certificate.wrong_code"


class AlreadyWithdrawnError(ConflictError):
    """Somebody has withdrawn the certificate already."""

    default_code = "certificate.already_withdrawn"


class NothingToCertifyError(RuleError):
    """Nothing was counted in the period."""

    default_code = "certificate.nothing_counted"


def code_of(key: bytes, certificate_id: UUID) -> str:
    """Return the code of a certificate: 80 bits that only the holder of the key can make.

    Args:
        key: lives outside the database.
        certificate_id: of the certificate.
    """
    return _code(key, f"certificate:{certificate_id}")


def record_code(key: bytes, version_id: UUID) -> str:
    """Return the code printed on one version of a record 记录单; as of a certificate.

    Args:
        key: lives outside the database.
        version_id: of what its author wrote.
    """
    return _code(key, f"record:{version_id}")


def spaced(code: str) -> str:
    """Return the code in groups that are easy to read out and to type."""
    return "-".join(code[begin : begin + _GROUP] for begin in range(0, len(code), _GROUP))


def typed_code(text: str) -> str:
    """Return the code that somebody typed, whatever spaces, dashes and letter cases he used.

    Raises:
        WrongCodeError: at field `code`; a single wrong letter is always found.
    """
    folded = unicodedata.normalize("NFKC", text[: LONGEST_TYPED + 1]).upper().translate(_READ_AS)
    code = "".join(mark for mark in folded if mark.isalnum())
    if len(code) != _RANDOM + _CHECKS or not set(code) <= set(ALPHABET):
        raise WrongCodeError.at("code", "certificate.wrong_code")
    number = _number(code[:_RANDOM])
    if _letters(number % _PRIME, _CHECKS) != code[_RANDOM:]:
        raise WrongCodeError.at("code", "certificate.wrong_code")
    return code


def fingerprint(code: str) -> str:
    """Return what is kept of a code: too long to be tried out, it needs no salt."""
    return hashlib.sha256(f"certificate:{code}".encode()).hexdigest()


def content_hash(content: Mapping[str, Any]) -> str:
    """Return the hash of what was certified, so that a later change of it shows."""
    return digest(dict(content))


def ensure_period(first_on: date, last_on: date, today: date) -> None:
    """Refuse a period that ends before it begins or that lies ahead.

    Raises:
        InvalidInputError: at field `last_on`.
    """
    if last_on < first_on:
        raise InvalidInputError.at("last_on", "input.too_early", first=first_on)
    if first_on > today:
        raise InvalidInputError.at("first_on", "input.too_late", last=today)


def _code(key: bytes, subject: str) -> str:
    mac = hmac.new(key, subject.encode(), hashlib.sha256).digest()
    number = int.from_bytes(mac[: RANDOM_BITS // 8])
    return _letters(number, _RANDOM) + _letters(number % _PRIME, _CHECKS)


def _letters(number: int, length: int) -> str:
    found = ""
    for _ in range(length):
        number, rest = divmod(number, len(ALPHABET))
        found = ALPHABET[rest] + found
    return found


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * len(ALPHABET) + ALPHABET.index(letter)
    return number
