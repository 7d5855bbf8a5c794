import gc
import threading
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.domain.actor import SYSTEM, Actor, Role
from app.domain.errors import InvalidInputError, NotFoundError
from app.domain.expert import ExpertCategory
from app.domain.need import NeedClosedError, NeedStatus
from app.domain.proposal import LIFETIME
from app.models.audit_entry import AuditEntry
from app.models.expert import DeclaredInterest, Expert
from app.models.person import VentureMember
from app.models.proposal import MatchRound, Proposal
from app.services import bookings, experts, needs, proposals
from app.services.bookings import Choice
from app.services.proposals import FittedPool, MatcherCache
from app.settings import SettingsError
from app.unit_of_work import Store
from matching import EmbeddingEncoder
from tests.builders import (
    a_founder,
    a_mentor,
    a_need,
    a_venture,
    an_appointment,
    an_expert,
    keep,
    staff,
)
from tests.moments import START, at, day
from tests.unit.matching.tiny_model import write_onnx_model

BIOS = {
    "赵一": "主持商标注册与专利布局诊断，熟悉成果权属。",
    "钱二": "长期从事早期股权投资，熟悉估值与投资协议。",
    "孙三": "窗口办理营业执照与注册登记，熟悉个体户开办。",
}


@pytest.fixture
def pool_of_three(store: Store) -> dict[str, Expert]:
    return {name: an_expert(store, name=name, bio=bio) for name, bio in BIOS.items()}


@pytest.fixture
def founder(store: Store) -> Actor:
    return a_founder(store)


def fitted(store: Store) -> FittedPool:
    with store.read(SYSTEM) as reader:
        return proposals.fit_matcher(reader)


def refresh(store: Store, actor: Actor, need: Any, **options: Any) -> MatchRound:
    made: MatchRound = store.execute(actor, proposals.refresh, need.id, fitted(store), **options)
    return made


def everything(store: Store, model: Any) -> list[Any]:
    with store.read(SYSTEM) as reader:
        return list(reader.session.scalars(select(model).order_by(model.id)))


def proposed(store: Store, made: MatchRound) -> list[Any]:
    with store.read(SYSTEM) as reader:
        of_round = select(Proposal).where(Proposal.match_round_id == made.id)
        return list(reader.session.scalars(of_round.order_by(Proposal.rank)))


def rules(made: MatchRound) -> dict[str, str]:
    return {each["expert_id"]: each["rule"] for each in made.excluded}


def test_the_shortlist_is_kept_with_parts_and_reasons(store, founder, pool_of_three) -> None:
    need = a_need(store, founder.person_id)

    made = refresh(store, founder, need)

    rows = proposed(store, made)
    assert [row.rank for row in rows] == [1, 2, 3]
    assert rows[0].expert_id == pool_of_three["孙三"].id
    assert (made.number, made.excluded) == (1, [])
    assert made.matcher_version
    for row in rows:
        assert round(sum(part["value"] for part in row.parts), 6) == row.score
        assert 2 <= len(row.reasons) <= 4
        assert len(row.cautions) == 1
    evidence = [each["evidence"] for each in rows[0].reasons if each["evidence"]]
    assert evidence
    assert all(words in need.text for words in evidence)
    (entry,) = [e for e in everything(store, AuditEntry) if e.action == "proposal.refreshed"]
    assert str(pool_of_three["孙三"].id) in entry.body


def test_the_size_of_the_shortlist_can_be_chosen(store, founder, pool_of_three) -> None:
    need = a_need(store, founder.person_id)
    assert len(proposed(store, refresh(store, founder, need, limit=2))) == 2
    with pytest.raises(InvalidInputError):
        refresh(store, founder, need, limit=0)


def test_asking_again_makes_no_second_round(store, founder, pool_of_three) -> None:
    need = a_need(store, founder.person_id)
    first = refresh(store, founder, need)

    assert refresh(store, founder, need).id == first.id
    assert len(everything(store, MatchRound)) == 1
    assert len(everything(store, Proposal)) == 3


def test_a_changed_need_makes_a_new_round_and_keeps_the_old(store, founder, pool_of_three) -> None:
    need = a_need(store, founder.person_id)
    first = refresh(store, founder, need)
    other = needs.NeedInput(text="有个投资人想进来占三成，估值怎么谈，投资协议要注意什么？")
    store.execute(founder, needs.edit, need.id, other)

    second = refresh(store, founder, need)

    assert second.number == 2
    assert proposed(store, second)[0].expert_id == pool_of_three["钱二"].id
    assert proposed(store, first)[0].expert_id == pool_of_three["孙三"].id


def test_a_shortlist_of_a_week_ago_is_made_anew(store, founder, pool_of_three, clock) -> None:
    need = a_need(store, founder.person_id)
    refresh(store, founder, need)
    clock.put(START + LIFETIME - timedelta(seconds=1))
    assert refresh(store, founder, need).number == 1
    clock.put(START + LIFETIME)
    assert refresh(store, founder, need).number == 2


def test_who_is_in_no_term_is_kept_out_by_that_rule(store, founder) -> None:
    never = an_expert(store, name="从未聘任", term=None)
    past = an_expert(store, name="已经届满", term=(date(2023, 9, 16), day("09-15")))
    coming = an_expert(store, name="尚未开始", term=(day("09-17"), date(2029, 9, 16)))
    last_day = an_expert(store, name="最后一天", term=(date(2023, 9, 17), day("09-16")))

    made = refresh(store, founder, a_need(store, founder.person_id))

    assert rules(made) == {str(each.id): "mentor_out_of_term" for each in (never, past, coming)}
    assert [row.expert_id for row in proposed(store, made)] == [last_day.id]


def test_an_extension_carries_an_expert_on(store, founder) -> None:
    expert = an_expert(store, term=(date(2023, 9, 1), day("09-10")))
    keep(store, an_appointment(expert.id, day("09-11"), day("10-10")))

    made = refresh(store, founder, a_need(store, founder.person_id))

    (row,) = proposed(store, made)
    assert row.cautions[0]["code"] == "term_ending"
    assert row.cautions[0]["facts"]["until"] == "2026-10-10"


def test_who_pauses_is_kept_out_from_then_on(store, founder) -> None:
    expert = an_expert(store)
    need = a_need(store, founder.person_id)
    assert len(proposed(store, refresh(store, founder, need))) == 1

    store.execute(a_mentor(store, expert), experts.pause, expert.id)

    made = refresh(store, founder, need)
    assert made.number == 2
    assert rules(made) == {str(expert.id): "mentor_paused"}


def test_a_full_month_keeps_out_until_the_next_one(store, founder, clock) -> None:
    expert = an_expert(store, monthly_limit=1)
    need = a_need(store, founder.person_id)
    choice = Choice(
        need_id=need.id, expert_id=expert.id, starts_at=at("09-18 14:00"), mode="onsite"
    )
    store.execute(founder, bookings.request_now, choice)

    assert rules(refresh(store, founder, need)) == {str(expert.id): "capacity_reached"}
    clock.put(at("10-09 10:00"))
    assert rules(refresh(store, founder, need)) == {}


@pytest.mark.parametrize(
    ("values", "outcome"),
    [
        ({"organisation": "禾墒科技有限公司"}, "kept out"),
        ({"organisation": "", "credit_code": "91350100M000100Y43"}, "kept out"),
        ({"organisation": "禾墒科技", "conflict_type": "ci11_competitor"}, "kept out"),
        ({"organisation": "禾墒科技", "conflict_type": "ci1_employment"}, "declared"),
        ({"organisation": "禾墒科技", "ends_on": day("09-15")}, "free"),
        ({"organisation": "禾墒科技", "starts_on": day("09-17")}, "free"),
        ({"organisation": "别的公司"}, "free"),
    ],
)
def test_a_declared_interest_decides_over_a_pairing(store, founder, values, outcome) -> None:
    expert = an_expert(store)
    venture = a_venture(
        store,
        founder.person_id,
        name="禾墒科技（有限公司）",
        entity_type="company",
        credit_code="91350100M000100Y43",
    )
    keep(
        store, DeclaredInterest(**{"expert_id": expert.id, "conflict_type": "ci4_equity", **values})
    )

    made = refresh(store, founder, a_need(store, founder.person_id, venture_id=venture.id))

    if outcome == "kept out":
        assert rules(made) == {str(expert.id): "conflict_of_interest"}
        return
    (row,) = proposed(store, made)
    assert (row.cautions[0]["code"] == "interest_declared") is (outcome == "declared")


def test_a_partner_of_the_venture_counts_as_its_side(store, founder) -> None:
    expert = an_expert(store)
    venture = a_venture(store, founder.person_id)
    partner = a_founder(store, name="王强")
    need = a_need(store, founder.person_id, venture_id=venture.id)
    tie = DeclaredInterest(
        expert_id=expert.id, conflict_type="ci5_kin", organisation="", person_id=partner.person_id
    )
    keep(store, tie)
    assert rules(refresh(store, founder, need)) == {}

    keep(store, VentureMember(venture_id=venture.id, person_id=partner.person_id))
    assert rules(refresh(store, founder, need)) == {str(expert.id): "conflict_of_interest"}


def test_an_expert_is_not_proposed_to_himself(store) -> None:
    expert = an_expert(store)
    made = refresh(store, staff(store), a_need(store, expert.person_id))
    assert rules(made) == {str(expert.id): "conflict_of_interest"}


def test_nor_to_the_partners_of_any_venture_of_his(store, founder) -> None:
    expert, venture = an_expert(store), a_venture(store, founder.person_id)
    keep(store, VentureMember(venture_id=venture.id, person_id=expert.person_id))
    made = refresh(store, founder, a_need(store, founder.person_id))
    assert rules(made) == {str(expert.id): "conflict_of_interest"}


def test_a_need_that_names_no_venture_hides_none(store, founder) -> None:
    expert = an_expert(store)
    a_venture(store, founder.person_id, name="禾墒科技")
    tie = {"conflict_type": "ci4_equity", "organisation": "禾墒科技有限公司"}
    keep(store, DeclaredInterest(expert_id=expert.id, **tie))
    made = refresh(store, founder, a_need(store, founder.person_id))
    assert rules(made) == {str(expert.id): "conflict_of_interest"}


@pytest.mark.parametrize("status", [NeedStatus.WITHDRAWN, NeedStatus.CLOSED])
def test_a_need_that_is_over_is_not_matched(store, founder, status) -> None:
    need = a_need(store, founder.person_id, status=status)
    with pytest.raises(NeedClosedError):
        refresh(store, founder, need)


def test_nobody_matches_what_he_may_not_see(store, founder) -> None:
    expert = an_expert(store)
    need = a_need(store, founder.person_id)
    with pytest.raises(NotFoundError):
        refresh(store, a_founder(store, name="王强"), need)
    with pytest.raises(NotFoundError):
        refresh(store, a_mentor(store, expert), need)
    liaison = staff(store, Role.DEPT_LIAISON, department="hrss")
    with pytest.raises(NotFoundError):
        refresh(store, liaison, need)
    assert refresh(store, staff(store), need).number == 1


def test_free_industry_names_and_codes_meet(store, founder) -> None:
    expert = an_expert(store, industries=["catering_retail"], category=ExpertCategory.SCHOLAR)
    need = a_need(store, founder.person_id, industry="餐饮业")
    (row,) = proposed(store, refresh(store, founder, need))
    parts = {part["code"]: part["value"] for part in row.parts}
    assert row.expert_id == expert.id
    assert parts["industry"] > 0


def test_two_fits_of_one_pool_say_the_same(store, founder, pool_of_three) -> None:
    one, other = fitted(store), fitted(store)
    assert one.matcher.version_ == other.matcher.version_
    assert one.profiles == other.profiles


def test_the_pool_is_fitted_anew_only_when_words_of_it_change(store, pool_of_three) -> None:
    cache = MatcherCache()
    with store.read(SYSTEM) as reader:
        first = cache.pool(reader)
        assert cache.pool(reader) is first

    store.execute(SYSTEM, experts.pause, pool_of_three["赵一"].id)
    with store.read(SYSTEM) as reader:
        paused = cache.pool(reader)
        assert paused.matcher is first.matcher
        assert paused.version == proposals.pool_version(reader) != first.version

    newcomer = an_expert(store, name="李四", bio="做跨境电商独立站十年。")
    with store.read(SYSTEM) as reader:
        grown = cache.pool(reader)
    assert str(newcomer.id) in grown.profiles
    assert grown.matcher.version_ != first.matcher.version_


def test_while_one_thread_fits_the_others_get_the_pool_before(
    store, pool_of_three, monkeypatch
) -> None:
    cache = MatcherCache()
    with store.read(SYSTEM) as reader:
        first = cache.pool(reader)
    an_expert(store, name="李四")
    fitting, go_on = threading.Event(), threading.Event()
    fit = proposals.pool.fit_matcher

    def slowly(*args: Any) -> FittedPool:
        fitting.set()
        assert go_on.wait(10)
        return fit(*args)

    monkeypatch.setattr(proposals.pool, "fit_matcher", slowly)
    found: list[FittedPool] = []

    def refit() -> None:
        with store.read(SYSTEM) as reader:
            found.append(cache.pool(reader))

    worker = threading.Thread(target=refit)
    worker.start()
    assert fitting.wait(10)
    with store.read(SYSTEM) as reader:
        assert cache.pool(reader) is first
    go_on.set()
    worker.join(10)
    assert len(found[0].profiles) == len(pool_of_three) + 1


def test_words_are_understood_with_exact_evidence() -> None:
    text = "想申请专利，可是投资人要占三成股份。"
    topics = proposals.understand(text)
    assert {"ip", "equity_financing"} <= {topic.code for topic in topics}
    assert all(topic.evidence and topic.evidence in text for topic in topics)
    assert proposals.understand("") == ()


def test_a_configured_model_is_used_for_the_pool(store, pool_of_three, tmp_path) -> None:
    encoder = proposals.encoder_of(write_onnx_model(tmp_path))
    with store.read(SYSTEM) as reader:
        pool = MatcherCache(encoder).pool(reader)
    assert isinstance(pool.matcher.encoder_, EmbeddingEncoder)
    assert pool.matcher.version_ != fitted(store).matcher.version_


def test_without_a_model_the_usual_encoder_is_used() -> None:
    assert proposals.encoder_of(None) is None


def test_a_folder_without_a_model_stops_the_start(tmp_path) -> None:
    with pytest.raises(SettingsError) as caught:
        proposals.encoder_of(tmp_path)
    assert "JIEBAN_EMBEDDING_MODEL" in caught.value.facts["faults"]


def test_a_large_pool_is_kept_from_the_garbage_collector(store, pool_of_three, monkeypatch) -> None:
    monkeypatch.setattr("app.services.proposals.pool.MANY", 3)
    try:
        with store.read(SYSTEM) as reader:
            MatcherCache().pool(reader)
        assert gc.get_freeze_count()
    finally:
        gc.unfreeze()
