"""Job processes show that they work; the first one after a silence notes how long it was."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select, update

from app.db import MachineNow, insert_new
from app.domain.actor import Permission
from app.domain.ids import new_id
from app.domain.job import STOPPED_AFTER
from app.models.job import JobProcess, Stoppage
from app.unit_of_work import UnitOfWork

KEPT_FOR = timedelta(days=30)


def beat(uow: UnitOfWork, process_id: UUID, kinds: Collection[str]) -> None:
    """Show that the process works.

    A silence is measured by the machine's clock, so that a business clock put forward is none,
    and told by the business clock, by which jobs fall due.

    Args:
        uow: the transaction.
        process_id: whose sign of life it is.
        kinds: what the process can do.
    """
    uow.require(Permission.RUN_JOBS)
    machine_now = uow.session.execute(select(MachineNow())).scalar_one()
    _note_silence(uow, machine_now)
    known = update(JobProcess).where(JobProcess.id == process_id)
    signs = {"seen_at": uow.now, "beaten_at": machine_now, "ended_at": None}
    if uow.session.scalars(known.values(**signs).returning(JobProcess.id)).first():
        return
    uow.add(JobProcess(id=process_id, kinds=sorted(kinds), started_at=uow.now, **signs))
    uow.session.execute(delete(JobProcess).where(JobProcess.beaten_at < machine_now - KEPT_FOR))


def leave(uow: UnitOfWork, process_id: UUID) -> None:
    """Note that the process ends as it was told to."""
    uow.require(Permission.RUN_JOBS)
    uow.session.execute(
        update(JobProcess)
        .where(JobProcess.id == process_id)
        .values(seen_at=uow.now, beaten_at=MachineNow(), ended_at=uow.now)
    )


def _note_silence(uow: UnitOfWork, machine_now: datetime) -> None:
    latest = select(JobProcess).order_by(JobProcess.beaten_at.desc()).limit(1)
    last = uow.one(latest)
    if last is None or machine_now - last.beaten_at <= STOPPED_AFTER or uow.now <= last.seen_at:
        return
    # Of processes that start at the same moment one notes it.
    insert_new(uow.session, Stoppage, id=new_id(), began_at=last.seen_at, ended_at=uow.now)
