"""Say which rule keeps an expert out."""

from collections.abc import Mapping
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
from matching.pool import Pool
from matching.rules import Breach
from matching.types import Exclusion, Facts

# Breaches, with their facts, that a pool keeps in words.
_MOST_TOLD = 4_096
_NAMES = {
    "period": PERIODS,
    "wanted": MODES,
    "offered": MODES,
    "language": LANGUAGES,
    "languages": LANGUAGES,
    "mode": MODES,
    "service": SERVICES,
}


def exclusions(pool: Pool, broken: Mapping[int, tuple[Breach, ...]]) -> tuple[Exclusion, ...]:
    """Word what keeps out the experts at some places; that there is a tie is told, never which.

    Of a pool each is worded once, whoever asks.
    """
    if len(pool.told) > _MOST_TOLD:
        pool.told.clear()
    # What many experts share is one object, and an id is looked up sooner than facts.
    told_of: dict[int, dict[int, Exclusion]] = {}
    found: list[Exclusion] = []
    for place, some in broken.items():
        for each in some:
            told = told_of.get(id(each))
            if told is None:
                told = told_of[id(each)] = pool.told.setdefault(each, {})
            exclusion = told.get(place)
            if exclusion is None:
                words = _told(each)
                exclusion = Exclusion(pool.expert_ids[place], each.rule, words, each.facts)
                told[place] = exclusion
            found.append(exclusion)
    return tuple(found)


@lru_cache(maxsize=4_096)
def _told(breach: Breach) -> str:
    """Word a breach; many experts of a pool share one."""
    return worded(RULES[breach.rule], shown(breach.facts))


def shown(facts: Facts) -> dict[str, str]:
    """Return facts as people read them."""
    return {name: listed(_NAMES[name], value) if name in _NAMES else value for name, value in facts}
