from datetime import UTC, date, datetime

import pytest

from app.adapters.import_rows import CALENDAR
from app.adapters.sheets import pasted_rows
from app.domain.actor import SYSTEM, Role
from app.domain.availability import Opening
from app.domain.booking import BookingStatus
from app.domain.calendar import DayKind
from app.domain.errors import ForbiddenError
from app.domain.import_row import ImportRefusedError, SourceRow
from app.domain.task import TaskKind
from app.models.availability import CalendarDay
from app.models.booking import Booking
from app.models.job import Job
from app.models.outcome import Outcome
from app.models.suspension import Suspension
from app.models.task import Task
from app.services import audit_entries, availability, bookings, calendars
from app.services.calendars import CalendarReport
from tests.builders import a_mentor, a_need, an_expert, staff
from tests.moments import at
from tests.scenes import Plays
from tests.services.scene import Scene, set_scene

FIELDS = [heading.field for heading in CALENDAR.headings]


@pytest.fixture
def plays() -> Plays:
    return {"people": set_scene}


@pytest.fixture
def people(scene: Scene) -> Scene:
    return scene


@pytest.fixture
def approver(store):
    return staff(store, Role.APPROVER)


def rows_of(text: str) -> tuple[SourceRow, ...]:
    return pasted_rows(text, CALENDAR.by_name, FIELDS)


def known(people: Scene) -> str:
    """The year 2026 as it stands, as a table to paste."""
    of_2026 = CalendarDay.day.between(date(2026, 1, 1), date(2026, 12, 31))
    days = people.rows(CalendarDay, of_2026, ~CalendarDay.is_withdrawn, CalendarDay.name != "庆典")
    lines = [f"{row.day}\t{row.kind.value}\t{row.name}\t{row.source}" for row in days]
    return "\n".join(lines) + "\n"


def take(people: Scene, approver, text: str, **values) -> CalendarReport:
    return people.store.execute(approver, calendars.import_rows, rows_of(text), **values)


def test_a_notice_is_taken_over_once_and_the_same_again_changes_nothing(people, approver) -> None:
    text = "日期\t类型\t名称\n2027-01-01\t放假\t元旦\n2027-01-03\t上班\t元旦调休\n"
    rehearsed = take(people, approver, text, dry_run=True)
    assert (rehearsed.created, people.rows(CalendarDay, CalendarDay.day > date(2027, 1, 1))) == (
        2,
        [],
    )
    assert take(people, approver, text).created == 2
    again = take(people, approver, text)
    assert (again.created, again.updated, again.unchanged, again.withdrawn) == (0, 0, 2, 0)
    changed = take(people, approver, "2027-01-01，放假，新年\n")
    assert (changed.updated, changed.withdrawn) == (1, 1)
    back = take(people, approver, text)
    assert (back.updated, back.withdrawn) == (2, 0)
    with people.store.read(SYSTEM) as reader:
        assert audit_entries.verify(reader, people.store.audit_key()).faults == []


def test_one_faulty_row_takes_nothing_and_each_fault_names_row_field_and_reason(
    people, approver
) -> None:
    text = (
        "2027-01-01，放假，元旦\n2027-01-01，放假，元旦\n2027-02-30，放假，春节\n"
        "2027-01-04，上班，补班\n2027-01-05，也许，什么\n2027-01-06，放假\n"
    )
    with pytest.raises(ImportRefusedError) as refused:
        take(people, approver, text)
    assert [(fault.row, fault.field, fault.code) for fault in refused.value.faults] == [
        (2, "date", "import.double_id"),
        (3, "date", "input.not_a_date"),
        (4, "date", "calendar.plain_workday"),
        (5, "kind", "calendar.unknown_kind"),
        (6, "name", "input.required"),
    ]
    assert not people.rows(CalendarDay, CalendarDay.day >= date(2027, 1, 1))
    with pytest.raises(ForbiddenError):
        people.store.execute(people.officer, calendars.import_rows, rows_of(text))
    for empty in ("", "日期，类型，名称"):
        with pytest.raises(ImportRefusedError):
            rows_of(empty)
    with pytest.raises(ImportRefusedError):
        rows_of("2027-01-01，放假，元旦，文号，是，多的")


def test_bookings_on_a_new_day_off_are_suspended_and_come_back_with_the_day(
    people, approver
) -> None:
    agreed = people.accepted("09-24 14:00")
    asked = people.request("09-24 16:00")
    other = people.accepted("09-23 14:00")
    text = known(people)
    report = take(people, approver, text + "2026-09-24\toff\t庆典\n")
    people.work()
    assert (report.created, report.suspended) == (1, 2)
    now = {row.id: row.status for row in people.rows(Booking)}
    assert (now[agreed.id], now[asked.id]) == (BookingStatus.SUSPENDED,) * 2
    assert now[other.id] is BookingStatus.ACCEPTED
    assert len(people.rows(Task, Task.kind == TaskKind.SUSPENDED_BOOKING)) == 2
    for person in (people.founder, people.mentor):
        assert len(people.told(person, "booking.suspended")) == 2
    returned = take(people, approver, text)
    assert (returned.withdrawn, returned.resumed) == (1, 2)
    now = {row.id: row.status for row in people.rows(Booking)}
    assert (now[agreed.id], now[asked.id]) == (BookingStatus.ACCEPTED, BookingStatus.REQUESTED)
    assert not people.rows(Suspension, Suspension.ended_at.is_(None))
    assert not people.rows(Task, Task.closed_at.is_(None))


def test_an_expert_who_opens_the_holiday_himself_keeps_his_bookings(people, approver) -> None:
    booking = people.accepted("09-24 14:00")
    opening = Opening(date(2026, 9, 24), 9 * 60, 18 * 60, frozenset({"onsite"}), "值班")
    people.store.execute(people.mentor, availability.open_day, people.expert.id, opening)
    assert take(people, approver, known(people) + "2026-09-24\toff\t庆典\n").suspended == 0
    assert people.rows(Booking)[0].status is BookingStatus.ACCEPTED == booking.status


def test_deadlines_over_new_days_off_are_lengthened_and_their_jobs_follow(people, approver) -> None:
    asked = people.request("09-29 16:00")
    assert asked.answer_by == at("09-18 10:00")
    report = take(people, approver, known(people) + "2026-09-17\toff\t庆典\n")
    assert report.lengthened == 1
    [now] = people.rows(Booking)
    # Saturday is off, Sunday the 20th is made up.
    assert now.answer_by == at("09-20 10:00")
    [expiry] = people.rows(Job, Job.kind == "expire_booking", Job.state == "ready")
    assert expiry.run_at == now.answer_by


def test_a_worked_day_more_shortens_no_deadline(people, approver) -> None:
    people.recorded()
    before = people.rows(Outcome)[0].confirm_by
    report = take(people, approver, known(people) + "2026-09-19\tworkday\t调休\n")
    assert (report.created, report.lengthened) == (1, 0)
    assert people.rows(Outcome)[0].confirm_by == before
    assert take(people, approver, known(people) + "2026-09-22\toff\t庆典\n").lengthened == 1
    assert people.rows(Outcome)[0].confirm_by > before
    assert len(people.rows(Job, Job.kind == "lapse_outcome", Job.state == "ready")) == 1


def test_from_november_the_missing_year_is_one_task_until_it_is_imported(
    people, approver, clock
) -> None:
    def watch() -> Task | None:
        return people.store.execute(SYSTEM, calendars.watch)

    assert watch() is None
    clock.put(at("11-01 00:30"))
    task = watch()
    assert task is not None
    assert (task.facts, task.due_by) == ({"year": 2027}, datetime(2026, 12, 31, 16, tzinfo=UTC))
    assert watch().id == task.id
    take(people, approver, "2027-01-01，放假，元旦")
    assert watch() is None
    assert people.rows(Task)[0].closed_at is not None


def test_an_officials_booking_on_a_make_up_sunday_is_suspended_when_it_is_withdrawn(
    people, approver
) -> None:
    official = an_expert(people.store, name="林科", category="official", weekly=False)
    need = a_need(people.store, people.founder.person_id)
    choice = bookings.Choice(
        need_id=need.id, expert_id=official.id, starts_at=at("09-20 10:00"), mode="onsite"
    )
    booking = people.store.execute(people.founder, bookings.request_now, choice)
    people.store.execute(a_mentor(people.store, official), bookings.accept, booking.id)
    text = "".join(line + "\n" for line in known(people).splitlines() if "09-20" not in line)
    assert take(people, approver, text).suspended == 1
    kinds = people.rows(CalendarDay, CalendarDay.day == date(2026, 9, 20))
    assert [(row.kind, row.is_withdrawn) for row in kinds] == [(DayKind.WORKDAY, True)]
