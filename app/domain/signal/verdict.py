"""What becomes of a signal: looked at and explained in words, or gone by itself."""

from enum import StrEnum

from app.domain.errors import ConflictError

LONGEST_NOTE = 1000


class SignalState(StrEnum):
    """Open until somebody has looked; gone where what was found is no longer so."""

    OPEN = "open"
    EXPLAINED = "explained"
    GONE = "gone"


class AlreadyExplainedError(ConflictError):
    """Somebody has looked at it in the meantime, or it is gone."""

    default_code = "signal.already_explained"
