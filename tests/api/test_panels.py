"""GET /needs/{id}/panel: what the page on panels shows, for officers' machines."""

import pytest
from sqlalchemy import select

from app.domain.actor import SYSTEM, Role
from app.models.panel import Panel
from tests.api.asking import faults
from tests.builders import a_founder, staff
from tests.panelling import TEXT, Round

NOBODY = "01990000-0000-7000-8000-000000000001"


@pytest.fixture
def table(store) -> Round:
    return Round(store, a_founder(store), staff(store, name="郭铭"))


def path(table, need=None):
    return f"/needs/{(need or table.need).id}/panel"


def test_panels_tell_lead_members_facets_and_the_first_joint_time(table, as_) -> None:
    answer = as_(table.officer).get(path(table))
    assert answer.status_code == 200
    body = answer.json
    assert (body["need_version"], body["chosen"]) == (table.need.version, None)
    assert body["matcher_version"]
    best = body["best"][0]
    assert {each["expert"]["name"] for each in best["members"]} == {"商一", "保二", "投三"}
    assert best["lead_expert_id"] == best["expert_ids"][0]
    assert [each["is_lead"] for each in best["members"]] == [True, False, False]
    assert [each["expert"]["id"] for each in best["members"]] == best["expert_ids"]
    for facet in best["facets"]:
        assert facet["words"] in TEXT
        assert set(facet["expert_ids"]) <= set(best["expert_ids"])
    assert best["first_free"]["starts_at"].startswith("2026-09-16T")
    assert all(each["reasons"] for each in best["members"])
    assert [each["rank"] for each in body["soon"]] == [1, 2, 3][: len(body["soon"])]
    with table.store.read(SYSTEM) as reader:
        assert list(reader.session.scalars(select(Panel))) == []


def test_the_wish_is_in_the_query(table, as_) -> None:
    officer = as_(table.officer)
    wish = {"size": 2, "least_entrepreneur": 1, "most_investor": 0}
    for each in officer.get(path(table), **wish).json["best"]:
        categories = [member["expert"]["category"] for member in each["members"]]
        assert len(categories) == 2
        assert "entrepreneur" in categories
        assert "investor" not in categories


@pytest.mark.parametrize(
    ("wish", "fault"),
    [
        ({"size": 6}, {"size": "input.too_large"}),
        ({"size": "three"}, {"size": "input.not_a_number"}),
        ({"least_scholar": 2, "most_scholar": 1}, {"least_scholar": "panel.least_above_most"}),
        ({"size": 2, "least_scholar": 2, "least_official": 1}, {"size": "panel.least_too_many"}),
        ({"near": 3}, {"near": "input.unknown_field"}),
    ],
)
def test_a_wish_that_cannot_be_is_told_by_field(table, as_, wish, fault) -> None:
    answer = as_(table.officer).get(path(table), **wish)
    assert answer.status_code == 422
    assert faults(answer) == fault


def test_the_panel_that_stands_is_told(table, as_) -> None:
    panel = table.choose("商一", "保二", "投三")
    chosen = as_(table.officer).get(path(table)).json["chosen"]
    assert (chosen["id"], chosen["chosen_by"]) == (str(panel.id), "郭铭")
    assert chosen["chosen_at"] == "2026-09-16T10:00:00+08:00"
    assert len(chosen["members"]) == 3
    assert chosen["first_free"]["mode"] == "onsite"


def test_refusals_name_their_cause(table, as_) -> None:
    officer = as_(table.officer)
    single = table.a_need(session_type="consultation")
    assert officer.get(path(table, single)).json["code"] == "panel.one_expert_does"
    answer = officer.get(path(table), size=5)
    assert (answer.status_code, answer.json["code"]) == (422, "panel.too_few")
    assert officer.get(f"/needs/{NOBODY}/panel").status_code == 404


def test_only_officers_ask(table, as_) -> None:
    clerk = staff(table.store, Role.STREET_LIAISON, street="tangye")
    for actor in (table.founder, clerk, staff(table.store, Role.AUDITOR)):
        assert as_(actor).get(path(table)).status_code == 403
