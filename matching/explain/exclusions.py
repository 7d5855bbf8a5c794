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
        pool.worded.update(
            (id(each), _words(each)) for some in pool.screen.standing.values() for each in some
        )
    worded_of = dict(pool.worded)
    found: list[Exclusion] = []
    for place, some in broken.items():
        expert_id = pool.expert_ids[place]
        for each in some:
            if id(each) not in worded_of:
                worded_of[id(each)] = _words(each)
            found.append(Exclusion(expert_id, *worded_of[id(each)]))
    return tuple(found)


def _words(breach: Breach) -> tuple[str, str, Facts]:
    return breach.rule, _told(breach), breach.facts


@lru_cache(maxsize=4_096)
def _told(breach: Breach) -> str:
    """Word a breach; many experts of a pool share one."""
    return worded(RULES[breach.rule], shown(breach.facts))


def shown(facts: Facts) -> dict[str, str]:
    """Return facts as people read them."""
    return {name: listed(_NAMES[name], value) if name in _NAMES else value for name, value in facts}
