"""Looking through the API: what it costs, and who may look at what."""

import pytest

from app.domain.actor import Role
from tests.api.conftest import As
from tests.builders import a_founder, an_expert, staff
from tests.founder_road import FounderRoad, statements

MOST_STATEMENTS = 8
TOKEN = 1


def addresses(road: FounderRoad) -> dict[str, str]:
    session = road.confirmed()
    return {
        "need": f"/needs/{road.need.id}",
        "proposals": f"/needs/{road.need.id}/proposals",
        "experts": "/experts?limit=50",
        "expert": f"/experts/{road.expert.id}",
        "free times": f"/experts/{road.expert.id}/free-times",
        "bookings": "/bookings?limit=50",
        "booking": f"/bookings/{session.booking_id}",
        "session": f"/service-sessions/{session.id}",
        "outcome": f"/outcomes/{road.outcome_of(session).id}",
        "counts": "/counts?month=2026-09",
    }


def test_a_look_costs_few_statements_whatever_the_number_of_rows(
    road: FounderRoad, as_: As
) -> None:
    experts = [an_expert(road.store, name=f"专家{number}") for number in range(6)]
    road.proposed(road.expert, *experts)
    asker = as_(staff(road.store, Role.OFFICER))
    for path in addresses(road).values():
        with statements(road.store) as sent:
            assert asker.get(path).status_code == 200
        assert len(sent) <= MOST_STATEMENTS + TOKEN, (path, sent)


@pytest.mark.parametrize("role", [Role.SYS_ADMIN, Role.SEC_ADMIN, Role.AUDIT_ADMIN])
def test_the_three_administrators_see_the_pool_and_nothing_of_the_road(
    road: FounderRoad, as_: As, role: Role
) -> None:
    paths = addresses(road)
    asker = as_(staff(road.store, role))
    statuses = {name: asker.get(path).status_code for name, path in paths.items()}
    open_to_all = {"experts", "expert", "free times"}
    assert {name for name, status in statuses.items() if status == 200} == open_to_all
    assert set(statuses.values()) == {200, 403}


def test_another_founder_finds_nothing_of_somebody_elses_road(road: FounderRoad, as_: As) -> None:
    paths = addresses(road)
    stranger = as_(a_founder(road.store))
    statuses = {name: stranger.get(path).status_code for name, path in paths.items()}
    own = {"need", "proposals", "booking", "session", "outcome"}
    assert {name for name, status in statuses.items() if status == 404} == own
    assert stranger.get("/bookings").json["items"] == []
    assert statuses["counts"] == 403


def test_an_address_that_does_not_exist_is_a_problem_too(road: FounderRoad, as_: As) -> None:
    founder = as_(road.founder)
    assert founder.get("/ventures").status_code == 404
    assert founder.send("DELETE", f"/needs/{road.need.id}").status_code == 405
    for answer in (founder.get("/ventures"), founder.send("DELETE", f"/needs/{road.need.id}")):
        assert answer.content_type == "application/problem+json"
