"""What the matcher proposed, when, by which version, and whom it excluded."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import JSONOrNull
from app.models.base import Base, Code, Json, references


class MatchRound(Base):
    """One run of the matcher for one need; never changed, so any past pairing can be explained.

    With a `lack` nobody was a good match: its proposals are the nearest experts, for the desk
    alone. `asks_bureau` tells that the search was left to the bureau on that account.
    """

    __tablename__ = "match_rounds"

    need_id: Mapped[UUID] = references("needs")
    number: Mapped[int]
    matcher_version: Mapped[Code]
    created_at: Mapped[datetime]
    excluded: Mapped[Json]
    lack: Mapped[Any] = mapped_column(JSONOrNull, nullable=True)
    asks_bureau: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (UniqueConstraint("need_id", "number"),)


class Proposal(Base):
    """An expert proposed for a need, with score parts and reasons as shown."""

    __tablename__ = "proposals"
    __table_args__ = (UniqueConstraint("match_round_id", "expert_id"),)

    match_round_id: Mapped[UUID] = references("match_rounds")
    need_id: Mapped[UUID] = references("needs")
    expert_id: Mapped[UUID] = references("experts")
    rank: Mapped[int]
    score: Mapped[float] = mapped_column()
    parts: Mapped[Json]
    reasons: Mapped[Json]
    cautions: Mapped[Json]
