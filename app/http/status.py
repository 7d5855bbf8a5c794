"""Which HTTP status each kind of refusal has."""

from app.domain.account import TooManyTriesError
from app.domain.errors import (
    ConflictError,
    DomainError,
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
    RuleError,
)

UNAUTHORIZED = 401
INTERNAL = 500


class NotSignedInError(DomainError):
    """The page is for somebody signed in."""

    default_code = "account.not_signed_in"


class PasswordChangeDueError(ForbiddenError):
    """The password is still the one somebody else chose; it is changed before anything else."""

    default_code = "account.password_change_due"


_STATUS: tuple[tuple[type[DomainError], int], ...] = (
    (NotSignedInError, UNAUTHORIZED),
    (InvalidInputError, 422),
    (TooManyTriesError, 429),
    (RuleError, 422),
    (ConflictError, 409),
    (ForbiddenError, 403),
    (NotFoundError, 404),
)


def status_of(error: DomainError) -> int:
    """Return the status; a domain error of no kind is a fault of ours."""
    return next((status for kind, status in _STATUS if isinstance(error, kind)), INTERNAL)
