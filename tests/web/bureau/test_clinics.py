import pytest

from app.domain.actor import SYSTEM, Role
from app.domain.availability import Clinic
from app.models.availability import Clinic as ClinicRow
from app.services import availability
from tests.builders import staff
from tests.counter import a_station
from tests.founder_road import plays, road
from tests.moments import day

__all__ = ["plays", "road"]

ROTA = "/bureau/clinics"


@pytest.fixture
def officer(road, enter):
    return enter(staff(road.store))


@pytest.fixture
def clinic(road) -> ClinicRow:
    wanted = Clinic(day("09-18"), 9 * 60, 11 * 60, 30)
    return road.store.execute(SYSTEM, availability.set_clinic, road.expert.id, wanted)


def test_an_officer_sets_a_clinic(road, officer) -> None:
    answer = officer.post(
        ROTA,
        expert_id=str(road.expert.id),
        day="2026-09-21",
        starts="13:30",
        ends="17:00",
        slot_minutes="30",
        note="创业坐诊台",
    )
    assert answer.location == f"{ROTA}?month=2026-09"
    (row,) = road.rows(ClinicRow)
    assert (row.day, row.starts_minute, row.ends_minute) == (day("09-21"), 810, 1020)
    assert "已排上坐诊" in officer.get(answer.location)


def test_a_faulty_clinic_keeps_what_was_typed(road, officer) -> None:
    answer = officer.post(
        ROTA, status=422, day="2026-09-21", starts="17:00", ends="13:30", note="早"
    )
    page = answer.get_data(as_text=True)
    assert 'value="早"' in page
    assert "哪位导师" in page
    assert road.rows(ClinicRow) == []


def test_a_clinic_shows_its_slots_and_is_taken_back(road, officer, clinic) -> None:
    page = officer.get(f"{ROTA}/{clinic.id}")
    assert "09:00–09:30" in page
    assert "空号" in page

    answer = officer.post(f"{ROTA}?month=2026-09", f"{ROTA}/{clinic.id}/remove")

    assert answer.location == f"{ROTA}?month=2026-09"
    assert road.rows(ClinicRow) == []


def test_a_week_is_repeated_and_says_what_was_left_out(road, officer, clinic) -> None:
    answer = officer.post(ROTA, f"{ROTA}/repeat", week="2026-W39")
    page = officer.get(answer.location)
    assert "已排上 0 场" in page
    assert "有 1 场没有排" in page


@pytest.mark.parametrize("by", ["day", "place", "expert"])
def test_the_rota_is_arranged_in_three_ways(officer, clinic, by: str) -> None:
    assert "0 / 4" in officer.get(f"{ROTA}?month=2026-09&by={by}")


def test_a_street_sets_and_takes_back_its_own_clinics_and_reads_the_others(
    road, enter, clinic
) -> None:
    liaison = enter(staff(road.store, Role.STREET_LIAISON, street="tangye"))
    own, foreign = (
        a_station(road.store, name, street)
        for name, street in (("唐冶就业服务站", "tangye"), ("郭店就业服务站", "guodian"))
    )
    page = liaison.get(f"{ROTA}?month=2026-09")
    assert "张敏" in page
    assert "取消坐诊" not in page
    assert "照上一周再排一遍" not in page
    assert "唐冶就业服务站" in page
    assert "郭店就业服务站" not in page
    typed = {
        "expert_id": str(road.expert.id),
        "day": "2026-09-21",
        "starts": "13:30",
        "ends": "17:00",
        "slot_minutes": "30",
        "month": "2026-09",
    }
    liaison.post(ROTA, status=403, **typed, place_id=str(foreign.id))
    liaison.post(f"{ROTA}?month=2026-09", ROTA, **typed, place_id=str(own.id))
    (row,) = road.rows(ClinicRow, ClinicRow.place_id == own.id)
    page = liaison.get(f"{ROTA}?month=2026-09")
    assert f'action="{ROTA}/{row.id}/remove"' in page
    assert f'action="{ROTA}/{clinic.id}/remove"' not in page
    token = liaison.token("/bureau/desk")
    wanted = {"csrf_token": token, "version": "1", "expert_id": str(road.expert.id)}
    liaison.send(f"{ROTA}/{clinic.id}/remove", 403, **wanted)
    liaison.send(f"{ROTA}/{row.id}/remove", **wanted, month="2026-09")
    assert [each.id for each in road.rows(ClinicRow)] == [clinic.id]
    liaison.get(f"{ROTA}/{clinic.id}", 403)
