import pytest

from app.domain.booking import BookingStatus
from tests.builders import a_mentor, an_expert

CALENDAR = "/mentor/calendar"


def cancel_path(booking) -> str:
    return f"/mentor/bookings/{booking.id}/cancel"


def test_the_week_shows_what_is_agreed_asked_for_and_free(road, visit) -> None:
    agreed = road.accepted("09-18 14:00")
    road.need = road.a_need()
    asked = road.requested("09-17 16:00")

    page = visit.get(CALENDAR)

    assert "9月14日–20日" in page
    assert "周三 今天" in page
    assert f'href="{cancel_path(agreed)}"' in page
    assert f'href="/mentor#b-{asked.id}"' in page
    assert '<li class="ev book t-24 h-4">' in page
    assert '<li class="ev ask t-32 h-4">' in page
    assert "请在 9月17日 16:00 前答复" in page
    assert "国庆节调休上班" in page


def test_the_request_a_week_leads_to_stands_on_the_first_page(road, visit) -> None:
    asked = road.requested("09-17 16:00")
    assert f'id="b-{asked.id}"' in visit.get("/mentor")


def test_weeks_follow_each_other_over_the_end_of_the_year(visit) -> None:
    page = visit.get(f"{CALENDAR}?week=2026-W53")
    assert "12月28日" in page
    assert f'href="{CALENDAR}?week=2026-W52"' in page
    assert f'href="{CALENDAR}?week=2027-W01"' in page
    assert "创业者现在可以约到 11月14日 周六" in page


def test_a_week_that_does_not_exist_is_refused_in_words(visit) -> None:
    answer = visit.client.get(f"{CALENDAR}?week=2026-W60")
    assert answer.status_code == 422
    assert "2026-W38" in answer.get_data(as_text=True)


def test_a_week_without_anything_leads_to_the_next_meeting(road, visit) -> None:
    road.accepted("10-14 14:00")
    page = visit.get(f"{CALENDAR}?week=2026-W37")
    assert "这一周没有见面，也没有可约的时间" in page
    assert f'href="{CALENDAR}?week=2026-W42"' in page


def test_a_meeting_is_called_off_with_a_reason(road, visit) -> None:
    booking = road.accepted("09-18 14:00")

    answer = visit.post(cancel_path(booking), reason="m_illness", note="抱歉")

    assert (answer.status_code, answer.location) == (303, CALENDAR)
    ended = road.now(booking.id)
    assert (ended.status, ended.end_note) == (BookingStatus.CANCELLED, "抱歉")
    assert "已取消" in visit.get(CALENDAR)


@pytest.mark.parametrize("reason", ["", "m_not_my_field", "f_solved"])
def test_calling_off_needs_one_of_the_reasons(road, visit, reason: str) -> None:
    booking = road.accepted("09-18 14:00")
    assert visit.post(cancel_path(booking), reason=reason).status_code == 422
    assert road.now(booking.id).status is BookingStatus.ACCEPTED


def test_a_meeting_that_has_begun_is_not_called_off(road, visit) -> None:
    booking = road.accepted("09-16 14:00")
    typed = visit.hidden(cancel_path(booking))
    road.put("09-16 14:00")

    answer = visit.client.post(cancel_path(booking), data={**typed, "reason": "m_illness"})

    assert (answer.status_code, answer.location) == (303, CALENDAR)
    assert "见面已经开始" in visit.get(CALENDAR)
    assert "现在不能取消" in visit.get(cancel_path(booking))


def test_somebody_elses_meeting_is_not_found(road, client, sign_in) -> None:
    booking = road.accepted("09-18 14:00")
    sign_in(client, a_mentor(road.store, an_expert(road.store, name="刘总")))
    assert client.get(cancel_path(booking)).status_code == 404
