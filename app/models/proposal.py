"""What the matcher proposed, when, by which version, and what its versions have learned."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import JSONOrNull, on_violation
from app.domain.proposal import PlacedBy, VersionsChangedError, VersionState
from app.models.base import Base, Code, Json, Ledger, Versioned, enum_of, references


class MatchRound(Base):
    """One run of the matcher for one need; never changed, so any past pairing can be explained.

    Its list is what the founder is shown from `created_at` on. With a `lack` nobody was a good
    match: its proposals are the nearest experts, for the desk alone. `asks_bureau` tells that
    the search was left to the bureau on that account.
    """

    __tablename__ = "match_rounds"

    need_id: Mapped[UUID] = references("needs")
    number: Mapped[int]
    matcher_version: Mapped[Code]
    created_at: Mapped[datetime]
    excluded: Mapped[Json]
    lack: Mapped[Any] = mapped_column(JSONOrNull, nullable=True)
    asks_bureau: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (
        UniqueConstraint("need_id", "number"),
        Index("ix_match_rounds_created_at", "created_at"),
    )


class Proposal(Base):
    """An expert proposed for a need, with score parts and reasons as shown.

    `placed_by` is what gave him the place, `propensity` the chance that he stood in this list; of
    whom the bureau arranged there is none.
    """

    __tablename__ = "proposals"
    __table_args__ = (
        UniqueConstraint("match_round_id", "expert_id"),
        CheckConstraint("propensity > 0 AND propensity <= 1", name="propensity"),
    )

    match_round_id: Mapped[UUID] = references("match_rounds")
    need_id: Mapped[UUID] = references("needs")
    expert_id: Mapped[UUID] = references("experts")
    rank: Mapped[int]
    score: Mapped[float] = mapped_column()
    parts: Mapped[Json]
    reasons: Mapped[Json]
    cautions: Mapped[Json]
    propensity: Mapped[float | None]
    placed_by: Mapped[PlacedBy | None] = mapped_column(enum_of(PlacedBy))


# One version ranks, and one makes lists beside it.
_RUNNING = text("state IN ('shadow', 'live')")


class MatcherVersion(Versioned, Ledger, Base):
    """What was learned from proposals once, the proof of it, and whether it ranks.

    `name` is what matcher versions carry after the plus sign; `learned_until` is when the last
    need was first shown from which it learned; `replaces_id` is what was live before it.
    """

    __tablename__ = "matcher_versions"
    __table_args__ = (
        UniqueConstraint("number"),
        CheckConstraint("(state = 'live') <= (promoted_at IS NOT NULL)", name="promoted"),
        CheckConstraint("(state = 'retired') = (retired_at IS NOT NULL)", name="retired"),
        Index(
            "uq_matcher_versions_running",
            "state",
            unique=True,
            postgresql_where=_RUNNING,
            sqlite_where=_RUNNING,
        ),
    )
    # Counts by expert: in the trail as a hash, in the row in clear.
    PRIVATE = frozenset({"weights"})

    number: Mapped[int]
    name: Mapped[Code]
    state: Mapped[VersionState] = mapped_column(enum_of(VersionState))
    weights: Mapped[Json]
    evidence: Mapped[Json]
    learned_until: Mapped[datetime]
    created_at: Mapped[datetime]
    created_by_id: Mapped[UUID | None] = references("accounts", index=False)
    promoted_at: Mapped[datetime | None]
    promoted_by_id: Mapped[UUID | None] = references("accounts", index=False)
    retired_at: Mapped[datetime | None]
    retired_by_id: Mapped[UUID | None] = references("accounts", index=False)
    replaces_id: Mapped[UUID | None] = references("matcher_versions", index=False)


class ShadowList(Base):
    """The list that the version in the shadow would have made when another was shown.

    `places` holds expert and score, in order.
    """

    __tablename__ = "shadow_lists"
    __table_args__ = (UniqueConstraint("match_round_id"),)

    match_round_id: Mapped[UUID] = references("match_rounds", index=False)
    matcher_version_id: Mapped[UUID] = references("matcher_versions")
    places: Mapped[Json]


class LearningSwitch(Ledger, Base):
    """Learning switched on or off; the newest row holds, and without any it is on."""

    __tablename__ = "learning_switches"

    is_on: Mapped[bool]
    switched_at: Mapped[datetime]
    switched_by_id: Mapped[UUID | None] = references("accounts", index=False)


on_violation(VersionsChangedError, "uq_matcher_versions_number", "matcher_versions.number")
on_violation(VersionsChangedError, "uq_matcher_versions_running", "matcher_versions.state")
