from uuid import uuid4

import pytest
from sqlalchemy import select

from app.domain.actor import SYSTEM
from app.domain.need import NeedStatus
from app.domain.proposal import PlacedBy
from app.models.audit_entry import AuditEntry
from app.models.expert import Expert
from app.models.need import Need
from app.models.proposal import MatchRound, Proposal
from app.unit_of_work import UnitOfWork
from tests.builders import a_founder, an_expert
from tests.founder_road import FounderRoad


def pause(road: FounderRoad) -> None:
    def use_case(uow: UnitOfWork) -> None:
        uow.load(Expert, road.expert.id).is_paused = True

    road.store.execute(road.mentor, use_case)


def mentors(road, desk, status=200):
    return desk.get(f"/needs/{road.need.id}/mentors", status)


def test_each_mentor_is_shown_with_reasons_a_caution_and_three_times(road, desk) -> None:
    road.proposed(road.expert, an_expert(road.store, name="许言"))
    page = mentors(road, desk)
    assert "为您推荐 2 位导师" in page
    assert page.index("张敏") < page.index("许言")
    assert "您提到“<mark>营业执照</mark>”" in page
    assert "请留意：名额不多，还剩2个" in page
    assert page.count('class="slot"') == 6
    assert f"/needs/{road.need.id}/book?mentor={road.expert.id}&amp;mode=onsite" in page


def test_the_order_is_explained_without_a_score(road, desk) -> None:
    road.proposed(road.expert, an_expert(road.store, name="许言"))
    page = mentors(road, desk)
    assert "排序是怎么来的" in page
    assert "不看性别、年龄和单位级别" in page
    assert "0.6" not in page
    assert "%" not in page.partition("排序是怎么来的")[2].partition("</details>")[0]


def test_what_was_learned_and_an_opened_place_are_told(road, desk) -> None:
    opened = "名单的最后一位有时留给平时较少推荐的导师"
    road.proposed(road.expert, an_expert(road.store, name="许言"))
    page = mentors(road, desk)
    assert "以往接受预约的情况" not in page
    assert opened not in page

    def open_last_place(uow: UnitOfWork) -> None:
        for row in uow.all(select(Proposal)):
            row.parts = [*row.parts, {"code": "learned", "value": -0.01}]
            row.placed_by = PlacedBy.FLOOR if row.rank == 2 else PlacedBy.SCORE

    road.store.execute(SYSTEM, open_last_place)
    page = mentors(road, desk)
    assert "以往接受预约的情况" in page
    assert page.count(opened) == 1
    assert page.index("许言") < page.index(opened)


def test_a_need_never_matched_offers_to_be_matched(road, desk) -> None:
    page = mentors(road, desk)
    assert "还没有为这个需求推荐过导师" in page
    answer = desk.post(f"/needs/{road.need.id}/refresh")
    assert answer.headers["Location"] == f"/needs/{road.need.id}/mentors"
    assert "为您推荐 1 位导师" in mentors(road, desk)


def test_when_everybody_is_kept_out_the_page_says_what_to_do(road, desk) -> None:
    pause(road)
    desk.post(f"/needs/{road.need.id}/refresh")
    page = mentors(road, desk)
    assert "还没有找到合适的导师" in page
    assert "导师库里有合适的人，但是现在约满、暂停接待或者不在聘期" in page
    assert "经办人正在为您找，会在 9月17日 周四 24:00 前联系您" in page
    assert "补充需求" in page


def test_a_mentor_who_paused_since_is_not_offered(road, desk) -> None:
    road.proposed()
    pause(road)
    page = mentors(road, desk)
    assert "这位导师现在暂停接待" in page
    assert 'class="slot"' not in page


def test_a_list_a_week_old_says_so(road, desk) -> None:
    road.proposed()
    road.put("09-24 10:00")
    assert "这份名单是一周以前列的" in mentors(road, desk)


def test_matching_twice_with_the_same_answer_keeps_one_round(road, desk) -> None:
    desk.post(f"/needs/{road.need.id}/refresh", key="a")
    desk.post(f"/needs/{road.need.id}/refresh", key="a")
    desk.post(f"/needs/{road.need.id}/refresh", key="b")
    assert len(road.rows(MatchRound)) == 1


def test_a_need_is_left_to_the_bureau_and_says_until_when(road, desk) -> None:
    desk.post(f"/needs/{road.need.id}/ask-bureau", reason="都不熟悉食品许可", key="one")
    desk.post(f"/needs/{road.need.id}/ask-bureau", reason="都不熟悉食品许可", key="one")
    page = mentors(road, desk)
    assert "已请人社局帮您找" in page
    assert "9月17日 周四 24:00 前" in page
    assert "请人社局帮我找" not in page
    need = road.row(Need, Need.id == road.need.id)
    assert (need.status, need.bureau_reason) == (NeedStatus.SUBMITTED, "都不熟悉食品许可")
    assert len(road.rows(AuditEntry, AuditEntry.action == "need.bureau_asked")) == 1


def test_a_reason_too_long_is_told_at_the_field_and_kept(road, desk) -> None:
    page = desk.post(f"/needs/{road.need.id}/ask-bureau", 422, reason="长" * 501).get_data(
        as_text=True
    )
    assert "“原因”最多 500 字" in page
    assert "长" * 501 in page


def test_a_booked_need_is_not_left_to_the_bureau(road, desk) -> None:
    road.requested()
    page = desk.post(f"/needs/{road.need.id}/ask-bureau", 409).get_data(as_text=True)
    assert "这个需求已经约了导师" in page
    assert road.row(Need, Need.id == road.need.id).bureau_asked_at is None


def test_a_closed_need_shows_its_list_without_times(road, desk) -> None:
    road.need = road.a_need(status=NeedStatus.CLOSED)
    road.proposed()
    page = mentors(road, desk)
    assert "这个需求已经结束" in page
    assert 'class="slot"' not in page
    desk.post(f"/needs/{road.need.id}/refresh", 409)


@pytest.mark.parametrize("act", ["refresh", "ask-bureau"])
def test_acts_on_somebody_elses_or_no_need_are_not_found(road, enter, act) -> None:
    stranger = enter(a_founder(road.store, name="王强"))
    stranger.post(f"/needs/{road.need.id}/{act}", 404)
    stranger.post(f"/needs/{uuid4()}/{act}", 404)
    stranger.get("/needs/7/mentors", 404)
    assert road.rows(MatchRound) == []
