"""Give places of a list so that no expert is shown always, and none never."""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Literal, NamedTuple

import numpy as np
from sklearn.base import BaseEstimator

from matching.types import Candidate

PlacedBy = Literal["score", "floor", "draw"]


class Place(NamedTuple):
    """Hold who stands at a place of a list, by what, and how likely that was.

    `propensity` is the chance, over the draw, that this candidate stood in this list.
    """

    candidate: Candidate
    propensity: float
    placed_by: PlacedBy


class PlaceSharing(BaseEstimator):  # type: ignore[misc]  # sklearn is untyped
    """Share the places of a list among the best; only its last one opens to others.

    Cap: who has been shown more than `cap` times as often as those who could serve the same
    need, and more than `floor` times, gives way to the next who has not. Floor: the last place
    goes to whoever has been shown least, when that is less than `floor` times and whom he
    displaces has been shown as often as that. Draw: for a share `exploration` of the needs the
    last place is drawn among the next `depth`, so that outcomes of everybody come to be known
    (epsilon-greedy; Sutton, Barto 2018, 2.2). Nobody displaces a candidate of whose score he
    does not reach the share `near`.

    The draw depends on `random_state` and on what it is called alone.
    """

    def __init__(
        self,
        floor: int = 3,
        cap: float = 3.0,
        exploration: float = 0.05,
        depth: int = 15,
        near: float = 0.75,
        random_state: int = 0,
    ) -> None:
        self.floor = floor
        self.cap = cap
        self.exploration = exploration
        self.depth = depth
        self.near = near
        self.random_state = random_state

    def share(
        self, draw: str, ranked: Sequence[Candidate], k: int, showings: Mapping[str, int]
    ) -> list[Place]:
        """Return k places, best score first, fewer when there are fewer candidates.

        Args:
            draw: names the draw: the need whose list it is, and what ranks.
            ranked: the best k + `depth` candidates, or all where there are fewer, best first.
            k: the length of the list, at least 1.
            showings: how often each expert has been shown of late; who is missing, never.
        """
        shown = [showings.get(each.expert_id, 0) for each in ranked[: k + self.depth]]
        limit = max(self.floor, self.cap * float(np.mean(shown or [0])))
        chosen = self._below_the_cap(ranked, [times <= limit for times in shown], k)
        places = [Place(ranked[at], 1.0, "score") for at in chosen]
        open_to = [
            at
            for at, times in enumerate(shown)
            if at not in chosen and times <= limit and self._is_near(ranked[at], ranked[chosen[-1]])
        ]
        # A list of one is for the best alone.
        if k > 1 and open_to:
            places[-1] = self._last_place(draw, ranked, (chosen[-1], open_to), shown)
        return places

    def _below_the_cap(
        self, ranked: Sequence[Candidate], is_below: Sequence[bool], k: int
    ) -> list[int]:
        """Return the first k, each above the cap exchanged for the next near one below it."""
        chosen = list(range(min(k, len(is_below))))
        free = [at for at in range(k, len(is_below)) if is_below[at]]
        for at in reversed(chosen.copy()):
            near = (other for other in free if self._is_near(ranked[other], ranked[at]))
            successor = None if is_below[at] else next(near, None)
            if successor is not None:
                chosen.remove(at)
                chosen.append(successor)
                free.remove(successor)
        return sorted(chosen)

    def _last_place(
        self,
        draw: str,
        ranked: Sequence[Candidate],
        places: tuple[int, Sequence[int]],
        shown: Sequence[int],
    ) -> Place:
        """Return who takes the last place: usually whom score or floor would give it."""
        by_score, open_to = places
        least = min(open_to, key=lambda at: (shown[at], at))
        is_due = shown[least] < self.floor <= shown[by_score]
        usual = least if is_due else by_score
        chance = np.random.default_rng(self._seed(draw))
        is_drawn = chance.random() < self.exploration
        taken = open_to[int(chance.integers(len(open_to)))] if is_drawn else usual
        propensity = (1.0 - self.exploration) * (taken == usual)
        propensity += self.exploration / len(open_to) * (taken in open_to)
        placed_by: PlacedBy = "draw" if is_drawn else "floor" if is_due else "score"
        return Place(ranked[taken], propensity, placed_by)

    def _seed(self, draw: str) -> int:
        return int.from_bytes(sha256(f"{self.random_state}:{draw}".encode()).digest()[:8])

    def _is_near(self, other: Candidate, displaced: Candidate) -> bool:
        # Learned parts may carry a score below zero; a share of it would then turn the wrong way.
        return other.score >= displaced.score - (1.0 - self.near) * abs(displaced.score)
