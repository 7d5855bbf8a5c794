"""A simulated district: experts, needs, founders who read from the top, and what comes of it.

Experts differ in how readily they accept and how well they serve, which a base score cannot
know; the base score weighs its parts otherwise than usefulness does. A few subjects are asked
for most of the time, some profiles meet every text, newcomers' profiles are thin.
"""

from collections import Counter, deque
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from matching.learn import Adjustment, Fate, PlaceSharing, Shown
from matching.types import Candidate, Part

Floats = NDArray[np.float64]

EXPERTS, NEWCOMERS, TOPICS, PLACES = 60, 10, 25, 5
IDS = tuple(f"E{number:02d}" for number in range(EXPERTS))
CODES = ("words", "subject", "trade", "phase", "kind")
BASE = np.array([0.90, 0.05, 0.03, 0.01, 0.01])
USEFUL = np.array([0.70, 0.15, 0.05, 0.10])
# Showings of so many needs count, about a quarter of a year.
WINDOW = 150
# The chance that a founder reads on falls with the place as place^-0.7.
READ = np.arange(1, PLACES + 1) ** -0.7
FIRST_DAY = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class World:
    """Experts with what the matcher sees of them and what it does not."""

    seed: int
    skills: Floats
    trades: Floats
    phases: Floats
    kinds: Floats
    usual_kinds: Floats
    visibility: Floats
    readiness: Floats
    service: Floats

    @classmethod
    def of(cls, seed: int) -> "World":
        """Make a world by a seed."""
        chance = np.random.default_rng(seed)
        visibility = chance.normal(0.0, 0.03, size=EXPERTS)
        visibility[-NEWCOMERS:] -= 0.03
        return cls(
            seed=seed,
            skills=chance.dirichlet(np.full(TOPICS, 0.15), size=EXPERTS),
            trades=chance.integers(10, size=EXPERTS).astype(float),
            phases=chance.integers(6, size=EXPERTS).astype(float),
            kinds=chance.integers(4, size=EXPERTS).astype(float),
            usual_kinds=chance.integers(4, size=TOPICS).astype(float),
            visibility=visibility,
            readiness=chance.beta(2.5, 1.2, size=EXPERTS),
            service=chance.beta(2.5, 1.2, size=EXPERTS),
        )


@dataclass(frozen=True)
class Needs:
    """Needs of a world: score parts (n, experts, parts), chances to be accepted and to be good."""

    parts: Floats
    accepting: Floats
    serving: Floats

    @classmethod
    def of(cls, world: World, n: int, seed: int) -> "Needs":
        """Make needs by a seed."""
        chance = np.random.default_rng([world.seed, seed])
        asked = chance.dirichlet(2.5 / np.arange(2, TOPICS + 2) ** 1.3, size=n)
        lengths = np.linalg.norm(asked, axis=1)[:, None] * np.linalg.norm(world.skills, axis=1)
        fit = asked @ world.skills.T / lengths
        trade = (chance.integers(10, size=n)[:, None] == world.trades) * 1.0
        phase = 1.0 - np.abs(chance.integers(6, size=n)[:, None] - world.phases) / 5.0
        kind = (world.usual_kinds[asked.argmax(axis=1)][:, None] == world.kinds) * 1.0
        verbosity = chance.uniform(0.6, 1.2, size=(n, 1))
        words = 0.05 + world.visibility + 0.25 * fit * verbosity
        words += chance.normal(0.0, 0.04, size=fit.shape)
        subject = np.clip(fit + chance.normal(0.0, 0.25, size=fit.shape), 0.0, 1.0)
        raw = np.stack([np.maximum(words, 0.0), subject, trade, phase, kind], axis=-1)
        useful = np.stack([fit, trade, phase, kind], axis=-1) @ USEFUL
        return cls(
            np.round(raw * BASE, 6),
            world.readiness * (0.4 + 0.6 * useful),
            np.clip(world.service * (0.3 + 0.8 * useful), 0.0, 1.0),
        )

    def scores(self, version: Adjustment | None) -> Floats:
        """Score all experts for all needs."""
        base = np.asarray(self.parts.sum(axis=-1))
        return base if version is None else base + version.of_parts(IDS, CODES, self.parts)

    @property
    def useful(self) -> Floats:
        """The chance of a good meeting, (n, experts)."""
        return np.asarray(self.accepting * self.serving)


@dataclass
class District:
    """A service that shows lists by some version, and keeps what was shown and what came of it."""

    needs: Needs
    seed: int
    sharing: PlaceSharing
    is_random: bool = False
    rows: list[Shown] = field(default_factory=list)
    lists: list[list[int]] = field(default_factory=list)
    chosen: list[int] = field(default_factory=list)
    _window: deque[list[str]] = field(default_factory=deque)
    _showings: Counter[str] = field(default_factory=Counter)

    def serve(self, version: Adjustment | None) -> "District":
        """Show a list for each need and let its founder ask somebody of it."""
        for number, scores in enumerate(self.needs.scores(version)):
            self._show(number, scores)
        return self

    def _show(self, number: int, scores: Floats) -> None:
        need_id = f"{self.seed}-{number:05d}"
        best = np.argsort(-scores, kind="stable")[: PLACES + self.sharing.depth]
        ranked = [Candidate(IDS[at], float(scores[at]), (), (), ()) for at in best]
        places = self.sharing.share(need_id, ranked, PLACES, self._showings)
        ids = [place.candidate.expert_id for place in places]
        self._remember(ids)
        shown = [int(each[1:]) for each in ids]
        chance = np.random.default_rng([self.seed, number])
        liked = np.exp(4.0 * self.needs.serving[number, shown]) * READ
        at = int(chance.choice(PLACES, p=liked / liked.sum()))
        self.lists.append(shown)
        self.chosen.append(shown[at])
        for position, place in enumerate(places, start=1):
            expert = shown[position - 1]
            self.rows.append(
                Shown(
                    need_id,
                    place.candidate.expert_id,
                    position,
                    tuple(map(Part, CODES, self.needs.parts[number, expert].tolist())),
                    "simulated-1",
                    place.propensity,
                    FIRST_DAY + timedelta(hours=number),
                    self._fate(number, expert, chance) if position == at + 1 else Fate(),
                )
            )

    def _remember(self, ids: list[str]) -> None:
        self._window.append(ids)
        self._showings.update(ids)
        if len(self._window) > WINDOW:
            self._showings.subtract(self._window.popleft())

    def _fate(self, number: int, expert: int, chance: np.random.Generator) -> Fate:
        accepting, serving = (
            self.needs.accepting[number, expert],
            self.needs.serving[number, expert],
        )
        if self.is_random:
            accepting, serving = 0.7, 0.7
        if chance.random() >= accepting:
            return Fate(is_asked=True, answer="declined", reason="m_overload")
        rating = 5.0 if chance.random() < serving else 2.0
        is_rated = chance.random() < 0.7
        return Fate(True, "accepted", "", True, True, rating if is_rated else None)
