"""What is done at the desk: corrections, certifying, ruling, identity, closing."""

import pytest

from app.domain.actor import Role
from app.domain.calendar import Month
from app.domain.clock import FixedClock
from app.domain.service_record import Reason, Status
from app.domain.service_session import Evidence, NoShow
from app.models.audit_entry import AccessEntry
from app.models.outcome import Dispute, Outcome
from app.models.period import Period
from app.models.person import IdentityLevel, Person
from app.models.service_record import Correction, CorrectionStatus
from app.models.service_session import ServiceSession
from app.services import service_sessions
from app.unit_of_work import Store
from tests.acquainted import People, acquainted, district, founder, mentor
from tests.builders import a_person, a_venture, staff
from tests.scenes import Plays

__all__ = ["district", "founder", "mentor"]


def once_served(store: Store, clock: FixedClock) -> People:
    people = acquainted(store, clock)
    people.meet("09-17 14:00", 55)
    return people


@pytest.fixture
def plays() -> Plays:
    return {"served": once_served, "district": acquainted}


@pytest.fixture
def served(scene: People) -> ServiceSession:
    return scene.sessions[0]


def path(session, act: str = "") -> str:
    return f"/bureau/sessions/{session.id}{act}"


def propose(desk, session, operation: str, status: int = 303, **fields):
    page = path(session, f"/correction?operation={operation}")
    return desk.post(page, path(session, "/correction"), status, reason="抽查核实", **fields)


def test_a_correction_takes_effect_once_another_officer_has_checked_it(
    district, served, desk, enter
) -> None:
    times = {
        "day": "2026-09-17",
        "actual_start": "14:00",
        "actual_end": "14:20",
        "break_minutes": "0",
    }
    answer = propose(desk, served, "set_actual_times", **times)
    assert answer.location == path(served)
    assert district.decision(served).status == Status.COUNTED
    assert "等待复核" in desk.get(path(served))

    checker = enter(district.approver)
    (correction,) = district.rows(Correction)
    here = f"/bureau/reviews/{correction.id}"
    assert here in checker.get("/bureau/reviews")
    told = checker.get(here)
    assert "低于最低时长" in told
    assert "<b>-1</b>" in told
    checker.post(here, verdict="approve")
    assert district.decision(served).reason == Reason.BELOW_MINIMUM
    assert "低于最低时长" in checker.get(path(served))


def test_who_proposed_a_correction_is_told_that_another_must_check_it(
    district, served, enter
) -> None:
    own = enter(district.approver)
    propose(own, served, "void")
    (correction,) = district.rows(Correction)
    here = f"/bureau/reviews/{correction.id}"
    page = own.get(here)
    assert "要由另一位工作人员复核" in page
    assert "要由另一位工作人员复核" in own.get("/bureau/reviews")
    assert "同意更正" not in page
    answer = own.post(
        here,
        version="1",
        verdict="approve",
        return_to=here,
        csrf_token=own.token(path(served, "/correction?operation=void")),
    )
    assert answer.location == here
    assert "要由另一人复核" in own.get(here)
    (correction,) = district.rows(Correction)
    assert correction.status is CorrectionStatus.PROPOSED


def test_an_officer_sees_reviews_and_cannot_decide_them(district, served, desk) -> None:
    propose(desk, served, "void")
    (correction,) = district.rows(Correction)
    assert "同意更正" not in desk.get(f"/bureau/reviews/{correction.id}")
    token = desk.token(path(served, "/correction?operation=void"))
    desk.send(f"/bureau/reviews/{correction.id}", 403, csrf_token=token, verdict="approve")


@pytest.mark.parametrize(
    ("operation", "fields", "message"),
    [
        ("set_topic", {"value": "magic"}, "正确的主题"),
        ("remove_attendee", {"value": "nobody"}, "谁没有到场"),
        ("remove_attendee", {"value": "01990000-0000-7000-8000-000000000001"}, "谁没有到场"),
        ("set_actual_times", {"day": "2026-02-30", "actual_start": "9"}, "日期"),
        (
            "set_actual_times",
            {
                "day": "2026-09-17",
                "actual_start": "14:00",
                "actual_end": "13:00",
                "break_minutes": "0",
            },
            "实际结束",
        ),
        ("set_venture", {}, "这次服务是为谁做的"),
        ("set_venture", {"value": "nobody"}, "这次服务是为谁做的"),
        (
            "set_venture",
            {"value": "01990000-0000-7000-8000-000000000001"},
            "没有找到这个项目",
        ),
        ("set_overrun", {"value": "double"}, "超出计划的时间怎么算"),
        ("void", {"reason": ""}, "怎么知道的"),
        ("void", {"reason": "长" * 1001}, "怎么知道的"),
    ],
)
def test_a_correction_that_cannot_be_taken_keeps_what_was_typed(
    district, served, desk, operation, fields, message
) -> None:
    page = path(served, f"/correction?operation={operation}")
    sent = {"reason": "抽查核实", **fields}
    answer = desk.post(page, path(served, "/correction"), 422, **sent)
    text = answer.get_data(as_text=True)
    assert "处需要修改" in text
    assert message in text
    if sent["reason"] and len(sent["reason"]) < 10:
        assert "抽查核实" in text
    assert district.rows(Correction) == []


def test_the_checker_reads_what_would_become_of_the_record(
    district, founder, served, desk, enter
) -> None:
    propose(desk, served, "remove_attendee", value=str(founder.person_id))
    propose(desk, served, "set_topic", value="finance_tax")
    page = enter(district.approver).get("/bureau/reviews")
    for words in ("2 件等待复核", "删去一个到场的人", "王强", "改主题", "抽查核实"):
        assert words in page
    assert "删去一个到场的人：王强" in desk.get(path(served))


def test_the_right_venture_is_chosen_or_left_out(district, founder, served, desk, enter) -> None:
    own = a_venture(district.store, founder.person_id, name="丰收农机")
    theirs = a_venture(district.store, a_person(district.store).id, name="别人的项目")
    page = desk.get(path(served, "/correction?operation=set_venture"))
    assert "现在记的是：历城某商贸" in page
    assert "丰收农机" in page
    assert "别人的项目" not in page
    answer = propose(desk, served, "set_venture", 422, value=str(theirs.id))
    assert "不是该企业或团队的成员" in answer.get_data(as_text=True)

    propose(desk, served, "set_venture", value=str(own.id))
    (correction,) = district.rows(Correction)
    here = f"/bureau/reviews/{correction.id}"
    checker = enter(district.approver)
    told = checker.get(here)
    assert "丰收农机" in told
    assert "服务企业数" in told
    checker.post(here, verdict="approve")
    assert "改服务的企业或团队：丰收农机" in desk.get(path(served))
    assert "丰收农机" in desk.get("/bureau/sessions?month=2026-09&measure=teams")

    propose(desk, served, "set_venture", value="none")
    assert "不为任何企业或团队" in desk.get("/bureau/reviews")


def test_an_overrun_is_approved_on_the_list_of_reviews(district, served, desk, enter) -> None:
    propose(desk, served, "set_overrun", value="approved")
    (correction,) = district.rows(Correction)
    checker = enter(district.approver)
    assert "超时按实际时间算" in checker.get("/bureau/reviews")
    checker.post(f"/bureau/reviews/{correction.id}", verdict="approve")
    assert district.decision(served).inputs["is_overrun_approved"] is True
    refused = desk.post(
        path(served, "/correction?operation=set_overrun"),
        path(served, "/correction"),
        reason="再说一次",
        value="approved",
    )
    assert refused.status_code == 303
    assert len(district.rows(Correction)) == 1


def test_the_word_of_somebody_who_was_not_there_is_marked_as_found_false(
    district, founder, served, desk, enter
) -> None:
    propose(desk, served, "remove_attendee", value=str(founder.person_id))
    (correction,) = district.rows(Correction)
    here = f"/bureau/reviews/{correction.id}"
    mark = "经核实不属实"
    assert mark not in desk.get(path(served))
    enter(district.approver).post(here, verdict="approve")
    page = desk.get(path(served))
    assert mark in page
    assert here in page
    assert mark in desk.get(f"/meetings/{served.id}/record")


def test_a_kind_of_correction_nobody_knows_is_refused(served, desk) -> None:
    desk.get(path(served, "/correction?operation=invent"), 422)
    assert "哪里不对？" in desk.get(path(served, "/correction"))


def test_a_call_back_certifies_what_nobody_confirmed(district, mentor, founder, desk) -> None:
    session = district.held(mentor, founder, "09-17 14:00")
    district.record(mentor, session)
    assert "电话核实" in desk.get(path(session))
    page = path(session, "/certification")
    answer = desk.post(page, status=422, way="call_back", remark=" ")
    assert "核实的情况" in answer.get_data(as_text=True)
    desk.post(page, way="call_back", remark="9月17日 16:00 致电王强，情况属实")
    (outcome,) = district.rows(Outcome)
    assert outcome.status == "certified"
    text = desk.get(path(session))
    assert "电话核实 · 小郭" in text
    assert district.decision(session).status == Status.COUNTED


def test_a_signed_sheet_confirms_the_record(district, mentor, founder, desk) -> None:
    session = district.held(mentor, founder, "09-17 14:00")
    district.record(mentor, session)
    desk.post(path(session, "/certification"), way="paper_signature", remark="存 2026 卷 3 页")
    assert "纸质签字" in desk.get(path(session))
    assert district.decision(session).detail["confirmation"] == "paper_signature"


def test_a_settled_record_is_not_certified_again(served, desk) -> None:
    assert "电话核实</span>" not in desk.get(path(served))
    fields = {"way": "call_back", "remark": "再问一次"}
    answer = desk.post(path(served, "/certification"), **fields)
    assert answer.location == path(served)
    assert "note warn" in desk.get(path(served))


def test_a_meeting_without_a_record_has_nothing_to_certify(district, mentor, founder, desk) -> None:
    planned = district.accepted(mentor, founder, "09-22 14:00")
    desk.get(path(planned, "/certification"), 404)
    desk.get(path(planned, "/ruling"), 403)
    assert "等待封存" in desk.get(path(planned))


def test_an_approver_rules_a_dispute(district, mentor, founder, enter) -> None:
    session = district.held(mentor, founder, "09-17 14:00")
    district.record(mentor, session)
    district.confirm(founder, session, agrees=False, remark="只谈了十分钟")
    ruler = enter(staff(district.store, Role.APPROVER, name="老严"))
    page = path(session, "/ruling")
    assert "只谈了十分钟" in ruler.get(page)
    answer = ruler.post(page, status=422, ruling="ruled_excused", text="理由")
    assert "裁定结论" in answer.get_data(as_text=True)
    ruler.post(page, ruling="ruled_delivered", text="查会议室登记，谈了五十分钟")
    (dispute,) = district.rows(Dispute)
    assert (dispute.ruling, dispute.reference[:2]) == ("ruled_delivered", "CJ")
    assert district.decision(session).status == Status.COUNTED
    assert "查会议室登记" in ruler.get(path(session))
    ruler.get(page, 404)


def test_a_contested_no_show_ruled_delivered_needs_its_times(
    district, mentor, founder, enter
) -> None:
    session = district.accepted(mentor, founder, "09-17 14:00")
    district.wait_until("09-17 14:40")
    store = district.store
    store.execute(mentor.actor, service_sessions.report_no_show, session.id, NoShow.FOUNDER)
    store.execute(founder.actor, service_sessions.contest, session.id, "我到了")
    district.wait_until("09-18 10:00")
    ruler = enter(staff(store, Role.APPROVER, name="老严"))
    page = path(session, "/ruling")
    empty = dict.fromkeys(("day", "actual_start", "actual_end", "break_minutes"), "")
    answer = ruler.post(page, status=422, ruling="ruled_delivered", text="查监控", **empty)
    assert "实际开始" in answer.get_data(as_text=True)
    times = {"day": "2026-09-17", "actual_start": "14:05", "actual_end": "14:55"}
    ruler.post(page, ruling="ruled_delivered", text="查监控", break_minutes="0", **times)
    assert district.decision(session).minutes == 50


def test_who_had_a_hand_in_it_cannot_rule(district, mentor, founder, enter) -> None:
    session = district.accepted(mentor, founder, "09-17 14:00")
    own = staff(district.store, Role.APPROVER, name="老严")
    district.wait_until("09-17 14:00")
    district.store.execute(
        own,
        service_sessions.check_in,
        session.id,
        person_id=founder.person_id,
        evidence=Evidence.CODE,
    )
    district.record(mentor, district.finish(mentor, session, 50))
    district.confirm(founder, session, agrees=False, remark="只谈了十分钟")
    ruler = enter(own)
    answer = ruler.post(path(session, "/ruling"), ruling="ruled_delivered", text="属实")
    assert answer.location == path(session)
    assert "note bad" in ruler.get(path(session))
    (dispute,) = district.rows(Dispute)
    assert dispute.ruled_at is None


def test_an_identity_check_lets_the_service_count(district, mentor, desk) -> None:
    nobody = district.founder("周舟", IdentityLevel.NONE, name="周舟团队")
    session = district.served(mentor, nobody, "09-17 14:00")
    assert district.decision(session).reason == Reason.IDENTITY_UNVERIFIED
    page = path(session, f"/people/{nobody.person_id}")
    assert page in desk.get(path(session))
    answer = desk.post(page, status=422, document="居民身份证")
    assert "我看过证件原件" in answer.get_data(as_text=True)
    desk.post(page, document="居民身份证", seen="yes")
    person = district.one(Person, Person.id == nobody.person_id)
    assert person.identity_level is IdentityLevel.DOCUMENT
    assert district.decision(session).status == Status.COUNTED
    desk.get(path(session, f"/people/{mentor.expert.id}"), 404)


def test_looks_at_evidence_are_written_to_the_access_log(district, served, enter) -> None:
    auditor = enter(staff(district.store, Role.AUDITOR))
    auditor.get(path(served))
    (entry,) = district.rows(AccessEntry)
    assert entry.subject == path(served)


def test_an_auditor_reads_and_changes_nothing(district, served, enter) -> None:
    auditor = enter(staff(district.store, Role.AUDITOR))
    text = auditor.get(path(served))
    for act in ("提出更正", "电话核实</span>", "裁定争议"):
        assert act not in text
    token = auditor.token("/bureau/log")
    for address in (
        path(served, "/correction"),
        path(served, "/certification"),
        path(served, "/ruling"),
        path(served, f"/people/{served.founder_person_id}"),
        "/bureau/periods/2026-09/close",
        "/bureau/mentors/import",
        f"/bureau/needs/{served.need_id}/proposals",
        f"/bureau/needs/{served.need_id}/book",
    ):
        auditor.send(address, 403, csrf_token=token)


def test_the_number_people_see_leads_to_the_meeting(served, desk) -> None:
    assert desk.client.get(f"/bureau/sessions/{served.reference}").location == path(served)
    desk.get("/bureau/sessions/TZ2026-999999", 404)


def test_the_record_is_printed_with_its_proof(district, served, desk) -> None:
    sheet = f"/meetings/{served.id}/record"
    assert desk.client.get(path(served, "/record")).location == sheet
    text = desk.get(sheet)
    for words in ("创业导师服务记录单", served.reference, "怎么办营业执照？", "登录确认"):
        assert words in text


def test_the_approver_closes_a_month_in_order_and_once(district, served, enter) -> None:
    chief = enter(district.approver)
    district.wait_until("10-12 23:00")
    close = ("/bureau/reports/2026-09", "/bureau/periods/2026-09/close")
    chief.post(*close)
    assert "note bad" in chief.get(close[0])
    district.wait_until("10-13 09:00")
    assert "2026年9月可以结账了" in chief.get("/bureau/reports")
    chief.post(*close)
    (period,) = district.rows(Period)
    assert period.month == "2026-09"
    page = chief.get(close[0])
    assert "已于 10月13日 09:00 结账" in page
    assert "结账2026年9月" not in page
    chief.get("/bureau/reports/2026-13", 422)


def test_a_second_press_does_nothing_twice(district, served, desk) -> None:
    page = path(served, "/correction?operation=void")
    fields = {"reason": "重复登记", "idempotency_key": "press"}
    for _ in range(2):
        desk.post(page, path(served, "/correction"), **fields)
    assert len(district.rows(Correction)) == 1


def test_reviews_are_listed_by_state_and_month_and_say_what_was_posted(
    district, served, desk, enter
) -> None:
    propose(desk, served, "void")
    (correction,) = district.rows(Correction)
    here, listed = f"/bureau/reviews/{correction.id}", "/bureau/reviews"
    assert here in desk.get(f"{listed}?month=2026-09")
    assert here not in desk.get(f"{listed}?month=2026-08")
    assert here not in desk.get(f"{listed}?state=approved")
    assert "老田" in desk.get(here)
    desk.get(f"{listed}?state=x", 422)
    desk.get(f"{listed}?month=2026-13", 422)

    district.close(Month(2026, 9), "10-13 09:00")
    checker = enter(district.approver)
    page = checker.get(here)
    assert "差额记入 2026-10 的调整" in page
    checker.post(here, verdict="approve")
    done = checker.get(here)
    assert "/bureau/reports/2026-09#changes" in done
    assert 'href="/bureau/reports/2026-10"' in done
    assert "调整记入 2026-10" in checker.get(f"{listed}?state=approved")
