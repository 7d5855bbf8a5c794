"""What the metronome calls: work, the leader's duties, signs of life. None ever raises."""

import logging
from collections.abc import Callable

from app.domain.actor import SYSTEM
from app.domain.audit_entry import Signer
from app.domain.errors import ConflictError
from app.jobs import waking
from app.jobs.engines import Engine
from app.jobs.engines.local import LocalEngine
from app.jobs.handling import Registry
from app.jobs.leader import Leadership, NotLeaderError
from app.jobs.watchdog import Pulse
from app.jobs.worker import Worker
from app.queries.jobs import job_health
from app.services import (
    accounts,
    audit_entries,
    calendars,
    experts,
    job_processes,
    messages,
    self_audits,
    signals,
)
from app.unit_of_work import Store, UnitOfWork

log = logging.getLogger(__name__)

# What happens by the day alone, asked of the database each time.
WATCHES: tuple[Callable[[UnitOfWork], object], ...] = (
    accounts.watch_expired,
    accounts.watch_ends,
    calendars.watch,
    experts.watch_terms,
    experts.watch_duties,
    messages.watch_morning,
    messages.watch_seal,
    self_audits.watch,
    signals.watch,
)


class Ticks:
    """The functions the metronome calls, each guarded.

    Attributes:
        leadership: whether this process leads; sealing, watching and waking are the leader's.
        engine: how workers hear of what is due.
        signer: who signs seals; None leaves them unsigned.
    """

    def __init__(
        self,
        store: Store,
        worker: Worker,
        registry: Registry,
        pulse: Pulse,
        *,
        engine: Engine | None = None,
        leadership: Leadership | None = None,
    ) -> None:
        self._store = store
        self._worker = worker
        self._registry = registry
        self._pulse = pulse
        self.engine: Engine = engine or LocalEngine()
        self.leadership = leadership or Leadership(store, worker.owner)
        self.signer: Signer | None = None
        self._refused: tuple[object, ...] = ()
        self._reported: object = None

    def beat(self) -> None:
        """Show that the metronome still calls."""
        self._pulse.beat()

    def work(self) -> None:
        """Do what is due."""
        self._guarded("work", lambda: self._worker.work(lambda: self._pulse.begin("work")))

    def lead(self) -> None:
        """Go on leading, or begin to where nobody does."""
        self._guarded("lead", self.leadership.seek)

    def wake(self) -> None:
        """Tell the engine what is due, as the leader."""
        self._guarded("wake", self._wake, led=True)

    def seal(self) -> None:
        """Seal what was written, as the leader."""
        self._guarded("seal", self._seal, led=True)

    def watch(self) -> None:
        """Look after what falls due by the day alone, as the leader."""
        self._guarded("watch", self._watch, led=True)

    def show(self) -> None:
        """Show that this process works; pages and messages tell by it when none did."""
        self._guarded("show", self._show)

    def reap(self) -> None:
        """Report what is late, given up or of an unknown kind, and an engine out of reach."""
        self._guarded("reap", self._report)
        self._guarded("engine", self.engine.health)
        self._guarded("cut", self._cut, led=True)

    def _guarded(self, name: str, tick: Callable[[], object], *, led: bool = False) -> None:
        if led and self.leadership.term is None:
            return
        with self._pulse.during(name):
            try:
                tick()
            except NotLeaderError:
                log.info("tick %s: no longer the leader", name)
            except Exception:
                log.exception("tick %s failed", name)

    def _show(self) -> None:
        self._store.execute(SYSTEM, job_processes.beat, self._worker.owner, self._registry)

    def _watch(self) -> None:
        for use_case in WATCHES:
            self.leadership.do(use_case)

    def _wake(self) -> None:
        while woken := self.leadership.do(waking.wake, self.engine.wake):
            woken.after()
            self._pulse.begin("wake")
            if woken.count < waking.MOST_AT_ONCE:
                return

    def _cut(self) -> None:
        if cut := self.leadership.do(waking.cut_leases):
            log.warning("%s leases ended: the database's clock went back", cut)

    def _seal(self) -> None:
        while True:
            try:
                batch = self.leadership.do(audit_entries.seal, self._store.audit_key(), self.signer)
            except ConflictError:
                log.info("another sealer was faster")
                return
            self._pulse.begin("seal")
            if batch.refused and batch.refused != self._refused:
                log.error("%s audit entries without a valid mark: %s", *_named(batch.refused))
            self._refused = batch.refused
            if not batch.is_full:
                return

    def _report(self) -> None:
        with self._store.read(SYSTEM) as reader:
            health = job_health(reader, self._registry)
        if health == self._reported:
            return
        self._reported = health
        if health.unknown:
            log.error("jobs of unknown kinds wait: %s", health.unknown)
        if health.dead:
            log.error("%s jobs were given up", health.dead)
        if health.is_late:
            log.error("%s jobs are late, since %s", health.late, health.oldest_due_at)


def _named(keys: tuple[object, ...]) -> tuple[int, str]:
    return len(keys), ", ".join(str(key) for key in keys[:10])
