import pytest

from app.domain.actor import SYSTEM, Role
from app.domain.availability import Closing, Opening, Week, WeekSpan
from app.domain.booking import BookingStatus
from app.domain.busy_calendar import CalendarSource
from app.domain.calendar import CalendarWeek
from app.domain.errors import NotFoundError
from app.models.booking import Booking
from app.models.busy_calendar import BusyCalendar, BusySpan
from app.queries.booking_pages import Stage
from app.queries.expert_weeks import EntryKind, ExpertWeek, NoteKind, expert_week
from app.services import availability, bookings
from tests.builders import a_founder, a_mentor, an_expert, staff
from tests.founder_road import FounderRoad, statements
from tests.moments import at, day
from tests.scenes import Plays, after

MOST_STATEMENTS = 8
ALL = frozenset({"onsite", "online", "phone"})
WEEK = CalendarWeek.parse("2026-W38")


@after(FounderRoad)
def with_afternoons(road: FounderRoad) -> FounderRoad:
    hours = [WeekSpan(weekday, 14 * 60, 17 * 60, ALL) for weekday in range(5)]
    road.store.execute(SYSTEM, availability.set_week, road.expert.id, Week(hours, 8, 0, 0))
    return road


@pytest.fixture
def plays() -> Plays:
    return {"road": with_afternoons}


@pytest.fixture
def road(scene: FounderRoad) -> FounderRoad:
    return scene


def look(road, week=WEEK, *, actor=None, expert_id=None) -> ExpertWeek:
    who = actor or road.mentor
    with road.store.read(who) as reader, statements(road.store) as sent:
        found = expert_week(reader, expert_id or road.expert.id, week)
    assert len(sent) <= MOST_STATEMENTS, sent
    return found


def of_kind(found: ExpertWeek, kind: EntryKind) -> list[tuple[object, object]]:
    return [(entry.starts_at, entry.ends_at) for entry in found.entries if entry.kind is kind]


def another(road, when: str):
    founder = a_founder(road.store, name="王强")
    need = road.a_need(founder)
    choice = road.choice(when, need_id=need.id)
    return road.store.execute(founder, bookings.request_now, choice)


def test_what_can_be_booked_stands_around_what_is_agreed_and_asked_for(road) -> None:
    agreed, asked = road.accepted("09-18 14:00"), another(road, "09-18 16:00")

    found = look(road)

    friday = [entry for entry in found.entries if entry.starts_at >= at("09-18 00:00")]
    assert [(entry.kind, entry.starts_at, entry.ends_at) for entry in friday] == [
        (EntryKind.BOOKED, at("09-18 14:00"), at("09-18 14:50")),
        (EntryKind.FREE, at("09-18 15:00"), at("09-18 15:50")),
        (EntryKind.ASKED, at("09-18 16:00"), at("09-18 16:50")),
    ]
    first, _, third = (entry.booked for entry in friday)
    assert (first.booking_id, first.founder, first.stage) == (agreed.id, "李晓", Stage.AGREED)
    assert (third.booking_id, third.stage) == (asked.id, Stage.AWAITS_ANSWER)
    assert third.answer_by == asked.answer_by
    assert first.session_id == road.session_of(agreed).id


def test_what_is_past_cannot_be_booked(road) -> None:
    road.put("09-16 15:10")
    assert of_kind(look(road), EntryKind.FREE) == [
        (at("09-16 15:15"), at("09-16 16:50")),
        *((at(f"09-{number} 14:00"), at(f"09-{number} 16:50")) for number in (17, 18)),
    ]


def test_special_days_are_named_and_take_their_hours(road) -> None:
    for act, special in (
        (availability.close_day, Closing(day("09-17"), day("09-17"), "出差")),
        (availability.close_day, Closing(day("09-18"), day("09-18"), "开会", 840, 900)),
        (availability.open_day, Opening(day("09-19"), 9 * 60, 10 * 60, ALL, "加班")),
    ):
        road.store.execute(road.mentor, act, road.expert.id, special)

    found = look(road)

    told = {on.on: [(note.kind, note.text) for note in on.notes] for on in found.days}
    assert told[day("09-17")] == [(NoteKind.CLOSED, "出差")]
    assert told[day("09-19")] == [(NoteKind.OPENED, "加班")]
    assert of_kind(found, EntryKind.CLOSED) == [(at("09-18 14:00"), at("09-18 15:00"))]
    free = of_kind(found, EntryKind.FREE)
    assert [start for start, _ in free] == [
        at("09-16 14:00"), at("09-18 15:00"), at("09-19 09:00"),
    ]  # fmt: skip
    assert found.is_shown(day("09-19"))


def test_the_districts_holidays_and_make_up_workdays_are_named(road) -> None:
    found = look(road, CalendarWeek.parse("2026-W39"))
    told = {on.on: on.notes for on in look(road).days} | {on.on: on.notes for on in found.days}
    (make_up,), (holiday,) = told[day("09-20")], told[day("09-25")]
    assert make_up.kind is NoteKind.MAKE_UP
    assert (holiday.kind, holiday.is_whole_day) == (NoteKind.HOLIDAY, True)
    assert "中秋" in holiday.text
    assert look(road).is_shown(day("09-20"))
    assert not look(road).is_shown(day("09-19"))


def test_a_suspended_booking_keeps_its_place(road) -> None:
    booking = road.accepted("09-18 14:00")
    road.store.execute(SYSTEM, _suspend, booking.id)
    found = look(road)
    assert of_kind(found, EntryKind.SUSPENDED) == [(at("09-18 14:00"), at("09-18 14:50"))]
    assert of_kind(found, EntryKind.FREE)[-1] == (at("09-18 15:00"), at("09-18 16:50"))


def test_what_ended_leaves_its_time_to_others(road) -> None:
    booking = road.accepted("09-18 14:00")
    road.store.execute(road.mentor, bookings.cancel, booking.id, "m_illness")
    kinds = {entry.kind for entry in look(road).entries}
    assert kinds == {EntryKind.FREE}


def test_a_held_meeting_stays_in_its_week(road) -> None:
    road.confirmed("09-16 14:00")
    booked = [entry.booked for entry in look(road).entries if entry.booked]
    assert [each.stage for each in booked] == [Stage.DONE]


def test_a_full_month_and_a_far_week_say_why_nothing_is_free(road) -> None:
    hours = [WeekSpan(4, 14 * 60, 17 * 60, ALL)]
    road.store.execute(SYSTEM, availability.set_week, road.expert.id, Week(hours, 1, 0, 0))
    road.accepted("09-18 14:00")

    found, far = look(road), look(road, CalendarWeek.parse("2026-W50"))

    assert (found.full, of_kind(found, EntryKind.FREE)) == (("month",), [])
    assert far.entries == ()
    assert far.week.monday_on > far.bookable_until == day("11-14")


def test_the_next_meeting_after_the_week_is_told(road) -> None:
    assert look(road).next_at is None
    road.accepted("09-22 14:00")
    assert look(road).next_at == at("09-22 14:00")
    assert of_kind(look(road), EntryKind.BOOKED) == []


@pytest.mark.parametrize("role", [Role.OFFICER, Role.APPROVER])
def test_the_bureau_looks_after_every_expert(road, role: Role) -> None:
    road.accepted("09-18 14:00")
    assert look(road, actor=staff(road.store, role)).entries == look(road).entries


def test_nobody_else_sees_an_experts_week(road) -> None:
    other = a_mentor(road.store, an_expert(road.store, name="刘总"))
    for actor in (other, road.founder, staff(road.store, Role.AUDITOR)):
        with pytest.raises(NotFoundError):
            look(road, actor=actor)


def _suspend(uow, booking_id) -> None:
    booking = uow.load(Booking, booking_id)
    booking.status = BookingStatus.SUSPENDED
    uow.audit("booking.suspended", booking)


def read_calendar(road, *spans: tuple[str, str], **reading) -> None:
    def add(uow) -> None:
        uow.add(
            BusyCalendar(
                expert_id=road.expert.id,
                source=CalendarSource.FILE,
                added_at=uow.now,
                **reading,
            )
        )

    road.store.execute(SYSTEM, add)
    (calendar,) = road.rows(BusyCalendar)

    def fill(uow) -> None:
        for first, last in spans:
            uow.add(
                BusySpan(
                    busy_calendar_id=calendar.id,
                    expert_id=road.expert.id,
                    starts_at=at(first),
                    ends_at=at(last),
                )
            )

    road.store.execute(SYSTEM, fill)


def test_what_his_own_calendars_say_stands_in_the_week_joined_where_it_touches(road) -> None:
    read_calendar(
        road,
        ("09-17 15:30", "09-17 16:00"),
        ("09-17 14:00", "09-17 16:30"),
        ("09-17 16:00", "09-17 17:00"),
        ("09-30 14:00", "09-30 15:00"),
        read_at=at("09-16 08:00"),
        known_until=at("12-31 00:00"),
    )
    found = look(road)
    assert of_kind(found, EntryKind.BUSY) == [(at("09-17 14:00"), at("09-17 17:00"))]
    thursday = [first for first, _ in of_kind(found, EntryKind.FREE) if first > at("09-17 00:00")]
    assert thursday == [at("09-18 14:00")]
    assert found.unknown_from is None


def test_the_week_says_from_when_on_a_calendar_of_his_tells_nothing(road) -> None:
    read_calendar(road, read_at=at("09-16 08:00"), known_until=at("09-18 00:00"))
    found = look(road)
    assert found.unknown_from == at("09-18 00:00")
    assert look(road, WEEK.shifted(-1)).unknown_from is None
    assert (found.is_unknown, look(road, WEEK.shifted(1)).is_unknown) == (False, True)
