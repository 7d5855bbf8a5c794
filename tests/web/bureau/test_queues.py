"""Needs at the desk, booking for a founder, what waits, and how requests were answered."""

from datetime import timedelta

import pytest

from app.domain.actor import SYSTEM, Role
from app.domain.booking import BookingStatus
from app.models.booking import Booking
from app.models.proposal import MatchRound
from app.services import bookings, needs, outcomes
from tests.builders import a_need, an_expert, staff
from tests.founder_road import FounderRoad, plays, road
from tests.moments import at

__all__ = ["plays", "road"]


def path(road: FounderRoad, act: str = "") -> str:
    return f"/bureau/needs/{road.need.id}{act}"


def book(road: FounderRoad, day: str = "2026-09-18") -> str:
    return path(road, f"/book?mentor={road.expert.id}&day={day}")


def test_the_queue_names_the_age_of_each_need_and_who_asked_for_help(district, desk) -> None:
    founder = district.founder("王强")
    a_need(district.store, founder.person_id, submitted_at=at("09-10 09:00"))
    asked = a_need(district.store, founder.person_id, submitted_at=at("09-15 09:00"))
    district.store.execute(founder.actor, needs.ask_bureau, asked.id)
    page = desk.get("/bureau/needs")
    assert "2 件" in page
    assert "6 天" in page
    assert "请人社局帮找" in page
    assert asked.reference in desk.get("/bureau/needs?waiting=asked")
    assert asked.reference not in desk.get("/bureau/needs?waiting=long")
    desk.get("/bureau/needs?waiting=forever", 422)
    desk.get("/bureau/needs?after=x", 404)


def test_an_empty_queue_says_what_will_be_here(district, desk) -> None:
    assert "没有等待的需求" in desk.get("/bureau/needs")


def test_a_need_is_matched_from_the_desk_with_parts_and_reasons(road, desk) -> None:
    assert "还没有推荐" in desk.get(path(road))
    an_expert(road.store, name="钱宁", is_paused=True)
    desk.post(path(road), path(road, "/proposals"))
    (made,) = road.rows(MatchRound)
    page = desk.get(path(road))
    for words in ("张敏", "相符", made.matcher_version, "钱宁", "暂停服务", "/why?mentor="):
        assert words in page


def test_a_need_of_another_street_is_not_found(road, enter, store) -> None:
    liaison = enter(staff(store, Role.STREET_LIAISON, street="guodian"))
    liaison.get(path(road), 404)
    liaison.get(book(road), 404)
    assert "没有等待的需求" in liaison.get("/bureau/needs")
    own = enter(staff(store, Role.STREET_LIAISON, street="tangye"))
    assert road.need.reference in own.get("/bureau/needs")


def test_an_officer_books_a_time_for_the_founder(road, desk) -> None:
    page = desk.get(book(road))
    assert 'value="2026-09-18T14:00:00+08:00"' in page or "14:00" in page
    times = {"starts_at": at("09-18 14:00").isoformat(), "mode": "onsite", "agreed": "yes"}
    answer = desk.post(book(road), path(road, "/book"), note="请带营业执照", **times)
    (booking,) = road.rows(Booking)
    assert answer.location == f"/bureau/bookings/{booking.id}/slip"
    assert (booking.status, booking.channel, booking.founder_person_id) == (
        BookingStatus.REQUESTED,
        "bureau",
        road.founder.person_id,
    )
    assert "已代为提交预约" in desk.get(answer.location)


def test_a_booking_needs_the_founder_s_word_and_a_time(road, desk) -> None:
    answer = desk.post(book(road), path(road, "/book"), 422, note="请带材料")
    text = answer.get_data(as_text=True)
    assert "处需要修改" in text
    assert "请带材料" in text
    for written in ("soon", "2026-09-18T14:00:00"):
        sent = {"agreed": "yes", "starts_at": written}
        answer = desk.post(book(road), path(road, "/book"), 422, **sent)
        assert "errmsg" in answer.get_data(as_text=True)
    assert road.rows(Booking) == []


def test_a_time_that_has_gone_brings_the_nearest(road, desk) -> None:
    other = a_need(road.store, road.founder.person_id)
    road.requested("09-18 14:00", need_id=other.id)
    times = {"starts_at": at("09-18 14:00").isoformat(), "mode": "onsite", "agreed": "yes"}
    answer = desk.post(book(road), path(road, "/book"), 409, note="请带材料", **times)
    text = answer.get_data(as_text=True)
    assert "最近的空闲时间" in text
    assert "请带材料" in text
    assert len(road.rows(Booking)) == 1


@pytest.mark.parametrize("mentor", ["", "x", "01990000-0000-7000-8000-000000000001"])
def test_times_of_nobody_are_not_found(road, desk, mentor: str) -> None:
    desk.get(path(road, f"/book?mentor={mentor}"), 404)


def test_what_cannot_be_read_of_a_day_is_passed_over(road, desk) -> None:
    assert "代约 张敏" in desk.get(book(road, "2026-02-30"))


def test_meetings_that_wait_are_listed_by_kind(district, desk) -> None:
    mentor, founder = district.mentor("高源"), district.founder("王强")
    silent = district.held(mentor, founder, "09-17 14:00")
    district.record(mentor, silent)
    district.wait_until("09-25 10:00")
    district.store.execute(SYSTEM, outcomes.lapse, district.outcome_of(silent).id)
    page = desk.get("/bureau/waiting/confirmations")
    assert silent.reference in page
    assert "创业者逾期未确认 1 件" in page
    assert "都处理完了" in desk.get("/bureau/waiting/records")
    desk.get("/bureau/waiting/party", 422)
    desk.get("/bureau/waiting/records?after=x", 404)


def test_answers_are_listed_behind_the_share(road, desk, clock) -> None:
    road.accepted("09-18 14:00")
    asked = road.requested("09-28 14:00", need_id=road.a_need().id, may_pass_on=False)
    clock.put(clock.now() + timedelta(days=9))
    road.store.execute(SYSTEM, bookings.expire, asked.id)
    page = desk.get("/bureau/answers?year=2026&answer=none")
    assert asked.reference in page
    assert asked.reference not in desk.get("/bureau/answers?year=2026&answer=in_time")
    desk.get("/bureau/answers?answer=maybe", 422)
    desk.get("/bureau/answers?after=x", 404)
    assert "这里没有预约" in desk.get("/bureau/answers?month=2026-01")
