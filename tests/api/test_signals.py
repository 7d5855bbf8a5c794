"""Signals for machines: listed by state and kind, explained once, never for mentors."""

import pytest

from app.models.job import Job
from app.models.signal import SignalNote
from tests.acquainted import People
from tests.api.asking import faults
from tests.scenes import Plays
from tests.web.bureau.test_signals import looked_at


@pytest.fixture
def plays() -> Plays:
    return {"people": looked_at}


@pytest.fixture
def people(scene: People) -> People:
    return scene


def test_signals_are_listed_read_and_explained_once(people, as_) -> None:
    officer = as_(people.district.officer)
    page = officer.get("/signals").json
    assert page["open"] == len(page["items"]) == sum(page["counts"].values()) == 2
    kind = page["items"][0]["kind"]
    (one,) = officer.get("/signals", kind=kind).json["items"]
    read = officer.get(f"/signals/{one['id']}").json
    assert read == one
    assert read["sessions"]

    explain = f"/signals/{one['id']}/explain"
    assert faults(officer.post(explain, {"note": " "})) == {"note": "input.required"}
    stale = officer.post(explain, {"note": "连着两场"}, headers={"If-Match": '"9"'})
    assert stale.json["code"] == "version.stale"
    said = officer.post(explain, {"note": "连着两场，时间记重了"}).json
    assert (said["state"], said["said"][0]["note"]) == ("explained", "连着两场，时间记重了")
    twice = officer.post(explain, {"note": "再说一次"})
    assert (twice.status_code, twice.json["code"]) == (409, "signal.already_explained")
    assert len(people.district.rows(SignalNote)) == 1
    explained = officer.get("/signals", state="explained").json["items"]
    assert [each["id"] for each in explained] == [one["id"]]


def test_a_look_is_asked_for_once_a_minute(people, as_) -> None:
    officer = as_(people.district.officer)
    before = len(people.district.rows(Job))
    assert officer.post("/signal-looks").json == {"is_asked": True}
    assert officer.post("/signal-looks").json == {"is_asked": False}
    assert len(people.district.rows(Job)) == before + 1


def test_a_mentor_sees_none(people, as_) -> None:
    mentor = as_(people.mentor.actor)
    assert mentor.get("/signals").status_code == 403
    assert mentor.post("/signal-looks").status_code == 403
