"""Claims 激励申领: once for each pairing, when the tutored venture has run twelve months."""

import calendar
from datetime import date
from enum import StrEnum

from app.domain.errors import ConflictError, RuleError
from app.domain.expert import ExpertCategory

LONGEST_EVIDENCE = 500


class ClaimStatus(StrEnum):
    """Where a claim stands."""

    CLAIMED = "claimed"
    APPROVED = "approved"
    REFUSED = "refused"


class NotPairedError(RuleError):
    """The expert has no counted tutoring of this venture, or it is not registered."""

    default_code = "claim.not_paired"


class TooEarlyToClaimError(RuleError):
    """The venture has not run for twelve months; `opens_on` says from when."""

    default_code = "claim.too_early"


class ClaimCheckedError(ConflictError):
    """The claim has been decided."""

    default_code = "claim.already_checked"


class SameOfficerError(RuleError):
    """Who entered a claim cannot decide on it."""

    default_code = "claim.same_officer"


def opens_on(registered_on: date) -> date:
    """Return the day on which a venture has run for twelve months."""
    year = registered_on.year + 1
    last = calendar.monthrange(year, registered_on.month)[1]
    return registered_on.replace(year=year, day=min(registered_on.day, last))


def ensure_open(registered_on: date | None, is_paired: bool, today: date) -> date:
    """Return the day from which the claim is open.

    Raises:
        NotPairedError: nothing was tutored, or nothing is registered.
        TooEarlyToClaimError: the twelve months are not over.
    """
    if registered_on is None or not is_paired:
        raise NotPairedError
    day = opens_on(registered_on)
    if today < day:
        raise TooEarlyToClaimError(opens_on=day)
    return day


def amount_of(category: ExpertCategory, yuan: int) -> int:
    """Return what is claimed: nothing for an official, whoever enters it."""
    return 0 if category is ExpertCategory.OFFICIAL else yuan
