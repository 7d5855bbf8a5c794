"""The progress table: asked, filled in by each department, signed off, in time reminded of."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.adapters.email import Outbox
from app.db import StaleVersionError
from app.domain.actor import Actor, Role
from app.domain.clock import FixedClock
from app.domain.errors import ForbiddenError, InvalidInputError, NotFoundError
from app.domain.plan import SameHandsError
from app.domain.plan.progress import (
    NotYourItemError,
    Progress,
    ProgressFigure,
    ProgressStatus,
    ProgressStepError,
    RoundOpenError,
)
from app.jobs.registry import registry
from app.jobs.worker import Worker
from app.models.job import Job
from app.models.message import Message
from app.models.progress import ProgressEntry, ProgressRound, ProgressStep
from app.queries.plan.progress import ProgressFilter, progress_entry, progress_table
from app.services.plan import progress
from app.unit_of_work import Store, unscoped
from tests.builders import staff
from tests.journeys.district import District
from tests.moments import at
from tests.scenes import Plays
from tests.services.scene import SITE
from tests.turns import on_each

SAID = Progress("走访企业，帮办贷款。", (ProgressFigure("走访企业", 12, "家"),), "历科〔2026〕7号")
KJJ_ITEMS = [3, 9, 12, 13, 20]


class Table:
    """A quarter that was asked about, and who fills it in."""

    def __init__(self, store: Store, clock: FixedClock) -> None:
        self.district = District(store, clock)
        self.store = store
        self.kjj = staff(store, Role.DEPT_LIAISON, department="kjj")
        self.gxj = staff(store, Role.DEPT_LIAISON, department="gxj")
        self.round = store.execute(self.district.officer, progress.open_round, "2026-Q3")

    def entry(self, item: int = 3, department: str = "kjj") -> ProgressEntry:
        return self.district.one(
            ProgressEntry, ProgressEntry.item == item, ProgressEntry.department == department
        )

    def do(self, who: Actor, act: Any, *args: Any, item: int = 3, **options: Any) -> ProgressEntry:
        return self.store.execute(who, act, self.entry(item).id, *args, **options)

    def work(self) -> None:
        Worker(self.store, registry(Outbox(), SITE, "历城创业导师")).work()

    def told(self, who: Actor, event: str) -> list[Message]:
        return self.district.rows(
            Message, Message.account_id == who.account_id, Message.event == event
        )


@pytest.fixture
def plays() -> Plays:
    return {"table": Table}


@pytest.fixture
def table(scene: Table) -> Table:
    return scene


def test_every_item_is_filled_with_the_departments_responsible(table: Table) -> None:
    with table.store.read(table.district.officer) as reader:
        shown = progress_table(reader)
    assert {entry.item for entry in shown.entries} == set(range(1, 21))
    assert [e.department for e in shown.entries if e.item == 9 and e.is_lead] == ["zzb"]
    assert len(shown.entries) == shown.counts[ProgressFilter.WAITING] == 53
    # Of October the 10th is worked and the first week is off: the fifth working day is the 13th.
    assert shown.round is not None
    assert shown.round.due_at == at("10-14 00:00")
    with table.store.read(table.kjj) as reader:
        own = progress_table(reader)
    assert [entry.item for entry in own.entries] == KJJ_ITEMS
    assert {entry.department for entry in own.entries} == {"kjj"}


def test_a_department_sees_and_writes_its_own_items_only(table: Table) -> None:
    for act, *given in ((progress.save_progress, SAID), (progress.submit_progress, SAID)):
        with pytest.raises(NotFoundError):
            table.do(table.gxj, act, *given)
        with pytest.raises(NotYourItemError):
            table.do(table.district.officer, act, *given)
    with table.store.read(table.gxj) as reader, pytest.raises(NotFoundError):
        progress_entry(reader, table.entry().id)
    with pytest.raises(ForbiddenError):
        table.store.execute(table.kjj, progress.open_round, "2026-Q2", date(2026, 10, 1))
    with pytest.raises(ForbiddenError):
        table.do(table.kjj, progress.sign_progress)
    assert table.entry().status is ProgressStatus.OPEN


def test_what_is_handed_in_is_signed_off_or_sent_back_with_words(table: Table) -> None:
    draft = table.do(table.kjj, progress.save_progress, Progress("写到一半"))
    assert (draft.status, draft.words) == (ProgressStatus.DRAFT, "写到一半")
    assert table.district.rows(ProgressStep) == []
    table.do(table.kjj, progress.submit_progress, SAID, version=draft.version)
    with pytest.raises(StaleVersionError):
        table.do(table.district.approver, progress.sign_progress, version=draft.version)
    with pytest.raises(ProgressStepError):
        table.do(table.kjj, progress.save_progress, SAID)
    with pytest.raises(InvalidInputError):
        table.do(table.district.approver, progress.return_progress, " ")
    table.do(table.district.approver, progress.return_progress, "请写明成效")
    again = Progress("走访 12 家，3 家拿到贷款。")
    table.do(table.kjj, progress.submit_progress, again)
    assert table.do(table.district.approver, progress.sign_progress).status is ProgressStatus.SIGNED
    with table.store.read(table.kjj) as reader:
        page = progress_entry(reader, table.entry().id)
    assert [(s.number, s.event.value, s.words) for s in page.steps] == [
        (4, "sign", ""),
        (3, "submit", again.words),
        (2, "return", "请写明成效"),
        (1, "submit", SAID.words),
    ]
    assert page.steps[-1].figures == SAID.figures
    table.work()
    (sent_back,) = table.told(table.kjj, "progress_entry.returned")
    assert sent_back.href == f"/bureau/plan/progress/{table.entry().id}"
    assert len(table.told(table.district.officer, "progress_entry.submitted")) == 2
    assert table.told(table.gxj, "progress_entry.returned") == []


def test_the_bureaus_own_items_are_signed_by_another_hand(table: Table) -> None:
    entry = table.entry(16, "hrss")
    store, approver = table.store, table.district.approver
    store.execute(approver, progress.submit_progress, entry.id, SAID)
    with pytest.raises(SameHandsError):
        store.execute(approver, progress.sign_progress, entry.id)
    other = staff(store, Role.APPROVER, name="另一位")
    assert store.execute(other, progress.sign_progress, entry.id).status is ProgressStatus.SIGNED


def test_a_period_is_opened_once_and_not_ahead(table: Table) -> None:
    officer = table.district.officer
    with pytest.raises(RoundOpenError):
        table.store.execute(officer, progress.open_round, "2026-q3")
    for period, due_on in (
        ("2026-Q4", None),
        ("2026-Q2", None),
        ("2026-08", date(2026, 9, 1)),
        ("soon", None),
    ):
        with pytest.raises(InvalidInputError):
            table.store.execute(officer, progress.open_round, period, due_on)
    assert len(table.district.rows(ProgressRound)) == 1
    table.store.execute(officer, progress.open_round, "2026-08", date(2026, 9, 30))
    assert len(table.district.rows(ProgressRound)) == 2


def test_who_is_late_is_reminded_by_working_days_and_listed(table: Table) -> None:
    jobs = table.district.rows(Job, Job.kind == progress.REMIND)
    assert sorted(job.run_at for job in jobs) == [
        at("10-09 09:00"),
        at("10-12 09:00"),
        at("10-14 09:00"),
    ]
    table.work()
    for item in KJJ_ITEMS:
        table.do(table.kjj, progress.submit_progress, SAID, item=item)
    table.district.clock.put(at("10-09 09:00"))
    table.work()
    table.work()
    assert table.told(table.kjj, "progress_round.due_soon") == []
    assert len(table.told(table.gxj, "progress_round.due_soon")) == 1
    assert len(table.told(table.kjj, "progress_round.opened")) == 1
    table.district.clock.put(at("10-14 09:00"))
    table.work()
    assert len(table.told(table.gxj, "progress_round.overdue")) == 1
    (late,) = table.told(table.district.officer, "progress_round.overdue")
    assert "没有交齐" in late.title
    with table.store.read(table.district.officer) as reader:
        shown = progress_table(reader, "2026-Q3")
    assert shown.counts[ProgressFilter.OVERDUE] == 48
    assert shown.counts[ProgressFilter.SUBMITTED] == len(KJJ_ITEMS)
    assert all(entry.is_overdue for entry in shown.of(ProgressFilter.OVERDUE))


def test_what_cannot_be_is_refused_and_the_draft_stays(table: Table) -> None:
    table.do(table.kjj, progress.save_progress, SAID)
    for wrong in (
        Progress(""),
        Progress("x" * 2001),
        Progress("好", (ProgressFigure("", 1, "家"),)),
        Progress("好", (ProgressFigure("走访", -1, "家"),)),
        Progress("好", (ProgressFigure("走访", 1, "家"),) * 7),
        Progress("好", (), "\x00"),
    ):
        with pytest.raises(InvalidInputError):
            table.do(table.kjj, progress.submit_progress, wrong)
    assert table.entry().words == SAID.words


@on_each
def test_versions_are_never_changed_nor_deleted(table: Table, dialect: str) -> None:
    table.do(table.kjj, progress.submit_progress, SAID)
    for attack in (
        "UPDATE progress_steps SET words = 'better'",
        "DELETE FROM progress_steps",
        "DELETE FROM progress_rounds",
        "UPDATE progress_entries SET item = 21",
        "UPDATE progress_entries SET status = 'signed', submitted_at = NULL",
    ):
        with (
            pytest.raises(IntegrityError),
            unscoped(),
            table.store.engine.begin() as connection,
        ):
            connection.execute(text(attack))
    with unscoped(), table.store.engine.begin() as connection:
        changed = connection.execute(text("UPDATE progress_entries SET words = words"))
    assert changed.rowcount == 53
