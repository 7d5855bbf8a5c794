"""Dismissals 解聘: a ground from a closed list, the mentor's hearing, a decision by another."""

from datetime import datetime
from enum import StrEnum

from app.domain.errors import ConflictError, InvalidInputError, RuleError

LONGEST_STATEMENT = 2000
LONGEST_WORDS = 4000


class Ground(StrEnum):
    """Why a dismissal was proposed; `GROUNDS` are those by which it may be today."""

    SHORT_TERM = "short_term"
    ABSENCES = "absences"
    MISSED_RECUSAL = "missed_recusal"
    SOLICITED = "solicited"
    FALSE_RECORD = "false_record"
    MISCONDUCT = "misconduct"
    OWN_REQUEST = "own_request"
    LOW_SCORE = "low_score"
    HARM_CREDIBILITY = "harm_credibility"
    LEAK_SECRET = "leak_secret"  # noqa: S105  # a code of the vocabulary
    NO_LONGER_QUALIFIED = "no_longer_qualified"


# The closed list. Who wishes to go is not dismissed: he resigns.
GROUNDS = tuple(ground for ground in Ground if ground is not Ground.OWN_REQUEST)


class DismissalStatus(StrEnum):
    """Where a proposal stands."""

    PROPOSED = "proposed"
    HEARD = "heard"
    APPROVED = "approved"
    REFUSED = "refused"


OPEN = (DismissalStatus.PROPOSED, DismissalStatus.HEARD)


class DismissalOpenError(ConflictError):
    """A dismissal of this expert waits for its decision already."""

    default_code = "dismissal.open"


class DismissalClosedError(ConflictError):
    """The proposal has been decided."""

    default_code = "dismissal.decided"


class AlreadyHeardError(ConflictError):
    """The mentor has given his statement already."""

    default_code = "dismissal.already_heard"


class HearingOpenError(RuleError):
    """The mentor has not been heard yet, and still may be."""

    default_code = "dismissal.hearing_open"


class SameOfficerError(RuleError):
    """Who proposed a dismissal cannot decide on it."""

    default_code = "dismissal.same_officer"


def ensure_ground(ground: Ground) -> Ground:
    """Return the ground, if one may be dismissed for it.

    Raises:
        InvalidInputError: at field `ground`.
    """
    if ground not in GROUNDS:
        raise InvalidInputError.at("ground", "dismissal.resigns")
    return ground


def ensure_may_hear(status: DismissalStatus) -> None:
    """Refuse a second statement, or one after the decision.

    Raises:
        AlreadyHeardError, DismissalClosedError: it is too late.
    """
    if status is DismissalStatus.HEARD:
        raise AlreadyHeardError
    if status not in OPEN:
        raise DismissalClosedError


def ensure_may_decide(status: DismissalStatus, hear_by: datetime, now: datetime) -> None:
    """Refuse a decision before the mentor was heard or his time for it has passed.

    Raises:
        DismissalClosedError: it has been decided.
        HearingOpenError: until when he may be heard.
    """
    if status not in OPEN:
        raise DismissalClosedError
    if status is DismissalStatus.PROPOSED and now < hear_by:
        raise HearingOpenError(hear_by=hear_by)
