from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from app.domain.actor import Role
from app.domain.calendar import Month
from app.models.audit_entry import AccessEntry
from app.services import periods
from tests.api.asking import PREFIX, Asker, faults
from tests.api.conftest import As, sqlite_only
from tests.builders import staff
from tests.founder_road import FounderRoad

SEPTEMBER = "2026-09"


def measures(asker: Asker, month: str = SEPTEMBER) -> dict[str, dict[str, Any]]:
    answer = asker.get("/counts", month=month)
    assert answer.status_code == 200
    return {item["measure"]: item for item in answer.json["items"]}


def rows_behind(asker: Asker, address: str, limit: int = 50) -> dict[str, Any]:
    """Follow the address of a figure through all its pages."""
    asked = urlsplit(address.removeprefix(PREFIX))
    query: dict[str, Any] = {**dict(parse_qsl(asked.query)), "limit": limit}
    items, first = [], None
    while True:
        answer = asker.get(asked.path, **query)
        assert answer.status_code == 200
        first = first or answer.json
        items += answer.json["items"]
        if answer.json["next"] is None:
            return {**first, "items": items}
        query["cursor"] = answer.json["next"]


def test_every_figure_leads_to_the_rows_that_sum_to_it(road: FounderRoad, as_: As) -> None:
    road.confirmed("09-18 10:00")
    road.confirmed("09-18 16:00", need_id=road.a_need().id)
    road.finished("09-21 10:00", need_id=road.a_need().id)
    officer = as_(staff(road.store, Role.OFFICER))
    found = measures(officer)
    assert found["sessions"]["value"] == 2
    assert (found["session_minutes"]["value"], found["session_hours"]["value"]) == (100, "1.7")
    assert found["distinct_persons"]["value"] == 1
    for name, item in found.items():
        assert item["policy"] == "LC-COUNT-1"
        page = rows_behind(officer, item["rows_url"], limit=1)
        assert sum(row["amount"] for row in page["items"]) == page["value"]
        if not name.endswith("_hours"):
            assert page["value"] == item["value"], name
    left_out = rows_behind(officer, found["sessions"]["rows_url"])["not_counted"]
    assert [(row["reason"], row["amount"]) for row in left_out] == [("unconfirmed", 0)]


def test_the_document_is_that_of_the_command(road: FounderRoad, as_: As) -> None:
    session = road.finished()
    body = as_(staff(road.store, Role.OFFICER)).get("/counts", month=SEPTEMBER).json
    assert (body["month"], body["is_closed"], body["as_reported"]) == (SEPTEMBER, False, None)
    assert body["own"] == {item["measure"]: item["value"] for item in body["items"]}
    assert body["not_counted"] == {str(session.id): "unconfirmed"}


def test_a_closed_month_tells_what_was_reported_and_what_is_known_now(
    road: FounderRoad, as_: As
) -> None:
    road.confirmed("09-18 10:00")
    late = road.recorded("09-21 10:00", need_id=road.a_need().id)
    approver = staff(road.store, Role.APPROVER)
    road.put("10-20 09:00")
    road.store.execute(approver, periods.close, Month.parse(SEPTEMBER))
    outcome = road.outcome_of(late)
    confirm = {"agrees": True}
    assert as_(road.founder).post(f"/outcomes/{outcome.id}/confirm", confirm).status_code == 200

    sessions = measures(as_(approver))["sessions"]
    assert (sessions["value"], sessions["as_reported"], sessions["restated"]) == (1, 1, 2)
    page = rows_behind(as_(approver), sessions["rows_url"])
    assert sum(row["amount"] for row in page["items"]) == 1
    now = as_(approver).get("/counts/rows", month=SEPTEMBER, measure="sessions").json
    assert now["value"] == 2


def test_who_sees_a_part_gets_the_figures_of_that_part(road: FounderRoad, as_: As) -> None:
    road.confirmed()
    own = as_(staff(road.store, Role.STREET_LIAISON, street="tangye"))
    other = as_(staff(road.store, Role.STREET_LIAISON, street="hongjialou"))
    assert measures(own)["sessions"]["value"] == 1
    assert measures(other)["sessions"]["value"] == 0
    rows = other.get("/counts/rows", month=SEPTEMBER, measure="sessions").json
    assert (rows["items"], rows["not_counted"]) == ([], [])
    assert as_(road.founder).get("/counts", month=SEPTEMBER).status_code == 403


def test_a_look_at_rows_is_entered_in_the_access_log(road: FounderRoad, as_: As) -> None:
    approver, auditor = staff(road.store, Role.APPROVER), staff(road.store, Role.AUDITOR)
    for reader in (approver, auditor):
        as_(reader).get("/counts", month=SEPTEMBER)
        as_(reader).get("/counts/rows", month=SEPTEMBER, measure="sessions")
    noted = [(look.account_id, look.subject) for look in road.rows(AccessEntry)]
    assert noted == [
        (approver.account_id, "/api/v1/counts/rows"),
        (auditor.account_id, "/api/v1/counts"),
        (auditor.account_id, "/api/v1/counts/rows"),
    ]


@sqlite_only
@pytest.mark.parametrize(
    ("path", "query", "code"),
    [
        ("/counts", {}, {"month": "input.required"}),
        ("/counts", {"month": "2026-13"}, {"month": "calendar.month_invalid"}),
        ("/counts", {"month": "September"}, {"month": "calendar.month_invalid"}),
        ("/counts", {"month": "1999-12"}, {"month": "input.too_early"}),
        ("/counts", {"month": "2100-01"}, {"month": "input.too_late"}),
        ("/counts/rows", {"month": SEPTEMBER}, {"measure": "input.required"}),
        (
            "/counts/rows",
            {"month": SEPTEMBER, "measure": "sessions", "as_reported": "maybe"},
            {"as_reported": "input.not_true_or_false"},
        ),
    ],
)
def test_a_month_that_is_none_is_refused(
    road: FounderRoad, as_: As, path: str, query: dict[str, str], code: dict[str, str]
) -> None:
    answer = as_(staff(road.store, Role.OFFICER)).get(path, **query)
    assert (answer.status_code, faults(answer)) == (422, code)


def test_an_unknown_measure_is_refused(road: FounderRoad, as_: As) -> None:
    officer = as_(staff(road.store, Role.OFFICER))
    answer = officer.get("/counts/rows", month=SEPTEMBER, measure="applause")
    assert (answer.status_code, answer.json["code"]) == (422, "count.unknown_measure")


def test_a_month_before_any_policy_is_refused(road: FounderRoad, as_: As) -> None:
    answer = as_(staff(road.store, Role.OFFICER)).get("/counts", month="2025-12")
    assert (answer.status_code, answer.json["code"]) == (422, "policy.none_in_force")
