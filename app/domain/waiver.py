"""Waivers 豁免: two officers let a pairing pass that a rule forbids, for advice only."""

from collections.abc import Iterable
from enum import StrEnum

from app.domain.errors import ConflictError, InvalidInputError, RuleError
from app.domain.recusal import WAIVABLE_TYPES, Tie

LONGEST_REASON = 1000


class WaiverRule(StrEnum):
    """What can be waived: recusal 回避 (requirements E7), the cap on pairings (B4)."""

    CONFLICT = "conflict_of_interest"
    PAIRINGS = "pairing_cap_reached"


class WaiverStatus(StrEnum):
    """A waiver waits for its second officer."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REFUSED = "refused"


class NothingToWaiveError(RuleError):
    """No rule that can be waived stands in the way of this pairing."""

    default_code = "waiver.not_needed"


class NotWaivableError(RuleError):
    """What ties the two cannot be waived by anybody."""

    default_code = "waiver.not_possible"


class WaiverWaitsError(ConflictError):
    """A waiver of the same rule waits for its second officer already."""

    default_code = "waiver.waits"


class WaiverCheckedError(ConflictError):
    """The waiver has been approved or refused in the meantime."""

    default_code = "waiver.already_checked"


class SameOfficerError(RuleError):
    """Who proposed a waiver cannot be the second officer."""

    default_code = "waiver.same_officer"


def ensure_waivable(forbidding: Iterable[Tie]) -> tuple[str, ...]:
    """Return the kinds of ties that a waiver has to name.

    Raises:
        NothingToWaiveError: nothing forbids the pairing.
        NotWaivableError: one of the ties cannot be waived; in a review none can.
    """
    found = tuple(forbidding)
    if not found:
        raise NothingToWaiveError
    if any(not tie.is_waivable for tie in found):
        raise NotWaivableError
    return tuple(sorted({tie.kind for tie in found} & WAIVABLE_TYPES))


def ensure_agreed(founder_agrees: bool) -> None:
    """Refuse a waiver of which the founder was not told first.

    Raises:
        InvalidInputError: at field `founder_agrees`.
    """
    if not founder_agrees:
        raise InvalidInputError.at("founder_agrees", "waiver.founder_not_asked")
