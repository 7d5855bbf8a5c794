from app.domain.leave import Leave
from app.models.booking import Booking
from app.services import leaves
from tests.builders import a_mentor, an_expert
from tests.founder_road import FounderRoad
from tests.moments import day
from tests.web.bureau.conftest import Desk, desk, district, enter, plays, year

__all__ = ["Desk", "desk", "district", "enter", "plays", "year"]


def test_leave_is_taken_answered_for_and_ended_on_one_page(district, enter) -> None:
    mentor, other = district.mentor("高源"), district.mentor("徐总")
    founder = district.founder("王强")
    session = district.accepted(mentor, founder, "09-24 10:00")
    own, page = enter(mentor.actor), "/mentor/leave"
    own.post(page, status=422, first_on="2026-09-24", last_on="2026-09-23", reason="出差")
    own.post(
        page,
        first_on="2026-09-24",
        last_on="2026-09-24",
        reason="出差",
        deputy=str(other.expert.id),
    )
    assert "徐总代为答复" in own.get(page)
    assert '<option value="" selected>不选</option>' in own.get(page)
    own.post(page, status=422, first_on="2026-09-24", last_on="2026-09-24", reason="再请")
    assert district.one(Booking, Booking.id == session.booking_id).status == "suspended"
    assert "请您代为答复" not in enter(other.actor).get(page)
    leave = own.get(page).partition("/mentor/leave/")[2].partition("/")[0]
    own.post(page, f"/mentor/leave/{leave}/end")
    assert district.one(Booking, Booking.id == session.booking_id).status == "accepted"


def test_a_deputy_declines_each_request_with_a_reason_of_its_own(store, clock, enter) -> None:
    road = FounderRoad(store, clock)
    colleague = an_expert(store, name="徐总")
    away = Leave(day("09-16"), day("09-16"), "出差", colleague.id)
    store.execute(road.mentor, leaves.take, road.expert.id, away)
    first, second = road.requested("09-18 14:00"), road.requested("09-18 16:00")
    deputy, page = enter(a_mentor(store, colleague)), "/mentor/leave"
    answers = f"{page}/requests/{first.id}"
    refused = deputy.post(page, answers, 422, answer="decline", version=first.version)
    assert f'href="#decline_{first.id}_{first.lead_expert_id}"' in (
        shown := refused.get_data(as_text=True)
    )
    assert f'id="decline_{second.id}_{second.lead_expert_id}-e"' not in shown
    reason = {f"decline_{first.id}_{first.lead_expert_id}": "m_overload"}
    deputy.post(page, answers, answer="decline", version=first.version, **reason)
    assert road.rows(Booking, Booking.id == first.id)[0].status == "declined"
    assert road.rows(Booking, Booking.id == second.id)[0].status == "requested"


def test_an_approver_extends_and_ends_a_term_on_the_page(district, enter, desk) -> None:
    expert = district.mentor("高源").expert
    page = f"/bureau/mentors/{expert.id}/term"
    desk.get(page, 403)
    approver = enter(district.approver)
    assert "续聘、延聘或辞聘" in approver.get(f"/bureau/mentors/{expert.id}")
    approver.post(page, status=422, act="extend", document="", ends_on="")
    late = approver.post(page, status=422, act="extend", document="延", ends_on="2029-12-31")
    assert "没有办成" in late.get_data(as_text=True)
    approver.post(page, status=422, act="dismiss", document="历人社解〔2026〕1号")
    assert f"/bureau/duty/{expert.id}/dismissal" in approver.get(page)
    approver.post(page, act="resign", document="本人辞聘申请")
    assert "暂停" in approver.get(f"/bureau/mentors/{expert.id}")
