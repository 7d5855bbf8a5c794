"""The main road walked by the API alone, from a founder's words to a counted figure."""

from typing import Any

import pytest
from werkzeug.test import TestResponse

from app.domain.actor import SYSTEM, Role
from app.domain.clock import FixedClock
from app.services import audit_entries
from app.unit_of_work import Store
from tests.api.conftest import As
from tests.builders import a_founder, a_mentor, an_expert, staff
from tests.moments import at

WORDS = "我想办营业执照，不知道该注册个体户还是公司，要带哪些材料去大厅？"
MONTH = "2026-09"
DAY = "2026-09-18"


def done(answer: TestResponse) -> Any:
    assert answer.status_code in (200, 201), answer.text
    return answer.json


class Walk:
    """A founder, a mentor and an officer who know nothing but what the API tells them."""

    def __init__(self, store: Store, clock: FixedClock, as_: As) -> None:
        self.store, self.clock = store, clock
        expert = an_expert(store)
        self.founder = as_(a_founder(store))
        self.mentor = as_(a_mentor(store, expert))
        self.officer = as_(staff(store, Role.OFFICER))

    def asked(self) -> Any:
        """Put the need in."""
        body = {"text": WORDS, "session_type": "consultation"}
        return done(self.founder.post("/needs", body))

    def booked(self, need: dict[str, Any]) -> Any:
        """Ask the expert proposed first for a time at which he is free."""
        expert = done(self.founder.get(f"/needs/{need['id']}/proposals"))["items"][0]["expert"]
        days = {"from": DAY, "to": DAY, "session_type": need["session_type"]}
        times = done(self.founder.get(f"/experts/{expert['id']}/free-times", **days))["items"]
        time = next(t for t in times if t["starts_at"] >= f"{DAY}T14" and t["mode"] == "onsite")
        choice = {
            "need_id": need["id"],
            "expert_ids": [expert["id"]],
            "session_type": need["session_type"],
            **time,
        }
        key = {"Idempotency-Key": f"need {need['id']}"}
        return done(self.founder.post("/bookings", choice, headers=key))

    def accepted(self, booking: dict[str, Any]) -> str:
        """Have the mentor find the request and accept it; return the meeting's address."""
        (asked,) = done(self.mentor.get("/bookings", status="requested"))["items"]
        assert asked == booking
        fresh = {"If-Match": f'"{asked["version"]}"'}
        done(self.mentor.post(f"/bookings/{asked['id']}/accept", headers=fresh))
        seen = done(self.founder.get(f"/bookings/{booking['id']}"))
        return f"/service-sessions/{seen['service_session_id']}"

    def held(self, session: str) -> None:
        """Have both sides come and the mentor close the meeting."""
        self.clock.put(at("09-18 13:55"))
        for side in (self.founder, self.mentor):
            done(side.post(f"{session}/check-in"))
        self.clock.put(at("09-18 15:00"))
        facts = {
            "actual_start": f"{DAY}T14:02:00+08:00",
            "actual_end": f"{DAY}T14:52:00+08:00",
            "break_minutes": 5,
        }
        done(self.mentor.post(f"{session}/finish", facts))

    def recorded(self, session: str) -> Any:
        """Have the mentor write the record."""
        record = {
            "question": "注册个体户还是公司",
            "advice": "先办个体户",
            "actions": [{"text": "去大厅办理", "owner": "李晓", "due_on": "2026-10-15"}],
            "result": "advised",
        }
        return done(self.mentor.post(f"{session}/outcome", record))

    def confirmed(self, session: str, **said: Any) -> Any:
        """Have the founder read the record and say what he holds of it."""
        self.clock.put(at("09-20 09:00"))
        outcome = f"/outcomes/{done(self.founder.get(session))['outcome_id']}"
        assert done(self.founder.get(outcome))["advice"] == "先办个体户"
        return done(self.founder.post(f"{outcome}/confirm", said))

    def counted(self) -> int:
        """Read the figure of the month."""
        items = done(self.officer.get("/counts", month=MONTH))["items"]
        return next(int(item["value"]) for item in items if item["measure"] == "sessions")

    def rows(self) -> Any:
        """Read the rows behind the figure."""
        return done(self.officer.get("/counts/rows", month=MONTH, measure="sessions"))

    def audit_faults(self) -> int:
        """Seal and verify the trail."""
        self.store.execute(SYSTEM, audit_entries.seal, self.store.audit_key())
        with self.store.read(SYSTEM) as reader:
            return len(audit_entries.verify(reader, self.store.audit_key()).faults)


@pytest.fixture
def walk(store: Store, clock: FixedClock, as_: As) -> Walk:
    return Walk(store, clock, as_)


def test_from_a_founders_words_to_an_audited_count(walk: Walk) -> None:
    need = walk.asked()
    session = walk.accepted(walk.booked(need))
    walk.held(session)
    assert walk.recorded(session)["version"] == 1
    assert walk.counted() == 0

    assert walk.confirmed(session, agrees=True, rating=5)["status"] == "confirmed"

    assert walk.counted() == 1
    (row,) = walk.rows()["items"]
    assert session.endswith(row["session_id"])
    assert (row["amount"], row["minutes"]) == (1, 45)
    decision = done(walk.founder.get(session))["decision"]
    assert (decision["status"], decision["month"]) == ("counted", MONTH)
    assert done(walk.founder.get(f"/needs/{need['id']}"))["status"] == "served"
    assert walk.audit_faults() == 0


def test_what_the_founder_denies_is_not_counted_and_says_why(walk: Walk) -> None:
    session = walk.accepted(walk.booked(walk.asked()))
    walk.held(session)
    walk.recorded(session)

    said = walk.confirmed(session, agrees=False, remark="只谈了十分钟")

    assert (said["status"], walk.counted()) == ("disputed", 0)
    page = walk.rows()
    assert page["items"] == []
    assert [row["reason"] for row in page["not_counted"]] == ["disputed"]
    assert walk.audit_faults() == 0
