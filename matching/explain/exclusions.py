"""Say which rule keeps an expert out."""

from matching.explain.wording import (
    LANGUAGES,
    MODES,
    PERIODS,
    RULES,
    SERVICES,
    listed,
    worded,
)
from matching.rules import Breach
from matching.types import Exclusion, Facts

_NAMES = {
    "period": PERIODS,
    "wanted": MODES,
    "offered": MODES,
    "language": LANGUAGES,
    "languages": LANGUAGES,
    "mode": MODES,
    "service": SERVICES,
}


def exclusion(expert_id: str, breach: Breach) -> Exclusion:
    """Word a breach; it tells that there is a tie, never which."""
    return Exclusion(
        expert_id, breach.rule, worded(RULES[breach.rule], shown(breach.facts)), breach.facts
    )


def shown(facts: Facts) -> dict[str, str]:
    """Return facts as people read them."""
    return {name: listed(_NAMES[name], value) if name in _NAMES else value for name, value in facts}
