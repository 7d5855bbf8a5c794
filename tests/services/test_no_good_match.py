import pytest
from sqlalchemy import select

from app.domain.actor import SYSTEM, Role
from app.domain.availability import Mode
from app.domain.need import NeedStatus, TopicState
from app.models.audit_entry import AuditEntry
from app.models.expert import Expert
from app.models.need import Need, NeedTopic
from app.models.proposal import MatchRound, Proposal
from app.queries.lacks import lacking
from app.queries.proposals import document, list_for_need
from app.services import bookings, experts, needs, proposals
from app.services.bookings import Choice
from app.unit_of_work import UnitOfWork
from tests.builders import a_founder, a_mentor, a_need, an_expert, keep, staff
from tests.moments import at
from tests.scenes import Plays
from tests.services.scene import set_scene

# Nobody of the pool serves these: the one expert of the scene helps with registration.
DIVING = "想带客人去南太平洋潜水看沉船，不知道潜水教练证怎么考，氧气瓶从哪里进。"
LOAN = "想申请创业担保贷款，听说有贴息，没有房子抵押，要不要找人担保？"


@pytest.fixture
def plays() -> Plays:
    return {"scene": set_scene}


def refresh(scene, need, **options) -> MatchRound:
    with scene.store.read(SYSTEM) as reader:
        pool = proposals.fit_matcher(reader)
    return scene.store.execute(scene.founder, proposals.refresh, need.id, pool, **options)


def now(scene, need) -> Need:
    return scene.rows(Need, Need.id == need.id)[0]


def actions(scene, need) -> list[str]:
    entries = scene.rows(AuditEntry, AuditEntry.entity_id == need.id)
    return [entry.action for entry in entries]


def test_a_need_that_nobody_fits_is_left_to_the_bureau_with_a_deadline(scene) -> None:
    need = a_need(scene.store, scene.founder.person_id, text=LOAN, topic="guaranteed_loan")

    made = refresh(scene, need)

    assert made.asks_bureau
    (missing,) = made.lack["missing"]
    assert missing["topic"] == "guaranteed_loan"
    assert missing["label"]
    assert missing["evidence"] in LOAN
    assert made.lack["best_score"] < made.lack["least_score"]
    asked = now(scene, need)
    assert (asked.bureau_asked_at, asked.bureau_due_at) == (at("09-16 10:00"), at("09-18 00:00"))
    assert asked.bureau_reason is None
    assert actions(scene, need) == ["need.unmatched"]


def test_founder_and_officers_are_told_once_however_often_it_is_matched(scene) -> None:
    need = a_need(scene.store, scene.founder.person_id, text=LOAN)
    for _ in range(3):
        refresh(scene, need)
    scene.work()
    (told,) = scene.told(scene.founder, "need.unmatched")
    assert "9月17日（周四）24:00" in told.text
    assert told.href == f"/needs/{need.id}/mentors"
    (told,) = scene.told(scene.officer, "need.unmatched")
    assert told.href == f"/bureau/needs/{need.id}"
    assert len(scene.rows(MatchRound)) == 1


def test_the_nearest_are_kept_for_the_desk_and_shown_to_nobody_else(scene) -> None:
    need = a_need(scene.store, scene.founder.person_id, text=LOAN)
    refresh(scene, need)
    assert [row.expert_id for row in scene.rows(Proposal)] == [scene.expert.id]
    with scene.store.read(scene.founder) as reader:
        page = list_for_need(reader, need.id)
    assert page.items == ()
    shown = document(page)
    assert shown["items"] == []
    assert {row["topic"] for row in shown["no_good_match"]["missing"]} == {"guaranteed_loan"}


def test_a_good_match_says_nothing_of_a_lack(scene) -> None:
    need = a_need(scene.store, scene.founder.person_id)
    made = refresh(scene, need)
    assert (made.lack, made.asks_bureau) == (None, False)
    assert now(scene, need).bureau_asked_at is None
    with scene.store.read(scene.founder) as reader:
        assert "no_good_match" not in document(list_for_need(reader, need.id))


def test_a_need_comes_back_from_the_bureau_once_somebody_fits(scene) -> None:
    need = a_need(scene.store, scene.founder.person_id, text=LOAN)
    refresh(scene, need)
    an_expert(
        scene.store,
        name="贷款经理",
        bio="办理创业担保贷款申请与贴息审核，解答反担保与担保人要求。",
        expertise=["创业担保贷款贴息", "反担保"],
        topics=["guaranteed_loan"],
    )

    made = refresh(scene, need)

    assert (made.number, made.lack, made.asks_bureau) == (2, None, False)
    found = now(scene, need)
    assert (found.bureau_asked_at, found.bureau_due_at) == (None, None)
    assert actions(scene, need) == ["need.unmatched", "need.matched"]


def test_a_need_that_its_founder_left_to_the_bureau_stays_there(scene) -> None:
    need = a_need(scene.store, scene.founder.person_id, text=LOAN)
    scene.store.execute(scene.founder, needs.ask_bureau, need.id, "想找懂贷款的")
    assert not refresh(scene, need).asks_bureau
    an_expert(scene.store, name="贷款经理", bio="办理创业担保贷款。", topics=["guaranteed_loan"])
    refresh(scene, need)
    assert now(scene, need).bureau_reason == "想找懂贷款的"


def test_a_second_lacking_round_keeps_the_first_deadline(scene) -> None:
    need = a_need(scene.store, scene.founder.person_id, text=LOAN)
    refresh(scene, need)
    scene.clock.put(at("09-17 09:00"))
    scene.store.execute(scene.founder, needs.edit, need.id, needs.NeedInput(text=DIVING))
    made = refresh(scene, need)
    assert (made.number, made.asks_bureau) == (2, True)
    assert now(scene, need).bureau_due_at == at("09-18 00:00")
    assert actions(scene, need).count("need.unmatched") == 1


def test_a_need_that_is_booked_is_not_left_to_the_bureau(scene) -> None:
    need = a_need(scene.store, scene.founder.person_id, text=LOAN)
    choice = Choice(
        need_id=need.id,
        expert_id=scene.expert.id,
        starts_at=at("09-18 14:00"),
        mode=Mode.ONSITE,
    )
    scene.store.execute(scene.founder, bookings.request_now, choice)
    made = refresh(scene, need)
    assert made.lack is not None
    assert not made.asks_bureau
    assert now(scene, need).bureau_asked_at is None
    assert now(scene, need).status is NeedStatus.BOOKED


def test_a_booked_need_that_waits_again_is_left_to_the_bureau_when_next_matched(scene) -> None:
    need = a_need(scene.store, scene.founder.person_id, text=LOAN)
    choice = Choice(
        need_id=need.id,
        expert_id=scene.expert.id,
        starts_at=at("09-18 14:00"),
        mode=Mode.ONSITE,
    )
    booking = scene.store.execute(scene.founder, bookings.request_now, choice)
    refresh(scene, need)
    scene.store.execute(scene.founder, bookings.withdraw, booking.id, "f_withdrawn")
    made = refresh(scene, need)
    assert (made.number, made.asks_bureau) == (2, True)


def test_those_who_would_fit_but_for_a_rule_are_counted_by_rule(scene) -> None:
    need = a_need(scene.store, scene.founder.person_id)
    scene.store.execute(scene.mentor, experts.pause, scene.expert.id)
    made = refresh(scene, need)
    assert made.lack["kept_out"] == {"mentor_paused": 1}


def test_whoever_fits_but_meets_in_another_way_is_counted_and_told_apart(scene) -> None:
    def meet_onsite(uow: UnitOfWork) -> None:
        uow.load(Expert, scene.expert.id).modes = ["onsite"]

    scene.store.execute(SYSTEM, meet_onsite)
    need = a_need(scene.store, scene.founder.person_id, modes=["phone"])
    made = refresh(scene, need)
    assert made.lack["kept_out"]["mode_mismatch"] == 1
    lack = lacking(made.lack)
    assert (lack.is_for_other_meeting, lack.is_for_now) == (True, False)


def test_an_added_topic_of_which_no_word_is_written_is_called_by_its_label(scene) -> None:
    need = a_need(scene.store, scene.founder.person_id, text="您好，我想问一下这个事情怎么弄呀。")
    keep(
        scene.store,
        NeedTopic(
            need_id=need.id,
            code="foreign_trade",
            certainty="clear",
            evidence="",
            state=TopicState.ADDED,
            position=1,
        ),
    )
    missing = refresh(scene, need).lack["missing"]
    assert [(row["topic"], row["concept"], row["label"]) for row in missing] == [
        ("foreign_trade", "", "外贸、跨境电商与国际物流")
    ]


def test_a_request_is_not_passed_on_to_somebody_who_does_not_fit(scene) -> None:
    need = a_need(scene.store, scene.founder.person_id, text=LOAN)
    an_expert(scene.store, name="钱宁", bio="种花。", topics=["agritech"])
    refresh(scene, need)
    assert len(scene.rows(Proposal)) == 2
    choice = Choice(
        need_id=need.id,
        expert_id=scene.expert.id,
        starts_at=at("09-18 14:00"),
        mode=Mode.ONSITE,
    )
    booking = scene.store.execute(scene.founder, bookings.request_now, choice)
    scene.store.execute(scene.mentor, bookings.decline, booking.id, "m_not_my_field")
    assert now(scene, need).status is NeedStatus.SUBMITTED


def test_the_lack_is_told_to_whoever_may_see_the_need(scene) -> None:
    need = a_need(scene.store, scene.founder.person_id, text=LOAN)
    refresh(scene, need)
    with scene.store.read(staff(scene.store, Role.AUDITOR)) as reader:
        assert list_for_need(reader, need.id).lack is not None
    stranger = a_founder(scene.store, name="王强")
    for actor in (stranger, a_mentor(scene.store, an_expert(scene.store))):
        with scene.store.read(actor) as reader:
            assert list(reader.session.scalars(select(MatchRound))) == []
