"""Two pairs of eyes: what one enters another checks, and what was checked stays."""

from enum import StrEnum

from app.domain.errors import ConflictError, RuleError


class CheckStatus(StrEnum):
    """What was entered waits, counts, or does not; a list that counted may be taken back."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class SameHandsError(RuleError):
    """Who entered it cannot be the one who checks it."""

    default_code = "plan.same_hands"


class CheckedError(ConflictError):
    """It has been decided in the meantime."""

    default_code = "plan.checked"


class KnownError(ConflictError):
    """The same is entered already, or what was to be put right has been."""

    default_code = "plan.known"


def ensure_waits(status: CheckStatus, expected: CheckStatus) -> None:
    """Refuse a step on what is not in the expected state any more.

    Raises:
        CheckedError: naming the state it is in.
    """
    if status is not expected:
        raise CheckedError(status=status.value)
