"""Work to do at a time, leases, and answers kept for a second press."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.job import MOST_ATTEMPTS, JobState
from app.models.base import Base, Code, Json, Prose, enum_of

_READY = text("state = 'ready'")
_LEASED = text("state = 'leased'")
_WOKEN = text("state = 'ready' AND woken_at IS NOT NULL")
_LOST = text("state IN ('dead', 'expired')")


class Job(Base):
    """Outbox and schedule in one table. `run_at` is business time, `lease_until` machine time.

    `due_at` is when it was due at first, where `run_at` does not say: a further try moves that, or
    it lay in the past from the beginning. `version` counts how often somebody queued it anew.
    `woken_at`, machine time, is when an engine was last told of it.
    """

    __tablename__ = "jobs"
    __table_args__ = (
        UniqueConstraint("dedupe_key"),
        Index("ix_jobs_ready", "run_at", postgresql_where=_READY, sqlite_where=_READY),
        Index("ix_jobs_leased", "lease_until", postgresql_where=_LEASED, sqlite_where=_LEASED),
        Index("ix_jobs_woken", "woken_at", postgresql_where=_WOKEN, sqlite_where=_WOKEN),
        Index("ix_jobs_lost", "kind", postgresql_where=_LOST, sqlite_where=_LOST),
        Index("ix_jobs_subject_id", "subject_id"),
    )

    kind: Mapped[Code]
    dedupe_key: Mapped[str]
    subject_id: Mapped[UUID | None]
    payload: Mapped[Json]
    run_at: Mapped[datetime]
    not_after: Mapped[datetime | None]
    state: Mapped[JobState] = mapped_column(enum_of(JobState), default=JobState.READY)
    attempts: Mapped[int] = mapped_column(default=0)
    max_attempts: Mapped[int] = mapped_column(default=MOST_ATTEMPTS)
    lease_owner: Mapped[UUID | None]
    lease_until: Mapped[datetime | None]
    last_error: Mapped[Prose | None]
    done_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    woken_at: Mapped[datetime | None]


class Lease(Base):
    """Who has an office, until when by the machine's clock; nobody where `owner` is empty.

    `token` is raised each time the office is taken over, and never goes back.
    """

    __tablename__ = "leases"
    __table_args__ = (UniqueConstraint("name"),)

    name: Mapped[Code]
    owner: Mapped[UUID | None]
    token: Mapped[int] = mapped_column(BigInteger)
    lease_until: Mapped[datetime]


class JobProcess(Base):
    """A job process: what it can do, and when it last showed that it works, by both clocks."""

    __tablename__ = "job_processes"

    kinds: Mapped[Json]
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    beaten_at: Mapped[datetime] = mapped_column(index=True)
    ended_at: Mapped[datetime | None]


class Stoppage(Base):
    """A time in which no job process worked, as the first one noted that came after it."""

    __tablename__ = "stoppages"
    __table_args__ = (
        UniqueConstraint("began_at"),
        CheckConstraint("ended_at > began_at", name="span"),
    )

    began_at: Mapped[datetime]
    ended_at: Mapped[datetime]


class IdempotencyKey(Base):
    """The answer to a request somebody may send twice; kept seven days."""

    __tablename__ = "idempotency_keys"
    __table_args__ = (UniqueConstraint("account_id", "key"),)

    account_id: Mapped[UUID]
    key: Mapped[str]
    route: Mapped[str]
    body_sha256: Mapped[bytes] = mapped_column(LargeBinary(32))
    answer: Mapped[Json]
    created_at: Mapped[datetime]
