import pytest

from app.domain.actor import Role
from app.domain.booking import BookingStatus
from app.domain.service_session import Evidence, NoShow, ServiceSessionStatus
from app.models.outcome import Dispute
from app.models.person import VentureMember
from app.models.service_session import ServiceSession
from app.services import service_sessions
from tests.builders import a_founder, a_venture, keep, staff
from tests.moments import at


@pytest.fixture
def session(road) -> ServiceSession:
    """A meeting whose mentor has not come for half an hour."""
    session = road.session_of(road.accepted())
    road.put("09-18 14:30")
    return session


def path(session, act="no-show"):
    return f"/sessions/{session.id}/{act}"


def text(answer) -> str:
    return answer.get_data(as_text=True)


def test_an_absent_mentor_is_reported_from_the_meetings_page(road, desk, session) -> None:
    for page in (f"/bookings/{session.booking_id}", path(session, "confirm")):
        assert path(session) in desk.get(page)
    assert "导师没有到" in desk.get(path(session))
    for _ in range(2):
        desk.post(path(session), key="press", who="no_show_mentor", note="在二楼等到 14:30")

    now = road.row(ServiceSession)
    assert (now.no_show, now.no_show_note) == (NoShow.MENTOR, "在二楼等到 14:30")
    assert road.now(session.booking_id).status is BookingStatus.NO_SHOW


def test_after_the_report_the_founder_is_told_what_comes_next(road, desk, session) -> None:
    desk.post(path(session), who="no_show_mentor")
    page = desk.get(path(session, "confirm"))
    assert "登记为导师没有到" in page
    assert "导师可以在 9月22日 周二 24:00 前提出异议" in page
    assert "当时的情况" not in page
    booking = desk.get(f"/bookings/{session.booking_id}")
    assert "您的需求会继续保留" in booking
    assert f"/needs/{session.need_id}/mentors" in booking
    assert "看看登记的情况对不对" not in desk.get("/me")
    desk.post(path(session, "contest"), 403, statement="我到了")
    assert "这次见面已经登记过" in desk.get(path(session))


def test_within_half_an_hour_the_page_says_from_when(road, desk, session) -> None:
    road.put("09-18 14:29")
    assert "9月18日 14:30 起可以登记" in desk.get(path(session))
    for page in (f"/bookings/{session.booking_id}", path(session, "confirm")):
        assert path(session) not in desk.get(page)
    assert "9月18日 14:30 以后才能办这一步" in text(
        desk.post(path(session), 422, who="no_show_mentor")
    )
    assert road.row(ServiceSession).status is ServiceSessionStatus.PLANNED


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({}, "选择“发生了什么？”"),
        ({"who": "no_show_founder"}, "从列出的选项里选择“发生了什么？”"),
        ({"who": "no_show_mentor", "note": "长" * 501}, "“说明”最多 500 字"),
    ],
)
def test_a_report_that_cannot_be_taken_is_told_and_kept(road, desk, session, typed, words) -> None:
    page = text(desk.post(path(session), 422, **typed))
    assert words in page
    assert typed.get("note", "") in page
    assert road.row(ServiceSession).no_show is None


def test_a_mentor_whom_the_desk_has_seen_is_not_called_absent(road, desk, session) -> None:
    road.put("09-18 13:58")
    road.store.execute(
        staff(road.store, Role.OFFICER),
        service_sessions.check_in,
        session.id,
        person_id=road.expert.person_id,
        evidence=Evidence.CODE,
    )
    road.put("09-18 14:30")
    page = text(desk.post(path(session), 422, who="no_show_mentor", note="没有见到人"))
    assert "9月18日 13:58 前台已经为这一方办过签到" in page
    assert "没有见到人" in page
    assert road.row(ServiceSession).no_show is None


def test_who_was_faster_is_shown_and_can_be_contested(road, desk, session) -> None:
    road.store.execute(road.mentor, service_sessions.report_no_show, session.id, NoShow.FOUNDER)
    page = text(desk.post(path(session), 409, who="no_show_mentor"))
    assert "这次见面已经登记过" in page
    desk.post(path(session, "contest"), statement="13:50 就在二楼等")
    assert road.row(Dispute).opened_by_id == road.founder.person_id


def test_a_report_the_mentor_contests_waits_for_its_ruling(road, desk, session) -> None:
    desk.post(path(session), who="no_show_mentor")
    road.store.execute(road.mentor, service_sessions.contest, session.id, "14:00 已在三楼")
    page = desk.get(path(session, "confirm"))
    assert "已有人提出异议" in page
    assert "您已提出异议" not in page


def test_who_speaks_for_the_venture_reads_it_and_leaves_it_to_those_on_the_list(
    road, enter
) -> None:
    venture, partner = a_venture(road.store, road.founder.person_id), a_founder(road.store)
    keep(
        road.store,
        VentureMember(venture_id=venture.id, person_id=partner.person_id, is_contact=True),
    )
    need = road.a_need(venture_id=venture.id)
    session = road.session_of(road.accepted(need_id=need.id))
    road.put("09-18 14:30")
    contact = enter(partner)
    assert path(session) not in contact.get(path(session, "confirm"))
    assert "到场名单里的人可以登记" in contact.get(path(session))
    contact.post(path(session), 404, who="no_show_mentor")

    road.store.execute(road.mentor, service_sessions.report_no_show, session.id, NoShow.FOUNDER)
    page = contact.get(path(session, "confirm"))
    assert "到场名单里的人可以在 9月22日 周二 24:00 前提出异议" in page
    assert "当时的情况" not in page


def test_nobody_else_reports_it(road, enter, session) -> None:
    stranger = enter(a_founder(road.store, name="王强"))
    stranger.get(path(session), 404)
    stranger.post(path(session), 404, who="no_show_mentor")
    enter(road.mentor).post(path(session), 403, who="no_show_mentor")
    assert road.row(ServiceSession).no_show is None


def test_once_the_planned_end_has_come_nobody_is_asked_to_sign_in(road, desk, session) -> None:
    assert "我到了，签到" in desk.get(path(session, "confirm"))
    road.put("09-18 14:50")
    page = desk.get(path(session, "confirm"))
    assert "我到了，签到" not in page
    assert "见面的时间已过" in page
    assert "我到了，签到" not in desk.get(f"/bookings/{session.booking_id}")
    assert "为止，现在已过" in text(desk.post(path(session, "check-in"), 422))
    assert at("09-18 14:50") == session.planned_ends_at
