"""The fitted matcher of a process, made anew only when the pool has changed."""

import gc
import threading
from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID

from sqlalchemy import ScalarSelect, func, select

from app.domain.errors import NotFoundError
from app.domain.proposal import VersionState
from app.models.expert import Expert
from app.models.proposal import LearningSwitch, MatcherVersion
from app.queries.free_times import Look
from app.queries.matcher_versions import is_learning, newest_switch
from app.queries.vocabularies import labels
from app.services.proposals.learning import Shadow, ranking_version, shadow_version
from app.services.proposals.profiles import profile_of
from app.settings import SettingsError
from matching import (
    Adjustment,
    EmbeddingEncoder,
    ExpertProfile,
    Matcher,
    ModelError,
    TextEncoder,
    load_model,
)

# Experts, the sum of their versions, what is live and in the shadow, and the switch that holds.
PoolVersion = tuple[int, int, UUID | None, UUID | None, UUID | None]

# Experts from which on a pool is kept from the garbage collector.
MANY = 1_000


@dataclass(frozen=True, slots=True)
class FittedPool:
    """A matcher fitted on the whole pool, and the pool it was fitted on; never changed.

    With `is_learning` the live version ranks and places are shared out; else the base alone.
    `shadow` makes lists beside it that nobody sees.
    """

    matcher: Matcher
    version: PoolVersion
    profiles: Mapping[str, ExpertProfile]
    industries: Mapping[str, str]
    is_learning: bool = True
    shadow: Shadow | None = None

    def alone(self, expert_id: UUID) -> "FittedPool":
        """Return the same with one expert only.

        Raises:
            NotFoundError: he is not of the pool.
        """
        profile = self.profiles.get(str(expert_id))
        if profile is None:
            raise NotFoundError("expert.not_found")
        return replace(self, profiles={profile.expert_id: profile})


def pool_version(look: Look) -> PoolVersion:
    """Return a key that changes with every change of the pool; one small statement."""
    row = look.session.execute(
        select(
            func.count(),
            func.coalesce(func.sum(Expert.version), 0),
            _in_state(VersionState.LIVE),
            _in_state(VersionState.SHADOW),
            newest_switch(LearningSwitch.id).scalar_subquery(),
        ).select_from(Expert)
    ).one()
    return int(row[0]), int(row[1]), row[2], row[3], row[4]


def _in_state(state: VersionState) -> ScalarSelect[UUID]:
    return select(MatcherVersion.id).where(MatcherVersion.state == state).scalar_subquery()


def encoder_of(folder: Path | None) -> TextEncoder | None:
    """Return the encoder for a sentence-embedding model, None where none is configured.

    Raises:
        SettingsError: no model can be loaded from the folder.
    """
    if folder is None:
        return None
    try:
        load_model(str(folder))
    except ModelError as error:
        raise SettingsError(faults=f"JIEBAN_EMBEDDING_MODEL: {error}") from error
    return EmbeddingEncoder(str(folder))


def fit_matcher(
    look: Look, held: FittedPool | None = None, encoder: TextEncoder | None = None
) -> FittedPool:
    """Return the matcher of the pool as it is now.

    Args:
        look: what to read with.
        held: an earlier pool; when only facts of the day, or what was learned, have
            changed since, its fit is kept.
        encoder: another than the usual one.
    """
    version = pool_version(look)
    industries = labels(look, "industry").by_vocabulary["industry"]
    rows = look.session.scalars(select(Expert).order_by(Expert.id))
    profiles = {str(row.id): profile_of(row, industries) for row in rows}
    learned = ranking_version(look)
    if held is not None and held.profiles == profiles:
        matcher = _with(held.matcher, learned)
    else:
        matcher = Matcher(encoder=encoder, learned=learned).fit(profiles.values())
    return FittedPool(
        matcher=matcher,
        version=version,
        profiles=profiles,
        industries=industries,
        is_learning=is_learning(look),
        shadow=shadow_version(look),
    )


def _with(matcher: Matcher, learned: Adjustment | None) -> Matcher:
    """Return the matcher with what was learned; others go on with the one they have."""
    return matcher if matcher.learned_ == learned else copy(matcher).adopt(learned)


class MatcherCache:
    """The newest fitted pool of this process, for all its threads."""

    def __init__(self, encoder: TextEncoder | None = None) -> None:
        self._encoder = encoder
        self._held: FittedPool | None = None
        self._fitting = threading.Lock()

    def pool(self, look: Look) -> FittedPool:
        """Return the pool as the look sees it; while one thread fits it anew, others go on.

        A large pool takes seconds to fit. Those who do not wait get the pool before the change;
        who may be proposed today is asked of the database each time.
        """
        held = self._held
        if held is not None and held.version == pool_version(look):
            return held
        has_turn = self._fitting.acquire(blocking=held is None)
        if held is not None and not has_turn:
            return held
        try:
            if self._held is None or self._held.version != pool_version(look):
                self._held = fit_matcher(look, self._held, self._encoder)
                _keep_from_collection(self._held)
            return self._held
        finally:
            self._fitting.release()


def _keep_from_collection(held: FittedPool) -> None:
    """Let the garbage collector pass over a large pool; to look through it takes 0.2 s."""
    if len(held.profiles) >= MANY:
        gc.collect()
        gc.freeze()
