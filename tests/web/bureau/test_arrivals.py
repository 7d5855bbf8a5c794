"""The check-in list of a meeting at the counter."""

import re
from typing import Any

import pytest

from app.domain.service_session import Evidence
from app.models.service_session import Attendance
from tests.counter import TODAY
from tests.moments import at
from tests.scenes import Plays
from tests.services.test_arrivals import Meeting, a_meeting
from tests.web.bureau.conftest import Desk


@pytest.fixture
def plays() -> Plays:
    return {"meeting": a_meeting}


@pytest.fixture
def meeting(scene: Meeting) -> Meeting:
    return scene


@pytest.fixture
def clerk(meeting: Meeting, enter: Any) -> Desk:
    return enter(meeting.clerk)


def test_who_comes_is_marked_with_one_press_and_taken_back_with_another(meeting, clerk) -> None:
    here = f"/bureau/sessions/{meeting.session.id}/arrivals"
    assert 'href="/bureau/arrivals"' in clerk.get("/bureau/desk")
    for page in ("/bureau/arrivals", f"/bureau/agenda?day=2026-{TODAY}"):
        assert f'href="{here}"' in clerk.get(page)
    guest = meeting.registers("钱大伯", phone=None)
    assert "钱大伯" not in clerk.get(here)

    for person_id, way in ((meeting.founder, "signature"), (guest.id, "code")):
        clerk.post(here, person_id=str(person_id), evidence=way)

    page = clerk.get(here)
    assert "已签到" in page
    assert "钱大伯" in page
    assert "13:45 到" in page
    assert meeting.on_list(guest.id).evidence is Evidence.CODE
    (undo, *_) = re.findall(r'action="(/bureau/desk/entries/[^"]+/undo)"', page)
    assert clerk.post(here, undo, return_to=here).location == here
    assert "已撤回签到" in clerk.get(here)
    assert meeting.on_list(meeting.founder).checked_in_at is None
    assert "签到 钱*" in clerk.get("/bureau/desk")


def test_a_companion_is_looked_for_and_whoever_is_listed_is_not_offered_twice(
    meeting, clerk
) -> None:
    here = f"/bureau/sessions/{meeting.session.id}/arrivals"
    guest = meeting.registers("钱大伯", phone=None)
    found = clerk.get(f"{here}?q=钱")
    assert f'value="{guest.id}"' in found
    assert found.count(f'value="{meeting.founder}"') == 1
    assert "没有找到“赵钱孙”" in clerk.get(f"{here}?q=赵钱孙")


def test_a_list_says_when_it_opens_and_that_it_is_over(meeting, clerk, enter) -> None:
    here = f"/bureau/sessions/{meeting.session.id}/arrivals"
    typed = {**clerk.hidden(here), "person_id": str(meeting.founder), "evidence": "code"}
    enter(meeting.stranger).get(here, 404)
    enter(meeting.mentor.actor).get(here, 403)
    meeting.district.clock.put(at(f"{TODAY} 13:20"))
    assert "13:30 起可以签到" in clerk.get(here)
    meeting.district.clock.put(at(f"{TODAY} 14:20"))
    assert "没有签到" in clerk.send(here, 422, **typed).text
    page = clerk.get(here)
    assert "这次见面已经结束" in page
    assert "已签字" not in page
    assert "今天没有人要来了" in clerk.get("/bureau/arrivals")
    assert not [row for row in meeting.district.rows(Attendance) if row.checked_in_at]
