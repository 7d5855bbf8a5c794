"""The page of today's free slots: one press gives one."""

import re
from typing import Any

import pytest

from app.domain.booking import BookingStatus
from app.models.booking import Booking
from app.models.desk_entry import DeskEntry
from tests.counter import TODAY, Counter, a_counter
from tests.moments import at
from tests.scenes import Plays
from tests.web.bureau.conftest import Desk


@pytest.fixture
def plays() -> Plays:
    return {"counter": a_counter}


@pytest.fixture
def counter(scene: Counter) -> Counter:
    return scene


@pytest.fixture
def clerk(counter: Counter, enter: Any) -> Desk:
    return enter(counter.clerk)


def test_one_press_gives_a_slot_prints_its_slip_and_can_be_taken_back(counter, clerk) -> None:
    need = counter.comes()
    need_page = f"/bureau/needs/{need.id}"
    counter_page = f"{need_page}/counter"
    assert f'href="{counter_page}"' in clerk.get(need_page)
    page = clerk.get(counter_page)
    assert "唐冶就业服务站" in page
    values = re.findall(r'name="starts_at" value="([^"]+)"', page)
    assert [value[11:16] for value in values] == ["06:00", "06:20", "06:40", "07:00"]

    answer = clerk.post(counter_page, starts_at=values[0])

    booking = counter.district.one(Booking)
    assert answer.location == f"/bureau/bookings/{booking.id}/slip"
    slip = clerk.get(answer.location)
    assert "9月16日 周三 14:00–14:20" in slip
    assert "导师已答应" in slip
    entry = counter.district.one(DeskEntry, DeskEntry.subject_id == booking.id)
    clerk.post("/bureau/desk", f"/bureau/desk/entries/{entry.id}/undo")
    assert counter.district.one(Booking).status is BookingStatus.CANCELLED


def test_a_slot_that_has_gone_is_refused_beside_those_that_are_left(counter, clerk) -> None:
    need, other = counter.comes(), counter.comes("吴大爷")
    page = f"/bureau/needs/{need.id}/counter"
    hidden = clerk.hidden(page)
    counter.gives(other)
    wanted = {"starts_at": at(f"{TODAY} 14:00").isoformat()}
    refused = clerk.send(page, 409, **hidden, **wanted).text
    assert "这个时间刚刚被别人约了" in refused
    assert "号没有给出去" in refused
    assert ">14:00–14:20<" not in refused
    assert ">14:20–14:40<" in refused
    counter.district.clock.put(at(f"{TODAY} 14:20"))
    late = {**clerk.hidden(page), "starts_at": at(f"{TODAY} 14:20").isoformat()}
    assert "这个时间已经过去" in clerk.send(page, 422, **late).text


def test_a_counter_without_a_clinic_says_so_and_another_street_sees_nothing(
    counter, clerk, enter
) -> None:
    need = counter.comes()
    page = f"/bureau/needs/{need.id}/counter"
    enter(counter.stranger).get(page, 404)
    enter(counter.mentor.actor).get(page, 403)
    counter.district.clock.put(at(f"{TODAY} 15:30"))
    assert "今天您这里没有还在进行的坐诊" in clerk.get(page)
