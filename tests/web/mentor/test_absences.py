import pytest

from app.domain.actor import Role
from app.domain.service_session import Evidence, NoShow, ServiceSessionStatus
from app.models.outcome import Dispute
from app.models.service_session import ServiceSession
from app.services import service_sessions
from tests.builders import staff


@pytest.fixture
def session(road) -> ServiceSession:
    session = road.session_of(road.accepted("09-16 14:00"))
    road.put("09-16 14:30")
    return session


def where(session, act="report") -> str:
    return f"/mentor/sessions/{session.id}/{act}"


def text(answer) -> str:
    return answer.get_data(as_text=True)


def report(road, actor, session, who: NoShow) -> None:
    road.store.execute(actor, service_sessions.report_no_show, session.id, who, note="没见到人")


def contest(visit, session, statement: str):
    return visit.post(where(session, "contest"), came_from=where(session), statement=statement)


def test_a_mentor_who_is_called_absent_contests_it(road, session, visit) -> None:
    report(road, road.founder, session, NoShow.MENTOR)
    page = visit.get(where(session))
    for words in ("导师没有到", "没见到人", "9月20日 周日 24:00 前提出"):
        assert words in page
    assert "对方可以在" not in page

    blank = contest(visit, session, "  ")
    assert blank.status_code == 422
    assert "填写“当时的情况”" in text(blank)
    answer = contest(visit, session, "14:00 已在三楼会议室")

    assert (answer.status_code, answer.location) == (303, where(session))
    assert road.row(Dispute).opened_by_id == road.mentor.person_id
    # Five working days: the 20th is worked, the 25th to the 27th are off.
    assert "复核人会在 9月22日 周二 24:00 前裁定" in visit.get(where(session))


def test_after_three_working_days_the_report_stands(road, session, visit) -> None:
    report(road, road.founder, session, NoShow.MENTOR)
    typed = {**visit.hidden(where(session)), "statement": "我到了"}
    road.put("09-21 00:00")
    page = visit.get(where(session))
    assert "提出异议的时间已过" in page
    assert "当时的情况" not in page
    assert visit.client.post(where(session, "contest"), data=typed).status_code == 303
    assert "这一步到 9月21日 00:00 为止，现在已过" in visit.get(where(session))
    assert road.rows(Dispute) == []


def test_who_reported_the_other_side_has_nothing_to_contest(road, session, visit) -> None:
    report(road, road.mentor, session, NoShow.FOUNDER)
    page = visit.get(where(session))
    assert "对方可以在 9月20日 周日 24:00 前提出异议" in page
    assert "当时的情况" not in page
    assert contest(visit, session, "改主意了").status_code == 403
    assert road.rows(Dispute) == []


def test_a_founder_whom_the_desk_has_seen_is_not_called_absent(road, session, visit) -> None:
    road.put("09-16 13:58")
    road.store.execute(
        staff(road.store, Role.OFFICER),
        service_sessions.check_in,
        session.id,
        person_id=road.founder.person_id,
        evidence=Evidence.CODE,
    )
    road.put("09-16 14:30")
    answer = visit.post(where(session, "no-show"), who="no_show_founder", note="没人")
    assert (answer.status_code, answer.location) == (303, where(session))
    assert "9月16日 13:58 前台已经为这一方办过签到" in visit.get(where(session))
    assert road.row(ServiceSession).status is ServiceSessionStatus.IN_PROGRESS


def test_the_mentors_own_absence_is_not_his_to_report(road, session, visit) -> None:
    page = visit.get(where(session, "no-show"))
    assert "no_show_founder" in page
    assert "no_show_mentor" not in page
    assert visit.post(where(session, "no-show"), who="no_show_mentor").status_code == 422
    assert road.row(ServiceSession).no_show is None
