"""Ask the rules about a whole pool, but only about experts of whom they could say anything."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from matching.rules.breaches import Breach, breaches, meeting_breaches, standing_breaches
from matching.rules.names import bare
from matching.types import ExpertProfile, NeedProfile

_Key = TypeVar("_Key", bound=Hashable)
_Places = dict[_Key, NDArray[np.int64]]


class _Way(NamedTuple):
    """Hold the places of those who talk alike: one, those else free, those kept out anyway."""

    one: int
    free: list[int]
    kept_out: list[int]

    @classmethod
    def of(cls, places: list[int], standing: Mapping[int, object]) -> Self:
        free = [at for at in places if at not in standing]
        return cls(places[0], free, [at for at in places if at in standing])


@dataclass(frozen=True)
class Screen:
    """Hold of which experts a rule could say something, by what it would depend on.

    `is_tied` marks those who have ties or pairings to look at, each for himself. About the
    others the day of a row of `terms`, the founder's person and the name of a venture decide,
    or else `standing`, what holds whoever asks, with how they can talk.
    """

    experts: Sequence[ExpertProfile]
    is_tied: NDArray[np.bool_]
    terms: NDArray[np.int64]
    persons: _Places[str]
    organisations: _Places[str]
    standing: dict[int, tuple[Breach, ...]]
    ways: Sequence[_Way]

    @classmethod
    def of(cls, experts: Sequence[ExpertProfile]) -> Self:
        """Sort the experts of a pool."""
        asked = ((at, tuple(standing_breaches(each))) for at, each in enumerate(experts))
        standing = {at: broken for at, broken in asked if broken}
        ways = _grouped((expert.languages, expert.modes) for expert in experts).values()
        return cls(
            experts,
            np.array([_is_tied(expert) for expert in experts], dtype=np.bool_),
            np.array([_term(expert) for expert in experts], dtype=np.int64).reshape(-1, 2),
            _grouped(expert.person_id for expert in experts),
            _grouped(bare(expert.organisation) for expert in experts),
            standing,
            [_Way.of(places.tolist(), standing) for places in ways],
        )

    def breaches(self, need: NeedProfile, today: date) -> dict[int, tuple[Breach, ...]]:
        """Return the places of the experts whom a rule keeps out today, with all rules that do.

        Those are exactly the experts of whom `matching.rules.breaches` tells any.
        """
        found = dict(self.standing)
        for way in self.ways:
            # Nothing else of them matters here, so that one speaks for all of his kind.
            broken = tuple(meeting_breaches(need, self.experts[way.one]))
            if broken:
                found |= dict.fromkeys(way.free, broken)
                found |= {at: self.standing[at] + broken for at in way.kept_out}
        for place in np.flatnonzero(self._is_asked_singly(need, today)).tolist():
            found[place] = breaches(need, self.experts[place], today)
        return {place: found[place] for place in sorted(found) if found[place]}

    def _is_asked_singly(self, need: NeedProfile, today: date) -> NDArray[np.bool_]:
        day = today.toordinal()
        found = self.is_tied | (self.terms[:, 0] > day) | (self.terms[:, 1] < day)
        ventures = {bare(each) for each in (need.venture_name, need.venture_code)}
        ventures |= set(map(bare, need.linked_ventures))
        for name in ventures & self.organisations.keys() - {""}:
            found[self.organisations[name]] = True
        for person in {need.founder_person_id} & self.persons.keys() - {""}:
            found[self.persons[person]] = True
        return found


def _is_tied(expert: ExpertProfile) -> bool:
    most = expert.most_projects
    is_paired = most is not None and len(expert.paired_projects) >= most
    return bool(expert.interests or expert.ventures or is_paired)


def _term(expert: ExpertProfile) -> tuple[int, int]:
    """Return the first and the last day of the term as ordinals."""
    first = expert.term_from_on or date.min
    last = expert.term_until_on or date.max
    return first.toordinal(), last.toordinal()


def _grouped(keys: Iterable[_Key]) -> _Places[_Key]:
    """Return the places of each key."""
    found: dict[_Key, list[int]] = {}
    for place, key in enumerate(keys):
        found.setdefault(key, []).append(place)
    return {key: np.array(places, dtype=np.int64) for key, places in found.items()}
