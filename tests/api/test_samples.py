"""Samples over the API: drawn by an auditor, drawn again by hand, called about."""

import hashlib

import pytest

from app.models.sample import Sample, SampleCall
from tests.api.asking import faults
from tests.sampled import Sampled, told_august
from tests.scenes import Plays

DRAW = {"first_month": "2026-08", "last_month": "2026-08", "size": 2, "number": "7"}


@pytest.fixture
def plays() -> Plays:
    return {"told": told_august}


@pytest.fixture
def told(scene: Sampled) -> Sampled:
    return scene


def test_an_auditor_draws_and_anybody_draws_it_again_from_the_list(told: Sampled, as_) -> None:
    asker = as_(told.auditor)
    body = asker.post("/samples", DRAW).json
    assert (body["size"], body["population"], body["open"]) == (2, 3, 2)
    assert body["is_same_again"] is True

    lines = asker.get(f"/samples/{body['id']}/list").json["items"]
    keys = sorted(
        (line["id"] for line in lines),
        key=lambda key: hashlib.sha256(f"{body['seed']}:{key}".encode()).hexdigest(),
    )
    assert [item["session_id"] for item in body["items"]] == keys[:2]


def test_a_call_is_kept_and_the_rate_has_its_interval(told: Sampled, as_) -> None:
    asker = as_(told.auditor)
    body = asker.post("/samples", {**DRAW, "size": 3}).json
    session_id = str(told.year.meetings["first"].id)
    call = {
        "person_id": str(told.year.firm.person_id),
        "called_at": told.district.clock.now().isoformat(),
        "result": "differs",
        "differs": ["persons"],
        "said": "没去",
    }
    answer = asker.post(f"/samples/{body['id']}/records/{session_id}/calls", call).json
    assert (answer["differs"], answer["open"], answer["rate"]["share"]) == (1, 2, 0.0)
    (row,) = (item for item in answer["items"] if item["session_id"] == session_id)
    assert (row["found"], row["differs"], row["calls"]) == ("differs", ["persons"], 1)
    again = asker.post(f"/samples/{body['id']}/records/{session_id}/calls", call)
    assert (again.status_code, again.json["code"]) == (409, "sample.already_answered")
    assert len(told.district.rows(SampleCall)) == 1


def test_what_cannot_be_drawn_is_named(told: Sampled, as_) -> None:
    asker = as_(told.auditor)
    refused = asker.post("/samples", {**DRAW, "last_month": "2026-09"})
    assert (refused.status_code, refused.json["code"]) == (422, "sample.not_closed")
    assert faults(asker.post("/samples", {**DRAW, "number": "x"})) == {
        "number": "sample.number_digits"
    }
    assert as_(told.district.officer).post("/samples", DRAW).status_code == 403
    assert told.district.rows(Sample) == []
