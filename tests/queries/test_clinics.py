from datetime import timedelta

import pytest

from app.domain.actor import SYSTEM, Role
from app.domain.availability import Clinic
from app.domain.calendar import CalendarWeek, Month
from app.domain.errors import NotFoundError
from app.models.availability import Clinic as ClinicRow
from app.queries.clinics import HalfDay, half_day, rota
from app.queries.expert_weeks import NoteKind, expert_week
from app.services import availability, bookings, service_sessions
from app.services.service_sessions import Finish
from tests.builders import a_founder, a_mentor, an_expert, staff
from tests.founder_road import FounderRoad, plays, road, statements
from tests.moments import at, day

__all__ = ["plays", "road"]

FRIDAY = Clinic(day("09-18"), 9 * 60, 11 * 60, 30, note="创业坐诊台")


@pytest.fixture
def clinic(road) -> ClinicRow:
    return road.store.execute(SYSTEM, availability.set_clinic, road.expert.id, FRIDAY)


def look(road: FounderRoad, clinic: ClinicRow, actor=None) -> HalfDay:
    with road.store.read(actor or road.mentor) as reader, statements(road.store) as sent:
        found = half_day(reader, clinic.id)
    assert len(sent) <= 5, sent
    return found


def visitor(road: FounderRoad, when: str, name: str) -> object:
    founder = a_founder(road.store, name=name)
    choice = road.choice(when, need_id=road.a_need(founder).id, place="")
    booking = road.store.execute(founder, bookings.request_now, choice)
    road.store.execute(road.mentor, bookings.accept, booking.id)
    return road.session_of(booking)


def test_each_slot_says_who_comes_with_which_question(road, clinic) -> None:
    visitor(road, "09-18 09:30", "王强")
    visitor(road, "09-18 09:00", "赵敏")

    found = look(road, clinic)

    names = [[visit.meeting.founder for visit in slot.visits] for slot in found.slots]
    assert names == [["赵敏"], ["王强"], [], []]
    assert found.slots[0].visits[0].question.startswith("我想办营业执照")
    assert [slot.starts_at for slot in found.slots] == [
        at(f"09-18 {clock}") for clock in ("09:00", "09:30", "10:00", "10:30")
    ]
    assert (found.besides, found.delay_minutes, found.is_over) == ((), 0, False)


def test_it_runs_as_late_as_the_last_meeting_ended(road, clinic) -> None:
    first = visitor(road, "09-18 09:00", "赵敏")
    visitor(road, "09-18 09:30", "王强")
    road.put("09-18 09:45")
    facts = Finish(actual_start=at("09-18 09:05"), actual_end=at("09-18 09:40"))
    road.store.execute(road.mentor, service_sessions.finish, first.id, facts)
    road.put("09-18 09:29")

    found = look(road, clinic)

    assert found.delay_minutes == 10
    assert found.slots[1].expected_at == at("09-18 09:40")


def test_a_meeting_that_goes_on_makes_it_later_by_the_minute(road, clinic) -> None:
    session = visitor(road, "09-18 09:00", "赵敏")
    road.put("09-18 09:50")
    assert look(road, clinic).delay_minutes == 0
    road.put("09-18 09:00")
    road.store.execute(road.mentor, service_sessions.check_in, session.id)
    road.put("09-18 09:42")
    assert look(road, clinic).delay_minutes == 12


def test_after_its_end_it_says_what_is_still_to_record(road, clinic) -> None:
    session = visitor(road, "09-18 09:00", "赵敏")
    road.put("09-18 11:00")
    found = look(road, clinic)
    assert found.is_over
    assert [visit.meeting.session_id for visit in found.to_record] == [session.id]


def test_only_who_holds_it_and_who_looks_after_him_sees_it(road, clinic) -> None:
    assert look(road, clinic, staff(road.store)).expert == "张敏"
    other = a_mentor(road.store, an_expert(road.store, name="刘总"))
    for actor in (other, road.founder, staff(road.store, Role.STREET_LIAISON, street="tangye")):
        with pytest.raises(NotFoundError):
            look(road, clinic, actor)


def test_the_rota_tells_how_full_each_clinic_is(road, clinic) -> None:
    visitor(road, "09-18 09:00", "赵敏")
    officer = staff(road.store)
    with road.store.read(officer) as reader, statements(road.store) as sent:
        found = rota(reader, Month(2026, 9))
    assert len(sent) <= 5, sent
    (row,) = found.clinics
    assert (row.expert, row.day, row.taken, row.slots) == ("张敏", day("09-18"), 1, 4)
    assert (road.expert.id, "张敏") in found.experts
    assert found.special[day("09-20")] == "国庆节调休"
    with road.store.read(officer) as reader:
        assert rota(reader, Month(2026, 10)).clinics == ()


def test_the_week_names_a_clinic_and_offers_its_slots(road, clinic) -> None:
    with road.store.read(road.mentor) as reader:
        found = expert_week(reader, road.expert.id, CalendarWeek.parse("2026-W38"))
    (note,) = found.day(day("09-18")).notes
    assert (note.kind, note.clinic_id) == (NoteKind.CLINIC, clinic.id)
    free = [entry for entry in found.entries if entry.starts_at == at("09-18 09:00")]
    assert free[0].ends_at - free[0].starts_at >= timedelta(hours=2)
