"""Experts' own calendars: what they say busy is not offered, and what is unknown neither."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from app.adapters.email import Outbox
from app.domain.actor import SYSTEM, Actor
from app.domain.availability import NotFreeError, Span, upcoming
from app.domain.booking import BookingStatus
from app.domain.busy_calendar import (
    Fault,
    Parcel,
    Reading,
    SameCalendarError,
    TooManyCalendarsError,
)
from app.domain.errors import ForbiddenError, InvalidInputError, NotFoundError
from app.jobs.handling import OutsideHandler
from app.jobs.registry import registry
from app.jobs.worker import Worker
from app.models.busy_calendar import BusyCalendar, BusySource, BusySpan
from app.queries.busy_calendars import CalendarView, calendars_of
from app.queries.free_times import load_diaries, of_expert
from app.services import bookings, busy_calendars
from app.unit_of_work import Store
from tests.builders import a_mentor, an_expert, staff
from tests.founder_road import statements
from tests.moments import START, at, day
from tests.road import Road

ADDRESS = "https://calendar.example.org/private-1234/basic.ics"


@pytest.fixture
def mentor(road: Road) -> Actor:
    return road.mentor


class Outside:
    """The calendar as the next try will find it."""

    def __init__(self, road: Road) -> None:
        self.road = road
        self.reading = Reading()
        self.parcels: list[Parcel] = []

    def says(self, *spans: tuple[str, str], fault: Fault | None = None) -> None:
        self.reading = Reading(tuple(Span(at(a), at(b)) for a, b in spans), fault)

    def read(self, parcel: Parcel) -> Reading:
        self.parcels.append(parcel)
        return self.reading

    def work(self) -> int:
        kinds = dict(registry(Outbox(), "https://example.org", "历城创业导师"))
        handler = kinds[busy_calendars.READ]
        assert isinstance(handler, OutsideHandler)
        kinds[busy_calendars.READ] = OutsideHandler(
            handler.prepare, self.read, handler.record, ended=handler.ended
        )
        return Worker(self.road.store, kinds).work()


@pytest.fixture
def outside(road: Road) -> Outside:
    return Outside(road)


def add(road: Road, address: str = ADDRESS) -> BusyCalendar:
    return road.store.execute(road.mentor, busy_calendars.add_address, road.expert.id, address)


def starts(road: Road, on: str) -> list[str]:
    with road.store.read(road.founder) as reader:
        times = of_expert(reader, road.expert.id, "consultation", ["onsite"], [day(on)])
    return [f"{time.starts_at.astimezone(START.tzinfo):%H:%M}" for time in times]


def seen(road: Road) -> Sequence[CalendarView]:
    with road.store.read(road.mentor) as reader:
        return calendars_of(reader, road.expert.id)


def test_a_calendar_just_added_means_busy_until_it_was_read(road, outside: Outside) -> None:
    free = starts(road, "09-21")
    assert free
    add(road)
    assert starts(road, "09-21") == []
    outside.work()
    assert starts(road, "09-21") == free
    (parcel,) = outside.parcels
    assert (parcel.address, parcel.zone) == (ADDRESS, "Asia/Shanghai")
    assert parcel.until - parcel.since == timedelta(days=120)


def test_busy_times_are_neither_offered_nor_booked_and_say_why(road, outside: Outside) -> None:
    outside.says(("09-21 14:00", "09-21 15:00"))
    add(road)
    outside.work()
    with pytest.raises(NotFreeError) as refused:
        road.requested("09-21 14:00")
    assert refused.value.code == "availability.busy_elsewhere"
    assert road.requested("09-21 16:00").status is BookingStatus.REQUESTED


def test_busy_times_count_as_no_service_of_the_month(road, outside: Outside, store: Store) -> None:
    outside.says(*((f"09-{n} 09:00", f"09-{n} 09:30") for n in range(17, 29)))
    add(road)
    outside.work()
    with store.read(SYSTEM) as reader:
        diary = load_diaries(reader, [road.expert.id], [day("09-21")]).by_expert[road.expert.id]
    assert diary.month_loads == {}
    assert len(diary.busy) == 12


def test_a_booking_cannot_be_moved_into_a_busy_time(road, outside: Outside) -> None:
    booking = road.accepted("09-21 16:00")
    outside.says(("09-21 14:00", "09-21 15:00"))
    add(road)
    outside.work()
    with pytest.raises(NotFreeError):
        road.store.execute(road.founder, bookings.move, booking.id, at("09-21 14:00"))
    assert road.now(booking).starts_at == at("09-21 16:00")


def test_what_was_good_stays_for_a_day_after_the_calendar_broke(road, outside, clock) -> None:
    outside.says(("09-21 14:00", "09-21 15:00"))
    add(road)
    outside.work()
    good = starts(road, "09-21")
    outside.says(fault=Fault.UNREACHABLE)
    clock.put(at("09-17 09:59"))
    outside.work()
    assert starts(road, "09-21") == good
    (view,) = seen(road)
    assert (view.fault, view.is_unknown) == (Fault.UNREACHABLE, False)
    assert view.read_at == START
    clock.put(at("09-17 10:00"))
    assert starts(road, "09-21") == []
    assert seen(road)[0].is_unknown
    with pytest.raises(NotFreeError) as refused:
        road.requested("09-21 16:00")
    assert refused.value.code == "availability.calendar_unknown"


def test_a_calendar_is_read_every_half_hour_and_once_each_time(road, outside, clock) -> None:
    add(road)
    for minute, tries in (("10:00", 1), ("10:29", 1), ("10:30", 2), ("10:45", 2), ("11:00", 3)):
        clock.put(at(f"09-16 {minute}"))
        outside.work()
        assert outside.work() == 0
        assert len(outside.parcels) == tries
    outside.says(fault=Fault.TOO_SLOW)
    clock.put(at("09-16 11:30"))
    outside.work()
    clock.put(at("09-16 12:00"))
    outside.work()
    assert len(outside.parcels) == 5


def test_a_reader_that_breaks_down_for_good_leaves_a_fault_and_a_next_try(road, clock) -> None:
    add(road)

    class Broken(Outside):
        def read(self, parcel: Parcel) -> Reading:
            raise RuntimeError("bug")

    broken = Broken(road)
    for hour in range(8):
        clock.put(START + timedelta(hours=hour))
        broken.work()
    (view,) = seen(road)
    assert (view.fault, view.is_unknown) == (Fault.TOO_SLOW, True)
    mended = Outside(road)
    clock.put(START + timedelta(hours=8))
    mended.work()
    assert not seen(road)[0].is_unknown


def test_a_file_is_read_once_kept_no_longer_and_known_for_120_days(road, outside, clock) -> None:
    outside.says(("09-21 14:00", "09-21 15:00"))
    road.store.execute(
        road.mentor, busy_calendars.add_file, road.expert.id, "my.ics", b"BEGIN:VCALENDAR"
    )
    assert len(road.rows(BusySource, BusySource.content.is_not(None))) == 1
    outside.work()
    assert outside.parcels[0].content == b"BEGIN:VCALENDAR"
    assert road.rows(BusySource, BusySource.content.is_not(None)) == []
    clock.put(at("09-18 10:00"))
    assert outside.work() == 0
    assert starts(road, "09-21")
    (view,) = seen(road)
    assert (view.name, view.is_unknown) == ("my.ics", False)
    assert view.known_until == START + timedelta(days=120)


def test_times_beyond_what_a_file_tells_are_not_offered(road, outside, clock) -> None:
    road.store.execute(road.mentor, busy_calendars.add_file, road.expert.id, "my.ics", b"x")
    outside.work()
    clock.put(START + timedelta(days=100))
    days = upcoming(clock.now())
    with road.store.read(SYSTEM) as reader:
        times = list(of_expert(reader, road.expert.id, "consultation", ["onsite"], days))
    assert times
    assert max(time.ends_at for time in times) <= START + timedelta(days=120)


def test_a_removed_calendar_leaves_nothing_and_is_not_read_again(road, outside, clock) -> None:
    free = starts(road, "09-21")
    outside.says(("09-21 14:00", "09-21 15:00"))
    calendar = add(road)
    outside.work()
    road.store.execute(road.mentor, busy_calendars.remove, calendar.id)
    assert [road.rows(model) for model in (BusyCalendar, BusySource, BusySpan)] == [[], [], []]
    assert starts(road, "09-21") == free
    clock.put(at("09-16 10:30"))
    outside.work()
    assert len(outside.parcels) == 1


def test_a_calendar_removed_while_it_is_read_stays_removed(road, outside: Outside) -> None:
    calendar = add(road)
    outside.says(("09-21 14:00", "09-21 15:00"))
    plain = outside.read

    def remove_first(parcel: Parcel) -> Reading:
        road.store.execute(road.mentor, busy_calendars.remove, calendar.id)
        return plain(parcel)

    outside.read = remove_first  # type: ignore[method-assign]  # a moment in the middle
    outside.work()
    assert road.rows(BusySpan) == []


def test_a_calendar_is_added_once_and_there_are_at_most_three(road) -> None:
    add(road)
    with pytest.raises(SameCalendarError):
        add(road)
    add(road, f"{ADDRESS}?2")
    add(road, f"{ADDRESS}?3")
    with pytest.raises(TooManyCalendarsError):
        add(road, f"{ADDRESS}?4")
    assert len(road.rows(BusyCalendar)) == 3


def test_a_calendar_is_its_experts_own(road, store: Store) -> None:
    calendar = add(road)
    stranger = a_mentor(store, an_expert(store, name="何伟"))
    with pytest.raises(ForbiddenError):
        store.execute(stranger, busy_calendars.add_address, road.expert.id, ADDRESS)
    for other in (stranger, road.founder):
        with pytest.raises(NotFoundError):
            store.execute(other, busy_calendars.remove, calendar.id)
        with store.read(other) as reader, pytest.raises(NotFoundError):
            calendars_of(reader, road.expert.id)
    with store.read(staff(store)) as reader:
        (view,) = calendars_of(reader, road.expert.id)
    assert view.name == "calendar.example.org/…"


def test_what_is_kept_of_a_busy_time_is_its_span_alone() -> None:
    assert set(BusySpan.__table__.c.keys()) == {
        "id",
        "busy_calendar_id",
        "expert_id",
        "starts_at",
        "ends_at",
    }


@pytest.mark.parametrize("content", [b"", b"x" * (1024 * 1024 + 1)])
def test_an_empty_or_huge_file_is_refused(road, content: bytes) -> None:
    with pytest.raises(InvalidInputError):
        road.store.execute(road.mentor, busy_calendars.add_file, road.expert.id, "my.ics", content)


def test_diaries_with_calendars_still_cost_six_statements(road, outside, store: Store) -> None:
    outside.says(("09-21 14:00", "09-21 15:00"))
    add(road)
    outside.work()
    with store.read(SYSTEM) as reader, statements(store) as seen_statements:
        load_diaries(reader, [road.expert.id], upcoming(START))
    assert len(seen_statements) == 6
