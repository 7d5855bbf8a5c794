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

    What stands in the way whoever asks is worded once for a pool, and what many experts of a
    pool share, as one object, once for all of them.
    """
    if not pool.worded:
        standing = (each for some in pool.screen.standing.values() for each in some)
        pool.worded.update((id(each), (each, _told(each))) for each in standing)
    worded_of = dict(pool.worded)
    found: list[Exclusion] = []
    for place, some in broken.items():
        expert_id = pool.expert_ids[place]
        for each in some:
            known, text = worded_of.get(id(each), (None, ""))
            # In a copy of the pool another breach may have the place in memory.
            if known is not each:
                text = _told(each)
                worded_of[id(each)] = each, text
            found.append(Exclusion(expert_id, each.rule, text, each.facts))
    return tuple(found)


@lru_cache(maxsize=4_096)
def _told(breach: Breach) -> str:
    """Word a breach; many experts of a pool share one."""
    return worded(RULES[breach.rule], shown(breach.facts))


def shown(facts: Facts) -> dict[str, str]:
    """Return facts as people read them."""
    return {name: listed(_NAMES[name], value) if name in _NAMES else value for name, value in facts}
