"""What people do in the stories, each act a request to the service, by the API or at a page."""

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from app.domain.actor import Actor
from app.unit_of_work import Store
from tests.journeys.district import District, Founder, Mentor
from tests.journeys.ways import Browsers, Programs
from tests.moments import at
from tests.serving import bearing, signed_in, usual_app

WORDS = "请帮我看看眼下的情况，讲讲接下来应该先做什么、后做什么，要准备哪些东西。"
RECORD = {
    "question": "接下来先做什么",
    "advice": "先把材料备齐，再按顺序办理。",
    "actions": [{"text": "备齐材料", "owner": "创业者", "due_on": "2026-10-30"}],
    "result": "advised",
}


class Acts:
    """Short words for what people do; whatever is refused fails the story."""

    def __init__(self, store: Store, district: District) -> None:
        app = usual_app(store)
        self.district = district
        self.programs = Programs(app, partial(bearing, store))
        self.browsers = Browsers(app, partial(signed_in, store))

    def post(self, who: Actor, path: str, /, **body: Any) -> Any:
        answer = self.programs.post(who, path, body)
        assert answer.status_code in (200, 201), (path, answer.status_code, answer.text)
        return answer.json

    def fill_in(self, who: Actor, page: str, to: str, **typed: Any) -> None:
        answer = self.browsers.post(who, page, to, **typed)
        assert answer.status_code == 303, (page, answer.status_code, answer.text)

    def need(self, who: Founder, session_type: str, topic: str) -> str:
        venture = {"venture_id": str(who.venture.id)} if who.venture else {}
        body = {"text": WORDS, "session_type": session_type, "topics": [topic], **venture}
        return str(self.post(who.actor, "/needs", **body)["id"])

    def booked(
        self,
        asker: Founder,
        *mentors: Mentor,
        start: str,
        minutes: int = 50,
        session_type: str = "consultation",
        topic: str = "registration",
        by: Actor | None = None,
        **more: Any,
    ) -> UUID:
        """State a need, ask for the time and have every mentor accept; return the meeting."""
        body = {
            "need_id": self.need(asker, session_type, topic),
            "expert_ids": [str(mentor.expert.id) for mentor in mentors],
            "starts_at": at(start).isoformat(),
            "ends_at": (at(start) + timedelta(minutes=minutes)).isoformat(),
            "session_type": session_type,
            "mode": "onsite",
            **more,
        }
        asked = self.post(by or asker.actor, "/bookings", **body)
        for mentor in mentors:
            agreed = self.post(mentor.actor, f"/bookings/{asked['id']}/accept")
        return UUID(agreed["service_session_id"])

    def come(self, session_id: UUID, *who: Founder | Mentor) -> None:
        for each in who:
            self.post(each.actor, f"/service-sessions/{session_id}/check-in")

    def held(self, mentor: Mentor, session_id: UUID, start: str, minutes: int) -> None:
        """Have the mentor close it at its end."""
        starts_at = at(start)
        ends_at = starts_at + timedelta(minutes=minutes)
        self.district.clock.put(max(self.district.clock.now(), ends_at))
        times = {"actual_start": starts_at.isoformat(), "actual_end": ends_at.isoformat()}
        self.post(mentor.actor, f"/service-sessions/{session_id}/finish", **times)

    def recorded(self, mentor: Mentor, session_id: UUID, **more: Any) -> None:
        self.post(mentor.actor, f"/service-sessions/{session_id}/outcome", **RECORD, **more)

    def confirmed(self, founder: Founder, session_id: UUID, **said: Any) -> None:
        path = f"/outcomes/{self.outcome_of(founder.actor, session_id)}/confirm"
        self.post(founder.actor, path, agrees=True, **said)

    def compared(self, clerk: Actor, session_id: UUID) -> None:
        """Have a second clerk compare the signature with the record."""
        said = {"way": "paper_signature", "remark": "档案柜 3-12"}
        self.post(clerk, f"/outcomes/{self.outcome_of(clerk, session_id)}/certify", **said)

    def outcome_of(self, who: Actor, session_id: UUID) -> str:
        return str(self.programs.get(who, f"/service-sessions/{session_id}")["outcome_id"])

    def counts(self, who: Actor, month: str) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.programs.get(who, f"/counts?month={month}")
        return found

    def correct(
        self, session_id: UUID, maker: Actor, checker: Actor, operation: str, **typed: Any
    ) -> None:
        """Have one officer propose a correction at the page, and another approve it."""
        here = f"/bureau/sessions/{session_id}/correction"
        page = f"{here}?operation={operation}"
        self.fill_in(maker, page, here, reason="抽查电话核实", **typed)
        (waiting,) = [row for row in self.district.corrections(session_id) if not row.checked_at]
        verdict = {"verdict": "approve", "version": str(waiting.version)}
        self.fill_in(checker, "/bureau/reviews", f"/bureau/reviews/{waiting.id}", **verdict)
