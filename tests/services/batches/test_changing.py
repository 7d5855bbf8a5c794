import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.domain.batch import (
    BatchStatus,
    BatchStepError,
    ExpertBarredError,
    ExpertFullError,
    LeftReason,
    Objective,
    PairState,
    PairToldError,
    SameReviewerError,
    Terms,
)
from app.domain.errors import ForbiddenError, InvalidInputError, NotFoundError
from app.models.audit_entry import AuditEntry
from app.models.batch import Batch, BatchNeed
from app.models.message import Message
from app.services import batches
from tests.batching import SEPTEMBER
from tests.turns import on_each

NEAR = "从事商标注册，也做企业管理咨询、财税、用工和经营辅导。"


def swap(round_, batch, need, expert, reason: str = "电话商定", **values):
    return round_.do(batches.swap, batch.id, need.id, expert.id, reason, round_.pool(), **values)


def test_an_officer_swaps_an_expert_for_a_reason_that_is_kept(round_) -> None:
    first, other = round_.expert("ip", "甲"), round_.expert("ip", "乙", bio="专利布局与成果权属。")
    need = round_.need("ip")
    batch = round_.drafted()

    pair = swap(round_, batch, need, other)

    assert (pair.expert_id, pair.planned_expert_id) == (other.id, first.id)
    assert pair.shortlist[0]["expert_id"] == str(other.id)
    assert len(pair.shortlist[0]["reasons"]) >= 2
    assert [each["expert_id"] for each in pair.shortlist] == [str(other.id)]
    assert (pair.swap_reason, pair.swapped_by_id) == ("电话商定", round_.officer.account_id)
    (entry,) = round_.rows(AuditEntry, AuditEntry.action == "batch.swapped")
    assert all(each in entry.body for each in (str(first.id), str(other.id), "电话商定"))
    assert round_.now(batch).fixed == [[str(need.id), str(other.id)]]


def test_a_need_left_over_can_be_given_an_expert_by_hand(round_) -> None:
    expert = round_.expert("ip", weekly=False)
    need = round_.need("ip")
    batch = round_.drafted()
    assert round_.pair(batch, need).left_reason is LeftReason.NO_TIME
    pair = swap(round_, batch, need, expert, "导师答应加开周六")
    assert (pair.state, pair.left_reason) == (PairState.PLANNED, None)
    assert [each["code"] for each in pair.questions] == ["no_time"]


def test_what_an_officer_set_stays_when_the_batch_is_shared_out_anew(round_) -> None:
    round_.expert("ip", "甲")
    other = round_.expert("ip", "乙", bio="专利布局与成果权属。")
    need = round_.need("ip")
    batch = round_.drafted()
    swap(round_, batch, need, other)
    round_.do(batches.adopt, batch.id, Terms.weighed(50, 50, 0, cap=None))
    round_.work()
    (anew,) = round_.rows(Batch, Batch.status == BatchStatus.DRAFT)
    assert round_.pairs(anew) == {need.id: other.id}


def test_no_reason_no_swap(round_) -> None:
    round_.expert("ip", "甲")
    other = round_.expert("ip", "乙")
    need = round_.need("ip")
    batch = round_.drafted()
    with pytest.raises(InvalidInputError):
        swap(round_, batch, need, other, "  ")
    assert round_.pair(batch, need).swapped_at is None


def test_a_barred_a_full_and_an_unknown_expert_cannot_be_set(round_) -> None:
    round_.expert("ip", "甲")
    barred, full = round_.expert("ip", "乙", is_paused=True), round_.expert("ip", "丙")
    need = round_.need("ip")
    batch = round_.drafted()
    stranger = round_.expert("ip", "丁")
    with pytest.raises(ExpertBarredError):
        swap(round_, batch, need, barred)
    with pytest.raises(NotFoundError):
        swap(round_, batch, need, stranger)
    swap(round_, batch, need, full)


def test_an_expert_takes_no_more_by_hand_than_his_month_holds(round_) -> None:
    round_.expert("ip", "甲")
    other = round_.expert("ip", "乙", bio=NEAR, monthly_limit=1)
    one, two = round_.need("ip"), round_.need("ip")
    batch = round_.drafted()
    swap(round_, batch, one, other)
    with pytest.raises(ExpertFullError):
        swap(round_, batch, two, other)


def test_a_need_taken_out_waits_for_the_next_batch(round_) -> None:
    round_.expert("ip")
    need = round_.need("ip")
    batch = round_.drafted()
    pair = round_.do(batches.drop, batch.id, need.id, "创业者出差")
    assert (pair.state, pair.expert_id, pair.swap_reason) == (
        PairState.DROPPED,
        None,
        "创业者出差",
    )
    assert round_.do(batches.publish, batch.id).told == 0
    assert round_.drafted().needs == 1


def test_what_was_told_is_not_swapped(round_) -> None:
    round_.expert("ip", "甲")
    other = round_.expert("ip", "乙")
    need = round_.need("ip")
    batch = round_.drafted()
    round_.do(batches.publish, batch.id)
    with pytest.raises(PairToldError):
        swap(round_, batch, need, other)
    with pytest.raises(NotFoundError):
        round_.do(batches.drop, batch.id, other.id, "没有这个需求")


def test_another_than_the_maker_reviews_and_a_change_takes_the_review_back(round_) -> None:
    round_.expert("ip", "甲")
    other = round_.expert("ip", "乙")
    need = round_.need("ip")
    batch = round_.drafted()
    with pytest.raises(ForbiddenError):
        round_.do(batches.review, batch.id)
    reviewed = round_.do(batches.review, batch.id, by=round_.approver)
    assert reviewed.status is BatchStatus.REVIEWED
    assert round_.do(batches.review, batch.id, by=round_.approver).reviewed_at
    swap(round_, batch, need, other)
    now = round_.now(batch)
    assert (now.status, now.reviewed_by_id) == (BatchStatus.DRAFT, None)


def test_the_maker_does_not_review_his_own_batch(round_) -> None:
    round_.expert("ip")
    round_.need("ip")
    terms = Terms.usual(Objective.TOTAL)
    batch = round_.do(batches.draft, SEPTEMBER, terms, by=round_.approver)
    round_.work()
    with pytest.raises(SameReviewerError):
        round_.do(batches.review, batch.id, by=round_.approver)


def test_experts_who_fit_a_need_left_over_are_asked_once_for_time(round_) -> None:
    expert = round_.expert("ip", weekly=False)
    mentor = round_.mentor(expert)
    need = round_.need("ip")
    batch = round_.drafted()
    assert round_.do(batches.ask_experts, batch.id, need.id) == 1
    assert round_.do(batches.ask_experts, batch.id, need.id) == 1
    round_.work()
    (message,) = round_.rows(Message, Message.account_id == mentor.account_id)
    assert (message.event, message.href) == ("batch_pair.time_wanted", "/mentor/availability")
    assert len(round_.rows(AuditEntry, AuditEntry.action == "batch.asked")) == 1


def test_nobody_is_asked_for_a_need_that_has_somebody(round_) -> None:
    round_.expert("ip")
    need = round_.need("ip")
    batch = round_.drafted()
    with pytest.raises(BatchStepError):
        round_.do(batches.ask_experts, batch.id, need.id)


@on_each
def test_two_officers_who_swap_at_once_do_not_overfill_an_expert(round_) -> None:
    round_.expert("ip", "甲")
    other = round_.expert("ip", "乙", bio=NEAR, monthly_limit=1)
    needs = [round_.need("ip"), round_.need("ip")]
    batch, pool = round_.drafted(), round_.pool()
    both = threading.Barrier(2, timeout=10)

    def act(need) -> str:
        both.wait()
        try:
            round_.do(batches.swap, batch.id, need.id, other.id, "电话商定", pool)
        except ExpertFullError:
            return "full"
        return "swapped"

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(act, needs)) == ["full", "swapped"]
    assert list(round_.pairs(batch).values()).count(other.id) == 1
    assert len(round_.rows(BatchNeed)) == 2
