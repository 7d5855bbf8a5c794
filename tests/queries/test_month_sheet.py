import pytest

from app.domain.actor import Role
from app.domain.calendar import Month
from app.domain.errors import NotFoundError
from app.domain.service_record import Status
from app.domain.service_record.slices import Labels
from app.domain.service_session import NoShow
from app.queries import mentor_home as pages
from app.queries import service_counts
from app.services import service_sessions
from app.services.service_sessions import Finish
from tests.builders import a_mentor, an_expert, staff
from tests.founder_road import FounderRoad, plays, road, statements
from tests.moments import at, day

__all__ = ["plays", "road"]

SEPTEMBER = Month(2026, 9)


def sheet(road: FounderRoad, actor=None, month: Month = SEPTEMBER) -> pages.MonthSheet:
    with road.store.read(actor or road.mentor) as reader, statements(road.store) as sent:
        found = pages.month_sheet(reader, month)
    assert len(sent) <= 4, sent
    return found


def a_month(road: FounderRoad) -> None:
    """A service that counts, one too short, one that waits, and one that was missed."""
    road.confirmed("09-16 14:00")
    road.need = road.a_need()
    road.confirmed("09-17 09:00", minutes=20)
    road.need = road.a_need()
    road.recorded("09-18 14:00")
    road.need = road.a_need()
    missed = road.session_of(road.accepted("09-21 14:00"))
    road.put("09-21 14:40")
    road.store.execute(road.mentor, service_sessions.report_no_show, missed.id, NoShow.FOUNDER)


def test_each_service_of_the_month_says_whether_it_counts_and_why_not(road) -> None:
    a_month(road)
    found = sheet(road)
    assert [(row.on.day, row.status, row.counted_minutes) for row in found.rows] == [
        (16, Status.COUNTED, 50),
        (17, Status.NOT_COUNTED, 0),
        (18, Status.NOT_COUNTED, 0),
        (21, Status.NOT_COUNTED, 0),
    ]
    short, waits, missed = found.rows[1:]
    assert short.reason.code == "below_minimum"
    assert waits.pending == "awaiting_confirmation"
    assert missed.reason.zh == "创业者未到"
    assert (found.sessions, found.minutes) == (1, 50)
    assert (found.apart, found.not_counted, found.pending) == (0, 2, 1)


def test_its_sums_are_the_bureaus_figures_for_him(road) -> None:
    a_month(road)
    other = FounderRoad(road.store, road.clock)
    other.confirmed("09-22 14:00")
    found = sheet(road)

    view = service_counts.View(Labels(expert=str(road.expert.id)))
    with road.store.read(staff(road.store)) as reader:
        bureau = service_counts.rows(reader, SEPTEMBER, "sessions", view)
        minutes = service_counts.rows(reader, SEPTEMBER, "mentor_minutes", view)
        everybody = service_counts.rows(reader, SEPTEMBER, "sessions")

    assert (found.sessions, found.minutes) == (bureau.value, minutes.value) == (1, 50)
    assert everybody.value == 2


def test_only_his_own_services_are_on_it(road) -> None:
    road.confirmed("09-16 14:00")
    stranger = a_mentor(road.store, an_expert(road.store, name="刘总"))
    assert sheet(road, stranger).rows == ()
    for nobody in (road.founder, staff(road.store, Role.OFFICER)):
        with pytest.raises(NotFoundError):
            sheet(road, nobody)


def test_a_service_belongs_to_the_month_of_its_real_start(road) -> None:
    session = road.session_of(road.accepted("09-30 20:00"))
    road.put("10-01 02:00")
    facts = Finish(actual_start=at("09-30 23:30"), actual_end=at("10-01 00:30"))
    road.store.execute(road.mentor, service_sessions.finish, session.id, facts)
    assert [row.on for row in sheet(road).rows] == [day("09-30")]
    assert sheet(road, month=Month(2026, 10)).rows == ()


def test_a_month_that_runs_says_so(road) -> None:
    assert not sheet(road).has_ended
    road.put("10-01 00:00")
    assert sheet(road).has_ended
