import pytest

from app.domain.outcome import OutcomeStatus
from app.domain.service_session import NoShow, ServiceSessionStatus
from app.models.outcome import Confirmation, Dispute, Rating
from app.models.service_record import ServiceRecord
from app.models.service_session import Attendance, ServiceSession
from app.services import outcomes, service_sessions
from app.services.outcomes import Record
from tests.builders import a_founder
from tests.moments import at


def path(session, act="confirm"):
    return f"/sessions/{session.id}/{act}"


def missed(road):
    session = road.session_of(road.accepted())
    road.put("09-18 14:40")
    road.store.execute(road.mentor, service_sessions.report_no_show, session.id, NoShow.FOUNDER)
    return session


def test_before_the_day_the_page_says_from_when_to_sign_in(road, desk) -> None:
    page = desk.get(path(road.session_of(road.accepted())))
    assert "9月18日 13:30 起可以签到" in page
    assert "约定的情况" in page


def test_signing_in_on_the_day_happens_once(road, desk) -> None:
    session = road.session_of(road.accepted())
    road.put("09-18 13:50")
    assert "我到了，签到" in desk.get(path(session))
    for _ in range(2):
        desk.post(path(session, "check-in"), key="press")
    assert "您已签到：9月18日 13:50" in desk.get(path(session))
    came = road.rows(Attendance, Attendance.checked_in_at.is_not(None))
    assert [row.person_id for row in came] == [road.founder.person_id]
    assert road.row(ServiceSession).status is ServiceSessionStatus.IN_PROGRESS


def test_signing_in_too_early_is_refused(road, desk) -> None:
    session = road.session_of(road.accepted())
    page = desk.post(path(session, "check-in"), 422).get_data(as_text=True)
    assert "9月18日 13:30 以后才能办这一步" in page
    assert road.row(ServiceSession).status is ServiceSessionStatus.PLANNED


def test_until_the_record_is_written_the_page_names_who_writes_it(road, desk) -> None:
    page = desk.get(path(road.finished()))
    assert "张敏会在 9月21日 周一 24:00 前写好服务记录" in page
    assert "提交核对结果" not in page


def test_the_facts_and_the_record_are_shown_to_be_checked(road, desk) -> None:
    page = desk.get(path(road.recorded()))
    for words in (
        "9月18日 周五 14:00–14:50",
        "50 分钟",
        "1 人",
        "先办个体户",
        "备齐材料去大厅办理",
        "10月15日 周四 前",
        "请您在 9月24日 周四 24:00 前核对",
        "到期没有回复不视为同意",
    ):
        assert words in page


def test_a_confirmed_meeting_is_counted_and_rated_apart(road, desk) -> None:
    session = road.recorded()
    for _ in range(2):
        desk.post(path(session), key="press", agrees="yes", rating="4")
    page = desk.get(path(session))
    assert "双方已确认" in page
    assert "您的评价：满意" in page
    assert road.outcome_of(session).status is OutcomeStatus.CONFIRMED
    assert [row.score for row in road.rows(Rating)] == [4]
    assert len(road.rows(Confirmation)) == 1
    newest = max(road.rows(ServiceRecord), key=lambda row: row.number)
    assert newest.status == "counted"


def test_the_rating_is_voluntary(road, desk) -> None:
    session = road.recorded()
    desk.post(path(session), agrees="yes")
    assert road.rows(Rating) == []
    assert "您的评价" not in desk.get(path(session))


def test_disagreement_opens_a_dispute_with_the_founders_words(road, desk) -> None:
    session = road.recorded()
    desk.post(path(session), agrees="no", remark="只谈了 20 分钟")
    assert "已收到您的不同意见" in desk.get(path(session))
    assert road.row(Dispute).statement == "只谈了 20 分钟"
    assert road.outcome_of(session).status is OutcomeStatus.DISPUTED


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "选择“情况是否属实”"),
        ({"agrees": "perhaps"}, "从列出的选项里选择“情况是否属实”"),
        ({"agrees": "no"}, "填写“哪里不符”"),
        ({"agrees": "no", "remark": "长" * 1001}, "“哪里不符”最多 1,000 字"),
        ({"agrees": "yes", "rating": "9"}, "从列出的选项里选择“评价”"),
    ],
)
def test_a_word_that_cannot_be_taken_is_told_and_kept(road, desk, fields, words) -> None:
    session = road.recorded()
    page = desk.post(path(session), 422, **fields).get_data(as_text=True)
    assert words in page
    assert fields.get("remark", "") in page
    assert road.outcome_of(session).status is OutcomeStatus.RECORDED


def test_a_word_given_twice_is_a_conflict_with_the_present_state(road, desk) -> None:
    session = road.confirmed()
    page = desk.post(path(session), 409, agrees="yes").get_data(as_text=True)
    assert "双方已确认" in page
    assert len(road.rows(Confirmation)) == 1


def test_a_word_on_a_record_that_was_rewritten_meanwhile_shows_the_new_one(road, desk) -> None:
    session = road.recorded()
    assert '<input type="hidden" name="record" value="1">' in desk.get(path(session))
    anew = Record("注册个体户还是公司", "直接办公司", [], "advised")
    road.store.execute(road.mentor, outcomes.record, session.id, anew)

    page = desk.post(path(session), 409, agrees="yes", record="1").get_data(as_text=True)
    assert "直接办公司" in page
    assert road.rows(Confirmation) == []
    desk.post(path(session), agrees="yes", record="2")
    assert road.row(Confirmation).outcome_version == 2


def test_a_late_word_is_still_taken(road, desk) -> None:
    session = road.recorded()
    road.put("09-25 00:00")
    road.store.execute(road.founder, outcomes.lapse, road.outcome_of(session).id)
    assert "核对期限已过，仍可补确认" in desk.get(path(session))
    desk.post(path(session), agrees="yes")
    assert road.outcome_of(session).is_late is True


def test_after_ninety_days_nothing_can_be_said_any_more(road, desk) -> None:
    session = road.recorded()
    road.put("09-25 00:00")
    road.store.execute(road.founder, outcomes.lapse, road.outcome_of(session).id)
    road.put("12-18 10:00")
    assert "补确认的期限已过" in desk.get(path(session))
    assert "补确认的期限已过" in desk.get(f"/bookings/{session.booking_id}")
    assert "要做的事" not in desk.get("/me")
    page = desk.post(path(session), 422, agrees="yes").get_data(as_text=True)
    assert "确认期限已过" in page


def test_a_word_before_there_is_a_record_is_refused(road, desk) -> None:
    desk.post(path(road.finished()), 409, agrees="yes")
    desk.post(path(road.session_of(road.accepted("09-22 09:00"))), 404, agrees="yes")


def test_a_reported_absence_is_contested_in_time(road, desk) -> None:
    session = missed(road)
    page = desk.get(path(session))
    assert "导师登记您没有到" in page
    assert "9月22日 周二 24:00 前提出" in page
    for _ in range(2):
        desk.post(path(session, "contest"), key="press", statement="13:50 就在二楼等")
    assert "您已提出异议" in desk.get(path(session))
    assert [row.statement for row in road.rows(Dispute)] == ["13:50 就在二楼等"]


def test_contesting_needs_words_and_time(road, desk) -> None:
    session = missed(road)
    page = desk.post(path(session, "contest"), 422, statement=" ").get_data(as_text=True)
    assert "填写“当时的情况”" in page
    road.put("09-23 00:00")
    assert "提出异议的时间已过" in desk.get(path(session))
    assert "提出异议的时间已过" in desk.get("/bookings")
    assert "看看登记的情况对不对" not in desk.get("/me")
    desk.post(path(session, "contest"), 422, statement="13:50 就在二楼等")
    assert road.rows(Dispute) == []


@pytest.mark.parametrize("act", ["confirm", "check-in", "contest"])
def test_somebody_elses_meeting_is_not_found(road, enter, act) -> None:
    session = road.recorded()
    stranger = enter(a_founder(road.store, name="王强"))
    stranger.get(path(session), 404)
    stranger.post(path(session, act), 404, agrees="yes", statement="不对")
    assert road.outcome_of(session).status is OutcomeStatus.RECORDED


def test_the_mentor_has_no_word_for_the_founder(road, enter) -> None:
    session = road.recorded()
    enter(road.mentor).post(path(session), 403, agrees="yes")
    assert road.outcome_of(session).status is OutcomeStatus.RECORDED


def test_the_meeting_comes_from_the_booking_page(road, desk) -> None:
    session = road.recorded()
    page = desk.get(f"/bookings/{session.booking_id}")
    assert path(session) in page
    assert "等您确认" in page
    assert at("09-24 23:59") < road.outcome_of(session).confirm_by
