"""The demo district's plan: loans and jobs, reports, an opening list, progress in every state."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.adapters.import_rows import OPENING
from app.cli.demo.history import Event
from app.domain.actor import SYSTEM, Actor, Role
from app.domain.calendar import day_starts_at
from app.domain.errors import InvalidInputError
from app.domain.ids import AccountId
from app.domain.import_row import SourceRow
from app.domain.plan import ReportPeriod, SupportKind, fen_of
from app.domain.plan.progress import BUREAU, Progress, ProgressFigure
from app.models.account import Account, AccountRole
from app.models.need import Need
from app.models.progress import ProgressEntry, ProgressRound
from app.models.support_item import OpeningList
from app.services import persons, plan
from app.services.persons import WalkIn
from app.services.plan import ItemEntry, OpeningSheet, Report, progress
from app.unit_of_work import Store

Told = Mapping[str, Any]
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)


class Planned:
    """Tells what is entered for the plan, by an officer, an approver and a liaison."""

    def __init__(self, store: Store, key: bytes, today: date) -> None:
        self._store = store
        self._key = key
        self._today = today
        self._officer = self._actor(Role.OFFICER)
        self._approver = self._actor(Role.APPROVER)
        self._liaison = self._actor(Role.DEPT_LIAISON)

    def last_quarter(self, told: Told) -> Iterator[Event]:
        """Yield how the quarter before was filled in: some of it signed, some late."""
        asked = ReportPeriod.quarter_of(ReportPeriod.quarter_of(self._today).first_on - _DAY)
        at = day_starts_at(asked.last_on - 4 * _DAY) + 10 * _HOUR
        open_round = partial(self._store.execute, self._officer, progress.open_round, asked.code)
        yield Event(at, asked.code, open_round)
        for number, said in enumerate(told["progress"], start=1):
            yield from self._said(asked.code, self._liaison, said, at + (number + 3) * _DAY)
        for number, said in enumerate(told["bureau"], start=2):
            yield from self._said(asked.code, self._officer, said, at + (number + 3) * _DAY)

    def present(self, told: Told) -> None:
        """Enter what stands today: items, reports, the list; and ask about this quarter."""
        for item in told["items"]:
            self._item(item)
        for sent in told["reports"]:
            self._report(sent)
        self._list(told["list"])
        code = ReportPeriod.quarter_of(self._today).code
        self._store.execute(self._officer, progress.open_round, code)

    def _said(self, period: str, who: Actor, told: Told, at: Any) -> Iterator[Event]:
        for number, act in enumerate(told["then"]):
            do = partial(self._step, period, who, told, act)
            yield Event(at + number * _DAY, period, do)

    def _step(self, period: str, who: Actor, told: Told, act: str) -> None:
        department = who.department or BUREAU
        entry_id = self._entry(period, told["item"], department)
        figures = tuple(ProgressFigure(*each) for each in told["figures"])
        said = Progress(told["words"], figures, told["document"])
        if act == "sign":
            self._store.execute(self._approver, progress.sign_progress, entry_id)
        elif act == "return":
            self._store.execute(self._approver, progress.return_progress, entry_id, told["answer"])
        else:
            write = progress.submit_progress if act == "submit" else progress.save_progress
            self._store.execute(who, write, entry_id, said)

    def _item(self, told: Told) -> None:
        with self._store.read(SYSTEM) as reader:
            person_id = reader.session.scalars(
                select(Need.person_id).where(Need.source_ref == told["need_ref"])
            ).one_or_none()
        if person_id is None:
            return
        entry = ItemEntry(
            kind=SupportKind(told["kind"]),
            person_id=person_id,
            done_on=self._today - told["days_ago"] * _DAY,
            quantity=fen_of(told["amount"]) if "amount" in told else told.get("heads"),
            document=told["document"],
        )
        made = self._store.execute(self._officer, plan.propose_item, entry)
        self._decide(told, made.id, plan.approve_item, plan.refuse_item)

    def _report(self, told: Told) -> None:
        year = self._today.year - told["year_ago"]
        given = Report(
            code=told["code"],
            period=f"{year}-{told['part']}" if told["part"] else str(year),
            amount=told["amount"],
            document=told["document"],
        )
        try:
            made = self._store.execute(self._officer, plan.report, given)
        except InvalidInputError:
            # Early in a year its first quarters are not over yet.
            return
        self._decide(told, made.id, plan.approve_report, plan.refuse_report)

    def _list(self, told: Told) -> None:
        for each in told["walk_ins"]:
            walk_in = WalkIn(name=each["name"], phone=each["phone"], document="居民身份证")
            self._store.execute(self._officer, persons.register, walk_in)
        fields = [heading.field for heading in OPENING.headings]
        rows = [
            SourceRow(number, dict(zip(fields, cells, strict=True)))
            for number, cells in enumerate(told["rows"], start=2)
        ]
        text = "\n".join(",".join(cells) for cells in told["rows"])
        sheet = OpeningSheet(
            document=told["document"],
            file_name=told["file_name"],
            content_sha256=hashlib.sha256(text.encode()).hexdigest(),
            rows=rows,
        )
        self._store.execute(self._officer, plan.import_list, sheet, self._key)
        with self._store.read(SYSTEM) as reader:
            list_id = reader.session.scalars(select(OpeningList.id)).one()
        self._store.execute(self._approver, plan.approve_list, list_id)

    def _decide(self, told: Told, key: UUID, approve: Any, refuse: Any) -> None:
        if told["then"] == "approve":
            self._store.execute(self._approver, approve, key)
        elif told["then"] == "refuse":
            self._store.execute(self._approver, refuse, key, told["answer"])

    def _entry(self, period: str, item: int, department: str) -> UUID:
        with self._store.read(SYSTEM) as reader:
            return reader.session.scalars(
                select(ProgressEntry.id)
                .join(ProgressRound, ProgressRound.id == ProgressEntry.progress_round_id)
                .where(
                    ProgressRound.period == period,
                    ProgressEntry.item == item,
                    ProgressEntry.department == department,
                )
            ).one()

    def _actor(self, role: Role) -> Actor:
        with self._store.read(SYSTEM) as reader:
            found: Sequence[Any] = reader.session.execute(
                select(Account.id, AccountRole.department)
                .join(AccountRole, AccountRole.account_id == Account.id)
                .where(AccountRole.role == role)
                .order_by(Account.login)
            ).all()
        account_id, department = found[0]
        return Actor(
            roles=frozenset({role}), account_id=AccountId(account_id), department=department
        )
