"""The shortlist a founder sees: how long it is and how long it holds."""

from datetime import datetime, timedelta

from app.domain.errors import InvalidInputError

SHORTLIST = 5
LONGEST_SHORTLIST = 20
# After a week the experts' loads and terms have moved on; the list is then made anew.
LIFETIME = timedelta(days=7)


def ensure_size(limit: int) -> None:
    """Refuse a shortlist of nobody, or one nobody reads to the end.

    Raises:
        InvalidInputError: at field `limit`.
    """
    if limit < 1:
        raise InvalidInputError.at("limit", "input.too_small", low=1, high=LONGEST_SHORTLIST)
    if limit > LONGEST_SHORTLIST:
        raise InvalidInputError.at("limit", "input.too_large", low=1, high=LONGEST_SHORTLIST)


def is_expired(proposed_at: datetime, now: datetime) -> bool:
    """Tell whether a shortlist is too old to be relied on."""
    return now - proposed_at >= LIFETIME
