"""What came of a meeting: the record in versions, both sides' words, ratings, disputes."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import JSONOrNull, on_violation
from app.domain.errors import ConflictError
from app.domain.outcome import ConfirmationKind, OutcomeStatus
from app.models.base import Base, Code, Json, Ledger, Prose, Versioned, enum_of, references


class Outcome(Versioned, Ledger, Base):
    """The state of a meeting's record and its confirmation."""

    __tablename__ = "outcomes"
    __table_args__ = (UniqueConstraint("service_session_id"),)

    service_session_id: Mapped[UUID] = references("service_sessions", index=False)
    status: Mapped[OutcomeStatus] = mapped_column(enum_of(OutcomeStatus))
    record_by: Mapped[datetime]
    recorded_at: Mapped[datetime | None]
    confirm_by: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]
    confirmation_kind: Mapped[ConfirmationKind | None] = mapped_column(enum_of(ConfirmationKind))
    is_late: Mapped[bool] = mapped_column(default=False)


class OutcomeVersion(Ledger, Base):
    """The mentor's record as he wrote it at one time; never changed.

    `signed_name` is what its author typed to sign it, `text_sha256` the hash of the meeting's facts
    and of the record as they stood then.
    """

    __tablename__ = "outcome_versions"
    __table_args__ = (UniqueConstraint("outcome_id", "number"),)
    PRIVATE_SINCE = frozenset({"effects", "referral", "signed_name"})
    PRIVATE = PRIVATE_SINCE | {"question", "advice", "actions", "reason"}

    outcome_id: Mapped[UUID] = references("outcomes")
    number: Mapped[int]
    question: Mapped[Prose]
    advice: Mapped[Prose]
    actions: Mapped[Json]
    result: Mapped[Code]
    stage: Mapped[Code | None]
    topics: Mapped[Json | None] = mapped_column(JSONOrNull)
    effects: Mapped[Json | None] = mapped_column(JSONOrNull)
    referral: Mapped[Json | None] = mapped_column(JSONOrNull)
    reason: Mapped[Prose | None]
    signed_name: Mapped[str | None]
    text_sha256: Mapped[str | None] = mapped_column(String(64))
    author_id: Mapped[UUID] = references("accounts", index=False)
    created_at: Mapped[datetime]


class Confirmation(Ledger, Base):
    """What one person of the founder's side said of the facts; never changed.

    `signed_name` is what he typed to sign, `text_sha256` the hash of what he had before him.
    """

    __tablename__ = "confirmations"
    __table_args__ = (
        CheckConstraint(
            "(kind IN ('call_back', 'paper_signature')) = (officer_id IS NOT NULL)",
            name="officer",
        ),
    )
    PRIVATE_SINCE = frozenset({"signed_name"})
    PRIVATE = PRIVATE_SINCE | {"remark"}

    outcome_id: Mapped[UUID] = references("outcomes")
    person_id: Mapped[UUID] = references("persons")
    agrees: Mapped[bool]
    kind: Mapped[ConfirmationKind] = mapped_column(enum_of(ConfirmationKind))
    remark: Mapped[Prose | None]
    outcome_version: Mapped[int]
    signed_name: Mapped[str | None]
    text_sha256: Mapped[str | None] = mapped_column(String(64))
    officer_id: Mapped[UUID | None] = references("accounts", index=False)
    created_at: Mapped[datetime]


class Rating(Base):
    """One attendee's rating, once, apart from the confirmation; 1 to 5."""

    __tablename__ = "ratings"
    __table_args__ = (
        UniqueConstraint("outcome_id", "person_id"),
        CheckConstraint("score BETWEEN 1 AND 5", name="score"),
    )

    outcome_id: Mapped[UUID] = references("outcomes")
    person_id: Mapped[UUID] = references("persons")
    score: Mapped[int]
    created_at: Mapped[datetime]


class Dispute(Versioned, Ledger, Base):
    """A disagreement on the facts or a contested no-show, until an approver rules.

    The reference is the number of the ruling 裁定. `is_absence` marks the dispute of one expert
    on his own absence from a panel that the others held: the meeting itself is not disputed.
    """

    __tablename__ = "disputes"
    __table_args__ = (
        UniqueConstraint("reference"),
        CheckConstraint("(ruled_at IS NULL) = (ruling IS NULL)", name="ruled_at_once"),
        CheckConstraint("(ruled_at IS NULL) = (reference IS NULL)", name="ruling_numbered"),
    )
    PRIVATE = frozenset({"statement", "ruling_text"})

    reference: Mapped[Code | None]
    service_session_id: Mapped[UUID] = references("service_sessions")
    opened_by_id: Mapped[UUID] = references("persons", index=False)
    statement: Mapped[Prose]
    opened_at: Mapped[datetime]
    rule_by: Mapped[datetime]
    ruling: Mapped[Code | None]
    ruling_text: Mapped[Prose | None]
    ruled_by_id: Mapped[UUID | None] = references("accounts", index=False)
    ruled_at: Mapped[datetime | None]
    is_absence: Mapped[bool] = mapped_column(default=False)


on_violation(
    lambda: ConflictError("outcome.already_rated"),
    "uq_ratings_outcome_id_person_id",
    "ratings.outcome_id, ratings.person_id",
)
