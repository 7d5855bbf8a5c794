"""Pairings 结对: how many projects one expert may guide in a year."""

from collections.abc import Collection
from uuid import UUID

from app.domain.errors import RuleError

# «每名导师每个年度内最多指导5个项目» (requirements B4).
PROJECTS_A_YEAR = 5
# 个别辅导 is what makes a pairing; a question answered once does not.
PAIRING_SERVICES = frozenset({"tutoring"})


class PairingCapError(RuleError):
    """The expert guides as many projects this year as he may."""

    default_code = "expert.pairing_cap"


def is_full(projects: Collection[UUID], project: UUID, session_type: str) -> bool:
    """Tell whether the project would be one too many; one guided already is none more."""
    if session_type not in PAIRING_SERVICES or project in projects:
        return False
    return len(projects) >= PROJECTS_A_YEAR
