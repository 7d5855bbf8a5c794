"""会诊小组 at the desk: what is proposed for a need, chosen, replaced and withdrawn."""

import re

import pytest
from sqlalchemy import select

from app.domain.actor import SYSTEM, Role
from app.domain.need import NeedStatus
from app.models.audit_entry import AuditEntry
from app.models.booking import Booking, BookingExpert
from app.models.expert import Expert
from app.models.need import Need
from app.models.panel import Panel
from app.models.place import Place
from tests.builders import a_founder, staff
from tests.founder_road import statements
from tests.panelling import MONDAY, TUESDAY, Round

NOBODY = "01990000-0000-7000-8000-000000000001"


@pytest.fixture
def table(store, district) -> Round:
    return Round(store, a_founder(store), district.officer)


def path(table, asked="", need=None):
    return f"/bureau/needs/{(need or table.need).id}/panel{asked}"


def rows(table, model):
    with table.store.read(SYSTEM) as reader:
        return list(reader.session.scalars(select(model).order_by(model.id)))


def change(table, model, key, **values):
    def use_case(uow):
        row = uow.load(model, key)
        for name, value in values.items():
            setattr(row, name, value)

    table.store.execute(SYSTEM, use_case)


def plans(page, heading):
    """Return the proposals under a heading as forms would send them."""
    part = page.partition(f">{heading}</h2>")[2].partition("</section>")[0]
    return re.findall(r"<article.*?</article>", part, re.S)


def fields(plan):
    """Return the hidden fields of a proposal; the members are several of one name."""
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', plan)
    sent = dict(found)
    sent["expert"] = [value for name, value in found if name == "expert"]
    return sent


def test_the_need_leads_to_two_lists_of_panels(table, desk) -> None:
    page = desk.get(f"/bureau/needs/{table.need.id}")
    assert path(table) in page
    page = desk.get(path(table))
    best, soon = plans(page, "最合适"), plans(page, "五个工作日内最合适")
    assert best
    assert soon
    for words in ("商一", "保二", "投三", "组长", "部门业务骨干", "能答第", "3 件事都有人能答"):
        assert words in best[0], words
    assert "最早能一起见：9月16日" in best[0]
    assert "为什么是这几位" in best[0]
    assert "员工的社会保险怎么缴纳" in page
    assert best[0].count("组长") == 1
    assert rows(table, Panel) == []


def test_what_nobody_of_a_panel_can_answer_is_said(table, desk) -> None:
    page = desk.get(path(table, "?size=2"))
    assert "件没有人能答" in plans(page, "最合适")[0]


def test_size_and_categories_are_chosen_and_kept_in_the_form(table, desk) -> None:
    page = desk.get(path(table, "?size=2&entrepreneur=some&investor=none"))
    for plan in plans(page, "最合适"):
        assert "店四" in plan
        assert "投三" not in plan
        assert len(fields(plan)["expert"]) == 2
    assert '<option value="2" selected>2 位</option>' in page
    assert '<option value="some" selected>至少 1 位</option>' in page


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("?size=9", "小组人数"),
        ("?size=2&scholar=two&official=one", "各类至少的人数加起来超过 2 位"),
        ("?size=5&scholar=few&official=few&investor=few&entrepreneur=few", "加起来不到 5 位"),
        ("?scholar=many", "专家学者"),
    ],
)
def test_a_wish_that_cannot_be_is_told_at_its_field(table, desk, asked, words) -> None:
    page = desk.get(path(table, asked), 422)
    assert words in page.partition("errors-title")[2]
    assert "选用这个小组" not in page


def test_too_few_experts_leave_an_empty_state(table, desk) -> None:
    page = desk.get(path(table, "?size=5"))
    assert "凑不齐这样的小组" in page
    assert "凑不齐 5 位" in page
    others = "&scholar=none&official=none&investor=none"
    table.expert("店四", name="店五", bio="卖水果。", expertise=["水果"])
    assert "没有答得上来的小组" in desk.get(path(table, f"?size=2{others}"))


def test_who_never_meet_have_no_joint_time(store, district, desk) -> None:
    hours = {"商一": {"days": {MONDAY: (9, 12)}}, "保二": {"days": {TUESDAY: (9, 12)}}}
    table = Round(store, a_founder(store), district.officer, **hours)
    page = desk.get(path(table))
    assert "60 天内没有大家都空的时间" in plans(page, "最合适")[0]
    page = desk.get(path(table, "?size=2&scholar=one&official=one"))
    assert "五个工作日内没有答得上来、大家又都空的小组" in page


def test_a_panel_is_chosen_replaced_and_withdrawn(table, desk) -> None:
    here = path(table)
    first, second, *_others = map(fields, plans(desk.get(here), "最合适"))
    answer = desk.send(here, **first)
    assert answer.location.startswith(here)
    page = desk.get(answer.location)
    for words in ("已选定小组。导师还没有收到邀请。", "已选定的小组", "约这个小组", "换成这个小组"):
        assert words in page, words
    assert desk.get(f"/bureau/needs/{table.need.id}").count("组长") == 1
    # The same press again, and the same panel with a new press, do nothing twice.
    desk.send(here, **first)
    desk.send(here, **{**first, "idempotency_key": "another-press"})
    assert len(rows(table, Panel)) == 1

    desk.send(here, **second)
    assert len(rows(table, Panel)) == 2
    (standing,) = [each for each in rows(table, Panel) if each.ended_at is None]
    withdrawal = f"{here}/{standing.id}/withdrawal"
    desk.post(here, withdrawal)
    page = desk.get(here)
    assert "已撤回小组。" in page
    assert "已选定的小组" not in page
    told = {"csrf_token": desk.token(here), "return_to": here}
    desk.send(withdrawal, **told)
    assert "这个小组已经换下或者撤回" in desk.get(here)
    actions = [each.action for each in rows(table, AuditEntry) if each.action[:5] == "panel"]
    assert sorted(actions) == [
        "panel.chosen",
        "panel.chosen",
        "panel.replaced",
        "panel.withdrawn",
    ]


def test_a_choice_on_a_page_that_is_overtaken_shows_the_present_state(table, desk) -> None:
    here = path(table)
    (seen, *_others) = map(fields, plans(desk.get(here), "最合适"))
    change(table, Need, table.need.id, text=table.need.text + "还想贷款。")
    assert desk.send(here, **seen).location.startswith(here)
    assert "您打开以后，别人改过这里" in desk.get(here)
    (seen, *_others) = map(fields, plans(desk.get(here), "最合适"))
    change(table, Expert, table.experts["保二"].id, is_paused=True)
    desk.send(here, **seen)
    page = desk.get(here)
    assert "推荐的小组刚刚变了" in page
    assert "保二" not in page
    assert rows(table, Panel) == []


def test_a_chosen_panel_tells_what_has_come_between(table, desk) -> None:
    table.choose("商一", "保二", "投三")
    change(table, Expert, table.experts["保二"].id, is_paused=True)
    change(table, Need, table.need.id, text="只想问商标注册怎么办，还有投资人估值合不合适。")
    page = desk.get(path(table))
    for words in ("现在不能参加", "这位导师暂停服务", "选定以后需求改过"):
        assert words in page, words
    change(table, Need, table.need.id, status=NeedStatus.CLOSED)
    page = desk.get(path(table))
    assert "已选定的小组" in page
    assert "撤回小组" in page
    assert "按这样组" not in page
    assert "约这个小组" not in page


def test_a_need_for_one_expert_has_no_panel(table, desk) -> None:
    single = table.a_need(session_type="consultation")
    assert path(table, need=single) not in desk.get(f"/bureau/needs/{single.id}")
    assert "这个需求不组小组" in desk.get(path(table, need=single))
    desk.get(f"/bureau/needs/{NOBODY}/panel", 404)
    sent = {"csrf_token": desk.token(path(table)), "version": 1, "size": 2, "expert": [NOBODY]}
    wish = dict.fromkeys(("scholar", "official", "investor", "entrepreneur"), "any")
    answer = desk.send(path(table, need=single), 422, **sent, **wish)
    assert "一位导师就能答" in answer.get_data(as_text=True)


def test_only_officers_open_the_page(table, enter, desk) -> None:
    table.choose("商一", "保二", "投三")
    for role, facts in ((Role.AUDITOR, {}), (Role.STREET_LIAISON, {"street": "tangye"})):
        viewer = enter(staff(table.store, role, **facts))
        viewer.get(path(table), 403)
        page = viewer.get(f"/bureau/needs/{table.need.id}")
        assert path(table) not in page
        # Auditors see whom an officer chose; street offices do not.
        assert ("组长" in page) is (role is Role.AUDITOR)


def test_the_page_costs_a_fixed_number_of_statements(table, desk) -> None:
    table.choose("商一", "保二", "投三")
    desk.get(path(table))
    with statements(table.store) as few:
        desk.get(path(table))
    for number in range(5):
        table.expert("店四", name=f"店{number}")
    desk.get(path(table))
    with statements(table.store) as many:
        desk.get(path(table))
    assert len(few) == len(many) <= 40


def test_the_chosen_panel_is_asked_together_with_a_room(table, desk) -> None:
    desk.get(path(table, "/booking"), 404)
    panel = table.choose("商一", "保二", "投三")
    here = path(table, "/booking")
    assert here in desk.get(path(table))
    room = next(row for row in rows(table, Place) if row.code == "ib_301")
    page = desk.get(f"{here}?room={room.id}")
    starts = re.findall(r'name="starts_at" value="([^"]+)"', page)
    fields = {"room": str(room.id), "starts_at": starts[0], "quorum": "2", "agreed": "yes"}
    unsaid = {**desk.hidden(here), **fields}
    del unsaid["agreed"]
    desk.send(here, 422, **unsaid)
    assert rows(table, Booking) == []
    desk.post(here, **fields)
    (booking,) = rows(table, Booking)
    seats = rows(table, BookingExpert)
    assert (booking.place_id, booking.quorum, len(seats)) == (room.id, 2, 3)
    assert booking.lead_expert_id in {seat.expert_id for seat in seats}
    assert panel.need_id == booking.need_id
