"""The audit of the demo district: a sample drawn and called about, and signals looked for."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.cli.demo.history import Event
from app.domain.actor import SYSTEM, Actor
from app.domain.audit_entry import Signer
from app.domain.calendar import Month, local_day
from app.domain.job import ClaimedJob
from app.domain.sample import Call, Difference, SampleResult
from app.domain.service_record import CorrectionOp
from app.models.audit_entry import AuditSeal
from app.models.job import Job
from app.models.sample import Sample, SampleCall
from app.models.service_session import Attendance, ServiceSession
from app.models.signal import Signal
from app.queries.samples import find_lot
from app.services import audit_entries, corrections, messages, samples, signals
from app.services.jobs import NOTIFY, cancel_open
from app.services.samples import Draw
from app.unit_of_work import Store, UnitOfWork

Told = Mapping[str, Any]
_SETTLED = timedelta(days=3)
_AFTER_CLOSING, _NEXT_MORNING, _DRAWN = timedelta(hours=1), timedelta(hours=18), timedelta(hours=20)


class Audited:
    """Tells what an audit did after a closing, and what is worth a look on the present day."""

    def __init__(self, store: Store, auditor: Actor, officer: Actor, signer: Signer | None) -> None:
        self._store = store
        self._auditor = auditor
        self._officer = officer
        self._signer = signer

    def events(self, closings: Sequence[datetime], until: datetime, told: Told) -> Iterator[Event]:
        """Yield what followed the last closing some days ago: sealed, told, drawn, called."""
        closed = [at for at in closings if at <= until - _SETTLED]
        if not closed:
            return
        closes_at = closed[-1]
        last = first = Month.of(local_day(closes_at)).preceding()
        for _ in range(told["months"] - 1):
            first = max(first.preceding(), Month(until.year, 1))
        yield Event(closes_at + _AFTER_CLOSING, "audit", self._seal)
        yield Event(closes_at + _NEXT_MORNING, "audit", self._publish)
        yield Event(closes_at + _DRAWN, "audit", lambda: self._draw((first, last), told))
        for place, said in enumerate(told["calls"]):
            at = closes_at + _DRAWN + timedelta(hours=1, minutes=10 * place)
            yield Event(at, f"audit {place:02}", partial(self._call, place, said))

    def look(self, told: Told) -> None:
        """Look for signals, and explain the first of each kind that somebody looked at."""
        found = signals.compute(self._store.execute(SYSTEM, signals.prepare))
        self._store.execute(SYSTEM, signals.record, found)
        for row in self._rows(Signal):
            if row.kind.value in told["explained"]:
                note = told["explained"][row.kind.value]
                self._store.execute(self._officer, signals.explain, row.id, note)

    def _seal(self) -> None:
        key = self._store.audit_key()
        while self._store.execute(SYSTEM, audit_entries.seal, key, self._signer).is_full:
            pass

    def _publish(self) -> None:
        self._store.execute(SYSTEM, messages.watch_seal)

        def tell(uow: UnitOfWork) -> None:
            newest = uow.one(select(AuditSeal).order_by(AuditSeal.number.desc()).limit(1))
            if newest is None:
                return
            job = uow.one(select(Job).where(Job.subject_id == newest.id, Job.kind == NOTIFY))
            if job is not None:
                messages.notify(uow, _claimed(job))
                cancel_open(uow, newest.id, [NOTIFY])

        self._store.execute(SYSTEM, tell)

    def _draw(self, months: tuple[Month, Month], told: Told) -> None:
        with self._store.read(self._auditor) as reader:
            lot = find_lot(reader, *months, Draw(first=months[0], last=months[1], size=1).basis)
        if lot is not None and lot.records:
            asked = Draw(
                first=months[0],
                last=months[1],
                size=min(told["size"], len(lot.records)),
                number=told["number"],
            )
            self._store.execute(self._auditor, samples.draw, asked)

    def _call(self, place: int, said: Told) -> None:
        sample = next(iter(self._rows(Sample)), None)
        if sample is None or place >= len(sample.session_ids):
            return
        session_id = UUID(sample.session_ids[place])
        with self._store.read(SYSTEM) as reader:
            session = reader.session.get_one(ServiceSession, session_id)
            person_id, now = session.founder_person_id, reader.now
            is_held = session.actual_end is not None
        result = SampleResult(said["result"])
        if result is SampleResult.DIFFERS and not is_held:
            result = SampleResult.AGREED
        is_different = result is SampleResult.DIFFERS
        call = Call(
            result=result,
            called_at=now,
            differs=(Difference(said["differs"]),) if is_different else (),
            said=said["said"] if is_different or not said.get("differs") else "",
        )
        given = (sample.id, session_id, person_id, call)
        kept: SampleCall = self._store.execute(self._auditor, samples.note_call, *given)
        if is_different:
            self._correct(kept, said)

    def _correct(self, call: SampleCall, said: Told) -> None:
        """Have the officer propose what the call showed; it waits for its checker."""
        present = [
            row
            for row in self._rows(Attendance)
            if row.service_session_id == call.service_session_id
            and row.is_present
            and row.person_id == call.person_id
        ]
        if present:
            self._store.execute(
                self._officer,
                corrections.propose,
                call.service_session_id,
                CorrectionOp.REMOVE_ATTENDEE,
                call.person_id,
                said["reason"],
                sample_call_id=call.id,
            )

    def _rows(self, model: type[Any]) -> list[Any]:
        with self._store.read(SYSTEM) as reader:
            return list(reader.session.scalars(select(model).order_by(model.id)))


def _claimed(job: Job) -> ClaimedJob:
    return ClaimedJob(
        id=job.id,
        kind=job.kind,
        subject_id=job.subject_id,
        payload=job.payload,
        run_at=job.run_at,
        not_after=job.not_after,
        attempts=1,
        max_attempts=1,
        owner=job.id,
        due_at=job.due_at,
    )
