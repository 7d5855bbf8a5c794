"""What would let everybody be met: the tight experts and the smallest relaxation."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from app.models.batch import Batch
from app.queries.batches.naming import Place


@dataclass(frozen=True, slots=True)
class More:
    """An expert who would have to take more, and how many."""

    expert: Place
    places: int


@dataclass(frozen=True, slots=True)
class Relief:
    """The smallest changes by which every need is met that rules leave open.

    Attributes:
        tight: the experts at their limits who are wanted most.
        more: the fewest further places.
        recruits: how many new experts of which category would do instead.
        cap: the limit of the batch by which those places are had, None where it does not bind.
        out_of_reach: how many needs no further place would help.
    """

    tight: tuple[Place, ...]
    more: tuple[More, ...]
    recruits: tuple[tuple[str, int], ...]
    cap: int | None
    out_of_reach: int


def relief_of(batch: Batch, pool: Sequence[Place], loads: Mapping[UUID, int]) -> Relief | None:
    """Return the relief of a batch as it was computed, None where nobody was left over.

    Args:
        batch: the batch.
        pool: its experts.
        loads: the services of each in the month, the pairs of the batch included.
    """
    receipt, known = batch.receipt, {place.id: place for place in pool}
    wanted = {UUID(key): places for key, places in receipt["more_places"].items()}
    if not wanted and not receipt["out_of_reach"]:
        return None
    more = [More(known[key], wanted[key]) for key in sorted(wanted, key=str)]
    more.sort(key=lambda each: (-each.places, each.expert.name))
    return Relief(
        tight=tuple(known[UUID(key)] for key in receipt["tight"]),
        more=tuple(more),
        recruits=_recruits(batch, more),
        cap=_cap(batch, more, loads),
        out_of_reach=len(receipt["out_of_reach"]),
    )


def _recruits(batch: Batch, more: Sequence[More]) -> tuple[tuple[str, int], ...]:
    places: Counter[str] = Counter()
    for each in more:
        places[each.expert.category] += each.places
    each_takes = batch.cap or max((one.expert.room for one in more), default=1)
    return tuple(
        (category, -(-count // max(each_takes, 1))) for category, count in places.most_common()
    )


def _cap(batch: Batch, more: Sequence[More], loads: Mapping[UUID, int]) -> int | None:
    """Return the cap that would do, where it is the cap and nobody's own limit that binds."""
    if batch.cap is None or not more:
        return None
    needed = max(loads[each.expert.id] + each.places for each in more)
    own = all(loads[each.expert.id] + each.places <= each.expert.room for each in more)
    return needed if own and needed > batch.cap else None
