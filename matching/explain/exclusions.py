"""Say which rule keeps an expert out."""

from collections.abc import Iterable, Sequence
from functools import lru_cache

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


def exclusions(broken: Iterable[tuple[str, Sequence[Breach]]]) -> tuple[Exclusion, ...]:
    """Word what keeps out each expert, named by id; that there is a tie is told, never which."""
    return tuple(
        [
            Exclusion(expert_id, breach.rule, _told(breach), breach.facts)
            for expert_id, some in broken
            for breach in some
        ]
    )


@lru_cache(maxsize=4_096)
def _told(breach: Breach) -> str:
    """Word a breach; many experts of a pool share one."""
    return worded(RULES[breach.rule], shown(breach.facts))


def shown(facts: Facts) -> dict[str, str]:
    """Return facts as people read them."""
    return {name: listed(_NAMES[name], value) if name in _NAMES else value for name, value in facts}
