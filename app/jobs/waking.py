"""Which jobs an engine is told of: due ones nobody was woken for, and those whose wake was lost."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select, update

from app.db import MachineNow
from app.domain.job import LEASE_SECONDS, WAKE_AGAIN_SECONDS, JobState
from app.models.job import Job
from app.unit_of_work import UnitOfWork

MOST_AT_ONCE = 500
Carry = Callable[[UnitOfWork, Sequence[UUID]], Callable[[], None]]


@dataclass(frozen=True, slots=True)
class Woken:
    """How many jobs were told of, and what is left to do after the commit."""

    count: int
    after: Callable[[], None]


def wake(uow: UnitOfWork, carry: Carry, most: int = MOST_AT_ONCE) -> Woken | None:
    """Have a wake carried for each job that needs one, and note it; None where none does.

    A job whose wake was carried and lost is told of again after a minute. Kinds are not looked
    at: an older leader must not keep from others what they can do.

    Args:
        uow: the leader's transaction.
        carry: takes the wakes along with the transaction, or leaves them for after it.
        most: how many at most.
    """
    long_ago = Job.woken_at < MachineNow(-WAKE_AGAIN_SECONDS)
    due = (Job.state == JobState.READY) & (Job.run_at <= uow.now)
    vanished = (Job.state == JobState.LEASED) & (Job.lease_until < MachineNow())
    told_before = or_(Job.woken_at.is_(None), Job.woken_at < Job.lease_until, long_ago)
    found: list[UUID] = []
    for arm, order in (
        (vanished & told_before, Job.lease_until),
        (due & Job.woken_at.is_(None), Job.run_at),
        (due & long_ago, Job.woken_at),
    ):
        found += _pick(uow, arm, order, most - len(found))
    if not found:
        return None
    uow.session.execute(update(Job).where(Job.id.in_(found)).values(woken_at=MachineNow()))
    return Woken(len(found), carry(uow, found))


def cut_leases(uow: UnitOfWork, longest: float = LEASE_SECONDS) -> int:
    """End leases that are longer than any that is given: the machine's clock went back.

    Their workers lose the row as after any lease that runs out; return how many rows.
    """
    beyond = (Job.state == JobState.LEASED) & (Job.lease_until > MachineNow(longest + 1))
    cut = update(Job).where(beyond).values(lease_until=MachineNow())
    return len(uow.session.scalars(cut.returning(Job.id)).all())


def _pick(uow: UnitOfWork, arm: ColumnElement[bool], order: object, most: int) -> list[UUID]:
    if most <= 0:
        return []
    statement = select(Job.id).where(arm).order_by(order)  # type: ignore[arg-type]  # a column
    return list(uow.all(statement.limit(most).with_for_update(skip_locked=True)))
