"""A worker in a process of its own, whose only effect is one row for each job."""

import time
from uuid import UUID

import pytest
from sqlalchemy import update

from app.adapters.email import smtp_transport
from app.db import open_engine
from app.domain.clock import FixedClock
from app.domain.ids import new_id
from app.domain.job import ClaimedJob
from app.jobs import queue
from app.jobs.handling import Handler, Registry
from app.jobs.registry import registry
from app.jobs.worker import Worker
from app.models.job import IdempotencyKey, Job
from app.unit_of_work import Store, UnitOfWork
from tests.databases import AUDIT_KEY
from tests.moments import START

PAUSE = 0.004


def write(uow: UnitOfWork, job: ClaimedJob) -> None:
    """Leave one row for each run."""
    uow.add(
        IdempotencyKey(
            account_id=new_id(),
            key=str(job.id),
            route="test",
            body_sha256=b"0" * 32,
            answer=job.attempts,
            created_at=uow.now,
        )
    )


def serve(url: str, owner: str, lease_seconds: float, fenced: bool) -> None:
    """Work until killed."""
    if not fenced:
        unfence()
    work(url, owner, lease_seconds, {"write": Handler(write)})


def send(url: str, owner: str, lease_seconds: float, mail_url: str) -> None:
    """Send letters until killed."""
    transport = smtp_transport(mail_url, "历城创业导师", "https://example.org")
    kinds = registry(transport, "https://example.org", "历城创业导师")
    work(url, owner, lease_seconds, kinds)


def work(url: str, owner: str, lease_seconds: float, kinds: Registry) -> None:
    """Work on the kinds until killed."""
    store = Store(open_engine(url), FixedClock(START), AUDIT_KEY)
    worker = Worker(store, kinds, lease_seconds=lease_seconds)
    worker.owner = UUID(owner)
    while True:
        # Rows of a batch lie claimed between two transactions: what a stall must strike.
        worker.work(lambda: time.sleep(PAUSE))
        time.sleep(0.01)


def unfence() -> None:
    """Finish rows whoever holds them by now: the control that shows what the fence is for."""

    def any_owner(job: ClaimedJob) -> object:
        return update(Job).where(Job.id == job.id)

    pytest.MonkeyPatch().setattr(queue, "_fenced", any_owner)
