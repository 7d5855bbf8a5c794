"""Written answers for machines."""

import pytest

from app.domain.booking import BookingStatus
from app.models.booking import Booking
from tests.api.asking import faults
from tests.scenes import Plays
from tests.web.founder.test_founder_written import ANSWER, QUESTION, official_road


@pytest.fixture
def plays() -> Plays:
    return {"road": official_road}


def test_a_question_is_asked_answered_read_and_counted_apart(road, as_) -> None:
    founder, official = as_(road.founder), as_(road.mentor)
    path = f"/needs/{road.need.id}/written-answers"
    body = {"expert_id": str(road.expert.id), "question": QUESTION}
    asked = founder.post(path, body)
    assert (asked.status_code, asked.json["status"]) == (201, "asked")
    assert founder.get(asked.headers["Location"].removeprefix("/api/v1")).json == asked.json
    assert founder.post(path, body).json["code"] == "written_answer.already_asked"

    own = f"/written-answers/{asked.json['id']}"
    assert faults(official.post(f"{own}/answer", {"answer": "好"})) == {"answer": "input.too_short"}
    stale = official.post(f"{own}/answer", {"answer": ANSWER}, headers={"If-Match": '"9"'})
    assert stale.status_code == 409
    assert official.post(f"{own}/answer", {"answer": ANSWER}).json["status"] == "answered"
    read = founder.post(f"{own}/read", {"helped": True})
    assert read.json["helped"] is True
    assert [row["id"] for row in founder.get(path).json["items"]] == [asked.json["id"]]


def test_an_offer_is_taken_in_place_of_the_meeting(road, as_) -> None:
    booking = road.requested()
    founder, official = as_(road.founder), as_(road.mentor)
    offered = official.post(f"/bookings/{booking.id}/offer-in-writing")
    assert offered.json["status"] == "offered"
    own = f"/written-answers/{offered.json['id']}"
    assert founder.post(f"{own}/take").json["status"] == "asked"
    assert road.row(Booking).status is BookingStatus.WITHDRAWN
    assert founder.post(f"{own}/withdraw").json["status"] == "withdrawn"
    refused = official.post(f"{own}/decline", {"note": "请约见面"})
    assert (refused.status_code, refused.json["code"]) == (
        409,
        "written_answer.illegal_transition",
    )
