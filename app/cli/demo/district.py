"""The demo district: a pool, needs, hours, sign-ins and a year of services, by use cases alone."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import select

from app.adapters.import_rows import EXPERTS, NEEDS, Form
from app.adapters.sheets import read_rows
from app.cli.demo.afterwards import Afterwards
from app.cli.demo.ahead import Ahead
from app.cli.demo.audited import Audited
from app.cli.demo.beside import Beside
from app.cli.demo.casting import Casting
from app.cli.demo.diagnosed import Diagnosed
from app.cli.demo.doubted import Doubted
from app.cli.demo.evidenced import Evidenced
from app.cli.demo.history import Cast, Event, History
from app.cli.demo.hours import Hours
from app.cli.demo.judged import Judged
from app.cli.demo.on_paper import OnPaper
from app.cli.demo.overseen import Overseen
from app.cli.demo.planned import Planned
from app.cli.demo.ruled import Ruled
from app.cli.demo.stage import Stage, instant
from app.domain.actor import SYSTEM, Actor, Role
from app.domain.attachment import KeptFiles
from app.domain.audit_entry import Signer
from app.domain.calendar import Month, WorkingCalendar, day_starts_at, local_day
from app.domain.clock import FixedClock
from app.domain.import_row import SourceRow
from app.domain.person import GroupProof
from app.models.expert import Expert
from app.models.need import Need
from app.queries.service_desk import desk_person
from app.services import experts, needs, periods, persons, proposals
from app.unit_of_work import Store, UnitOfWork

BEGINNING = datetime(2025, 12, 1, 1, 0, tzinfo=UTC)
FIRST_YEAR = 2026


@dataclass(frozen=True, slots=True, kw_only=True)
class Belongings:
    """What an installation has beside its database.

    Attributes:
        signer: signs seals.
        plan_key: marks the numbers of opening lists; the key of the trail where none is given.
        certificate_key: makes the codes of certificates; likewise.
        files: where files of meetings are kept; without it there are none.
    """

    signer: Signer | None = None
    plan_key: bytes | None = None
    certificate_key: bytes | None = None
    files: KeptFiles | None = None


class DemoDistrict:
    """Loads the files of seeds/demo into a store whose clock this loader moves."""

    def __init__(
        self,
        store: Store,
        folder: Path,
        until: datetime,
        belongings: Belongings | None = None,
    ) -> None:
        self._clock = FixedClock(BEGINNING)
        self._store = Store(store.engine, self._clock, store.audit_key())
        self._matchers = proposals.MatcherCache()
        self._folder = folder
        self._own = belongings or Belongings()
        self._until = until

    def load(self) -> int:
        """Load everything and return how many events were replayed."""
        self._store.execute(SYSTEM, experts.import_rows, self._rows("experts.jsonl", EXPERTS))
        pool = self._experts()
        hours = Hours(self._store, pool, self._json("availability.json"))
        hours.set_weeks()
        casting = Casting(self._store, self._json("accounts.json"))
        cast = casting.cast(pool)
        stage = Stage(
            store=self._store,
            clock=self._clock,
            folder=self._folder,
            cast=cast,
            staff=casting.staff(),
            calendar=self._calendar(),
            until=self._until,
        )
        history = History(self._store, self._clock, cast, self._until)
        audited = Audited(
            self._store, stage.staff[Role.AUDITOR], stage.staff[Role.OFFICER], self._own.signer
        )
        planned = Planned(
            self._store, self._own.plan_key or self._store.audit_key(), local_day(self._until)
        )
        events = [
            *self._needs_come(stage, casting),
            *self._served(stage, history),
            *self._worked(stage, audited, planned),
            *hours.special_days(BEGINNING, self._until),
            *self._closings(),
        ]
        played = history.play(events)
        self._clock.put(self._until)
        ahead = Ahead(self._store, cast, stage.staff[Role.OFFICER], self._calendar())
        ahead.tell(self._json("ahead.json"))
        audited.look(self._json("audit.json"))
        planned.present(self._json("plan.json"))
        return played

    def _served(self, stage: Stage, history: History) -> Iterator[Event]:
        """Yield the services of the year, and what became of them."""
        officer, told = stage.staff[Role.OFFICER], self._json("history.json")
        later = Afterwards(self._store, stage.cast, officer, stage.calendar, self._until)
        said = self._json("follow_ups.json")
        for story in told["services"]:
            yield from history.service(story)
            yield from later.service(story, said.get(story["id"], {}))
        for story in told["bookings"]:
            yield from history.ahead(story, self._until)

    def _worked(self, stage: Stage, audited: Audited, planned: Planned) -> Iterator[Event]:
        """Yield what panels, auditors and the bureau did beside."""
        officer = stage.staff[Role.OFFICER]
        diagnosed = Diagnosed(self._store, stage.cast, officer, self._json("diagnosis.json"))
        yield from diagnosed.events(self._until)
        closings = [each.at for each in self._closings()]
        yield from audited.events(closings, self._until, self._json("audit.json"))
        yield from planned.last_quarter(self._json("plan.json"))
        key = self._own.certificate_key or self._store.audit_key()
        for story in (
            Beside(stage),
            Doubted(stage),
            Overseen(stage, key),
            OnPaper(stage),
            Evidenced(stage, self._own.files),
            Judged(stage),
            Ruled(stage),
        ):
            yield from story.events()

    def _needs_come(self, stage: Stage, casting: Casting) -> Iterator[Event]:
        """Yield each need's arrival: two hours before its first request, or of late."""
        first: dict[str, datetime] = {}
        for story in self._json("history.json")["services"]:
            at = instant(story["requested_at"])
            first[story["need_ref"]] = min(at, first.get(story["need_ref"], at))
        officer = stage.staff[Role.OFFICER]
        for place, row in enumerate(self._rows("needs.jsonl", NEEDS)):
            ref = str(row.values["id"])
            at = first.get(ref, self._until - timedelta(hours=5 * place + 4)) - timedelta(hours=2)
            yield Event(at, ref, partial(self._need_comes, stage.cast, row, casting))
            if ref in first:
                yield Event(at + timedelta(hours=1), ref, partial(self._groups_shown, officer, ref))

    def _need_comes(self, cast: Cast, row: SourceRow, casting: Casting) -> None:
        self._store.execute(SYSTEM, needs.import_rows, [row])
        ref = str(row.values["id"])
        need = self._need(ref)
        # In the demo everybody has shown a document at the desk.
        self._store.execute(SYSTEM, persons.identify, need.person_id, "居民身份证")
        with self._store.read(SYSTEM) as reader:
            pool = self._matchers.pool(reader)
        self._store.execute(SYSTEM, proposals.refresh, need.id, pool)
        cast.needs[ref] = need.id
        cast.founders[ref] = casting.founder(need)

    def _groups_shown(self, officer: Actor, ref: str) -> None:
        # Nobody here has signed the sheet of his own that a sensitive group needs.
        person_id = self._need(ref).person_id
        with self._store.read(officer) as reader:
            lines = desk_person(reader, person_id).group_lines
        for line in lines:
            if line.may_verify:
                self._store.execute(
                    officer, persons.verify_group, person_id, line.code, GroupProof.CERTIFICATE
                )

    def _closings(self) -> Iterator[Event]:
        """Yield each month's closing, on the afternoon of the first day on which it may."""
        years = range(FIRST_YEAR, self._until.year + 1)
        for month in (Month(year, number) for year in years for number in range(1, 13)):
            closes_at = day_starts_at(self._calendar().nth_working_day(month.following(), 5))
            at = closes_at + timedelta(hours=15)
            yield Event(at, str(month), partial(self._close, month))

    def _close(self, month: Month) -> None:
        self._store.execute(SYSTEM, periods.close, month)

    def _calendar(self) -> WorkingCalendar:
        def ask(uow: UnitOfWork) -> WorkingCalendar:
            return uow.calendar

        return self._store.execute(SYSTEM, ask)

    def _experts(self) -> Mapping[str, Expert]:
        with self._store.read(SYSTEM) as reader:
            rows = reader.session.scalars(select(Expert).where(Expert.source_ref.is_not(None)))
            return {str(row.source_ref): row for row in rows}

    def _need(self, ref: str) -> Need:
        with self._store.read(SYSTEM) as reader:
            return reader.session.scalars(select(Need).where(Need.source_ref == ref)).one()

    def _rows(self, name: str, form: Form) -> Sequence[SourceRow]:
        return read_rows(name, (self._folder / name).read_bytes(), form.by_name)

    def _json(self, name: str) -> Any:
        return json.loads((self._folder / name).read_text(encoding="utf-8"))
