from dataclasses import dataclass
from uuid import UUID

import pytest

from app.domain.actor import Actor, Role
from app.domain.batch import BatchStatus, BatchStepError, PairState
from app.domain.errors import ForbiddenError
from app.domain.need import NeedStatus
from app.models.audit_entry import AuditEntry
from app.models.batch import BatchPair
from app.models.booking import Booking
from app.models.expert import DeclaredInterest, Expert
from app.models.message import Message
from app.models.need import Need
from app.models.proposal import MatchRound, Proposal
from app.queries.booking_pages import proposals_page
from app.services import batches, bookings, experts, needs, proposals
from app.services.batches import Published, Undone
from app.services.bookings import Choice
from tests.batching import BIOS, NOT_THAT
from tests.builders import a_founder, keep, staff
from tests.moments import START, at

PUBLISHED = (PairState.PUBLISHED,)
NEAR = "从事商标注册，也做企业管理咨询、财税、用工和经营辅导。"


@dataclass
class Two:
    """Two founders with a need each, and an expert for each trade."""

    founders: dict[str, Actor]
    pool: dict[str, Expert]
    asked: dict[str, Need]


@pytest.fixture
def two(round_) -> Two:
    founders = {trade: a_founder(round_.store, name=trade) for trade in ("ip", "capital")}
    pool = {trade: round_.expert(trade) for trade in founders}
    asked = {trade: round_.need(trade, founder) for trade, founder in founders.items()}
    return Two(founders, pool, asked)


def choose(round_, founder, need, expert, when: str = "09-18 14:00") -> Booking:
    choice = Choice(need_id=need.id, expert_id=expert.id, starts_at=at(when), mode="onsite")
    return round_.do(bookings.request_now, choice, by=founder)


def shortlist(round_, need: Need) -> list[UUID]:
    """Return who is proposed for the need now, in order."""
    newest = max(round_.rows(MatchRound, MatchRound.need_id == need.id), key=lambda m: m.number)
    rows = round_.rows(Proposal, Proposal.match_round_id == newest.id)
    return [row.expert_id for row in sorted(rows, key=lambda row: row.rank)]


def test_each_pair_becomes_a_proposal_and_nothing_is_booked(round_, two) -> None:
    batch = round_.drafted()

    assert round_.do(batches.publish, batch.id) == Published(told=2, changed=0)

    assert round_.states(batch) == [PairState.PUBLISHED, PairState.PUBLISHED]
    made = round_.one(MatchRound, MatchRound.need_id == two.asked["ip"].id)
    assert shortlist(round_, two.asked["ip"])[0] == two.pool["ip"].id
    assert all(len(row.reasons) >= 2 for row in round_.rows(Proposal, Proposal.rank == 1))
    assert made.matcher_version == batch.matcher_version
    assert round_.rows(Booking) == []
    assert {need.status for need in round_.rows(Need)} == {NeedStatus.SUBMITTED}
    now = round_.now(batch)
    assert (now.status, now.published_at) == (BatchStatus.PUBLISHED, START)
    assert now.published_by_id == round_.officer.account_id
    (entry,) = round_.rows(AuditEntry, AuditEntry.action == "batch.published")
    assert str(two.pool["ip"].id) in entry.body


def test_a_need_that_nobody_fitted_leaves_the_queue_once_somebody_is_arranged(round_) -> None:
    founder = a_founder(round_.store)
    round_.expert("capital")
    need = round_.need("ip", founder)
    assert round_.do(proposals.refresh, need.id, round_.pool(), by=founder).asks_bureau
    assert round_.one(Need, Need.id == need.id).bureau_asked_at
    round_.expert("ip")
    round_.do(batches.publish, round_.drafted().id)
    assert round_.one(Need, Need.id == need.id).bureau_asked_at is None
    actions = [e.action for e in round_.rows(AuditEntry, AuditEntry.entity_id == need.id)]
    assert actions == ["need.unmatched", "need.matched"]


def test_founder_and_mentor_are_told_once(round_, two) -> None:
    mentor = round_.mentor(two.pool["ip"])
    batch = round_.drafted()
    round_.do(batches.publish, batch.id)
    assert round_.do(batches.publish, batch.id) == Published(0, 0)
    round_.work()
    (told,) = round_.rows(Message, Message.account_id == two.founders["ip"].account_id)
    assert told.event == "batch_pair.published"
    assert told.href == f"/needs/{two.asked['ip'].id}/mentors"
    assert two.pool["ip"].name in told.title
    (heard,) = round_.rows(Message, Message.account_id == mentor.account_id)
    assert two.asked["ip"].reference in heard.title
    assert "ip创业者" not in heard.text
    assert len(round_.rows(MatchRound)) == 2


def test_pairs_without_questions_can_be_told_first(round_) -> None:
    round_.expert("ip", bio=BIOS["ip"] + NOT_THAT)
    round_.expert("capital")
    asked, clear = round_.need("ip"), round_.need("capital")
    batch = round_.drafted()
    assert round_.do(batches.publish, batch.id, only_clear=True) == Published(1, 0)
    assert round_.pair(batch, clear).state is PairState.PUBLISHED
    assert round_.pair(batch, asked).state is PairState.PLANNED
    assert round_.do(batches.publish, batch.id) == Published(1, 0)
    assert round_.pair(batch, asked).state is PairState.PUBLISHED


@pytest.mark.parametrize("change", ["paused", "tied", "full"])
def test_a_pair_that_no_longer_holds_is_not_told_and_says_why(round_, two, change) -> None:
    batch, expert = round_.drafted(), two.pool["ip"]
    if change == "paused":
        round_.do(experts.pause, expert.id)
    elif change == "tied":
        person_id = two.founders["ip"].person_id
        tie = {"conflict_type": "ci5_kin", "organisation": "", "person_id": person_id}
        keep(round_.store, DeclaredInterest(expert_id=expert.id, **tie))
    else:
        fill_the_month(round_, expert)
    assert round_.do(batches.publish, batch.id) == Published(told=1, changed=1)
    pair = round_.pair(batch, two.asked["ip"])
    assert pair.state is PairState.PLANNED
    rules = {"paused": "mentor_paused", "tied": "conflict_of_interest", "full": "capacity_reached"}
    assert pair.questions[0] == {"code": "changed", "rule": rules[change]}
    assert round_.rows(MatchRound, MatchRound.need_id == two.asked["ip"].id) == []


def fill_the_month(round_, expert) -> None:
    other = a_founder(round_.store)
    choose(round_, other, round_.need("ip", other), expert, "09-17 09:00")

    def limit(uow) -> None:
        uow.load(Expert, expert.id).monthly_limit = 1

    round_.do(limit)


def test_a_need_that_found_somebody_meanwhile_leaves_the_batch(round_, two) -> None:
    batch = round_.drafted()
    choose(round_, two.founders["ip"], two.asked["ip"], two.pool["capital"])
    assert round_.do(batches.publish, batch.id) == Published(told=1, changed=1)
    assert round_.pair(batch, two.asked["ip"]).state is PairState.DROPPED


def test_two_batches_never_tell_one_need_twice(round_, two) -> None:
    first, second = round_.drafted(), round_.drafted()
    round_.do(batches.publish, first.id)
    assert round_.do(batches.publish, second.id) == Published(told=0, changed=2)
    assert round_.now(second).status is BatchStatus.DRAFT


def test_a_told_need_is_not_taken_again_until_a_week_has_passed(round_, two) -> None:
    first = round_.drafted()
    round_.do(batches.publish, first.id)
    with pytest.raises(Exception, match="no_needs"):
        round_.drafted()
    round_.clock.put(at("09-23 10:00"))
    second = round_.drafted()
    assert round_.do(batches.publish, second.id) == Published(2, 0)
    assert round_.states(first) == [PairState.LAPSED, PairState.LAPSED]
    assert len(round_.rows(MatchRound, MatchRound.need_id == two.asked["ip"].id)) == 2


def test_what_is_arranged_and_not_booked_yet_takes_a_place_of_the_month(round_) -> None:
    round_.expert("ip", monthly_limit=1)
    round_.need("ip")
    round_.do(batches.publish, round_.drafted().id)
    round_.need("ip")
    assert round_.drafted().receipt["arranged"] == 0


def test_when_the_mentor_declines_the_next_best_of_the_batch_is_asked(round_) -> None:
    founder = a_founder(round_.store)
    chosen = round_.expert("ip", "甲")
    round_.expert("ip", "满额", monthly_limit=0)
    spare = round_.expert("ip", "丙", bio=NEAR)
    need = round_.need("ip", founder)
    batch = round_.drafted()
    round_.do(batches.publish, batch.id)
    assert shortlist(round_, need) == [chosen.id, spare.id]

    booking = choose(round_, founder, need, chosen)
    round_.do(bookings.decline, booking.id, "m_overload", by=round_.mentor(chosen))

    (passed,) = round_.rows(Booking, Booking.replaces_id == booking.id)
    assert passed.lead_expert_id == spare.id


def test_the_arranged_expert_stays_first_when_the_shortlist_is_made_anew(round_, two) -> None:
    batch = round_.drafted()
    round_.do(
        batches.swap,
        batch.id,
        two.asked["ip"].id,
        two.pool["capital"].id,
        "电话商定",
        round_.pool(),
    )
    round_.do(batches.publish, batch.id)
    round_.do(batches.refresh_open, two.asked["ip"].id, round_.pool())
    shown = [two.pool["capital"].id, two.pool["ip"].id]
    assert shortlist(round_, two.asked["ip"]) == shown


def test_undoing_withdraws_what_nobody_acted_upon_and_names_the_rest(round_, two) -> None:
    batch = round_.drafted()
    round_.do(batches.publish, batch.id)
    choose(round_, two.founders["ip"], two.asked["ip"], two.pool["ip"])

    assert round_.do(batches.undo, batch.id) == Undone(withdrawn=1, kept=1)
    assert round_.do(batches.undo, batch.id) == Undone(withdrawn=1, kept=1)

    assert round_.pair(batch, two.asked["ip"]).state is PairState.KEPT
    assert round_.pair(batch, two.asked["capital"]).state is PairState.WITHDRAWN
    now = round_.now(batch)
    assert (now.status, now.ended_by_id) == (BatchStatus.UNDONE, round_.officer.account_id)
    round_.work()
    told = round_.rows(Message, Message.account_id == two.founders["capital"].account_id)
    assert [each.event for each in told] == ["batch_pair.published", "batch_pair.withdrawn"]
    assert len(round_.rows(AuditEntry, AuditEntry.action == "batch.undone")) == 1


def test_after_undoing_the_need_waits_with_a_shortlist_of_the_matchers_own(round_, two) -> None:
    batch = round_.drafted()
    round_.do(
        batches.swap,
        batch.id,
        two.asked["ip"].id,
        two.pool["capital"].id,
        "电话商定",
        round_.pool(),
    )
    round_.do(batches.publish, batch.id)
    round_.do(batches.undo, batch.id)
    round_.work()
    assert shortlist(round_, two.asked["ip"])[0] == two.pool["ip"].id
    assert round_.drafted().needs == 2


def test_what_was_not_told_yet_is_dropped_by_undoing(round_) -> None:
    round_.expert("ip", bio=BIOS["ip"] + NOT_THAT)
    round_.expert("capital")
    asked, _ = round_.need("ip"), round_.need("capital")
    batch = round_.drafted()
    round_.do(batches.publish, batch.id, only_clear=True)
    assert round_.do(batches.undo, batch.id) == Undone(1, 0)
    assert round_.pair(batch, asked).state is PairState.DROPPED


def test_a_founder_who_withdrew_the_need_is_not_told_again(round_, two) -> None:
    batch = round_.drafted()
    round_.do(batches.publish, batch.id)
    round_.do(needs.withdraw, two.asked["ip"].id, by=two.founders["ip"])
    round_.do(batches.undo, batch.id)
    round_.work()
    told = round_.rows(Message, Message.account_id == two.founders["ip"].account_id)
    assert [each.event for each in told] == ["batch_pair.published"]


def test_only_a_told_batch_can_be_undone(round_, two) -> None:
    batch = round_.drafted()
    with pytest.raises(BatchStepError):
        round_.do(batches.undo, batch.id)
    round_.do(batches.discard, batch.id)
    assert round_.do(batches.discard, batch.id).status is BatchStatus.DISCARDED
    with pytest.raises(BatchStepError):
        round_.do(batches.publish, batch.id)
    assert round_.rows(BatchPair, BatchPair.state.in_(PUBLISHED)) == []


def test_an_auditor_publishes_nothing(round_, two) -> None:
    batch = round_.drafted()
    with pytest.raises(ForbiddenError):
        round_.do(batches.publish, batch.id, by=staff(round_.store, Role.AUDITOR))


def test_the_founder_sees_whom_the_bureau_arranged_first(round_, two) -> None:
    founder, need = two.founders["ip"], two.asked["ip"]
    round_.do(batches.publish, round_.drafted().id)
    with round_.store.read(founder) as reader:
        page = proposals_page(reader, need.id)
    assert page.arranged == two.pool["ip"].name == page.proposals[0].expert.name
    round_.clock.put(at("09-24 10:00"))
    with round_.store.read(founder) as reader:
        assert proposals_page(reader, need.id).arranged is None
