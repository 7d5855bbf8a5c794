from dataclasses import replace
from datetime import date

import pytest

from app.domain.actor import SYSTEM, Actor, Role
from app.domain.availability import Closing, Mode
from app.domain.booking import BookingStatus
from app.domain.place import PlaceKind
from app.models.activity import Activity
from app.models.booking import Booking, BookingExpert, PanelAnswer
from app.models.place import Place, PlaceClosing
from app.queries.agendas import Agenda, AgendaQuestion, By, Trouble, Where, agenda
from app.services import activities, availability, bookings, service_sessions
from tests.builders import a_founder, an_expert, keep, staff
from tests.founder_road import FounderRoad, plays, road, statements
from tests.gathering import Hall
from tests.moments import at, day

__all__ = ["plays", "road"]

FRIDAY = day("09-18")
BASE = "历城区创业孵化基地"


@pytest.fixture
def officer(road) -> Actor:
    return staff(road.store)


def look(
    road: FounderRoad,
    actor: Actor,
    first_on: date = FRIDAY,
    last_on: date = FRIDAY,
    by: By = By.PLACE,
    **filters: str,
) -> Agenda:
    asked = AgendaQuestion(first_on, last_on, by, **filters)
    with road.store.read(actor) as reader, statements(road.store) as sent:
        found = agenda(reader, asked)
    assert len(sent) <= 7, sent
    return found


def another(road: FounderRoad, when: str, **values) -> Booking:
    founder = a_founder(road.store, name="王强")
    choice = road.choice(when, need_id=road.a_need(founder).id, **values)
    return road.store.execute(founder, bookings.request_now, choice)


def change(road: FounderRoad, booking: Booking, **values) -> None:
    def put(uow) -> None:
        row = uow.load(Booking, booking.id)
        for name, value in values.items():
            setattr(row, name, value)
        uow.audit("test.changed", row)

    road.store.execute(SYSTEM, put)


def a_place(road: FounderRoad, name: str = "2 楼 1 号洽谈室", **values) -> Place:
    facts = {
        "kind": PlaceKind.ROOM,
        "address": "唐冶中路",
        "seats": 6,
        "equipment": [],
        "hours": [],
    }
    place = Place(name=name, **{**facts, **values})
    keep(road.store, place)
    return place


def shape(found: Agenda) -> list[tuple[str, list[str | None]]]:
    return [(group.key, [row.meeting.founder for row in group.rows]) for group in found.groups]


def test_a_day_is_arranged_by_place_with_what_needs_none_last(road, officer) -> None:
    room = a_place(road)
    agreed = road.accepted("09-18 14:00")
    change(road, agreed, place_id=room.id)
    another(road, "09-18 16:00", mode=Mode.PHONE, place="")
    another(road, "09-18 10:00", place="")
    another(road, "09-21 10:00")

    found = look(road, officer)

    assert shape(found) == [
        (Where.NOWHERE, ["王强"]),
        (str(room.id), ["李晓"]),
        (Where.REMOTE, ["王强"]),
    ]
    (row,) = found.groups[1].rows
    assert (row.meeting.place, row.on) == ("2 楼 1 号洽谈室", FRIDAY)
    assert [seat.name for seat in row.meeting.experts] == ["张敏"]


def test_a_panel_stands_with_each_of_its_experts(road, officer) -> None:
    booking = road.accepted("09-18 14:00")
    others = [an_expert(road.store, name=name) for name in ("刘总", "何伟")]
    for expert, answer in zip(others, (PanelAnswer.ACCEPTED, PanelAnswer.DECLINED), strict=True):
        seat = {"expert_id": expert.id, "answer": answer, "is_lead": False}
        keep(road.store, BookingExpert(booking_id=booking.id, **seat))

    found = look(road, officer, by=By.EXPERT)

    assert [group.name for group in found.groups] == ["刘总", "张敏"]
    seats = found.groups[0].rows[0].meeting.experts
    assert [(seat.name, seat.is_lead) for seat in seats] == [("张敏", True), ("刘总", False)]


def test_a_week_names_its_special_days(road, officer) -> None:
    another(road, "09-21 10:00")
    found = look(road, officer, day("09-21"), day("09-27"))
    assert [row.on for row in found.rows] == [day("09-21")]
    assert found.special[day("09-25")] == "中秋节"


def test_who_has_come_is_told(road, officer) -> None:
    session = road.session_of(road.accepted("09-18 14:00"))
    road.put("09-18 13:50")
    road.store.execute(road.mentor, service_sessions.check_in, session.id)
    (row,) = look(road, officer).rows
    assert (row.meeting.expert_came_at, row.meeting.founder_came_at) == (at("09-18 13:50"), None)


def test_filters_leave_the_rest_out(road, officer) -> None:
    first, second = another(road, "09-18 10:00"), another(road, "09-18 14:00")
    change(road, first, street="tangye")
    change(road, second, street="dongjia", session_type="tutoring")
    assert [r.meeting.booking_id for r in look(road, officer, street="tangye").rows] == [first.id]
    tutoring = look(road, officer, session_type="tutoring")
    assert [row.meeting.booking_id for row in tutoring.rows] == [second.id]


def test_what_needs_a_hand_says_why(road, officer) -> None:
    room = a_place(road)
    shut = {"day": FRIDAY, "starts_minute": 840, "ends_minute": 900, "reason": "检修"}
    keep(road.store, PlaceClosing(place_id=room.id, **shut))
    change(road, road.accepted("09-18 14:00"), place_id=room.id)
    change(road, another(road, "09-18 15:00"), place_id=room.id)
    change(road, another(road, "09-18 16:00"), status=BookingStatus.SUSPENDED)
    another(road, "09-18 10:00", place="")

    found = look(road, officer)

    assert [row.troubles for row in found.rows] == [
        (Trouble.NO_PLACE,),
        (Trouble.PLACE_CLOSED,),
        (),
        (Trouble.SUSPENDED,),
    ]
    assert len(found.troubled) == 3


def test_an_expert_who_closed_the_day_needs_a_hand(road, officer) -> None:
    road.accepted("09-18 14:00")
    closing = Closing(FRIDAY, FRIDAY, "出差", 14 * 60 + 30, 16 * 60)
    road.store.execute(road.mentor, availability.close_day, road.expert.id, closing)
    assert [row.troubles for row in look(road, officer).rows] == [(Trouble.EXPERT_AWAY,)]


def test_what_is_over_needs_no_hand_and_what_ended_is_not_listed(road, officer) -> None:
    session = road.finished("09-16 14:00", place="")
    road.need = road.a_need()
    gone = road.accepted("09-16 17:00")
    road.store.execute(road.mentor, bookings.cancel, gone.id, "m_illness")
    found = look(road, officer, day("09-16"), day("09-16"))
    assert [row.meeting.session_id for row in found.rows] == [session.id]
    assert found.troubled == ()


def test_a_street_sees_its_own_meetings_alone(road) -> None:
    change(road, another(road, "09-18 10:00"), street="tangye")
    change(road, another(road, "09-18 14:00"), street="dongjia")
    liaison = staff(road.store, Role.STREET_LIAISON, street="tangye")
    assert len(look(road, liaison).rows) == 1
    nobody = replace(liaison, street=None)
    assert look(road, nobody).rows == ()


def test_activities_stand_at_their_place_with_what_is_wrong_there(road, officer) -> None:
    friday = {"weekday": 4, "starts": 540, "ends": 1020}
    room = a_place(road, street="tangye", seats=80, hours=[friday])
    agreed = road.accepted("09-18 14:00")
    change(road, agreed, place_id=room.id)
    lecture = an_activity(road, "09-18 09:00", place="", place_id=room.id)
    gone = an_activity(road, "09-18 11:00", place="一楼报告厅")
    road.store.execute(officer, activities.cancel, gone.id, "主讲人有事")
    an_activity(road, "09-21 09:00", place="一楼报告厅")
    shut = {"day": FRIDAY, "starts_minute": 0, "ends_minute": 600, "reason": "检修"}
    keep(road.store, PlaceClosing(place_id=room.id, **shut))

    found = look(road, officer)

    (group,) = found.groups
    assert (group.key, group.count, found.count) == (str(room.id), 2, 2)
    (event,) = group.events
    assert (event.activity.activity_id, event.on) == (lecture.id, FRIDAY)
    assert (event.activity.place, event.activity.seat_total) == ("2 楼 1 号洽谈室", 80)
    assert event.troubles == (Trouble.PLACE_CLOSED,)
    assert found.troubled_events == (event,)
    assert group.rows[0].troubles == ()
    (by_expert,) = look(road, officer, by=By.EXPERT).groups
    assert (by_expert.name, by_expert.count) == ("张敏", 2)
    assert look(road, officer, street="tangye").events == (event,)
    assert look(road, officer, street="huashan").events == ()
    assert look(road, officer, session_type="consultation").events == ()


def an_activity(road: FounderRoad, when: str, **values) -> Activity:
    hall = Hall(road.store, road.clock, staff(road.store), staff(road.store), [road.expert])
    return hall.announced(when, **values)
