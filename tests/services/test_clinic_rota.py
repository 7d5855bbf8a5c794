import pytest

from app.domain.actor import SYSTEM
from app.domain.availability import Clinic
from app.domain.calendar import CalendarWeek
from app.domain.errors import ForbiddenError
from app.models.availability import Clinic as ClinicRow
from app.services import availability
from tests.builders import an_expert, staff
from tests.founder_road import FounderRoad, plays, road
from tests.moments import day

__all__ = ["plays", "road"]

NEXT = CalendarWeek.parse("2026-W39")


def clinic(road: FounderRoad, on: str, expert=None) -> ClinicRow:
    wanted = Clinic(day(on), 9 * 60, 12 * 60, 30, note="坐诊台")
    expert_id = (expert or road.expert).id
    return road.store.execute(SYSTEM, availability.set_clinic, expert_id, wanted)


def repeat(road: FounderRoad, actor=None) -> tuple[list[ClinicRow], int]:
    return road.store.execute(actor or staff(road.store), availability.repeat_clinics, NEXT)


def test_a_week_is_set_once_more_each_on_its_weekday(road) -> None:
    clinic(road, "09-16")
    kept, left_out = repeat(road)
    assert [(row.day, row.starts_minute, row.note) for row in kept] == [
        (day("09-23"), 9 * 60, "坐诊台")
    ]
    assert left_out == 0


def test_holidays_lapsed_terms_and_what_stands_are_left_out(road) -> None:
    leaving = an_expert(road.store, name="郑工", term=(day("01-01"), day("09-20")))
    clinic(road, "09-18")
    clinic(road, "09-17", leaving)
    clinic(road, "09-16")
    clinic(road, "09-23")
    assert repeat(road) == ([], 3)
    assert len(road.rows(ClinicRow)) == 4


def test_a_second_time_sets_nothing_twice(road) -> None:
    clinic(road, "09-16")
    repeat(road)
    assert repeat(road) == ([], 1)


def test_a_mentor_repeats_nobodys_week(road) -> None:
    clinic(road, "09-16")
    with pytest.raises(ForbiddenError):
        repeat(road, road.mentor)
