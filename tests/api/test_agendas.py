from tests.api.conftest import As
from tests.builders import a_mentor, an_expert, staff
from tests.founder_road import FounderRoad


def test_an_officer_reads_who_meets_whom_on_a_day(road: FounderRoad, as_: As) -> None:
    booking = road.accepted("09-18 14:00")
    answer = as_(staff(road.store)).get("/agenda", day="2026-09-18", by="expert").json
    (group,) = answer["groups"]
    assert (group["key"], group["name"]) == (str(road.expert.id), "张敏")
    (item,) = group["items"]
    assert (item["booking_id"], item["founder"], item["stage"]) == (
        str(booking.id),
        "李晓",
        "agreed",
    )
    assert item["experts"] == [{"id": str(road.expert.id), "name": "张敏", "is_lead": True}]


def test_a_holiday_is_named_and_a_day_without_meetings_is_empty(road: FounderRoad, as_: As) -> None:
    officer = as_(staff(road.store))
    assert officer.get("/agenda", day="2026-09-25").json == {
        "day": "2026-09-25",
        "by": "place",
        "special": "中秋节",
        "groups": [],
    }
    assert officer.get("/agenda").json["day"] == "2026-09-16"


def test_the_agenda_is_the_bureaus(road: FounderRoad, as_: As) -> None:
    for actor in (road.mentor, road.founder):
        assert as_(actor).get("/agenda").status_code == 403


def test_a_mentor_reads_his_own_week(road: FounderRoad, as_: As) -> None:
    booking = road.requested("09-18 14:00")
    path = f"/experts/{road.expert.id}/calendar"
    answer = as_(road.mentor).get(path, week="2026-W38").json
    assert (answer["week"], answer["time_zone"]) == ("2026-W38", "Asia/Shanghai")
    (asked,) = [item for item in answer["items"] if item["kind"] == "asked"]
    assert asked["booking_id"] == str(booking.id)
    assert asked["answer_by"] == "2026-09-18T10:00:00+08:00"
    assert answer["days"][6]["notes"][0]["kind"] == "make_up"
    assert as_(staff(road.store)).get(path).json == answer


def test_another_mentors_week_is_not_found(road: FounderRoad, as_: As) -> None:
    other = a_mentor(road.store, an_expert(road.store, name="刘总"))
    path = f"/experts/{road.expert.id}/calendar"
    assert as_(other).get(path).status_code == 404
    assert as_(road.founder).get(path).status_code == 403


def test_a_week_that_does_not_exist_is_refused(road: FounderRoad, as_: As) -> None:
    answer = as_(road.mentor).get(f"/experts/{road.expert.id}/calendar", week="2026-W60")
    assert (answer.status_code, answer.json["code"]) == (422, "calendar.week_invalid")
