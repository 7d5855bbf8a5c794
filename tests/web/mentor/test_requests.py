import pytest

from app.domain.booking import BookingStatus
from app.models.booking import Booking
from app.models.proposal import Proposal
from app.models.service_session import ServiceSession
from app.services import bookings
from tests.builders import a_founder, a_mentor, a_venture, an_expert
from tests.moments import at

HOME = "/mentor"


def path(booking: Booking, step: str) -> str:
    return f"/mentor/requests/{booking.id}/{step}"


def text(answer) -> str:
    return answer.get_data(as_text=True)


def test_a_request_shows_words_time_neighbours_and_reasons(road, visit) -> None:
    newest = road.proposed()
    proposal = road.row(Proposal, Proposal.match_round_id == newest.id)
    road.requested("09-18 14:00", proposal_id=proposal.id)
    other = a_founder(road.store, name="马青岚")
    venture = a_venture(road.store, other.person_id, name="青岚卤味")
    need = road.a_need(other, venture_id=venture.id)
    choice = road.choice("09-18 16:00", need_id=need.id)
    road.store.execute(other, bookings.request_now, choice)

    page = visit.get(HOME)

    assert "<h1>2 个预约等您回复</h1>" in page
    assert "我想办营业执照" in page
    assert "9月18日 周五 14:00–14:50" in page
    assert "您当天还有 1 场：16:00–16:50（也在等您回复），不冲突" in page
    assert "创业者写到“营业执照”" in page
    assert "马青岚 · 青岚卤味" in page
    assert "请在 9月18日 10:00 前答复" in page


def test_without_requests_the_page_says_what_will_be_here(visit) -> None:
    page = visit.get(HOME)
    assert "没有预约等您回复" in page
    assert 'href="/mentor/availability"' in page


def test_accepting_plans_the_meeting_and_says_so(road, visit) -> None:
    booking = road.requested()

    answer = visit.post(path(booking, "accept"), came_from=HOME)

    assert (answer.status_code, answer.location) == (303, HOME)
    assert "已接受" in visit.get(HOME)
    assert road.now(booking.id).status is BookingStatus.ACCEPTED


def test_a_second_press_accepts_once(road, visit) -> None:
    booking = road.requested()
    typed = visit.hidden(HOME)

    answers = [visit.client.post(path(booking, "accept"), data=typed) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert len(road.rows(ServiceSession)) == 1


def test_an_answer_to_what_was_withdrawn_meanwhile_comes_back_with_a_word(road, visit) -> None:
    booking = road.requested()
    typed = visit.hidden(HOME)
    road.store.execute(road.founder, bookings.withdraw, booking.id, "f_solved")

    answer = visit.client.post(path(booking, "accept"), data=typed)

    assert (answer.status_code, answer.location) == (303, HOME)
    assert "别人改过" in visit.get(HOME)
    assert road.now(booking.id).status is BookingStatus.WITHDRAWN


def test_an_answer_after_the_deadline_is_refused_with_a_word(road, visit) -> None:
    booking = road.requested("09-22 14:00")
    typed = visit.hidden(HOME)
    road.put("09-18 10:01")

    assert visit.client.post(path(booking, "accept"), data=typed).status_code == 303
    page = visit.get(HOME)
    assert "答复期限已过" in page
    assert road.now(booking.id).status is BookingStatus.REQUESTED


def test_a_request_past_its_deadline_offers_no_answer(road, visit) -> None:
    road.requested("09-22 14:00")
    road.put("09-18 10:01")
    page = visit.get(HOME)
    assert "正在转给别的导师" in page
    assert "/accept" not in page


def test_a_broken_version_is_a_fault_not_a_failure(road, visit) -> None:
    booking = road.requested()
    for version in ("", "x", "-1", "9" * 40):
        answer = visit.post(path(booking, "accept"), came_from=HOME, version=version)
        assert answer.status_code == 422
    assert road.now(booking.id).status is BookingStatus.REQUESTED


def test_a_form_without_its_token_is_refused(road, visit) -> None:
    booking = road.requested()
    assert visit.client.post(path(booking, "accept"), data={"version": "1"}).status_code == 400


def test_declining_asks_for_a_reason_and_keeps_what_was_typed(road, visit) -> None:
    booking = road.requested()

    answer = visit.post(path(booking, "decline"), note="下周在外地")

    page = text(answer)
    assert answer.status_code == 422
    assert "选择“什么原因？”" in page
    assert "下周在外地" in page
    assert "<title>错误：" in page
    assert road.now(booking.id).status is BookingStatus.REQUESTED


@pytest.mark.parametrize("reason", ["f_solved", "m_late_no_reason", "nonsense", "x" * 2000])
def test_a_reason_that_was_not_offered_is_refused(road, visit, reason: str) -> None:
    booking = road.requested()
    assert visit.post(path(booking, "decline"), reason=reason).status_code == 422


def test_a_word_too_long_is_refused_at_its_field(road, visit) -> None:
    answer = visit.post(path(road.requested(), "decline"), reason="m_overload", note="很" * 501)
    assert answer.status_code == 422
    assert "最多 500 字，现在有 501 字" in text(answer)


def test_declining_with_a_reason_frees_the_request(road, visit) -> None:
    booking = road.requested()

    answer = visit.post(path(booking, "decline"), reason="m_overload", note="下周在外地")

    assert (answer.status_code, answer.location) == (303, HOME)
    ended = road.now(booking.id)
    assert (ended.status, ended.end_reason) == (BookingStatus.DECLINED, "m_overload")
    assert ended.end_note == "下周在外地"


@pytest.mark.parametrize("step", ["accept", "decline"])
def test_somebody_elses_request_is_not_found(road, client, sign_in, visit, step: str) -> None:
    booking, stranger = road.requested(), a_mentor(road.store, an_expert(road.store, name="刘总"))
    typed = visit.hidden(path(booking, "decline"))
    client.delete_cookie("sid")
    sign_in(client, stranger)

    answer = client.post(path(booking, step), data={**typed, "reason": "m_overload"})

    assert answer.status_code == 404
    assert visit.status(path(booking, "decline")) == 404
    assert road.now(booking.id).status is BookingStatus.REQUESTED


def test_the_page_of_an_answered_request_is_gone(road, visit) -> None:
    booking = road.accepted()
    assert visit.status(path(booking, "decline")) == 404
    assert visit.status("/mentor/requests/no-id/decline") == 404


def test_founders_are_refused_and_visitors_led_to_sign_in(road, client, sign_in) -> None:
    assert "/login" in client.get(HOME).location
    assert sign_in(client, road.founder).get(HOME).status_code == 403


def test_checking_in_opens_half_an_hour_before(road, visit) -> None:
    session = road.session_of(road.accepted("09-16 14:00"))
    assert "13:30 起可以签到" in visit.get(HOME)
    road.put("09-16 13:30")
    where = f"/mentor/sessions/{session.id}/check-in"

    answer = visit.post(where, came_from=HOME)

    assert (answer.status_code, answer.location) == (303, HOME)
    assert "您 13:30 已签到" in visit.get(HOME)


def test_checking_in_too_early_says_from_when(road, visit) -> None:
    session = road.session_of(road.accepted("09-16 14:00"))
    typed = {**visit.hidden("/mentor/availability"), "return_to": HOME}

    answer = visit.client.post(f"/mentor/sessions/{session.id}/check-in", data=typed)

    assert (answer.status_code, answer.location) == (303, HOME)
    assert "9月16日 13:30 以后才能办这一步" in visit.get(HOME)


def test_a_meeting_that_is_over_is_listed_for_its_record(road, visit) -> None:
    session = road.session_of(road.accepted("09-16 14:00"))
    road.put(at("09-16 15:00"))
    page = visit.get(HOME)
    assert "要补的记录" in page
    assert f'href="/mentor/sessions/{session.id}/report"' in page
