import re

import pytest

from app.domain.need import NeedStatus
from app.models.expert import DeclaredInterest, Expert
from app.models.proposal import MatchRound
from tests.builders import a_founder, a_mentor, an_expert, keep

NOBODY = "01999999-0000-7000-8000-000000000000"


def why(road, expert=None) -> str:
    return f"/needs/{road.need.id}/mentors/{(expert or road.expert).id}"


def text_of(page: str) -> str:
    """Return what the page says in its middle, without marks of the markup."""
    inner = page.partition("<main")[2].partition(">")[2].partition("</main>")[0]
    return re.sub(r"<[^>]+>", "", inner)


def set_on(road, expert: Expert, **values) -> None:
    def use_case(uow) -> None:
        row = uow.load(Expert, expert.id)
        for name, value in values.items():
            setattr(row, name, value)

    road.store.execute(a_mentor(road.store, expert), use_case)


def test_the_page_of_a_mentor_leads_to_the_answer(road, desk) -> None:
    page = desk.get(f"/mentors/{road.expert.id}")
    assert why(road) in page
    page = desk.get(why(road))
    assert "这位导师在推荐名单里" in page
    assert f"/needs/{road.need.id}/book?mentor={road.expert.id}" in page


def test_who_was_not_listed_can_be_booked_all_the_same(road, desk) -> None:
    for number in range(5):
        an_expert(road.store, name=f"行家{number}", expertise=["营业执照"], stages=["preparing"])
    weak = an_expert(road.store, name="钱宁", bio="种菜二十年。", expertise=[], topics=[])
    page = desk.get(why(road, weak))
    said = text_of(page)
    assert "为什么没有推荐这位导师" in said
    assert "名单里几位导师的资料更贴近" in said
    assert "还是想约这位导师" in said
    assert "写进资料以后可能会列入名单" in said
    # No score, no place, no share: a founder reads no number of fit.
    assert not re.search(r"\d", said.replace("钱宁", ""))


@pytest.mark.parametrize(
    ("facts", "reason", "change"),
    [
        ({"is_paused": True}, "这位导师暂停服务", "这位导师恢复接待以后"),
        ({"monthly_limit": 0}, "这位导师本月的名额已满（0/0）", "这位导师放开本月的名额以后"),
        ({"modes": ["phone"]}, "您希望当面谈，这位导师提供电话谈", "改为电话谈"),
    ],
)
def test_a_rule_is_told_politely_with_what_would_lift_it(road, desk, facts, reason, change) -> None:
    road.need = road.a_need(modes=["onsite"])
    set_on(road, road.expert, **facts)
    said = text_of(desk.get(why(road)))
    assert reason in said
    assert change in said
    assert "选择时间" not in said


def test_a_tie_is_told_without_its_kind_and_leads_to_the_bureau(road, desk) -> None:
    tie = DeclaredInterest(
        expert_id=road.expert.id,
        conflict_type="ci4_equity",
        organisation="某投资公司",
        person_id=road.founder.person_id,
    )
    keep(road.store, tie)
    said = text_of(desk.get(why(road)))
    assert "存在利害关系，需要回避" in said
    assert "请联系人社局经办人" in said
    assert "持股" not in said
    assert "某投资公司" not in said


def test_several_rules_are_to_be_lifted_together(road, desk) -> None:
    set_on(road, road.expert, is_paused=True, monthly_limit=0)
    assert "下面几件都解决以后" in text_of(desk.get(why(road)))


def test_where_nothing_can_be_done_the_page_promises_nothing(road, desk) -> None:
    tie = DeclaredInterest(
        expert_id=road.expert.id,
        conflict_type="ci6_dispute",
        organisation="",
        person_id=road.founder.person_id,
    )
    keep(road.store, tie)
    said = text_of(desk.get(why(road)))
    assert "需要回避" in said
    assert "怎样会不同" not in said


def test_whom_the_directory_does_not_show_is_not_found(road, desk) -> None:
    desk.get(why(road, an_expert(road.store, name="许言", term=None)), 404)
    desk.get(f"/needs/{road.need.id}/mentors/{NOBODY}", 404)


def test_a_need_of_somebody_else_is_not_found(road, enter) -> None:
    enter(a_founder(road.store, name="王强")).get(why(road), 404)


def test_a_need_that_is_over_leads_back_to_its_list(road, desk) -> None:
    road.need = road.a_need(status=NeedStatus.CLOSED)
    answer = desk.client.get(why(road))
    assert answer.status_code == 303
    assert answer.location == f"/needs/{road.need.id}/mentors"


def test_looking_keeps_nothing(road, desk) -> None:
    desk.get(why(road))
    assert road.rows(MatchRound) == []
