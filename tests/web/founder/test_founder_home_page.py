from app.services import bookings
from tests.builders import a_founder, a_venture


def test_a_new_founder_is_led_to_his_first_need(road, enter) -> None:
    page = enter(a_founder(road.store, name="王强")).get("/me")
    assert "还没有约好的见面" in page
    assert 'href="/needs/new"' in page
    assert "要做的事" not in page


def test_the_next_meeting_heads_the_page_in_words(road, desk) -> None:
    booking = road.accepted()
    page = desk.get("/me")
    assert "上午好，后天下午有一次见面" in page
    assert "导师已确认" in page
    assert f"/bookings/{booking.id}" in page
    assert "历城区创业孵化基地" in page


def test_what_is_only_asked_for_is_no_meeting_yet(road, desk) -> None:
    road.requested()
    page = desk.get("/me")
    assert "上午好，您的预约还在等答复" in page
    assert "有一次见面" not in page


def test_what_waits_is_listed_with_its_deadline(road, desk) -> None:
    session = road.recorded()
    page = desk.get("/me")
    assert "核对与张敏见面的记录" in page
    assert "9月24日 周四 24:00 前核对" in page
    assert f"/sessions/{session.id}/confirm" in page


def test_ventures_messages_and_own_acts_are_shown(road, desk) -> None:
    a_venture(road.store, road.founder.person_id)
    road.requested()
    road.told("张敏接受了您的预约")
    page = desk.get("/me")
    for words in ("李晓工作室", "唐冶街道", "张敏接受了您的预约", "您提交了预约", "1 条未读"):
        assert words in page


def test_a_withdrawn_request_is_no_longer_ahead(road, desk) -> None:
    booking = road.requested()
    road.store.execute(road.founder, bookings.withdraw, booking.id, "f_solved")
    assert "还没有约好的见面" in desk.get("/me")


def test_nobody_sees_anothers_home(road, enter) -> None:
    road.accepted()
    assert "张敏" not in enter(a_founder(road.store, name="王强")).get("/me")


def test_visitors_are_led_to_the_sign_in_page(app) -> None:
    answer = app.test_client().get("/me")
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/login")
