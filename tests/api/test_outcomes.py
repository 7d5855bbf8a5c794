from typing import Any

import pytest

from app.domain.outcome import OutcomeStatus
from app.models.outcome import Confirmation, Dispute, OutcomeVersion, Rating
from tests.api.asking import faults
from tests.api.conftest import As, sqlite_only
from tests.builders import a_founder, a_mentor, an_expert
from tests.founder_road import FounderRoad

BODY: dict[str, Any] = {
    "question": "注册个体户还是公司",
    "advice": "先办个体户，营业额上来再转公司",
    "actions": [{"text": "备齐材料去大厅办理", "owner": "李晓", "due_on": "2026-10-15"}],
    "result": "advised",
}


def recorded(road: FounderRoad, as_: As, **values: Any) -> Any:
    session = road.finished()
    return as_(road.mentor).post(f"/service-sessions/{session.id}/outcome", {**BODY, **values})


def test_the_first_record_is_version_one(road: FounderRoad, as_: As) -> None:
    answer = recorded(road, as_)
    outcome = answer.json
    assert (answer.status_code, outcome["version"], outcome["status"]) == (200, 1, "recorded")
    assert answer.headers["ETag"] == '"1"'
    assert {name: outcome[name] for name in BODY} == BODY
    assert outcome["confirm_by"] == "2026-09-25T00:00:00+08:00"
    session = as_(road.founder).get(f"/service-sessions/{outcome['service_session_id']}").json
    assert session["outcome_id"] == outcome["id"]
    assert as_(road.founder).get(f"/outcomes/{outcome['id']}").json == outcome


def test_a_record_says_more_where_there_is_more_and_is_signed(road: FounderRoad, as_: As) -> None:
    more = {
        "stage": "startup",
        "topics": ["registration"],
        "effects": [{"kind": "eff_jobs", "amount": 3, "words": "新招三人"}],
        "referral": {"to": "区税务局", "why": "一般纳税人认定"},
        "signed_name": road.mentor.name,
    }
    outcome = recorded(road, as_, **more).json
    assert {name: outcome[name] for name in more} == more
    confirmed = as_(road.founder).post(
        f"/outcomes/{outcome['id']}/confirm", {"agrees": True, "signed_name": road.founder.name}
    )
    assert confirmed.json["status"] == "confirmed"
    (said,) = road.rows(Confirmation)
    assert said.text_sha256 == outcome["text_sha256"]


def test_an_effect_that_cannot_be_is_named_at_its_place(road: FounderRoad, as_: As) -> None:
    effects = [{"kind": "eff_ip", "words": "证书"}, {"kind": "eff_loan", "words": "放款"}]
    answer = recorded(road, as_, effects=effects)
    assert faults(answer) == {"effects[1].amount": "outcome.effect_amount"}
    assert road.rows(OutcomeVersion) == []


def test_an_outcome_that_awaits_its_record_is_version_nought(road: FounderRoad, as_: As) -> None:
    awaited = road.outcome_of(road.finished())
    seen = as_(road.mentor).get(f"/outcomes/{awaited.id}").json
    assert (seen["version"], seen["status"], seen["question"]) == (0, "awaiting_record", None)


def test_a_later_record_says_why_and_is_the_next_version(road: FounderRoad, as_: As) -> None:
    first = recorded(road, as_).json
    path = f"/service-sessions/{first['service_session_id']}/outcome"
    mentor = as_(road.mentor)
    assert faults(mentor.post(path, BODY)) == {"reason": "input.required"}
    second = mentor.post(path, {**BODY, "advice": "直接办公司", "reason": "客户要求"}).json
    assert (second["id"], second["version"], second["advice"]) == (first["id"], 2, "直接办公司")
    assert [row.number for row in road.rows(OutcomeVersion)] == [1, 2]


def test_one_confirms_the_record_one_has_read(road: FounderRoad, as_: As) -> None:
    first = recorded(road, as_)
    path = f"/service-sessions/{first.json['service_session_id']}/outcome"
    seen = {"If-Match": first.headers["ETag"]}
    later = {**BODY, "reason": "补充"}
    assert as_(road.mentor).post(path, later, headers=seen).status_code == 200
    assert as_(road.mentor).post(path, later, headers=seen).json["code"] == "version.stale"

    confirm = f"/outcomes/{first.json['id']}/confirm"
    stale = as_(road.founder).post(confirm, {"agrees": True}, headers=seen)
    assert (stale.status_code, stale.json["code"]) == (409, "version.stale")
    assert stale.json["version"] == 2
    assert road.rows(Confirmation) == []
    fresh = {"If-Match": '"2"'}
    assert as_(road.founder).post(confirm, {"agrees": True}, headers=fresh).status_code == 200


def test_a_confirmation_counts_the_service_and_keeps_the_rating_apart(
    road: FounderRoad, as_: As
) -> None:
    outcome = recorded(road, as_).json
    path = f"/outcomes/{outcome['id']}/confirm"
    said = {"agrees": True, "rating": 5, "remark": "很有帮助"}
    confirmed = as_(road.founder).post(path, said).json
    assert (confirmed["status"], confirmed["confirmation_kind"]) == ("confirmed", "signed_in")
    assert "rating" not in confirmed
    assert [row.score for row in road.rows(Rating)] == [5]
    session = as_(road.founder).get(f"/service-sessions/{outcome['service_session_id']}").json
    assert (session["decision"]["status"], session["decision"]["minutes"]) == ("counted", 50)
    again = as_(road.founder).post(path, {"agrees": True})
    assert (again.status_code, again.json["code"]) == (409, "outcome.illegal_transition")


def test_one_rates_a_service_once(road: FounderRoad, as_: As) -> None:
    path = f"/outcomes/{recorded(road, as_).json['id']}/confirm"
    said = {"agrees": True, "rating": 5}
    assert as_(road.founder).post(path, said).status_code == 200
    again = as_(road.founder).post(path, {**said, "rating": 1})
    assert again.status_code == 409
    assert [row.score for row in road.rows(Rating)] == [5]


def test_disagreeing_opens_a_dispute_and_needs_a_remark(road: FounderRoad, as_: As) -> None:
    path = f"/outcomes/{recorded(road, as_).json['id']}/confirm"
    founder = as_(road.founder)
    assert faults(founder.post(path, {"agrees": False})) == {"remark": "input.required"}
    assert road.rows(Dispute) == []
    disputed = founder.post(path, {"agrees": False, "remark": "只谈了十分钟"}).json
    assert disputed["status"] == OutcomeStatus.DISPUTED
    (dispute,) = road.rows(Dispute)
    assert dispute.statement == "只谈了十分钟"


def test_nobody_but_the_founder_confirms_and_the_mentor_records(road: FounderRoad, as_: As) -> None:
    outcome = recorded(road, as_).json
    path = f"/outcomes/{outcome['id']}/confirm"
    assert as_(road.mentor).post(path, {"agrees": True}).status_code == 403
    assert as_(a_founder(road.store)).post(path, {"agrees": True}).status_code == 404
    write = f"/service-sessions/{outcome['service_session_id']}/outcome"
    assert as_(road.founder).post(write, BODY).status_code == 403
    other = a_mentor(road.store, an_expert(road.store, name="另一位"))
    assert as_(other).post(write, BODY).status_code == 404
    assert as_(other).get(f"/outcomes/{outcome['id']}").status_code == 404


def test_a_meeting_that_was_not_held_has_no_outcome(road: FounderRoad, as_: As) -> None:
    session = road.session_of(road.accepted())
    answer = as_(road.mentor).post(f"/service-sessions/{session.id}/outcome", BODY)
    assert (answer.status_code, answer.json["code"]) == (404, "outcome.not_found")


@sqlite_only
@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"question": ""}, {"question": "input.required"}),
        ({"advice": "话" * 4001}, {"advice": "input.too_long"}),
        ({"result": "wonderful"}, {"result": "input.unknown_code"}),
        ({"actions": [BODY["actions"][0]] * 11}, {"actions": "input.too_many"}),
        (
            {"actions": [{"text": "做", "owner": "李晓", "due_on": "15.10."}]},
            {"actions[0].due_on": "input.not_a_date"},
        ),
        (
            {"actions": [{"text": " ", "owner": "李晓", "due_on": "2026-10-15", "done": True}]},
            {"actions[0].done": "input.unknown_field", "actions[0].text": "input.required"},
        ),
    ],
)
def test_what_a_record_lacks_is_named(
    road: FounderRoad, as_: As, values: dict[str, Any], expected: dict[str, str]
) -> None:
    answer = recorded(road, as_, **values)
    assert (answer.status_code, faults(answer)) == (422, expected)
    assert road.rows(OutcomeVersion) == []


@sqlite_only
@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({}, {"agrees": "input.required"}),
        ({"agrees": "yes"}, {"agrees": "input.not_true_or_false"}),
        ({"agrees": True, "rating": 6}, {"rating": "input.too_large"}),
        ({"agrees": True, "rating": 0}, {"rating": "input.too_small"}),
        ({"agrees": True, "rating": 4.5}, {"rating": "input.not_a_number"}),
        ({"agrees": True, "remark": "\x00"}, {"remark": "input.control_character"}),
    ],
)
def test_what_a_confirmation_lacks_is_named(
    road: FounderRoad, as_: As, said: dict[str, Any], expected: dict[str, str]
) -> None:
    outcome = road.outcome_of(road.recorded())
    answer = as_(road.founder).post(f"/outcomes/{outcome.id}/confirm", said)
    assert (answer.status_code, faults(answer)) == (422, expected)
    assert road.rows(Confirmation) == []
