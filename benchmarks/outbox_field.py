"""What the attack on the outbox takes place on: jobs, workers, a gateway for short messages.

The gateway is a process of its own that speaks HTTP. It keeps silent, breaks down, loses messages,
refuses them for now and answers twice, and it does not know a key again.
"""

import json
import logging
import multiprocessing
import os
import signal
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from multiprocessing.context import ForkServerContext
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, func, select

from app.adapters.carrying import Gateway, ShortTransport
from app.adapters.email import Outbox
from app.adapters.sms import sms_gateway
from app.db import open_engine
from app.domain.actor import SYSTEM, Role
from app.domain.ids import new_id
from app.domain.job import JobState
from app.domain.message import Channel
from app.jobs.handling import Handler, Registry
from app.jobs.registry import Outside, registry
from app.jobs.worker import Worker
from app.models.job import Job
from app.models.message import Message
from app.services import messages
from app.unit_of_work import Store, UnitOfWork
from tests import sms_gateway as fake
from tests.builders import an_account
from tests.databases import AUDIT_KEY
from tests.jobs.worker_process import unfence, write
from tests.moments import START

# Business time passes faster, so that the pauses between tries are those of the service.
PACE = 20
CALL_SECONDS, LEASE_SECONDS = 0.5, 2.0
# In all one message in ten meets with a fault.
RATES = {
    "busy": 0.04,
    "broken": 0.015,
    "broken_after": 0.015,
    "silent": 0.01,
    "lost": 0.01,
    "twice": 0.01,
}
PORTION = 500


class FastClock:
    """Tells a business time that passes faster than the machine's, alike in every process."""

    def __init__(self, began: float) -> None:
        self._began = began

    def now(self) -> datetime:
        """Return the present business time."""
        return (START + timedelta(seconds=(time.time() - self._began) * PACE)).astimezone(UTC)


@dataclass(frozen=True)
class Site:
    """One database and how its workers work."""

    url: str
    gateway_url: str
    began: float
    is_guarded: bool = True

    def store(self) -> Store:
        """Return the database as use cases know it."""
        return Store(open_engine(self.url), FastClock(self.began), AUDIT_KEY)


class _Blind:
    """Hands over like the gateway, and never asks: the control that shows what asking is for."""

    def __init__(self, gateway: ShortTransport) -> None:
        self.send = gateway.send


def kinds(site: Site) -> Registry:
    """Return what workers do: one row for each job, and short messages."""
    gateway = replace(sms_gateway(site.gateway_url), seconds=CALL_SECONDS)
    sms: ShortTransport | Gateway = gateway if site.is_guarded else _Blind(gateway)
    outside = registry(Outbox(), "https://example.org", "结伴", outside=Outside(sms=sms))
    return {"deliver_message": outside["deliver_message"], "write": Handler(write)}


def serve(site: Site, owner: str) -> None:
    """Work until killed."""
    # Thousands of tries fail here as they are meant to.
    logging.disable(logging.WARNING)
    if not site.is_guarded:
        unfence()
    worker = Worker(site.store(), kinds(site), lease_seconds=LEASE_SECONDS)
    worker.owner = UUID(owner)
    while True:
        worker.work()
        time.sleep(0.02)


def plan(site: Site, rows: int, texts: int = 0) -> None:
    """Plan jobs that write a row each, and short messages, in an order that mixes them."""
    store = site.store()
    account = an_account(store, Role.FOUNDER)
    every = (rows + texts) // texts if texts else rows + 1

    def portion(uow: UnitOfWork, first: int, last: int) -> None:
        for number in range(first, last):
            if texts and number % every == 0 and number // every < texts:
                _text(uow, account.id, number)
            else:
                uow.later("write", f"write:{new_id()}", START)

    for first in range(0, rows + texts, PORTION):
        store.execute(SYSTEM, portion, first, min(first + PORTION, rows + texts))
    store.engine.dispose()


def _text(uow: UnitOfWork, account_id: UUID, number: int) -> None:
    message = Message(
        account_id=account_id,
        event="need.submitted",
        subject_id=new_id(),
        revision=1,
        title=f"第 {number} 条",
        text="您的需求已收到。",
        href="/needs",
        facts={"words": "need.submitted", "name": "李晓"},
        created_at=uow.now,
    )
    plan = messages.Plan(channel=Channel.SMS, address="13800001111")
    messages.plan_delivery(uow, uow.add(message), plan)


@dataclass
class Crew:
    """Workers of one site, killed, stalled and started anew at will."""

    site: Site
    context: ForkServerContext
    engine: Engine
    alive: dict[UUID, Any] = field(default_factory=dict)
    stopped: dict[UUID, float] = field(default_factory=dict)

    def start(self) -> None:
        """Start one worker."""
        owner = new_id()
        process = self.context.Process(target=serve, args=(self.site, str(owner)), daemon=True)
        process.start()
        self.alive[owner] = process

    def holders(self) -> list[UUID]:
        """Return the workers that hold a job at this moment and go on with it."""
        held = select(Job.lease_owner).where(Job.state == JobState.LEASED).distinct()
        with self.engine.connect() as connection:
            going_on = self.alive.keys() - self.stopped.keys()
            return [owner for owner in connection.scalars(held) if owner in going_on]

    def kill(self, owner: UUID) -> bool:
        """Kill a worker, start another, and tell whether a job was struck."""
        process = self.alive.pop(owner)
        os.kill(process.pid, signal.SIGKILL)
        process.join()
        struck = select(func.count()).where(Job.state == JobState.LEASED, Job.lease_owner == owner)
        with self.engine.connect() as connection:
            count = connection.scalar(struck)
        self.start()
        return bool(count)

    def stall(self, owner: UUID) -> None:
        """Stop a worker; `wake` lets it go on once its lease is over."""
        os.kill(self.alive[owner].pid, signal.SIGSTOP)
        self.stopped[owner] = time.monotonic() + LEASE_SECONDS * 1.25

    def wake(self) -> None:
        """Let those go on that stood still for longer than their lease."""
        for owner, until in list(self.stopped.items()):
            if time.monotonic() > until:
                del self.stopped[owner]
                os.kill(self.alive[owner].pid, signal.SIGCONT)

    def end(self) -> None:
        """Kill all."""
        for process in self.alive.values():
            os.kill(process.pid, signal.SIGKILL)
            process.join()


@dataclass(frozen=True)
class Provider:
    """The gateway's process."""

    url: str

    def figures(self) -> dict[str, dict[str, int]]:
        """Return how often it took each key, and what it did with messages."""
        bare = self.url.replace(self.url.split("//")[1].split("@")[0] + "@", "")
        with urllib.request.urlopen(bare, timeout=10) as answer:  # our own
            figures: dict[str, dict[str, int]] = json.load(answer)
            return figures


@contextmanager
def provider(context: ForkServerContext) -> Iterator[Provider]:
    """Run a gateway in a process of its own."""
    ours, theirs = context.Pipe()
    process = context.Process(target=_provide, args=(theirs,), daemon=True)
    process.start()
    try:
        yield Provider(ours.recv())
    finally:
        process.kill()
        process.join()


def _provide(pipe: Any) -> None:
    with fake.SmsGateway(RATES, silence=CALL_SECONDS * 1.5) as server:
        pipe.send(server.url)
        server.serve_forever()


def forks() -> ForkServerContext:
    """Return a maker of processes that start with everything imported."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    return context
