"""Why an expert whom an officer names is proposed or not, and waivers by two officers."""

import pytest

from app.domain.actor import Role
from app.domain.waiver import WaiverStatus
from app.models.audit_entry import AccessEntry
from app.models.expert import DeclaredInterest
from app.models.person import VentureMember
from app.models.waiver import Waiver
from app.services import bookings
from tests.builders import PROJECTS_A_YEAR, a_founder, a_need, a_venture, an_expert, keep, staff
from tests.founder_road import FounderRoad, plays, road, statements

__all__ = ["plays", "road"]

NOBODY = "01990000-0000-7000-8000-000000000001"


def why(road: FounderRoad, asked: str = "") -> str:
    return f"/bureau/needs/{road.need.id}/why{asked}"


def waiver(road: FounderRoad) -> str:
    return f"/bureau/needs/{road.need.id}/waivers/{road.expert.id}"


def tie(road: FounderRoad, kind: str = "ci4_equity") -> None:
    keep(
        road.store,
        DeclaredInterest(
            expert_id=road.expert.id,
            conflict_type=kind,
            organisation="",
            person_id=road.founder.person_id,
        ),
    )


def test_the_need_leads_to_the_answer_by_a_name(road, desk) -> None:
    page = desk.get(f"/bureau/needs/{road.need.id}")
    assert f'action="{why(road)}"' in page
    page = desk.get(why(road, "?name=张敏"))
    for words in (
        "张敏为什么在或者不在名单里",
        "第 1 位，共 1 位可推荐",
        "已经排在第一位",
        "相符",
        "文字",
    ):
        assert words in page


def test_who_is_not_listed_reads_what_would_bring_him_in(road, desk) -> None:
    for number in range(5):
        an_expert(road.store, name=f"行家{number}", expertise=["营业执照"], stages=["preparing"])
    weak = an_expert(road.store, name="钱宁", bio="种菜二十年。", expertise=[], topics=[])
    page = desk.get(why(road, f"?mentor={weak.id}"))
    assert "没有进入推荐名单：排第 7 位，名单只列前 5 位，共 7 位可推荐" in page
    assert "可排第" in page.partition("怎样会不同")[2]
    assert "资料里" in page.partition("怎样会不同")[2]


def test_who_is_kept_out_reads_every_rule_and_what_lifts_it(road, desk) -> None:
    full = an_expert(road.store, name="许言", is_paused=True, monthly_limit=0)
    page = desk.get(why(road, f"?mentor={full.id}"))
    for words in (
        "因规则没有推荐；不看规则，可排第",
        "这位导师本月的名额已满（0/0）",
        "这位导师暂停服务",
        "这位导师恢复接待以后",
        "有几条规则同时不符",
    ):
        assert words in page
    assert "，可排第" not in page.partition("怎样会不同")[2]


def test_several_of_a_name_are_told_apart(road, desk) -> None:
    one, other = an_expert(road.store, name="张敏"), an_expert(road.store, name="张敏敏")
    page = desk.get(why(road, "?name=张敏"))
    assert "是哪一位？" in page
    assert f"?mentor={one.id}" in page
    # Who bears it in full stands before those whose name only holds it.
    assert str(other.id) not in page
    assert f"?mentor={other.id}" in desk.get(why(road, "?name=张"))


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("?name=", "填写“导师姓名”"),
        ("?name=无此人", "导师库里没有这个名字的导师"),
        ("?name=" + "长" * 81, "“导师姓名”最多 80 字"),
    ],
)
def test_a_name_nobody_bears_is_told_at_its_field(road, desk, asked, words) -> None:
    page = desk.get(why(road, asked), 422)
    assert words in page
    assert "为什么推荐或者没有推荐一位导师" in page


def test_only_who_may_know_whom_a_rule_kept_out_asks(road, enter, desk) -> None:
    for role in (Role.AUDITOR, Role.APPROVER):
        assert "张敏为什么在或者不在名单里" in enter(staff(road.store, role)).get(
            why(road, "?name=张敏")
        )
    liaison = enter(staff(road.store, Role.STREET_LIAISON, street="tangye"))
    liaison.get(why(road, "?name=张敏"), 403)
    assert "看看为什么" not in liaison.get(f"/bureau/needs/{road.need.id}")
    desk.get(f"/bureau/needs/{NOBODY}/why?name=张敏", 404)
    desk.get(why(road, f"?mentor={NOBODY}"), 404)


def test_the_answer_costs_a_fixed_number_of_statements(road, desk) -> None:
    desk.get(why(road, "?name=张敏"))
    with statements(road.store) as few:
        desk.get(why(road, "?name=张敏"))
    for number in range(8):
        an_expert(road.store, name=f"行家{number}")
    desk.get(why(road, "?name=张敏"))
    with statements(road.store) as many:
        desk.get(why(road, "?name=张敏"))
    assert len(few) == len(many) <= 24


def test_a_conflict_leads_to_its_waiver_and_two_officers_let_it_pass(road, desk, enter) -> None:
    tie(road)
    page = desk.get(why(road, "?name=张敏"))
    assert "这位导师与贵企业存在利害关系，需要回避" in page
    assert waiver(road) in page
    page = desk.get(waiver(road))
    assert "需要回避：持股、投资或约定投资" in page

    refused = desk.post(waiver(road), status=422, reason="", founder_agrees="")
    text = refused.get_data(as_text=True)
    assert "填写“豁免的理由”" in text
    assert "创业者知情" in text
    desk.post(waiver(road), reason="唯一熟悉该工艺的专家", founder_agrees="yes")
    page = desk.get(waiver(road))
    assert "这是您提出的，要由另一位工作人员复核" in page
    assert "提出豁免</span>" not in page

    second = enter(staff(road.store, name="小陈"))
    (row,) = road.rows(Waiver)
    second.post(waiver(road), f"{waiver(road)}/{row.id}", verdict="approve")
    page = second.get(waiver(road))
    assert "已同意" in page
    assert "没有规则挡着" in page
    assert "张敏为什么在或者不在名单里" in desk.get(why(road, "?name=张敏"))
    assert "在推荐名单里" in desk.get(why(road, "?name=张敏"))
    looks = road.rows(AccessEntry)
    assert any(entry.subject == waiver(road) for entry in looks)


def test_a_waiver_sent_back_leaves_the_rule(road, desk, enter) -> None:
    tie(road)
    desk.post(waiver(road), reason="唯一熟悉该工艺的专家", founder_agrees="yes")
    (row,) = road.rows(Waiver)
    own = {"csrf_token": desk.token("/bureau/rules"), "version": "1", "return_to": waiver(road)}
    answer = desk.send(f"{waiver(road)}/{row.id}", **own, verdict="approve")
    assert answer.location == waiver(road)
    assert "提出豁免的人不能复核" in desk.get(waiver(road))
    assert road.rows(Waiver)[0].status is WaiverStatus.PROPOSED
    second = enter(staff(road.store, name="小陈"))
    second.post(waiver(road), f"{waiver(road)}/{row.id}", verdict="refuse")
    page = second.get(waiver(road))
    assert "已退回" in page
    assert "提出豁免</span>" in page
    second.post(waiver(road), f"{waiver(road)}/{row.id}", 422, verdict="maybe")


def test_what_nobody_can_waive_says_so(road, desk) -> None:
    tie(road, "ci6_dispute")
    page = desk.get(waiver(road))
    assert "这类回避不能豁免" in page
    assert "提出豁免</span>" not in page
    assert "这条规则不能豁免" in desk.get(why(road, "?name=张敏"))
    fields = {
        "csrf_token": desk.token("/bureau/rules"),
        "rule": "conflict_of_interest",
        "return_to": waiver(road),
    }
    answer = desk.send(waiver(road), **fields, reason="试试", founder_agrees="yes")
    assert answer.location == waiver(road)
    assert "这类回避不能豁免" in desk.get(waiver(road))
    assert road.rows(Waiver) == []


def test_who_is_himself_or_free_has_nothing_to_waive(road, desk) -> None:
    assert "没有规则挡着" in desk.get(waiver(road))
    venture = a_venture(road.store, road.founder.person_id)
    keep(road.store, VentureMember(venture_id=venture.id, person_id=road.expert.person_id))
    assert "需要回避：本人" in desk.get(waiver(road))


def test_the_cap_on_pairings_is_waived_by_an_approver(road, desk, enter) -> None:
    for number in range(PROJECTS_A_YEAR):
        founder = a_founder(road.store, name="王强")
        need = a_need(road.store, founder.person_id, session_type="tutoring")
        choice = road.choice(f"09-21 {9 + 2 * number:02}:00", need_id=need.id)
        road.store.execute(founder, bookings.request_now, choice)
    road.need = road.a_need(session_type="tutoring")
    tie(road)
    page = desk.get(waiver(road))
    assert "今年辅导的项目已到上限" in page
    assert "豁免哪一条" in page
    sent = {"rule": "pairing_cap_reached", "reason": "重点项目", "founder_agrees": "yes"}
    desk.post(waiver(road), **sent)
    second = enter(staff(road.store, name="小陈"))
    assert "这一条要由复核人同意" in second.get(waiver(road))
    (row,) = road.rows(Waiver)
    second.post(waiver(road), f"{waiver(road)}/{row.id}", 403, version="1", verdict="approve")
    approver = enter(staff(road.store, Role.APPROVER, name="老田"))
    approver.post(waiver(road), f"{waiver(road)}/{row.id}", verdict="approve")
    page = approver.get(waiver(road))
    assert "今年辅导的项目已到上限" not in page
    # The tie still stands, and is proposed apart.
    assert "需要回避" in page
    assert "豁免哪一条" not in page


def test_an_auditor_proposes_nothing(road, enter) -> None:
    enter(staff(road.store, Role.AUDITOR)).get(waiver(road), 403)
