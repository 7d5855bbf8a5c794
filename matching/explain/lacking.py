"""Say that nobody is a good match for a need, and what is missing."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from matching.explain.view import NeedView
from matching.index import Floats
from matching.lexicon import concepts, matter, topic_codes, usual_categories
from matching.pool import Pool
from matching.rules import Breach
from matching.types import CATEGORIES, Lack, Missing

# A profile with several matters has a quarter to a half of its length in each of them.
_LEAST_COVER = 0.2


def lack(
    view: NeedView,
    pool: Pool,
    scores: Floats,
    broken: Mapping[int, Sequence[Breach]],
    least_score: float,
) -> Lack | None:
    """Return what is missing, None when somebody allowed reaches the least score.

    Args:
        view: the need.
        pool: all experts.
        scores: of each expert of the pool, rules aside.
        broken: the places of those who are kept out, and by which rules.
        least_score: the score below which the best expert is no good match.
    """
    is_allowed = np.ones(len(pool.experts), dtype=np.bool_)
    is_allowed[list(broken)] = False
    best = float(scores[is_allowed].max(initial=0.0))
    if best >= least_score:
        return None
    good = [some for at, some in broken.items() if scores[at] >= least_score]
    rules = Counter(breach.rule for some in good for breach in some)
    asked = tuple(_matters(view))
    offered = pool.vectors.concepts
    open_ones = tuple(each for each in asked if not _is_covered(each, offered, is_allowed))
    # Where single profiles touch every matter, it is still the main one nobody is good at.
    return Lack(best, least_score, open_ones or asked[:1], tuple(sorted(rules.items())))


def _matters(view: NeedView) -> Iterator[Missing]:
    """Name what the need asks about: of each topic the concept that the text says most of."""
    for topic in view.topics:
        if topic not in topic_codes():
            continue
        said = matter(view.need.text, topic)
        usual = usual_categories().get(topic, frozenset())
        yield Missing(
            topic=topic,
            concept=said.code if said else "",
            label=said.zh if said else "",
            label_en=said.en if said else "",
            evidence=view.words_for(topic),
            categories=said.categories if said else tuple(c for c in CATEGORIES if c in usual),
        )


def _is_covered(missing: Missing, offered: Floats, is_allowed: NDArray[np.bool_]) -> bool:
    """Tell whether an allowed profile, a row over the concepts, has the matter for a main one."""
    columns = [
        place
        for place, concept in enumerate(concepts())
        if (concept.code == missing.concept if missing.concept else concept.topic == missing.topic)
    ]
    return bool(offered[:, columns][is_allowed].max(initial=0.0) >= _LEAST_COVER)
