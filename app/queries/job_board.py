"""How planned work and letters stand, by kind and by channel: for who looks after the service."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import case, func, select

from app.db import MachineNow
from app.domain.job import LATE_AFTER, LEADER, STOPPED_AFTER, DeliveryState, JobState
from app.models.job import Job, JobProcess, Lease, Stoppage
from app.models.message import Delivery
from app.unit_of_work import Reader

MOST_STOPPAGES = 5
_OPEN = (JobState.READY, JobState.LEASED, JobState.DEAD, JobState.EXPIRED)
_ON_ITS_WAY = (DeliveryState.PLANNED, DeliveryState.SENDING)


@dataclass(frozen=True, slots=True)
class KindFigures:
    """The jobs of one kind.

    Attributes:
        is_known: some job process that works can do it; true as well while none works.
        ready: wait, whether their time has come or not.
        due: wait although their time has come; `late` ones for longer than they may.
        oldest_due_at: since when the first of them waits.
    """

    kind: str
    is_known: bool
    ready: int
    due: int
    late: int
    leased: int
    dead: int
    expired: int
    oldest_due_at: datetime | None


@dataclass(frozen=True, slots=True)
class ChannelFigures:
    """The deliveries of one channel by state, and since when the oldest is on its way."""

    channel: str
    counts: Mapping[DeliveryState, int]
    oldest_open_at: datetime | None


@dataclass(frozen=True, slots=True)
class ProcessSign:
    """A job process that works, and when it last showed that."""

    id: UUID
    started_at: datetime
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class LeaderSign:
    """The process that leads, and the token of its term: how often leading was taken over."""

    process_id: UUID
    token: int


@dataclass(frozen=True, slots=True)
class Stopped:
    """A time in which no job process worked."""

    began_at: datetime
    ended_at: datetime


@dataclass(frozen=True, slots=True)
class JobBoard:
    """Everything an operator looks at."""

    kinds: Sequence[KindFigures]
    channels: Sequence[ChannelFigures]
    processes: Sequence[ProcessSign]
    stoppages: Sequence[Stopped]
    leader: LeaderSign | None = None

    @property
    def oldest_due_at(self) -> datetime | None:
        """Return since when the job that waits longest has been due."""
        return min((kind.oldest_due_at for kind in self.kinds if kind.oldest_due_at), default=None)

    def total(self, figure: str) -> int:
        """Return a figure over all kinds."""
        return sum(getattr(kind, figure) for kind in self.kinds)


def job_board(reader: Reader) -> JobBoard:
    """Return how everything stands at the business time."""
    running = reader.session.scalars(
        select(JobProcess)
        .where(JobProcess.beaten_at > MachineNow(-STOPPED_AFTER.total_seconds()))
        .where(JobProcess.ended_at.is_(None))
        .order_by(JobProcess.id)
    ).all()
    known = frozenset(kind for process in running for kind in process.kinds)
    stoppages = reader.session.scalars(
        select(Stoppage).order_by(Stoppage.began_at.desc()).limit(MOST_STOPPAGES)
    )
    return JobBoard(
        kinds=_kinds(reader, known if running else None),
        channels=_channels(reader),
        processes=[ProcessSign(row.id, row.started_at, row.seen_at) for row in running],
        stoppages=[Stopped(row.began_at, row.ended_at) for row in stoppages],
        leader=_leader(reader),
    )


def _leader(reader: Reader) -> LeaderSign | None:
    held = select(Lease).where(Lease.name == LEADER, Lease.lease_until > MachineNow())
    lease = reader.session.scalars(held).one_or_none()
    return LeaderSign(lease.owner, lease.token) if lease and lease.owner else None


def _kinds(reader: Reader, known: frozenset[str] | None) -> list[KindFigures]:
    ready = Job.state == JobState.READY
    due, late = Job.run_at <= reader.now, Job.run_at < reader.now - LATE_AFTER
    statement = (
        select(
            Job.kind,
            func.sum(case((ready, 1), else_=0)),
            func.sum(case((ready & due, 1), else_=0)),
            func.sum(case((ready & late, 1), else_=0)),
            *(
                func.sum(case((Job.state == state, 1), else_=0))
                for state in (JobState.LEASED, JobState.DEAD, JobState.EXPIRED)
            ),
            func.min(case((ready & due, Job.run_at))),
        )
        .where(Job.state.in_(_OPEN))
        .group_by(Job.kind)
        .order_by(Job.kind)
    )
    return [
        KindFigures(kind, known is None or kind in known, *figures)
        for kind, *figures in reader.session.execute(statement)
    ]


def _channels(reader: Reader) -> list[ChannelFigures]:
    statement = (
        select(Delivery.channel, Delivery.state, func.count(), func.min(Delivery.updated_at))
        .group_by(Delivery.channel, Delivery.state)
        .order_by(Delivery.channel)
    )
    counts: dict[str, dict[DeliveryState, int]] = {}
    oldest: dict[str, datetime] = {}
    for channel, state, count, since in reader.session.execute(statement):
        counts.setdefault(channel, {})[state] = count
        if state in _ON_ITS_WAY:
            oldest[channel] = min(since, oldest.get(channel, since))
    return [ChannelFigures(name, states, oldest.get(name)) for name, states in counts.items()]
