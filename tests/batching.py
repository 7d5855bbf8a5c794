"""Needs and mentors of three trades, shared out in few words."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.adapters.email import Outbox
from app.domain.actor import SYSTEM, Actor, Role
from app.domain.batch import Objective, PairState, Terms
from app.domain.calendar import Month, local_day
from app.domain.clock import FixedClock
from app.jobs.registry import registry
from app.jobs.worker import Worker
from app.models.batch import Batch, BatchPair
from app.models.expert import Expert
from app.models.need import Need
from app.services import batches, proposals
from app.services.proposals import FittedPool
from app.unit_of_work import Store
from tests.builders import a_founder, a_mentor, a_need, an_expert, staff

SEPTEMBER = Month(2026, 9)
BIOS = {
    "ip": "主持商标注册与专利布局诊断，熟悉成果权属。",
    "capital": "长期从事早期股权投资，熟悉估值与投资协议。",
    "registration": "窗口办理营业执照与注册登记，熟悉个体户开办。",
}
# A pair of need and expert about which an officer has to look at something.
NOT_THAT = "不办理商标注册。"
TEXTS = {
    "ip": "想给产品注册商标，专利布局和成果权属也不清楚，怎么办才稳妥？",
    "capital": "有投资人想做股权投资，估值和投资协议怎么谈才不吃亏？",
    "registration": "想办营业执照，注册登记要带哪些材料，先开个体户行不行？",
}


@dataclass
class Round:
    """A district with an officer and an approver who share experts out over needs."""

    store: Store
    clock: FixedClock
    officer: Actor = field(init=False)
    approver: Actor = field(init=False)

    def __post_init__(self) -> None:
        self.officer = staff(self.store, Role.OFFICER, name="小郭")
        self.approver = staff(self.store, Role.APPROVER, name="老田")

    def expert(self, trade: str, name: str = "", **values: Any) -> Expert:
        defaults = {"bio": BIOS[trade], "expertise": [], "topics": [trade]}
        return an_expert(self.store, name=name or f"{trade}导师", **{**defaults, **values})

    def mentor(self, expert: Expert) -> Actor:
        return a_mentor(self.store, expert)

    def need(self, trade: str, founder: Actor | None = None, **values: Any) -> Need:
        founder = founder or a_founder(self.store, name=f"{trade}创业者")
        defaults = {"text": TEXTS[trade], "topic": trade}
        return a_need(self.store, founder.person_id, **{**defaults, **values})

    def drafted(
        self, objective: Objective = Objective.TOTAL, cap: int | None = None, **values: Any
    ) -> Batch:
        """Have the job process compute a batch of everything that waits."""
        terms = values.pop("terms", None) or Terms.usual(objective, cap)
        month = values.pop("month", SEPTEMBER)
        made = self.do(batches.draft, month, terms)
        self.work()
        return self.one(Batch, Batch.id == made.id)

    def work(self) -> int:
        worker = Worker(self.store, registry(Outbox(), "https://example.org", "历城创业导师"))
        return worker.work()

    def do(self, use_case: Any, *args: Any, by: Actor | None = None, **values: Any) -> Any:
        return self.store.execute(by or self.officer, use_case, *args, **values)

    def pool(self) -> FittedPool:
        with self.store.read(SYSTEM) as reader:
            return proposals.fit_matcher(reader)

    def pairs(self, batch: Batch) -> dict[UUID, UUID | None]:
        return {pair.need_id: pair.expert_id for pair in self.rows(BatchPair, _of(batch))}

    def pair(self, batch: Batch, need: Need) -> BatchPair:
        found: BatchPair = self.one(BatchPair, _of(batch), BatchPair.need_id == need.id)
        return found

    def states(self, batch: Batch) -> list[PairState]:
        return sorted(pair.state for pair in self.rows(BatchPair, _of(batch)))

    def now(self, batch: Batch) -> Batch:
        found: Batch = self.one(Batch, Batch.id == batch.id)
        return found

    def rows(self, model: Any, *where: Any) -> list[Any]:
        with self.store.read(SYSTEM) as reader:
            return list(reader.session.scalars(select(model).where(*where).order_by(model.id)))

    def one(self, model: Any, *where: Any) -> Any:
        (row,) = self.rows(model, *where)
        return row


def _of(batch: Batch) -> Any:
    return BatchPair.batch_id == batch.id


def questions_of(pair: BatchPair) -> list[str]:
    return [each["code"] for each in pair.questions]


def a_batch(store: Store) -> Batch:
    """Return a draft of what waits now, computed at once and without jobs."""
    terms = Terms.usual(Objective.TOTAL)
    month = Month.of(local_day(store.clock.now()))
    made = store.execute(SYSTEM, batches.draft, month, terms, by_job=False)
    with store.read(SYSTEM) as reader:
        pool = proposals.fit_matcher(reader)
    while (parcel := store.execute(SYSTEM, batches.prepare, made.id, pool)) is not None:
        made = store.execute(SYSTEM, batches.record, batches.compute(parcel))
    return made
