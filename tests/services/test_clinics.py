from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.db import StaleVersionError
from app.domain.actor import SYSTEM, Role
from app.domain.availability import Clinic, Closing, Mode, NotFreeError
from app.domain.booking import TimeTakenError
from app.domain.calendar import CalendarWeek
from app.domain.errors import ForbiddenError, InvalidInputError, NotFoundError
from app.domain.ids import new_id
from app.models.availability import Clinic as ClinicRow
from app.models.expert import Expert
from app.models.place import Place
from app.queries.free_times import of_expert
from app.services import availability, bookings
from tests.builders import a_founder, a_mentor, an_expert, staff
from tests.counter import a_station
from tests.moments import at, day
from tests.road import Road, a_road
from tests.scenes import Plays

THURSDAY = day("09-17")
# 14:00 to 15:30, four slots of 20 minutes; the last ten minutes hold none.
CLINIC = Clinic(THURSDAY, 14 * 60, 15 * 60 + 30, 20, note="社区坐诊")
SLOTS = ["14:00", "14:20", "14:40", "15:00"]


@pytest.fixture
def plays() -> Plays:
    return {"road": a_road}


@pytest.fixture
def road(scene) -> Road:
    return scene


def offered(road: Road, session_type: str = "consultation", mode: str = "onsite") -> list:
    with road.store.read(SYSTEM) as reader:
        return list(of_expert(reader, road.expert.id, session_type, [mode], [THURSDAY]))


def slots(road: Road) -> list[str]:
    zone = at("01-01 00:00")
    return [
        f"{(time.starts_at - zone) % timedelta(days=1)}"[:-3]
        for time in offered(road)
        if time.is_slot
    ]


def set_clinic(road: Road, clinic: Clinic = CLINIC, **values) -> ClinicRow:
    return road.store.execute(
        road.mentor, availability.set_clinic, road.expert.id, clinic, **values
    )


def book(road: Road, when: str, **values):
    """Book for a founder of his own, so that nobody is busy or has too many."""
    founder = a_founder(road.store)
    choice = road.choice(when, need_id=road.need(founder).id, **values)
    return road.store.execute(founder, bookings.request_now, choice)


def with_pauses(road: Road) -> None:
    def change(uow) -> None:
        expert = uow.load(Expert, road.expert.id)
        expert.buffer_before_minutes, expert.buffer_minutes = 10, 15

    road.store.execute(SYSTEM, change)


def a_place(road: Road) -> Place:
    def first(uow):
        return uow.all(select(Place).order_by(Place.name))[0]

    return road.store.execute(SYSTEM, first)


def test_a_clinic_offers_its_slots_and_nothing_across_them(road: Road) -> None:
    set_clinic(road)
    assert slots(road) == SLOTS
    ordinary = [time for time in offered(road) if not time.is_slot]
    span = at("09-17 14:00"), at("09-17 15:30")
    assert not [t for t in ordinary if t.starts_at < span[1] and t.ends_at > span[0]]
    assert [t.starts_at for t in ordinary if t.ends_at <= span[0]][-1] == at("09-17 13:00")


def test_slots_are_for_consultations_in_person_alone(road: Road) -> None:
    set_clinic(road)
    for session_type, mode in (("diagnosis", "onsite"), ("consultation", "online")):
        assert not [time for time in offered(road, session_type, mode) if time.is_slot]


def test_slots_are_booked_for_as_long_as_they_are_and_follow_upon_each_other(road: Road) -> None:
    with_pauses(road)
    set_clinic(road)

    booked = [book(road, f"09-17 {clock}") for clock in SLOTS[:3]]

    assert {row.ends_at - row.starts_at for row in booked} == {timedelta(minutes=20)}
    assert slots(road) == SLOTS[3:]
    with pytest.raises(TimeTakenError):
        book(road, "09-17 14:20")


@pytest.mark.parametrize(
    ("when", "values", "code"),
    [
        ("14:05", {}, "availability.in_clinic"),
        ("15:20", {}, "availability.in_clinic"),
        ("14:00", {"ends_at": at("09-17 14:50")}, "availability.in_clinic"),
        ("14:00", {"mode": Mode.ONLINE}, "availability.in_clinic"),
        ("14:00", {"session_type": "diagnosis"}, "availability.in_clinic"),
        ("13:30", {}, "availability.closed"),
    ],
)
def test_what_is_no_slot_is_refused_in_a_clinic(road: Road, when, values, code) -> None:
    set_clinic(road)
    with pytest.raises(NotFreeError) as refusal:
        book(road, f"09-17 {when}", **values)
    assert refusal.value.code == code


def test_a_meeting_keeps_its_pauses_from_a_clinic(road: Road) -> None:
    with_pauses(road)
    set_clinic(road)
    book(road, "09-17 12:45")
    with pytest.raises(NotFreeError):
        book(road, "09-17 15:30")
    assert book(road, "09-17 15:45").starts_at == at("09-17 15:45")


def test_a_clinics_booking_moves_to_another_slot_and_into_the_open(road: Road) -> None:
    with_pauses(road)
    set_clinic(road)
    booked = book(road, "09-17 14:00")
    book(road, "09-17 14:40")

    officer = staff(road.store)
    moved = road.store.execute(officer, bookings.move, booked.id, at("09-17 14:20"))
    assert moved.ends_at == at("09-17 14:40")
    road.store.execute(officer, bookings.move, booked.id, at("09-17 16:00"))
    assert slots(road) == ["14:00", "14:20", "15:00"]
    times = [time.starts_at for time in offered(road) if time.starts_at > at("09-17 15:30")]
    # 16:00 to 16:20, ten minutes before and fifteen after it, and the same around the next one.
    assert times[0] == at("09-17 16:45")


def test_people_meet_where_the_clinic_is_held(road: Road) -> None:
    place = a_place(road)
    set_clinic(road, replace(CLINIC, place_id=place.id))
    booked = book(road, "09-17 14:00", place="别处")
    assert (booked.place_id, booked.place) == (place.id, place.name)


def test_a_closed_part_of_a_clinic_loses_its_slots(road: Road) -> None:
    set_clinic(road)
    closing = Closing(THURSDAY, THURSDAY, "开会", 14 * 60, 14 * 60 + 30)
    road.store.execute(road.mentor, availability.close_day, road.expert.id, closing)
    assert slots(road) == SLOTS[2:]


def test_a_changed_clinic_offers_its_new_slots_and_a_removed_one_the_week(road: Road) -> None:
    row = set_clinic(road)
    changed = replace(CLINIC, slot_minutes=30)
    row = set_clinic(road, changed, clinic_id=row.id, version=row.version)
    assert slots(road) == ["14:00", "14:30", "15:00"]
    with pytest.raises(StaleVersionError):
        set_clinic(road, CLINIC, clinic_id=row.id, version=row.version - 1)

    remove = availability.remove_clinic
    road.store.execute(road.mentor, remove, road.expert.id, row.id, version=row.version)
    assert slots(road) == []
    assert at("09-17 14:00") in [time.starts_at for time in offered(road)]
    with pytest.raises(NotFoundError):
        road.store.execute(road.mentor, remove, road.expert.id, row.id)


@pytest.mark.parametrize(
    ("values", "field", "code"),
    [
        ({"day": day("09-15")}, "day", "input.too_early"),
        ({"slot_minutes": 10}, "slot_minutes", "input.too_small"),
        ({"slot_minutes": 17}, "slot_minutes", "input.off_grid"),
        ({"starts_minute": 14 * 60 + 5}, "starts", "input.off_grid"),
        ({"ends_minute": 14 * 60}, "ends", "availability.end_before_start"),
        ({"slot_minutes": 120}, "ends", "availability.clinic_too_short"),
        ({"note": "长" * 101}, "note", "input.too_long"),
        ({"place_id": new_id()}, "place", "availability.place_unknown"),
    ],
)
def test_a_faulty_clinic_is_refused_at_its_field(road: Road, values, field, code) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        set_clinic(road, replace(CLINIC, **values))
    assert [(fault.field, fault.code) for fault in refusal.value.errors] == [(field, code)]
    assert road.rows(ClinicRow) == []


def test_a_clinic_on_top_of_another_is_refused(road: Road) -> None:
    set_clinic(road)
    with pytest.raises(InvalidInputError) as refusal:
        set_clinic(road, replace(CLINIC, starts_minute=15 * 60, ends_minute=16 * 60))
    assert refusal.value.errors[0].code == "availability.clinic_already"
    set_clinic(road, replace(CLINIC, starts_minute=15 * 60 + 30, ends_minute=17 * 60))


def test_who_meets_nobody_in_person_holds_no_clinic(road: Road) -> None:
    online = an_expert(road.store, modes=["online"])
    with pytest.raises(InvalidInputError) as refusal:
        road.store.execute(SYSTEM, availability.set_clinic, online.id, CLINIC)
    assert refusal.value.errors[0].code == "availability.clinic_onsite"


def test_a_clerk_sets_and_takes_back_clinics_at_places_of_his_street_alone(road: Road) -> None:
    own, foreign = (
        a_station(road.store, name, street)
        for name, street in (("唐冶就业服务站", "tangye"), ("郭店就业服务站", "guodian"))
    )
    clerk = staff(road.store, Role.STREET_LIAISON, street="tangye")

    def sets(place: Place | None, **values) -> ClinicRow:
        clinic = replace(CLINIC, place_id=place.id if place else None)
        return road.store.execute(clerk, availability.set_clinic, road.expert.id, clinic, **values)

    row = sets(own)
    assert slots(road) == SLOTS
    abroad = set_clinic(
        road, replace(CLINIC, starts_minute=16 * 60, ends_minute=17 * 60, place_id=foreign.id)
    )
    for refused in (
        lambda: sets(foreign),
        lambda: sets(None),
        lambda: sets(foreign, clinic_id=row.id, version=row.version),
        lambda: sets(own, clinic_id=abroad.id, version=abroad.version),
        lambda: road.store.execute(clerk, availability.remove_clinic, road.expert.id, abroad.id),
        lambda: road.store.execute(clerk, availability.repeat_clinics, CalendarWeek.of(THURSDAY)),
        lambda: road.store.execute(
            clerk, availability.close_day, road.expert.id, Closing(THURSDAY, THURSDAY, "开会")
        ),
    ):
        with pytest.raises(ForbiddenError):
            refused()
    assert [each.place_id for each in road.rows(ClinicRow)] == [own.id, foreign.id]

    road.store.execute(
        clerk, availability.remove_clinic, road.expert.id, row.id, version=row.version
    )
    assert slots(road) == ["16:00", "16:20", "16:40"]
    assert len(road.rows(ClinicRow)) == 1


def test_only_himself_and_officers_set_an_experts_clinics(road: Road) -> None:
    row = set_clinic(road)
    stranger = a_mentor(road.store, an_expert(road.store, name="刘总"))
    for actor in (stranger, road.founder, staff(road.store, Role.AUDITOR)):
        for verb, what in ((availability.set_clinic, CLINIC), (availability.remove_clinic, row.id)):
            with pytest.raises(ForbiddenError):
                road.store.execute(actor, verb, road.expert.id, what)
    road.store.execute(staff(road.store), availability.remove_clinic, road.expert.id, row.id)
