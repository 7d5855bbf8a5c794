"""How a panel is formed, asked, held, signed and confirmed: at the pages, and through the API."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from app.models.booking import Booking
from app.models.need import Need
from app.models.service_session import ServiceSession
from tests.journeys.district import District, Founder, Mentor
from tests.journeys.ways import Browsers, Programs, hidden
from tests.moments import at

FINDINGS = tuple(f"发现 {number}：原因、影响和先后写在建议里" for number in range(1, 6))
QUESTION, ADVICE, DUE = "客户是谁、怎么收费", "先做企业客户，按年收费。", "2026-10-15"


@dataclass(frozen=True)
class Party:
    """A need, the mentors of its panel, who leads first, and who comes along."""

    need: Need
    mentors: Sequence[Mentor]
    companion: Founder | None
    room_id: UUID


class PanelWay(Protocol):
    """What the story tells; each answers with the status of the request."""

    def ask(self, district: District, party: Party, start: str) -> int: ...

    def accept(self, who: Mentor, booking: Booking) -> int: ...

    def come(self, who: Founder | Mentor, session: ServiceSession) -> int: ...

    def report(self, who: Mentor, session: ServiceSession, end: str) -> int: ...

    def sign(
        self, who: Mentor, session: ServiceSession, times: tuple[str, str], dissent: str
    ) -> int: ...

    def confirm(self, who: Founder, session: ServiceSession, outcome_id: UUID) -> int: ...


class PanelByPages:
    """Browsers without scripts."""

    def __init__(self, browsers: Browsers) -> None:
        self.browsers = browsers

    def ask(self, district: District, party: Party, start: str) -> int:
        here, who = f"/bureau/needs/{party.need.id}/panel", district.officer
        page = self.browsers.get(who, f"{here}?size={len(party.mentors)}")
        plan = next(
            each
            for each in re.findall(r"<article.*?</article>", page, re.DOTALL)
            if all(str(mentor.expert.id) in each for mentor in party.mentors)
        )
        chosen = self.browsers.send(who, here, hidden(plan))
        assert chosen.status_code == 303, chosen.text
        along = f"&along={party.companion.person_id}" if party.companion else ""
        times = f"{here}/booking?room={party.room_id}&minutes=120{along}"
        typed = {"starts_at": at(start).isoformat(), "quorum": "2", "agreed": "yes"}
        return self.browsers.post(who, times, f"{here}/booking", **typed).status_code

    def accept(self, who: Mentor, booking: Booking) -> int:
        to = f"/mentor/requests/{booking.id}/accept"
        answer = self.browsers.post(who.actor, "/mentor", to, version=str(booking.version))
        return answer.status_code

    def come(self, who: Founder | Mentor, session: ServiceSession) -> int:
        if isinstance(who, Mentor):
            to = f"/mentor/sessions/{session.id}/check-in"
            return self.browsers.post(who.actor, "/mentor", to).status_code
        page = f"/sessions/{session.id}/confirm"
        return self.browsers.post(who.actor, page, f"/sessions/{session.id}/check-in").status_code

    def report(self, who: Mentor, session: ServiceSession, end: str) -> int:
        page = f"/mentor/sessions/{session.id}/report"
        form = self.browsers.get(who.actor, page)
        came = re.findall(r'name="attendees" value="([^"]+)"', form)
        rows: dict[str, Any] = {}
        for number, text in enumerate(FINDINGS, start=1):
            rows[f"action_{number}_text"] = text
            rows[f"action_{number}_owner"] = "王强"
            rows[f"action_{number}_due_on"] = DUE
        typed = {
            "on": f"2026-{end[:5]}",
            "actual_start": "14:00",
            "actual_end": end[6:],
            "break_minutes": "0",
            "attendees": came,
            "question": QUESTION,
            "advice": ADVICE,
            "result": "advised",
            "do": "send",
            **rows,
        }
        return self.browsers.send(who.actor, page, hidden(form), **typed).status_code

    def sign(
        self, who: Mentor, session: ServiceSession, times: tuple[str, str], dissent: str
    ) -> int:
        page = f"/mentor/sessions/{session.id}/report"
        typed = {"in_at": times[0][6:], "out_at": times[1][6:], "dissent": dissent}
        to = f"/mentor/sessions/{session.id}/sign"
        waits = page in self.browsers.get(who.actor, "/mentor")
        status = self.browsers.post(who.actor, page, to, **typed).status_code
        assert waits or status >= 400
        return status

    def confirm(self, who: Founder, session: ServiceSession, outcome_id: UUID) -> int:
        page = f"/sessions/{session.id}/confirm"
        return self.browsers.post(who.actor, page, page, agrees="yes").status_code


class PanelByApi:
    """Programs with a token."""

    def __init__(self, programs: Programs) -> None:
        self.programs = programs

    def ask(self, district: District, party: Party, start: str) -> int:
        proposed = self.programs.get(
            district.officer, f"/needs/{party.need.id}/panel?size={len(party.mentors)}"
        )
        best = proposed["best"][0]
        assert set(best["expert_ids"]) == {str(each.expert.id) for each in party.mentors}
        body = {
            "need_id": str(party.need.id),
            "expert_ids": best["expert_ids"],
            "lead_expert_id": best["lead_expert_id"],
            "quorum": 2,
            "companion_ids": [str(party.companion.person_id)] if party.companion else [],
            "starts_at": at(start).isoformat(),
            "ends_at": at(f"{start[:5]} 16:00").isoformat(),
            "session_type": "diagnosis",
            "mode": "onsite",
            "room_id": str(party.room_id),
        }
        return self.programs.post(district.officer, "/bookings", body).status_code

    def accept(self, who: Mentor, booking: Booking) -> int:
        return self.programs.post(who.actor, f"/bookings/{booking.id}/accept").status_code

    def come(self, who: Founder | Mentor, session: ServiceSession) -> int:
        path = f"/service-sessions/{session.id}/check-in"
        return self.programs.post(who.actor, path).status_code

    def report(self, who: Mentor, session: ServiceSession, end: str) -> int:
        here = f"/service-sessions/{session.id}"
        times = {"actual_start": at(f"{end[:5]} 14:00"), "actual_end": at(end)}
        facts = {name: moment.isoformat() for name, moment in times.items()}
        closed = self.programs.post(who.actor, f"{here}/finish", facts)
        if closed.status_code != 200:
            return closed.status_code
        record = {
            "question": QUESTION,
            "advice": ADVICE,
            "actions": [{"text": text, "owner": "王强", "due_on": DUE} for text in FINDINGS],
            "result": "advised",
        }
        return self.programs.post(who.actor, f"{here}/outcome", record).status_code

    def sign(
        self, who: Mentor, session: ServiceSession, times: tuple[str, str], dissent: str
    ) -> int:
        body = {"in_at": at(times[0]).isoformat(), "out_at": at(times[1]).isoformat()}
        if dissent:
            body["dissent"] = dissent
        path = f"/service-sessions/{session.id}/sign"
        return self.programs.post(who.actor, path, body).status_code

    def confirm(self, who: Founder, session: ServiceSession, outcome_id: UUID) -> int:
        path = f"/outcomes/{outcome_id}/confirm"
        return self.programs.post(who.actor, path, {"agrees": True}).status_code
