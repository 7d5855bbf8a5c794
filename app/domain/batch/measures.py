"""How good a plan is: how many, how well, how soon, how evenly."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

# Under five people a mean says more about them than about the plan.
SMALLEST_GROUP = 5
_NOTABLE_DIFFERENCE = 0.1


@dataclass(frozen=True, slots=True)
class Planned:
    """One pair of a plan.

    Attributes:
        score: how well the expert fits.
        wait: days from the need's arrival to the first time the two could meet.
        is_first: the founder has not been served before.
    """

    score: float
    wait: int | None
    is_first: bool


@dataclass(frozen=True, slots=True)
class Groups:
    """How founders served for the first time fare beside the others; None where too few."""

    first: int
    others: int
    first_fit: float | None
    others_fit: float | None

    @property
    def is_even(self) -> bool:
        """Tell whether neither group fares notably better."""
        if self.first_fit is None or self.others_fit is None:
            return True
        better = max(self.first_fit, self.others_fit)
        return abs(self.first_fit - self.others_fit) <= better * _NOTABLE_DIFFERENCE


@dataclass(frozen=True, slots=True)
class Measures:
    """What a plan comes to.

    Attributes:
        mean_fit, worst_fit: None where nobody is arranged.
        mean_wait, longest_wait: in days.
        most: the greatest load of an expert whom the plan uses.
        spread: how many experts have how many services in the month.
    """

    needs: int
    arranged: int
    mean_fit: float | None
    worst_fit: float | None
    mean_wait: float | None
    longest_wait: int | None
    most: int
    spread: Mapping[int, int]
    groups: Groups

    @property
    def left(self) -> int:
        """How many needs got nobody."""
        return self.needs - self.arranged


def measured(needs: int, pairs: Sequence[Planned], loads: Sequence[int]) -> Measures:
    """Return what the plan comes to.

    Args:
        needs: how many needs were to be met.
        pairs: the pairs of the plan.
        loads: the services of each expert in the month, the plan included.
    """
    fits = [pair.score for pair in pairs]
    waits = [pair.wait for pair in pairs if pair.wait is not None]
    counted = Counter(loads)
    most = max(loads, default=0)
    return Measures(
        needs=needs,
        arranged=len(pairs),
        mean_fit=fmean(fits) if fits else None,
        worst_fit=min(fits, default=None),
        mean_wait=fmean(waits) if waits else None,
        longest_wait=max(waits, default=None),
        most=most,
        spread={load: counted[load] for load in range(most + 1)},
        groups=_groups(pairs),
    )


def _groups(pairs: Sequence[Planned]) -> Groups:
    first = [pair.score for pair in pairs if pair.is_first]
    others = [pair.score for pair in pairs if not pair.is_first]
    return Groups(len(first), len(others), _mean_of_many(first), _mean_of_many(others))


def _mean_of_many(scores: Sequence[float]) -> float | None:
    return fmean(scores) if len(scores) >= SMALLEST_GROUP else None
