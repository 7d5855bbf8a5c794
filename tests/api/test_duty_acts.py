"""Dismissals, claims, honours and certificates by the API: each step by whom it may be taken."""

from datetime import date
from typing import Any

import pytest

from app.domain.actor import Role
from app.models.certificate import Certificate
from app.models.claim import Claim
from app.models.dismissal import Dismissal
from app.models.expert import Appointment
from app.models.honour import Honour
from tests.api.asking import faults
from tests.builders import staff
from tests.journeys.district import District
from tests.scenes import Plays
from tests.services.test_claims import PROOF, Paired, paired
from tests.web.bureau.year import Year, a_year

PAPER = "历人社解〔2026〕1号"
SAID = {"ground": "low_score", "statement": "考评平均 52 分。"}
HONOUR = {
    "kind": "excellent_mentor",
    "document": "历人社发〔2026〕9 号",
    "given_by": "区人力资源社会保障局",
    "given_on": "2026-08-01",
}


@pytest.fixture
def plays() -> Plays:
    return {"year": a_year, "pair": paired}


@pytest.fixture
def year(scene: Year) -> Year:
    return scene


@pytest.fixture
def pair(scene: Paired) -> Paired:
    return scene


def twice(asker: Any, path: str, body: Any) -> Any:
    """Press twice with one key; the second answer is the first one."""
    key = {"Idempotency-Key": f"press {path}"}
    first, second = (asker.post(path, body, headers=key) for _ in range(2))
    assert first.status_code == 200, first.text
    assert first.json == second.json
    return first.json


def last_day(district: District, year: Year) -> date:
    terms = district.rows(Appointment, Appointment.expert_id == year.scholar.expert.id)
    return max(term.ends_on for term in terms)


def test_a_dismissal_takes_a_ground_a_hearing_and_a_second_person(year, as_) -> None:
    district, path = year.district, f"/experts/{year.scholar.expert.id}/dismissals"
    officer, approver = as_(district.officer), as_(district.approver)
    mentor, other = as_(year.scholar.actor), as_(year.official.actor)
    before = last_day(district, year)
    assert faults(officer.post(path, {**SAID, "ground": "own_request"})) == {
        "ground": "dismissal.resigns"
    }
    assert mentor.post(path, SAID).status_code == 403
    row = twice(officer, path, SAID)
    assert len(district.rows(Dismissal)) == 1
    assert (row["status"], row["evidence"]["minutes"], row["version"]) == ("proposed", 185, 1)
    assert officer.post(path, SAID).json["code"] == "dismissal.open"
    one = f"/dismissals/{row['id']}"
    assert mentor.get(path).json["items"] == [mentor.get(one).json] == [row]
    assert other.get(path).status_code == other.get(one).status_code == 404

    early = approver.post(f"{one}/approve", {"document": PAPER})
    assert (early.status_code, early.json["code"]) == (422, "dismissal.hearing_open")
    assert other.post(f"{one}/hear", {"words": "不是我"}).status_code == 404
    heard = twice(mentor, f"{one}/hear", {"words": "那两天在住院。"})
    assert (heard["status"], heard["words"]) == ("heard", "那两天在住院。")
    assert mentor.post(f"{one}/hear", {"words": "补充"}).json["code"] == "dismissal.already_heard"

    decide = f"{one}/approve", {"document": PAPER}
    assert officer.post(*decide).status_code == 403
    assert approver.post(*decide, headers={"If-Match": '"1"'}).json["code"] == "version.stale"
    assert last_day(district, year) == before
    seen = {"If-Match": f'"{heard["version"]}"'}
    ended = approver.post(*decide, headers=seen).json
    assert (ended["status"], ended["document"]) == ("approved", PAPER)
    assert last_day(district, year) == date(2026, 9, 25)
    assert approver.post(f"{one}/refuse").json["code"] == "dismissal.decided"


def test_who_proposed_does_not_decide_and_the_lists_tell_who_waits(year, as_) -> None:
    district = year.district
    approver, officer = as_(district.approver), as_(district.officer)
    row = approver.post(f"/experts/{year.scholar.expert.id}/dismissals", SAID).json
    district.clock.put(district.one(Dismissal).hear_by)
    own = approver.post(f"/dismissals/{row['id']}/approve", {"document": PAPER})
    assert (own.status_code, own.json["code"]) == (422, "dismissal.same_officer")
    (line,) = officer.get("/dismissals").json["items"]
    assert (line["name"], line["dismissal"]["id"]) == ("高源", row["id"])
    another = as_(staff(district.store, Role.APPROVER, name="老王"))
    kept = another.post(f"/dismissals/{row['id']}/refuse").json
    assert kept["status"] == "refused"
    assert officer.get("/dismissals").json["items"] == []
    assert officer.get("/renewals").json["items"] == []
    assert as_(year.scholar.actor).get("/renewals").status_code == 403


def test_a_claim_is_made_once_and_decided_by_another(pair, as_) -> None:
    officer, approver = as_(pair.officer), as_(pair.approver)
    path = f"/experts/{pair.mentor_.expert.id}/claims"
    body = {"venture_id": str(pair.owner.venture.id), "evidence": PROOF, "seen_on": "2026-11-20"}
    (line,) = officer.get(path).json["items"]
    assert (line["services"], line["opens_on"], line["is_open"]) == (1, "2026-11-20", False)
    assert officer.post(path, body).json["code"] == "claim.too_early"
    pair.wait_until("11-20 09:00")
    assert faults(officer.post(path, {**body, "seen_on": "2026-11-19"})) == {
        "seen_on": "claim.seen_on"
    }
    row = twice(officer, path, body)
    assert officer.post(path, {**body, "evidence": "再报一次"}).json == row
    assert len(pair.rows(Claim)) == 1
    assert (row["amount_yuan"], row["status"]) == (8000, "claimed")
    one = f"/claims/{row['id']}"
    assert officer.post(f"{one}/approve").status_code == 403
    assert approver.post(f"{one}/approve", headers={"If-Match": '"7"'}).status_code == 409
    approved = approver.post(f"{one}/approve", headers={"If-Match": '"1"'}).json
    assert (approved["status"], officer.get(one).json) == ("approved", approved)
    assert approver.post(f"{one}/refuse").json["code"] == "claim.already_checked"
    assert as_(pair.mentor_.actor).get(path).status_code == 403


def test_an_honour_is_entered_confirmed_printed_and_withdrawn(year, as_) -> None:
    district, expert = year.district, f"/experts/{year.scholar.expert.id}"
    officer, approver = as_(district.officer), as_(district.approver)
    mentor = as_(year.scholar.actor)
    assert faults(officer.post(f"{expert}/honours", {**HONOUR, "kind": "knight"})) == {
        "kind": "input.not_a_choice"
    }
    row = twice(officer, f"{expert}/honours", HONOUR)
    assert len(district.rows(Honour)) == 1
    one = f"/honours/{row['id']}"
    period = {"first_on": "2026-01-01", "last_on": "2026-12-31"}
    plain = mentor.post(f"{expert}/certificates", period).json
    assert (plain["services"], plain["honours"]) == (3, [])
    assert officer.post(f"{one}/confirm").status_code == 403
    assert approver.post(f"{one}/confirm", headers={"If-Match": '"1"'}).json["status"] == (
        "confirmed"
    )

    told = mentor.post(f"{expert}/certificates", period).json
    assert [(each["kind"], each["holds"]) for each in told["honours"]] == [
        ("excellent_mentor", True)
    ]
    assert told["id"] != plain["id"]
    assert twice(mentor, f"{expert}/certificates", period) == told
    verified = officer.get("/verify", code=told["code"]).json
    assert verified["honours"] == told["honours"]

    withdraw = f"{one}/withdraw", {"reason": "评选作废"}
    gone = approver.post(*withdraw, headers={"If-Match": '"2"'}).json
    assert (gone["status"], gone["withdrawn_reason"]) == ("withdrawn", "评选作废")
    assert approver.post(*withdraw).json["code"] == "honour.not_confirmed"
    (printed,) = officer.get("/verify", code=told["code"]).json["honours"]
    assert (printed["document"], printed["holds"]) == (HONOUR["document"], False)


def test_certificates_and_letters_are_issued_read_and_withdrawn(year, as_) -> None:
    district, expert = year.district, f"/experts/{year.scholar.expert.id}"
    officer, approver = as_(district.officer), as_(district.approver)
    mentor, other = as_(year.scholar.actor), as_(year.official.actor)
    term = officer.get(f"{expert}/terms").json["items"][0]
    letter = twice(approver, f"{expert}/letters", {"appointment_id": term["id"]})
    assert (letter["kind"], letter["document"]) == ("appointment", term["document"])
    wrong = f"/experts/{year.official.expert.id}/letters"
    assert approver.post(wrong, {"appointment_id": term["id"]}).status_code == 404
    assert officer.post(f"{expert}/letters", {"appointment_id": term["id"]}).status_code == 403
    empty = {"first_on": "2026-01-01", "last_on": "2026-01-31"}
    nothing = officer.post(f"{expert}/certificates", empty)
    assert (nothing.status_code, nothing.json["code"]) == (422, "certificate.nothing_counted")
    assert mentor.get(f"{expert}/certificates").json["items"] == [letter]
    for path in (f"{expert}/certificates", f"/certificates/{letter['id']}"):
        assert other.get(path).status_code == 404
    period = {"first_on": "2026-01-01", "last_on": "2026-12-31"}
    assert other.post(f"{expert}/certificates", period).status_code == 403

    withdraw = f"/certificates/{letter['id']}/withdraw", {"reason": "文号写错"}
    assert officer.post(*withdraw).status_code == 403
    assert approver.post(*withdraw, headers={"If-Match": '"9"'}).json["code"] == "version.stale"
    gone = approver.post(*withdraw, headers={"If-Match": '"1"'}).json
    assert (gone["is_valid"], gone["withdrawn_at"] is not None) == (False, True)
    assert approver.post(*withdraw).json["code"] == "certificate.already_withdrawn"
    assert len(district.rows(Certificate)) == 1


def test_a_mark_is_given_once_and_corrected_in_versions(year, as_) -> None:
    district, session = year.district, year.meetings["first"]
    officer, mentor = as_(district.officer), as_(year.scholar.actor)
    path = f"/service-sessions/{session.id}/appraisals"
    body = {"expert_id": str(session.lead_expert_id), "score": 58, "words": "迟到。"}
    waiting = officer.get("/appraisals").json
    assert (waiting["count"], waiting["overdue"]) == (8, 8)
    assert waiting["items"][0]["session_id"] == str(session.id)
    assert set(faults(officer.post(path, {**body, "score": 101}))) == {"score"}
    row = twice(officer, path, body)
    assert (row["grade"], row["is_late"], row["version"]) == ("unqualified", True, 1)
    assert officer.post(path, body).json["code"] == "appraisal.exists"
    other = {**body, "expert_id": str(year.official.expert.id)}
    assert officer.post(path, other).json["code"] == "appraisal.not_held"
    assert mentor.post(path, body).status_code == 403

    change = {"score": 75, "words": "因为封路。", "reason": "核实了路况"}
    correct = f"/appraisals/{row['id']}/correct"
    assert officer.post(correct, change, headers={"If-Match": '"2"'}).status_code == 409
    now = officer.post(correct, change, headers={"If-Match": '"1"'}).json
    assert (now["score"], now["version"], now["earlier"][0]["score"]) == (75, 2, 58)
    own = f"/experts/{session.lead_expert_id}/appraisals"
    told = mentor.get(own).json
    assert (told["items"], told["average"], told["count"]) == ([now], "75.0", 1)
    assert as_(year.official.actor).get(own).status_code == 404
