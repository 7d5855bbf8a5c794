import pytest
from sqlalchemy import update

from app.domain.actor import SYSTEM
from app.domain.clock import FixedClock
from app.domain.outcome import OutcomeStatus
from app.domain.service_session import NoShow, ServiceSessionStatus
from app.models.expert import Expert
from app.models.outcome import OutcomeVersion
from app.models.service_session import ServiceSession
from app.services import outcomes
from app.unit_of_work import Store, UnitOfWork
from tests.builders import a_mentor, an_expert
from tests.founder_road import FounderRoad
from tests.moments import at
from tests.scenes import Plays

REPORT = {
    "on": "2026-09-16",
    "actual_start": "14:03",
    "actual_end": "15:38",
    "break_minutes": "5",
    "question": "个体户还是公司",
    "advice": "先办个体户",
    "result": "advised",
    "action_1_text": "备齐材料去大厅",
    "action_1_owner": "李晓",
    "action_1_due_on": "2026-10-15",
    "do": "send",
}


def where(session: ServiceSession) -> str:
    return f"/mentor/sessions/{session.id}/report"


def text(answer) -> str:
    return answer.get_data(as_text=True)


def after_a_meeting(store: Store, clock: FixedClock) -> FounderRoad:
    road = FounderRoad(store, clock)
    road.accepted("09-16 14:00")
    road.put("09-16 15:45")
    return road


@pytest.fixture
def plays() -> Plays:
    return {"session": after_a_meeting, "road": FounderRoad}


@pytest.fixture
def session(road) -> ServiceSession:
    (session,) = road.rows(ServiceSession)
    return session


@pytest.fixture
def filled(road) -> dict[str, str]:
    return {**REPORT, "attendees": str(road.founder.person_id)}


def test_the_form_begins_with_the_plan_and_who_was_expected(session, visit) -> None:
    page = visit.get(where(session))
    for value in ("2026-09-16", "14:00", "14:50"):
        assert f'value="{value}"' in page
    assert "李晓" in page
    assert "checked" in page
    assert "我想办营业执照" in page


def test_a_report_closes_and_records_and_says_what_comes_next(road, session, visit, filled) -> None:
    answer = visit.post(where(session), **filled)

    assert (answer.status_code, answer.location) == (303, where(session))
    held = road.row(ServiceSession)
    assert held.status is ServiceSessionStatus.FINISHED
    assert (held.actual_start, held.actual_end) == (at("09-16 14:03"), at("09-16 15:38"))
    assert held.break_minutes == 5
    (written,) = road.rows(OutcomeVersion)
    assert written.actions == [{"text": "备齐材料去大厅", "owner": "李晓", "due_on": "2026-10-15"}]
    page = visit.get(where(session))
    assert "<h1>记录已提交</h1>" in page
    assert "9月22日 周二 24:00" in page
    assert "等对方确认" in page


def test_a_second_press_reports_once(road, session, visit, filled) -> None:
    typed = {**visit.hidden(where(session)), **filled}
    answers = [visit.client.post(where(session), data=typed) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert len(road.rows(OutcomeVersion)) == 1


def test_a_report_sent_from_two_pages_is_kept_once_and_loses_nothing(
    road, session, visit, filled
) -> None:
    first, second = ({**visit.hidden(where(session)), **filled} for _ in range(2))
    visit.client.post(where(session), data=first)

    answer = visit.client.post(where(session), data={**second, "advice": "直接办公司"})

    assert answer.status_code == 409
    assert "直接办公司" in text(answer)
    assert len(road.rows(OutcomeVersion)) == 1


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"question": ""}, "填写“主要问题”"),
        ({"advice": "x" * 4001}, "最多 4,000 字"),
        ({"result": ""}, "选择“结果和下一步”"),
        ({"result": "eff_loan"}, "从列出的选项里选择“结果和下一步”"),
        ({"attendees": ""}, "选择“谁来了？”"),
        ({"attendees": "018f0000-0000-7000-8000-000000000000"}, "从列出的选项里选择“谁来了？”"),
        ({"actual_start": "2 PM"}, "填写“实际几点开始”的时间"),
        ({"actual_end": "14:03"}, "结束时间要在开始之后"),
        ({"actual_end": "15:46"}, "结束时间不能在将来"),
        ({"actual_end": "25:00"}, "填写“实际几点结束”的时间"),
        ({"break_minutes": "95"}, "休息时间不能超过见面时间"),
        ({"break_minutes": "-1"}, "“中间休息多少分钟”请填 0 到 480 之间的数"),
        ({"on": "2026-13-01"}, "填写“哪天”的日期"),
        ({"anonymous_heads": "1000"}, "“另外还有几人”请填 0 到 50 之间的数"),
        ({"action_1_due_on": ""}, "填写“建议 1 的完成日期”"),
        ({"action_1_text": "", "action_1_due_on": "2026-10-15"}, "填写“建议 1”"),
        ({"action_1_owner": "别人"}, "从列出的选项里选择“建议 1 由谁办”"),
    ],
)
def test_a_faulty_report_is_refused_with_the_input_kept(
    road, session, visit, filled, typed, words: str
) -> None:
    answer = visit.post(where(session), **{**filled, **typed})
    page = text(answer)
    assert answer.status_code == 422
    assert words in page
    assert ("先办个体户" in page) or "advice" in typed
    assert road.row(ServiceSession).status is ServiceSessionStatus.PLANNED
    assert road.rows(OutcomeVersion) == []


def test_an_empty_row_of_advice_is_left_out(road, session, visit, filled) -> None:
    typed = {
        **filled,
        "action_1_text": " ",
        "action_1_due_on": "",
        **{"action_2_text": "办执照", "action_2_owner": "双方", "action_2_due_on": "2026-10-20"},
    }
    assert visit.post(where(session), **typed).status_code == 303
    (written,) = road.rows(OutcomeVersion)
    assert [action["text"] for action in written.actions] == ["办执照"]


def test_rows_of_advice_are_added_up_to_ten_and_removed(road, session, visit, filled) -> None:
    added = text(visit.post(where(session), **{**filled, "do": "add-action"}))
    assert 'name="action_2_text"' in added
    assert "备齐材料去大厅" in added

    ten = {
        f"action_{n}_{part}": value
        for n in range(1, 11)
        for part, value in (("text", f"第{n}步"), ("owner", "李晓"), ("due_on", ""))
    }
    full = text(visit.post(where(session), **{**filled, **ten, "do": "add-action"}))
    assert 'name="action_11_text"' not in full
    fewer = text(visit.post(where(session), **{**filled, **ten, "do": "remove-action-3"}))
    assert "第3步" not in fewer
    assert "第10步" in fewer
    assert road.rows(OutcomeVersion) == []


def test_before_the_meeting_the_page_says_from_when(road, visit) -> None:
    session = road.session_of(road.accepted("09-18 14:00"))
    page = visit.get(where(session))
    assert "见面还没有开始" in page
    assert "textarea" not in page


def test_a_record_is_changed_with_a_reason_while_nobody_has_confirmed(
    road, session, visit, filled
) -> None:
    visit.post(where(session), **filled)
    change = f"{where(session)}?change="
    assert "先办个体户" in visit.get(change)
    typed = {**visit.hidden(change), **REPORT, "advice": "直接办公司"}

    refused = visit.client.post(where(session), data=typed)
    assert refused.status_code == 422
    assert "填写“为什么修改”" in text(refused)

    assert visit.client.post(where(session), data={**typed, "reason": "算错了"}).status_code == 303
    kept = sorted(road.rows(OutcomeVersion), key=lambda version: version.number)
    assert [(version.number, version.advice) for version in kept] == [
        (1, "先办个体户"),
        (2, "直接办公司"),
    ]
    assert "修改说明：算错了" in visit.get(where(session))


def test_a_confirmed_record_is_read_only(road, session, visit, filled) -> None:
    visit.post(where(session), **filled)
    change = f"{where(session)}?change="
    typed = {**visit.hidden(change), **REPORT, "reason": "算错了"}
    outcome = road.outcome_of(session)
    road.store.execute(road.founder, outcomes.confirm, outcome.id, agrees=True)

    assert visit.client.post(where(session), data=typed).status_code == 409
    page = visit.get(change)
    assert "双方已确认" in page
    assert "textarea" not in page
    assert "80 分钟" in page


def test_a_meeting_closed_elsewhere_only_asks_for_the_record(road, visit) -> None:
    session = road.finished("09-16 14:00")
    page = visit.get(where(session))
    assert 'name="actual_start"' not in page
    typed = {key: value for key, value in REPORT.items() if not key.startswith("actual")}
    assert visit.post(where(session), **typed).status_code == 303
    assert road.outcome_of(session).status is OutcomeStatus.RECORDED


def test_somebody_elses_report_is_not_found(road, session, client, sign_in) -> None:
    sign_in(client, a_mentor(road.store, an_expert(road.store, name="刘总")))
    for path in (where(session), f"/mentor/sessions/{session.id}/no-show"):
        assert client.get(path).status_code == 404


def test_an_absence_is_reported_after_half_an_hour(road, visit) -> None:
    session = road.session_of(road.accepted("09-16 14:00"))
    path = f"/mentor/sessions/{session.id}/no-show"
    road.put("09-16 14:29")
    assert "9月16日 14:30 起可以登记" in visit.get(path)
    early = visit.post(path, who="no_show_founder", return_to=where(session))
    assert (early.status_code, early.location) == (303, where(session))

    road.put("09-16 14:30")
    assert visit.post(path).status_code == 422
    answer = visit.post(path, who="no_show_founder", note="电话没有接通")

    assert (answer.status_code, answer.location) == (303, where(session))
    assert road.row(ServiceSession).no_show is NoShow.FOUNDER
    page = visit.get(where(session))
    assert "没有谈成" in page
    assert "电话没有接通" in page
    assert "不计入：创业者未到" in page


def test_the_ledger_lists_counted_minutes_and_reasons(road, visit) -> None:
    road.confirmed("09-16 14:00")
    page = visit.get("/mentor/sessions")
    assert '<span class="big">50<small>分钟' in page
    assert "计入" in page
    assert visit.status("/mentor/sessions?year=x") == 200
    assert "2025 年还没有服务" in visit.get("/mentor/sessions?year=2025")
    assert visit.status("/mentor/sessions?year=99999999") == 200


def test_a_mentor_abroad_reads_and_writes_the_times_of_his_own_clock(road, visit, filled) -> None:
    def move_abroad(uow: UnitOfWork) -> None:
        key = Expert.id == road.expert.id
        uow.session.execute(update(Expert).where(key).values(time_zone="America/Los_Angeles"))

    session = road.session_of(road.accepted("09-18 14:30"))
    road.store.execute(SYSTEM, move_abroad)
    road.put("09-18 16:30")
    page = visit.get(where(session))
    assert "按您当地的洛杉矶时间填" in page
    for value in ("2026-09-17", "23:30", "00:20"):
        assert f'value="{value}"' in page
    own = {"on": "2026-09-17", "actual_start": "23:35", "actual_end": "01:10"}
    assert visit.post(where(session), **{**filled, **own}).status_code == 303
    held = road.row(ServiceSession, ServiceSession.id == session.id)
    assert (held.actual_start, held.actual_end) == (at("09-18 14:35"), at("09-18 16:10"))
    shown = visit.get(where(session))
    assert "9月18日 周五 14:35–16:10" in shown
    assert "您当地 9月17日 周四 23:35–9月18日 周五 01:10（洛杉矶时间）" in shown
