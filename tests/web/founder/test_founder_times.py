import pytest

from app.domain.booking import BookingStatus
from app.models.booking import Booking
from app.services import bookings
from tests.builders import a_founder, an_expert
from tests.moments import at

NOBODY = "01999999-0000-7000-8000-000000000000"
TIME = "2026-09-18T06:00:00+00:00"


def book(road, query="", status=200, desk=None):
    return desk.get(f"/needs/{road.need.id}/book?mentor={road.expert.id}{query}", status)


def sent(road, **fields):
    chosen = {
        "need": str(road.need.id),
        "mentor": str(road.expert.id),
        "mode": "onsite",
        "starts_at": TIME,
    }
    return {**chosen, **fields}


def take(road, when="09-18 14:00"):
    other = a_founder(road.store, name="王强")
    choice = road.choice(when, need_id=road.a_need(other).id)
    road.store.execute(other, bookings.request_now, choice)


def test_the_page_shows_ways_days_and_times(road, desk) -> None:
    page = book(road, "&day=2026-09-18", desk=desk)
    for words in (
        "第 3 步，共 4 步",
        "9月18日 周五 · 北京时间",
        "中秋节",
        "下两周",
        "历城区创业孵化基地",
    ):
        assert words in page
    assert f'value="{TIME}"' in page


def test_a_link_with_a_time_comes_with_it_chosen(road, desk) -> None:
    page = book(road, "&time=2026-09-18T06:00:00%2B00:00", desk=desk)
    assert f'value="{TIME}" checked' in page


def test_taken_times_are_shown_and_cannot_be_chosen(road, desk) -> None:
    take(road)
    page = book(road, "&day=2026-09-18", desk=desk)
    assert f'value="{TIME}" disabled' in page
    assert "已约满" in page


def test_a_link_to_a_time_that_has_gone_brings_the_three_nearest(road, desk) -> None:
    take(road)
    page = book(road, "&time=2026-09-18T06:00:00%2B00:00", desk=desk)
    assert "9月18日 14:00 约不上了" in page
    assert page.count('class="slot"') - page.count('<span class="slot"') == 3


def test_htmx_is_given_the_times_of_the_day_alone(road, desk) -> None:
    path = f"/needs/{road.need.id}/book?mentor={road.expert.id}&day=2026-09-18"
    answer = desk.client.get(path, headers={"HX-Request": "true"})
    part = answer.get_data(as_text=True)
    assert "<html" not in part
    assert 'id="slots"' in part
    assert "HX-Request" in answer.headers["Vary"]


def test_a_mentor_without_free_times_says_so(road, desk) -> None:
    road.expert = an_expert(road.store, name="许言", weekly=False)
    assert "60 天内都没有空" in book(road, desk=desk)


@pytest.mark.parametrize(
    "query",
    [
        "&time=9999-12-31T23:59:59%2B00:00",
        "&time=0001-01-01T00:00:00%2B23:59",
        "&mode=telepathy",
        "&day=tomorrow",
        "&day=1999-01-01",
        "&time=noon",
        "&from=9999-99-99",
    ],
)
def test_an_address_nobody_wrote_still_shows_the_page(road, desk, query) -> None:
    assert "选择见面时间" in book(road, query, desk=desk)


def test_without_a_mentor_the_way_leads_back_to_the_proposals(road, desk) -> None:
    for query in ("", "?mentor=7"):
        answer = desk.client.get(f"/needs/{road.need.id}/book{query}")
        assert answer.headers["Location"] == f"/needs/{road.need.id}/mentors"


def test_a_time_is_kept_for_ten_minutes(road, desk) -> None:
    road.proposed()
    answer = desk.post("/holds", **sent(road))
    (hold,) = road.rows(Booking)
    assert answer.headers["Location"] == f"/bookings/new?hold={hold.id}"
    assert (hold.status, hold.hold_until) == (BookingStatus.ON_HOLD, at("09-16 10:10"))
    assert (hold.place, hold.mode) == ("历城区创业孵化基地", "onsite")
    assert hold.proposal_id is not None


def test_a_video_meeting_has_no_place(road, desk) -> None:
    desk.post("/holds", **sent(road, mode="online"))
    assert road.row(Booking).place == ""


def test_a_second_press_keeps_one_time(road, desk) -> None:
    first = desk.post("/holds", key="press", **sent(road))
    second = desk.post("/holds", key="press", **sent(road))
    assert first.headers["Location"] == second.headers["Location"]
    assert len(road.rows(Booking)) == 1


def test_a_taken_time_is_a_conflict_with_the_three_nearest(road, desk) -> None:
    take(road)
    page = desk.post("/holds", 409, **sent(road)).get_data(as_text=True)
    assert "9月18日 14:00 刚刚被别人约了" in page
    assert "您填的内容都在" in page
    assert page.count('class="slot"') - page.count('<span class="slot"') == 3
    assert len(road.rows(Booking)) == 1


def test_a_time_of_ones_own_other_meeting_is_a_conflict(road, desk) -> None:
    other = an_expert(road.store, name="许言")
    road.requested(expert_id=other.id, need_id=road.a_need().id)
    desk.post("/holds", 409, **sent(road))
    assert len(road.rows(Booking)) == 1


@pytest.mark.parametrize(
    ("when", "words"),
    [
        ("2026-09-15T06:00:00+00:00", "已经过去"),
        ("2026-09-25T06:00:00+00:00", "节假日"),
        ("2026-09-18T06:07:00+00:00", "15 分钟"),
        ("2026-09-18T20:00:00+00:00", "请换一天"),
        ("2027-09-18T06:00:00+00:00", "太远"),
    ],
)
def test_a_time_that_is_not_offered_is_refused_with_the_reason(road, desk, when, words) -> None:
    page = desk.post("/holds", 422, **sent(road, starts_at=when)).get_data(as_text=True)
    assert words in page
    assert road.rows(Booking) == []


@pytest.mark.parametrize("when", ["", "noon", "2026-09-18T14:00:00", "2026-09-18"])
def test_no_time_is_told_at_the_times(road, desk, when) -> None:
    page = desk.post("/holds", 422, **sent(road, starts_at=when)).get_data(as_text=True)
    assert "选择“时间”" in page
    assert "<title>错误：" in page


def test_an_unknown_way_to_meet_is_refused(road, desk) -> None:
    page = desk.post("/holds", 422, **sent(road, mode="telepathy")).get_data(as_text=True)
    assert "从列出的选项里选择“怎样见面”" in page


@pytest.mark.parametrize("field", ["need", "mentor"])
@pytest.mark.parametrize("value", ["", "7", NOBODY])
def test_nobody_and_nothing_are_not_found(road, desk, field, value) -> None:
    desk.post("/holds", 404, **sent(road, **{field: value}))


def test_nobody_keeps_a_time_for_somebody_elses_need(road, enter) -> None:
    stranger = enter(a_founder(road.store, name="王强"))
    stranger.get(f"/needs/{road.need.id}/book?mentor={road.expert.id}", 404)
    stranger.post("/holds", 404, **sent(road))
    assert road.rows(Booking) == []


def test_boxes_ticked_while_checking_stay_ticked(road, desk) -> None:
    answer = desk.post("/holds", **sent(road, consent="yes", keep_mentor="yes"))
    page = desk.get(answer.headers["Location"])
    assert page.count(" checked") == 2
