import pytest

from app.services import bookings
from tests.api.conftest import As
from tests.builders import a_founder, a_rule, an_expert, keep
from tests.founder_road import FounderRoad

PATH = "/waiting-list"


@pytest.fixture
def full(road: FounderRoad):
    expert = an_expert(road.store, name="刘总", weekly=False)
    keep(road.store, a_rule(expert.id, 0, 14 * 60, 14 * 60 + 50))
    other = a_founder(road.store, name="王强")
    choice = road.choice("09-21 14:00", need_id=road.a_need(other).id, expert_id=expert.id)
    return expert, other, road.store.execute(other, bookings.request_now, choice)


def wish(road: FounderRoad, expert, **values):
    usual = {
        "need_id": str(road.need.id),
        "expert_id": str(expert.id),
        "modes": ["onsite"],
        "earliest_on": "2026-09-16",
        "latest_on": "2026-09-26",
    }
    return {**usual, **values}


def test_from_joining_to_the_time_that_was_kept(road: FounderRoad, as_: As, full) -> None:
    expert, other, taken = full
    founder = as_(road.founder)
    joined = founder.post(PATH, wish(road, expert))
    assert (joined.status_code, joined.json["place"], joined.json["kept"]) == (201, 1, None)
    again = founder.post(PATH, wish(road, expert, need_id=str(road.a_need().id)))
    assert (again.status_code, again.json["code"]) == (409, "waiting_list.already")

    road.store.execute(other, bookings.withdraw, taken.id, "f_solved")

    path = f"{PATH}/{joined.json['id']}"
    place = founder.get(path).json
    assert place["status"] == "offered"
    assert place["kept"]["starts_at"] == "2026-09-21T14:00:00+08:00"
    assert place["kept"]["until"] == "2026-09-16T22:00:00+08:00"
    assert founder.get(PATH).json == {"items": [place], "seats": []}
    asked = founder.post(f"{path}/take", {"note": "请多指教"}).json
    assert (asked["status"], asked["id"]) == ("requested", place["kept"]["booking_id"])
    over = founder.post(f"{path}/take", {})
    assert (over.status_code, over.json["code"]) == (409, "waiting_list.nothing_offered")


def test_a_kept_time_is_passed_on_and_the_line_left(road: FounderRoad, as_: As, full) -> None:
    expert, other, taken = full
    founder = as_(road.founder)
    path = f"{PATH}/{founder.post(PATH, wish(road, expert)).json['id']}"
    road.store.execute(other, bookings.withdraw, taken.id, "f_solved")
    passed = founder.post(f"{path}/pass").json
    assert (passed["status"], passed["kept"], passed["place"]) == ("waiting", None, 1)
    stale = founder.post(f"{path}/leave", headers={"If-Match": '"1"'})
    assert (stale.status_code, stale.json["code"]) == (409, "version.stale")
    left = founder.post(f"{path}/leave").json
    assert (left["status"], left["place"]) == ("left", 0)
    assert founder.get(PATH).json == {"items": [], "seats": []}


def test_a_free_time_is_named_and_nobody_waits(road: FounderRoad, as_: As) -> None:
    answer = as_(road.founder).post(PATH, wish(road, road.expert))
    assert (answer.status_code, answer.json["code"]) == (422, "waiting_list.not_full")
    assert answer.json["starts_at"].startswith("2026-09-16T")
    assert as_(a_founder(road.store, name="周涛")).get(PATH).json == {"items": [], "seats": []}
