import pytest

from app.domain.booking import BookingStatus
from tests.builders import a_mentor, an_expert

AGENDA = "/mentor/calendar"


def cancel_path(booking) -> str:
    return f"/mentor/bookings/{booking.id}/cancel"


def test_the_agenda_lists_days_with_what_can_be_done(road, visit) -> None:
    agreed = road.accepted("09-18 14:00")

    page = visit.get(AGENDA)

    assert "9月18日 周五" in page
    assert "14:00–14:50" in page
    assert f'href="{cancel_path(agreed)}"' in page


def test_an_empty_agenda_says_what_will_be_here(visit) -> None:
    assert "还没有约好的见面" in visit.get(AGENDA)


def test_a_meeting_is_called_off_with_a_reason(road, visit) -> None:
    booking = road.accepted("09-18 14:00")

    answer = visit.post(cancel_path(booking), reason="m_illness", note="抱歉")

    assert (answer.status_code, answer.location) == (303, AGENDA)
    ended = road.now(booking.id)
    assert (ended.status, ended.end_note) == (BookingStatus.CANCELLED, "抱歉")
    assert "已取消" in visit.get(AGENDA)


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

    assert (answer.status_code, answer.location) == (303, AGENDA)
    assert "见面已经开始" in visit.get(AGENDA)
    assert "现在不能取消" in visit.get(cancel_path(booking))


def test_somebody_elses_meeting_is_not_found(road, client, sign_in) -> None:
    booking = road.accepted("09-18 14:00")
    sign_in(client, a_mentor(road.store, an_expert(road.store, name="刘总")))
    assert client.get(cancel_path(booking)).status_code == 404
