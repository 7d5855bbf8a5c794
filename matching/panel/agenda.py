"""Find when several experts are free together; times are bits of one number."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from matching.panel.values import FreeTimes
from matching.types import ExpertProfile


@dataclass(frozen=True, slots=True)
class Agenda:
    """Hold the free slots of each expert as bits; experts are places of the outlook."""

    slots: tuple[int, ...]
    soon: int

    @classmethod
    def of(cls, experts: Sequence[ExpertProfile], free: FreeTimes) -> "Agenda":
        """Take over the free times of these experts.

        Raises:
            ValueError: a slot is negative.
        """
        named = (free.slots.get(expert.expert_id, ()) for expert in experts)
        return cls(tuple(_bits(slots) for slots in named), free.soon)

    def first_slot(self, members: Iterable[int]) -> int | None:
        """Return the earliest slot in which all are free, None when there is none."""
        common = -1
        for member in members:
            common &= self.slots[member]
        return _lowest(common) if common else None

    def soon_together(self) -> list[frozenset[int]]:
        """Return who is free in one slot that is near, the slots in order of time.

        A slot whose experts are all free in another near one as well is left out. O(slots²)
        comparisons of sets of experts.
        """
        in_slot: defaultdict[int, list[int]] = defaultdict(list)
        near = (1 << self.soon) - 1
        for place, slots in enumerate(self.slots):
            for slot in _ones(slots & near):
                in_slot[slot].append(place)
        groups = dict.fromkeys(frozenset(in_slot[slot]) for slot in sorted(in_slot))
        return [group for group in groups if not any(group < other for other in groups)]


def _bits(slots: Iterable[int]) -> int:
    bits = 0
    for slot in slots:
        bits |= 1 << slot
    return bits


def _lowest(bits: int) -> int:
    return (bits & -bits).bit_length() - 1


def _ones(bits: int) -> Iterator[int]:
    while bits:
        yield _lowest(bits)
        bits &= bits - 1
