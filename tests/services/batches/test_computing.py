from datetime import timedelta

import pytest
from sqlalchemy import update

from app.domain.actor import SYSTEM, Role
from app.domain.batch import (
    BatchStatus,
    BatchStep,
    BatchStepError,
    LeftReason,
    NothingToShareError,
    Objective,
    PairState,
    Terms,
)
from app.domain.calendar import Month
from app.domain.errors import ForbiddenError, InvalidInputError
from app.models.audit_entry import AuditEntry
from app.models.availability import AvailabilityException
from app.models.batch import Batch, BatchNeed, BatchPair
from app.models.job import Job
from app.models.message import Message
from app.services import batches, bookings
from app.services.batches import comparing
from tests.batching import BIOS, NOT_THAT, SEPTEMBER, questions_of
from tests.builders import a_founder, staff
from tests.http.world import PLACES
from tests.moments import START, at

TOTAL = Terms.usual(Objective.TOTAL)


def test_each_need_gets_the_expert_of_its_trade_with_reasons_and_alternates(round_) -> None:
    experts = {trade: round_.expert(trade) for trade in ("ip", "capital", "registration")}
    needs = {trade: round_.need(trade) for trade in experts}

    batch = round_.drafted()

    assert batch.status is BatchStatus.DRAFT
    assert round_.pairs(batch) == {needs[each].id: experts[each].id for each in experts}
    pair = round_.pair(batch, needs["ip"])
    assert pair.shortlist[0]["expert_id"] == str(experts["ip"].id)
    assert len(pair.shortlist[0]["reasons"]) >= 2
    assert pair.score == pytest.approx(pair.shortlist[0]["score"])
    assert (pair.days, pair.questions) == (0, [])
    assert batch.receipt["value"] == pytest.approx(batch.receipt["bound"])
    assert batch.receipt["arranged"] == 3
    (entry,) = round_.rows(AuditEntry, AuditEntry.action == "batch.computed")
    assert batch.receipt["inputs_sha256"] in entry.body


def test_the_page_has_its_batch_before_anything_is_computed(round_) -> None:
    round_.expert("ip")
    round_.need("ip")
    batch = round_.do(batches.draft, SEPTEMBER, TOTAL)
    assert (batch.status, batch.step, batch.done) == (BatchStatus.COMPUTING, BatchStep.COMPARE, 0)
    assert (batch.needs, batch.experts, batch.number) == (1, 1, 1)
    assert round_.rows(BatchPair) == []
    assert [job.kind for job in round_.rows(Job)] == ["compute_batch"]


def test_who_made_it_is_told_when_it_is_ready(round_) -> None:
    round_.expert("ip")
    round_.need("ip")
    batch = round_.drafted()
    round_.work()
    (message,) = round_.rows(Message)
    assert message.account_id == round_.officer.account_id
    assert message.href == f"/bureau/rounds/{batch.id}"


def test_many_needs_are_compared_some_at_a_time(round_, monkeypatch) -> None:
    monkeypatch.setattr(comparing, "CHUNK", 2)
    monkeypatch.setattr("app.services.batches.explaining.CHUNK", 2)
    round_.expert("ip", monthly_limit=9)
    for _ in range(5):
        round_.need("ip")
    batch = round_.drafted()
    keys = [job.dedupe_key for job in round_.rows(Job, Job.kind == batches.COMPUTE)]
    steps = [
        "compare:0",
        "compare:2",
        "compare:4",
        "share:0",
        "explain:0",
        "explain:2",
        "explain:4",
    ]
    assert keys == [f"compute_batch:{batch.id}:{step}" for step in steps]
    assert batch.status is BatchStatus.DRAFT
    assert all(pair.shortlist[0]["reasons"] for pair in round_.rows(BatchPair))


def test_a_cancelled_batch_takes_no_further_step(round_) -> None:
    round_.expert("ip")
    round_.need("ip")
    batch = round_.do(batches.draft, SEPTEMBER, TOTAL)
    round_.do(batches.cancel, batch.id)
    assert round_.do(batches.cancel, batch.id).status is BatchStatus.CANCELLED
    round_.work()
    assert round_.now(batch).status is BatchStatus.CANCELLED
    assert round_.one(BatchNeed).scores == []
    with pytest.raises(BatchStepError):
        round_.do(batches.publish, batch.id)


def test_a_step_that_was_cancelled_while_it_ran_writes_nothing(round_) -> None:
    round_.expert("ip")
    round_.need("ip")
    batch = round_.do(batches.draft, SEPTEMBER, TOTAL)
    parcel = round_.do(batches.prepare, batch.id, round_.pool(), by=SYSTEM)
    round_.do(batches.cancel, batch.id)
    round_.do(batches.record, batches.compute(parcel), by=SYSTEM)
    assert round_.one(BatchNeed).scores == []


def test_a_step_taken_twice_leaves_its_rows_once(round_) -> None:
    round_.expert("ip")
    round_.need("ip")
    batch = round_.do(batches.draft, SEPTEMBER, TOTAL, by_job=False)
    for _ in range(3):
        result = batches.compute(round_.do(batches.prepare, batch.id, round_.pool(), by=SYSTEM))
        round_.do(batches.record, result, by=SYSTEM)
        round_.do(batches.record, result, by=SYSTEM)
    assert round_.now(batch).status is BatchStatus.DRAFT
    assert len(round_.rows(BatchPair)) == 1


def test_a_pool_that_changed_while_needs_were_compared_ends_the_batch(round_, monkeypatch) -> None:
    monkeypatch.setattr(comparing, "CHUNK", 1)
    round_.expert("ip")
    round_.need("ip")
    round_.need("ip")
    batch = round_.do(batches.draft, SEPTEMBER, TOTAL, by_job=False)
    parcel = round_.do(batches.prepare, batch.id, round_.pool(), by=SYSTEM)
    round_.do(batches.record, batches.compute(parcel), by=SYSTEM)
    round_.expert("capital")
    assert round_.do(batches.prepare, batch.id, round_.pool(), by=SYSTEM) is None
    now = round_.now(batch)
    assert (now.status, now.failure) == (BatchStatus.FAILED, "batch.pool_changed")


def test_a_batch_whose_steps_keep_failing_is_given_up(round_, monkeypatch) -> None:
    round_.expert("ip")
    round_.need("ip")
    batch = round_.do(batches.draft, SEPTEMBER, TOTAL)
    monkeypatch.setattr(comparing, "compared", lambda *_: 1 / 0)
    last = update(Job).where(Job.subject_id == batch.id).values(max_attempts=1)
    round_.store.execute(SYSTEM, lambda uow: uow.session.execute(last))
    round_.work()
    now = round_.now(batch)
    assert (now.status, now.failure) == (BatchStatus.FAILED, "batch.broken")


def test_needs_that_do_not_fit_name_the_tight_expert_and_the_smallest_relaxation(round_) -> None:
    expert = round_.expert("ip", monthly_limit=1)
    for _ in range(3):
        round_.need("ip")
    batch = round_.drafted()
    assert round_.states(batch) == [PairState.LEFT, PairState.LEFT, PairState.PLANNED]
    assert batch.receipt["tight"] == [str(expert.id)]
    assert batch.receipt["more_places"] == {str(expert.id): 2}
    left = [pair for pair in round_.rows(BatchPair) if pair.state is PairState.LEFT]
    assert {pair.left_reason for pair in left} == {LeftReason.FULL}
    assert left[0].left_facts["experts"] == [str(expert.id)]


def test_what_stands_in_the_month_already_takes_its_place(round_) -> None:
    expert = round_.expert("ip", monthly_limit=2)
    founder = a_founder(round_.store)
    booked = round_.need("ip", founder)
    choice = bookings.Choice(
        need_id=booked.id, expert_id=expert.id, starts_at=at("09-18 14:00"), mode="onsite"
    )
    round_.do(bookings.request_now, choice, by=founder)
    round_.need("ip")
    round_.need("ip")
    batch = round_.drafted()
    assert batch.needs == 2
    assert round_.states(batch) == [PairState.LEFT, PairState.PLANNED]


def test_the_cap_of_a_batch_holds_where_the_expert_would_take_more(round_) -> None:
    round_.expert("ip", monthly_limit=8)
    for _ in range(3):
        round_.need("ip")
    assert round_.drafted(cap=2).receipt["arranged"] == 2


def test_rules_keep_pairs_apart_and_say_which(round_, monkeypatch) -> None:
    founder = a_founder(round_.store)
    expert = round_.expert("ip", is_paused=True)
    need = round_.need("ip", founder)
    batch = round_.drafted()
    pair = round_.pair(batch, need)
    assert (pair.state, pair.left_reason) == (PairState.LEFT, LeftReason.BARRED)
    (row,) = round_.rows(BatchNeed)
    assert row.bars[0][0] == "mentor_paused"
    assert pair.left_facts["experts"] == [str(expert.id)]


def test_an_expert_who_has_no_time_in_the_month_is_named_for_asking(round_) -> None:
    expert = round_.expert("ip", weekly=False)
    need = round_.need("ip")
    pair = round_.pair(round_.drafted(), need)
    assert pair.left_reason is LeftReason.NO_TIME
    assert pair.left_facts["experts"] == [str(expert.id)]


def test_a_need_nobody_fits_is_said_to_have_no_fit(round_) -> None:
    round_.expert("registration", bio="种植大棚蔬菜。", topics=[], stages=[], category="investor")
    need = round_.need(
        "capital", text="想请人看看手串的包浆和木纹，好不好卖不重要，就想知道真假", topic="ip"
    )
    pair = round_.pair(round_.drafted(), need)
    assert pair.left_reason is LeftReason.NO_FIT


def test_an_expert_who_could_not_before_is_not_arranged_again(round_) -> None:
    founder = a_founder(round_.store)
    first, second = round_.expert("ip", "甲"), round_.expert("ip", "乙")
    need = round_.need("ip", founder)
    choice = bookings.Choice(
        need_id=need.id, expert_id=first.id, starts_at=at("09-18 14:00"), mode="onsite"
    )
    booking = round_.do(bookings.request_now, choice, by=founder)
    round_.do(bookings.decline, booking.id, "m_time_conflict", by=round_.mentor(first))
    assert round_.pairs(round_.drafted()) == {need.id: second.id}


def test_an_early_meeting_can_be_favoured(round_) -> None:
    late = round_.expert("ip", "甲", weekly=False)
    near = round_.expert("ip", "乙", bio=BIO_NEAR)
    round_.store.execute(SYSTEM, _open_on, late.id, "09-28")
    need = round_.need("ip")
    assert round_.pairs(round_.drafted()) == {need.id: late.id}
    soon = Terms.weighed(20, 0, 80, cap=None)
    assert round_.pairs(round_.drafted(terms=soon)) == {need.id: near.id}


BIO_NEAR = "从事商标注册，也做企业管理咨询、财税、用工和经营辅导。"


def _open_on(uow, expert_id, day: str) -> None:
    uow.add(
        AvailabilityException(
            expert_id=expert_id,
            day=at(f"{day} 00:00").date() + timedelta(days=1),
            kind="extra",
            starts_minute=540,
            ends_minute=720,
            modes=["onsite", "online", "phone"],
            reason="",
        )
    )


def test_even_loads_can_be_favoured(round_) -> None:
    round_.expert("ip", "甲")
    round_.expert("ip", "乙", bio=BIO_NEAR)
    for _ in range(4):
        round_.need("ip")

    def most(batch: Batch) -> int:
        chosen = list(round_.pairs(batch).values())
        return max(chosen.count(each) for each in chosen)

    assert most(round_.drafted()) == 4
    assert most(round_.drafted(terms=Terms.weighed(60, 100, 0, cap=None))) < 4


def test_what_an_expert_says_he_does_not_do_raises_a_question(round_) -> None:
    round_.expert("ip", bio=BIOS["ip"] + NOT_THAT)
    need = round_.need("ip")
    pair = round_.pair(round_.drafted(), need)
    assert pair.state is PairState.PLANNED
    assert "declined" in questions_of(pair)


def test_the_fourth_service_of_a_month_raises_a_question(round_) -> None:
    round_.expert("ip")
    for _ in range(5):
        round_.need("ip")
    asked = [
        questions_of(pair)
        for pair in round_.rows(BatchPair, BatchPair.batch_id == round_.drafted().id)
    ]
    assert sum("often" in each for each in asked) == 2


def test_nothing_begins_without_needs_or_experts(round_) -> None:
    with pytest.raises(NothingToShareError) as nobody_waits:
        round_.do(batches.draft, SEPTEMBER, TOTAL)
    assert nobody_waits.value.code == "batch.no_needs"
    round_.need("ip")
    with pytest.raises(NothingToShareError) as nobody_serves:
        round_.do(batches.draft, SEPTEMBER, TOTAL)
    assert nobody_serves.value.code == "batch.no_experts"
    assert round_.rows(Batch) == []


def test_a_batch_is_made_for_months_that_can_be_booked(round_) -> None:
    round_.expert("ip")
    round_.need("ip")
    for month in (Month(2026, 8), Month(2026, 12)):
        with pytest.raises(InvalidInputError):
            round_.do(batches.draft, month, TOTAL)
    later = round_.drafted(month=Month(2026, 10))
    (pair,) = round_.rows(BatchPair)
    assert later.status is BatchStatus.DRAFT
    assert pair.days > (at("09-30 12:00") - START).days


def test_only_the_bureau_makes_batches(round_) -> None:
    round_.expert("ip")
    round_.need("ip")
    for role in (Role.AUDITOR, Role.STREET_LIAISON, Role.SYS_ADMIN):
        with pytest.raises(ForbiddenError):
            round_.do(
                batches.draft,
                SEPTEMBER,
                TOTAL,
                by=staff(round_.store, role, **PLACES.get(role, {})),
            )
