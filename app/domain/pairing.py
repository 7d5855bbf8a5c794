"""Pairings 结对: how many projects one expert may guide in a year."""

from collections.abc import Collection
from uuid import UUID

from app.domain.errors import RuleError

# 个别辅导 is what makes a pairing; a question answered once does not.
PAIRING_SERVICES = frozenset({"tutoring"})


class PairingCapError(RuleError):
    """The expert guides as many projects this year as he may."""

    default_code = "expert.pairing_cap"


def is_full(projects: Collection[UUID], project: UUID, session_type: str, most: int) -> bool:
    """Tell whether the project would be one too many; one guided already is none more.

    Args:
        projects: those guided in the year.
        project: the one that is asked for.
        session_type: the kind of service; only tutoring makes a pairing.
        most: how many the policy allows.
    """
    if session_type not in PAIRING_SERVICES or project in projects:
        return False
    return len(projects) >= most
