import pytest

from app.domain.actor import SYSTEM, Role
from app.domain.place import PlaceFacts, PlaceKind
from app.models.place import Place, PlaceClosing
from app.services import places
from tests.builders import staff
from tests.founder_road import plays, road
from tests.moments import day

__all__ = ["plays", "road"]

LIST, NEW = "/bureau/places", "/bureau/places/new"


@pytest.fixture
def officer(road, enter):
    return enter(staff(road.store))


@pytest.fixture
def room(road) -> Place:
    facts = PlaceFacts(
        kind=PlaceKind.ROOM, name="二楼洽谈室", street="tangye", address="中路 88 号", seats=6
    )
    return road.store.execute(SYSTEM, places.add, facts)


def fields(**changed: object) -> dict[str, object]:
    return {
        "kind": "station",
        "name": "华山服务站",
        "address": "华山北路 300 号",
        "street": "huashan",
        "seats": "4",
        "equipment": ["step_free", "video"],
        "day_0_1_starts": "09:00",
        "day_0_1_ends": "12:00",
        **changed,
    }


def test_an_officer_adds_a_place_and_finds_it_in_the_list(road, officer) -> None:
    answer = officer.post(NEW, **fields())
    (row,) = road.rows(Place, Place.name == "华山服务站")
    assert answer.location == f"{LIST}/{row.id}"
    assert row.equipment == ["step_free", "video"]
    assert row.hours == [{"weekday": 0, "starts": 540, "ends": 720}]
    page = officer.get(answer.location)
    assert "09:00–12:00" in page
    assert "视频会议" in page
    shown = officer.get(f"{LIST}?street=huashan")
    assert "华山服务站" in shown
    assert f"{LIST}/{row.id}/feed" in shown
    assert "华山服务站" not in officer.get(f"{LIST}?street=tangye")


def test_a_new_place_begins_with_the_hours_of_offices(officer) -> None:
    page = officer.get(NEW)
    assert page.count('<option value="09:00" selected>') == 5
    assert page.count('<option value="17:00" selected>') == 5


def test_faults_stand_at_their_row_and_what_was_typed_is_kept(road, officer) -> None:
    spans = {"day_0_1_starts": "", "day_0_1_ends": "", "day_0_2_starts": "14:00"}
    answer = officer.post(NEW, status=422, **fields(**spans, day_0_2_ends="10:00"))
    page = answer.get_data(as_text=True)
    assert 'value="华山北路 300 号"' in page
    assert 'id="day_0_1_ends-e"' in page
    assert '<option value="14:00" selected>' in page
    assert road.rows(Place, Place.address == "华山北路 300 号") == []


def test_a_place_that_is_never_open_is_refused(officer) -> None:
    never = fields(day_0_1_starts="", day_0_1_ends="")
    assert "至少填一个开放的时间" in officer.post(NEW, status=422, **never).get_data(as_text=True)


def test_a_name_in_use_is_a_conflict(officer, room) -> None:
    page = officer.post(NEW, status=409, **fields(name=room.name)).get_data(as_text=True)
    assert "已经有一个同名的场所在用" in page
    assert f'value="{room.name}"' in page


def test_a_change_that_somebody_forestalled_is_refused(road, officer, room) -> None:
    edit = f"{LIST}/{room.id}/edit"
    hidden = officer.hidden(edit)
    officer.post(edit, **fields(name="新名字"))
    page = officer.send(edit, 409, **{**hidden, **fields(name="旧人改名")})
    assert 'value="旧人改名"' in page.get_data(as_text=True)
    assert [row.name for row in road.rows(Place, Place.id == room.id)] == ["新名字"]


def test_days_are_closed_and_opened_again(road, officer, room) -> None:
    page = f"{LIST}/{room.id}"
    closing = {"first_on": "2026-09-21", "last_on": "2026-09-22", "reason": "检修"}
    officer.post(page, f"{page}/closings", **closing)
    first, last = road.rows(PlaceClosing, PlaceClosing.place_id == room.id)
    assert {first.day, last.day} == {day("09-21"), day("09-22")}
    assert "检修" in officer.get(page)
    again = officer.post(page, f"{page}/closings", status=422, **closing)
    assert "已经设为不开放，请先删除那一条" in again.get_data(as_text=True)
    officer.post(page, f"{page}/closings/remove", id=str(first.id))
    assert [row.id for row in road.rows(PlaceClosing)] == [last.id]
    officer.post(page, f"{page}/closings/remove", status=404, id="nothing")


def test_hours_of_a_day_are_closed(road, officer, room) -> None:
    page = f"{LIST}/{room.id}"
    closing = {"first_on": "2026-09-21", "starts": "09:00", "ends": "10:30", "reason": "开会"}
    officer.post(page, f"{page}/closings", **closing)
    (row,) = road.rows(PlaceClosing)
    assert (row.starts_minute, row.ends_minute) == (540, 630)


def test_a_place_out_of_use_can_only_be_looked_at(road, officer, room) -> None:
    page = f"{LIST}/{room.id}"
    officer.post(page, f"{page}/retire")
    (row,) = road.rows(Place, Place.id == room.id)
    assert row.retired_at is not None
    shown = officer.get(page)
    assert "已停用" in shown
    assert f"{page}/closings" not in shown
    assert "已停用" in officer.get(LIST)
    officer.post(f"{page}/edit", status=422, **fields())


def test_a_clerk_of_a_street_manages_no_places(road, enter) -> None:
    clerk = enter(staff(road.store, Role.STREET_LIAISON, street="tangye"))
    clerk.get(LIST, 403)
    assert LIST not in clerk.get("/bureau/desk")
