"""The demo district: a pool, needs, hours, sign-ins and a year of services, by use cases alone."""

import json
import secrets
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.adapters.import_rows import EXPERTS, NEEDS, Form
from app.adapters.sheets import read_rows
from app.cli.afterwards import Afterwards
from app.cli.ahead import Ahead
from app.cli.audited import Audited
from app.cli.diagnosed import Diagnosed
from app.cli.history import Cast, Event, History
from app.cli.planned import Planned
from app.cli.stated import minute_of, modes_of
from app.domain.account import Holding
from app.domain.actor import SYSTEM, Actor, Role
from app.domain.audit_entry import Signer
from app.domain.availability import Closing, ExceptionKind, Opening, Week, WeekSpan
from app.domain.calendar import Month, WorkingCalendar, day_starts_at, local_day
from app.domain.clock import FixedClock
from app.domain.ids import AccountId, ExpertId, PersonId
from app.domain.import_row import SourceRow
from app.domain.person import Contact, GroupProof
from app.models.account import Account
from app.models.expert import Expert
from app.models.need import Need
from app.queries.service_desk import desk_person
from app.services import accounts, availability, experts, needs, periods, persons, proposals
from app.services.accounts import NewAccount
from app.unit_of_work import Store, UnitOfWork

BEGINNING = datetime(2025, 12, 1, 1, 0, tzinfo=UTC)
HOURS_OF_NOTICE, PAUSE_MINUTES = 24, 15


class DemoDistrict:
    """Loads the files of seeds/demo into a store whose clock this loader moves."""

    def __init__(
        self,
        store: Store,
        folder: Path,
        until: datetime,
        signer: Signer | None = None,
        key: bytes | None = None,
    ) -> None:
        self._clock = FixedClock(BEGINNING)
        self._store = Store(store.engine, self._clock, store.audit_key())
        self._matchers = proposals.MatcherCache()
        self._folder = folder
        self._key = key or store.audit_key()
        self._until = until
        self._signer = signer

    def load(self) -> int:
        """Load everything and return how many events were replayed."""
        self._store.execute(SYSTEM, experts.import_rows, self._rows("experts.jsonl", EXPERTS))
        self._set_hours(self._json("availability.json"))
        cast = self._cast(self._json("accounts.json"))
        history = History(self._store, self._clock, cast, self._until)
        told = self._json("history.json")
        events = [*self._needs_come(cast, told)]
        later = Afterwards(
            self._store, cast, self._staff_of(Role.OFFICER), self._calendar(), self._until
        )
        said = self._json("follow_ups.json")
        for story in told["services"]:
            events += history.service(story)
            events += later.service(story, said.get(story["id"], {}))
        for story in told["bookings"]:
            events += history.ahead(story, self._until)
        officer, auditor = self._staff_of(Role.OFFICER), self._staff_of(Role.AUDITOR)
        events += Diagnosed(self._store, cast, officer, self._json("diagnosis.json")).events(
            self._until
        )
        audited, audit = (
            Audited(self._store, auditor, officer, self._signer),
            self._json("audit.json"),
        )
        events += audited.events([each.at for each in self._closings()], self._until, audit)
        planned = Planned(self._store, self._key, local_day(self._until))
        events += planned.last_quarter(self._json("plan.json"))
        played = history.play([*events, *self._special_days(), *self._closings()])
        self._clock.put(self._until)
        ahead = Ahead(self._store, cast, officer, self._calendar())
        ahead.tell(self._json("ahead.json"))
        audited.look(audit)
        planned.present(self._json("plan.json"))
        return played

    def _set_hours(self, rows: Sequence[Mapping[str, Any]]) -> None:
        pool = self._experts()
        for row in rows:
            expert = pool[row["expert_ref"]]
            spans = [
                WeekSpan(
                    span["weekday"],
                    minute_of(span["starts"]),
                    minute_of(span["ends"]),
                    modes_of(span["mode"], expert),
                )
                for span in row["weekly"]
            ]
            week = Week(spans, expert.monthly_limit, PAUSE_MINUTES, HOURS_OF_NOTICE)
            self._store.execute(SYSTEM, availability.set_week, expert.id, week)

    def _special_days(self) -> Iterator[Event]:
        # Experts enter a special day some weeks ahead, as the rules ask.
        pool = self._experts()
        for row in self._json("availability.json"):
            expert = pool[row["expert_ref"]]
            for special in row["exceptions"]:
                day = day_starts_at(date.fromisoformat(special["on"]))
                at = min(day - timedelta(days=30), self._until)
                yield Event(
                    max(at, BEGINNING), special["on"], partial(self._special, expert, special)
                )

    def _special(self, expert: Expert, row: Mapping[str, Any]) -> None:
        day = date.fromisoformat(row["on"])
        starts = minute_of(row["starts"] or "00:00")
        ends = minute_of(row["ends"] or "24:00")
        if row["kind"] == ExceptionKind.EXTRA:
            opening = Opening(day, starts, ends, modes_of(row["mode"], expert), row["note"])
            self._store.execute(SYSTEM, availability.open_day, expert.id, opening)
        else:
            closing = Closing(day, day, row["note"], starts, ends)
            self._store.execute(SYSTEM, availability.close_day, expert.id, closing)

    def _cast(self, told: Mapping[str, Any]) -> Cast:
        password = told["password"]
        stated = told["accounts"]
        pool = self._experts()
        mentors = {row["expert_ref"]: row["login"] for row in stated if row["expert_ref"]}
        for row in stated:
            if row["role"] not in (Role.MENTOR, Role.FOUNDER):
                self._staff(row, password)
        return Cast(
            needs={},
            founders={},
            experts={ref: expert.id for ref, expert in pool.items()},
            mentors={
                ref: self._mentor(ref, expert, mentors.get(ref), password)
                for ref, expert in pool.items()
            },
        )

    def _needs_come(self, cast: Cast, told: Mapping[str, Any]) -> Iterator[Event]:
        """Yield each need's arrival: two hours before its first request, or of late."""
        first: dict[str, datetime] = {}
        for story in told["services"]:
            at = datetime.fromisoformat(story["requested_at"])
            first[story["need_ref"]] = min(at, first.get(story["need_ref"], at))
        stated = self._json("accounts.json")
        founders = {row["need_ref"]: row for row in stated["accounts"] if row["need_ref"]}
        officer = self._staff_of(Role.OFFICER)
        for place, row in enumerate(self._rows("needs.jsonl", NEEDS)):
            ref = str(row.values["id"])
            at = first.get(ref, self._until - timedelta(hours=5 * place + 4)) - timedelta(hours=2)
            sign_in = founders.get(ref)
            yield Event(at, ref, partial(self._need_comes, cast, row, sign_in, stated["password"]))
            if ref in first:
                yield Event(at + timedelta(hours=1), ref, partial(self._groups_shown, officer, ref))

    def _need_comes(
        self, cast: Cast, row: SourceRow, sign_in: Mapping[str, Any] | None, password: str
    ) -> None:
        self._store.execute(SYSTEM, needs.import_rows, [row])
        ref = str(row.values["id"])
        need = self._need(ref)
        # In the demo everybody has shown a document at the desk.
        self._store.execute(SYSTEM, persons.identify, need.person_id, "居民身份证")
        with self._store.read(SYSTEM) as reader:
            pool = self._matchers.pool(reader)
        self._store.execute(SYSTEM, proposals.refresh, need.id, pool)
        cast.needs[ref] = need.id
        cast.founders[ref] = self._founder(need, sign_in, password)

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

    def _staff(self, row: Mapping[str, Any], password: str) -> None:
        role = Role(row["role"])
        department = row["department"] if role is Role.DEPT_LIAISON else None
        holding = Holding(role, department, row["street"])
        self._register(row["login"], row["name"], holding, password, None)

    def _staff_of(self, role: Role) -> Actor:
        """Return the first of the staff who hold the role."""
        stated = self._json("accounts.json")["accounts"]
        login = next(row["login"] for row in stated if row["role"] == role)
        with self._store.read(SYSTEM) as reader:
            account_id = reader.session.scalars(
                select(Account.id).where(Account.login == login)
            ).one()
        return Actor(roles=frozenset({role}), account_id=AccountId(account_id))

    def _mentor(self, ref: str, expert: Expert, login: str | None, password: str) -> Actor:
        account = self._register(
            login or ref,
            expert.name,
            Holding(Role.MENTOR),
            password if login else None,
            expert.person_id,
        )
        return Actor(
            roles=frozenset({Role.MENTOR}),
            account_id=AccountId(account.id),
            person_id=PersonId(expert.person_id),
            expert_id=ExpertId(expert.id),
        )

    def _founder(self, need: Need, stated: Mapping[str, Any] | None, password: str) -> Actor:
        account = None
        if stated:
            login, name, holding = stated["login"], stated["name"], Holding(Role.FOUNDER)
            account = self._register(login, name, holding, password, need.person_id)
        return Actor(
            roles=frozenset({Role.FOUNDER}),
            account_id=AccountId(account.id) if account else None,
            person_id=PersonId(need.person_id),
        )

    def _register(
        self, login: str, name: str, holding: Holding, password: str | None, person_id: UUID | None
    ) -> Account:
        # Nobody signs in as a bit part: its password is drawn and forgotten.
        new = NewAccount(
            login=login.lower(),
            name=name,
            password=password or secrets.token_urlsafe(24),
            holdings=(holding,),
            person_id=person_id,
            is_demo=True,
        )
        account = self._store.execute(SYSTEM, accounts.register, new)
        self._reach(account, holding.role)
        return account

    def _reach(self, account: Account, role: Role) -> None:
        """Let whoever signs in say where he is reached, as he would on his own page."""
        stated = self._json("accounts.json")["accounts"]
        row: Mapping[str, Any] = next(
            (each for each in stated if each["login"] == account.login), {}
        )
        contact = Contact(row.get("email"), row.get("phone"))
        if contact != Contact(None, None):
            own = Actor(roles=frozenset({role}), account_id=AccountId(account.id))
            self._store.execute(own, persons.set_contact, contact)

    def _closings(self) -> Iterator[Event]:
        """Yield the closing of each month of the year, on the afternoon of the first day it may."""
        for number in range(1, 13):
            month = Month(self._until.year, number)
            closes_at = day_starts_at(self._calendar().nth_working_day(month.following(), 5))
            at = closes_at + timedelta(hours=15)
            yield Event(at, str(month), partial(self._close, month))

    def _close(self, month: Month) -> None:
        self._store.execute(SYSTEM, periods.close, month)

    def _calendar(self) -> WorkingCalendar:
        def ask(uow: UnitOfWork) -> WorkingCalendar:
            return uow.calendar

        return self._store.execute(SYSTEM, ask)

    def _experts(self) -> dict[str, Expert]:
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
