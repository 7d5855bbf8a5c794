"""履职 by the API: the same numbers as the board, with the services that sum to them."""

from app.domain.actor import Role
from tests.builders import staff
from tests.journeys.visits import Api
from tests.web.bureau.year import district, plays, year

__all__ = ["district", "plays", "year"]


def test_the_board_and_the_services_behind_it(year, app, bearer) -> None:
    api = Api(app, bearer)
    officer = year.district.officer
    board = api.read(officer, "/duty?order=year")
    assert (board["total"], board["next"]) == (2, None)
    lines = {each["name"]: each["meters"] for each in board["items"]}
    assert [lines[name]["services"] for name in ("田野", "高源")] == [2, 3]
    assert lines["高源"]["term_minutes"] == 185
    own = f"/experts/{year.scholar.expert.id}/duty"
    assert api.read(officer, own) == lines["高源"]
    for part in ("year", "term"):
        behind = api.read(officer, f"{own}/services?part={part}")
        assert behind["services"] == len(behind["items"]) == 3
        assert behind["minutes"] == sum(each["minutes"] for each in behind["items"]) == 185
    assert api.read(officer, "/duty?unused=true")["total"] == 0


def test_the_board_is_the_bureaus(year, app, bearer) -> None:
    api = Api(app, bearer)
    street = staff(year.district.store, Role.STREET_LIAISON, street="tangye")
    for who in (year.scholar.actor, year.firm.actor, street):
        assert api.read(who, "/duty")["code"] == "forbidden"
