import pytest

from app.domain.actor import SYSTEM
from app.domain.availability import Clinic
from app.models.availability import Clinic as ClinicRow
from app.services import availability
from tests.builders import an_expert
from tests.moments import day


def a_clinic(road, expert) -> ClinicRow:
    wanted = Clinic(day("09-18"), 9 * 60, 11 * 60, 30)
    return road.store.execute(SYSTEM, availability.set_clinic, expert.id, wanted)


@pytest.fixture
def clinic(road) -> ClinicRow:
    return a_clinic(road, road.expert)


def test_the_half_day_shows_who_comes_and_leads_back_after_the_check_in(
    road, visit, clinic
) -> None:
    session = road.session_of(road.accepted("09-18 09:00", place=""))
    road.put("09-18 08:55")
    path = f"/mentor/clinics/{clinic.id}"
    page = visit.get(path)
    assert "李晓" in page
    assert "空号" in page

    check_in = f"/mentor/sessions/{session.id}/check-in?clinic={clinic.id}"
    assert f'action="{check_in}"' in page
    answer = visit.post(check_in, came_from=path)

    assert (answer.status_code, answer.location) == (303, path)
    assert "导师 08:55 已到" in visit.get(path)


def test_the_calendar_leads_to_the_clinic(visit, clinic) -> None:
    assert f'href="/mentor/clinics/{clinic.id}"' in visit.get("/mentor/calendar")


def test_after_its_end_the_page_says_what_is_to_record(road, visit, clinic) -> None:
    road.accepted("09-18 09:00", place="")
    road.put("09-18 11:30")
    assert "还有 1 份记录要写" in visit.get(f"/mentor/clinics/{clinic.id}")


def test_somebody_elses_clinic_is_not_found(road, visit) -> None:
    other = a_clinic(road, an_expert(road.store, name="刘总"))
    assert visit.status(f"/mentor/clinics/{other.id}") == 404
