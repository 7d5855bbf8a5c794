"""Honours 荣誉 of experts: entered from a document, checked by another, withdrawn with a reason."""

from datetime import date
from enum import StrEnum

from app.domain.errors import ConflictError, RuleError

VOCABULARY = "honour"
LONGEST_TITLE = 200
LONGEST_NOTE = 500
LONGEST_REASON = 500


class HonourStatus(StrEnum):
    """Where an honour stands."""

    ENTERED = "entered"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class HonourCheckedError(ConflictError):
    """Somebody has decided on the honour."""

    default_code = "honour.already_checked"


class NotConfirmedError(ConflictError):
    """Only a confirmed honour can be withdrawn, and only once."""

    default_code = "honour.not_confirmed"


class SameOfficerError(RuleError):
    """Who entered an honour cannot decide on it."""

    default_code = "honour.same_officer"


def is_expired(valid_until: date | None, today: date) -> bool:
    """Tell whether the last day of an honour is over."""
    return valid_until is not None and valid_until < today
