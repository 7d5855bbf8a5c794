"""How a diagnosis is worked on, signed, presented and heard: at the pages, and through the API."""

from typing import Any, Protocol

from app.models.service_session import ServiceSession
from tests.journeys.district import Founder, Mentor
from tests.journeys.ways import Browsers, Programs
from tests.moments import at

Finding = dict[str, str]
PARTS = ("problem", "cause", "effect", "recommendation", "priority", "owner", "due_on")


class DiagnosisWay(Protocol):
    """What the story tells; each answers with the status of the request."""

    def want(self, who: Mentor, session: ServiceSession, text: str, due_on: str) -> int: ...

    def have(self, who: Founder, session: ServiceSession) -> int: ...

    def find(self, who: Mentor, session: ServiceSession, finding: Finding) -> int: ...

    def issue(self, who: Mentor, session: ServiceSession, summary: str) -> int: ...

    def sign(self, who: Mentor, session: ServiceSession, dissents: dict[int, str]) -> int: ...

    def sign_in_vain(self, who: Mentor, session: ServiceSession) -> int: ...

    def recuse(self, who: Mentor, session: ServiceSession, reason: str) -> int: ...

    def present(self, who: Mentor, session: ServiceSession, moment: str, to: str) -> int: ...

    def understand(self, who: Founder, session: ServiceSession) -> int: ...

    def finish_first(self, who: Founder, session: ServiceSession) -> int: ...

    def report(self, who: Founder | Mentor, session: ServiceSession) -> str: ...


class DiagnosisByPages:
    """Browsers without scripts."""

    def __init__(self, browsers: Browsers) -> None:
        self.browsers = browsers

    def want(self, who: Mentor, session: ServiceSession, text: str, due_on: str) -> int:
        return self._typed(who, session, "materials", text=text, due_on=due_on)

    def have(self, who: Founder, session: ServiceSession) -> int:
        home = f"/sessions/{session.id}/diagnosis"
        to = self._link(self.browsers.get(who.actor, home), f'action="{home}/materials/', "/have")
        return self.browsers.post(who.actor, home, to).status_code

    def find(self, who: Mentor, session: ServiceSession, finding: Finding) -> int:
        return self._typed(who, session, "findings", **finding)

    def issue(self, who: Mentor, session: ServiceSession, summary: str) -> int:
        return self._typed(who, session, "issue", summary=summary)

    def sign(self, who: Mentor, session: ServiceSession, dissents: dict[int, str]) -> int:
        said = {f"dissent_{number}": text for number, text in dissents.items()}
        return self._typed(who, session, "sign", **said)

    def sign_in_vain(self, who: Mentor, session: ServiceSession) -> int:
        home = f"/mentor/sessions/{session.id}/diagnosis"
        return self.browsers.post(who.actor, home, f"{home}/sign").status_code

    def recuse(self, who: Mentor, session: ServiceSession, reason: str) -> int:
        return self._typed(who, session, "recuse", reason=reason)

    def present(self, who: Mentor, session: ServiceSession, moment: str, to: str) -> int:
        day, clock = moment.split()
        typed = {"on": f"2026-{day}", "at": clock, "audience": to}
        return self._typed(who, session, "present", **typed)

    def understand(self, who: Founder, session: ServiceSession) -> int:
        home = f"/sessions/{session.id}/diagnosis"
        answer = self.browsers.post(who.actor, home, f"{home}/word", understood="yes")
        return answer.status_code

    def finish_first(self, who: Founder, session: ServiceSession) -> int:
        page = self.browsers.get(who.actor, f"/sessions/{session.id}/actions")
        to = self._link(page, 'href="/actions/', '"').rstrip('"')
        return self.browsers.post(who.actor, to, to, event="finish").status_code

    def report(self, who: Founder | Mentor, session: ServiceSession) -> str:
        door = "/mentor" if isinstance(who, Mentor) else ""
        return self.browsers.get(who.actor, f"{door}/sessions/{session.id}/diagnosis/report")

    def _typed(self, who: Mentor, session: ServiceSession, step: str, **typed: Any) -> int:
        page = f"/mentor/sessions/{session.id}/diagnosis/{step}"
        return self.browsers.post(who.actor, page, page, **typed).status_code

    @staticmethod
    def _link(page: str, begins: str, ends: str) -> str:
        start = page.index(begins) + begins.index('"') + 1
        return page[start : page.index(ends, start) + len(ends)]


class DiagnosisByApi:
    """Programs with a token."""

    def __init__(self, programs: Programs) -> None:
        self.programs = programs

    def want(self, who: Mentor, session: ServiceSession, text: str, due_on: str) -> int:
        return self._post(who, session, "materials", {"text": text, "due_on": due_on})

    def have(self, who: Founder, session: ServiceSession) -> int:
        (line,) = self._read(who, session)["materials"]
        return self._post(who, session, f"materials/{line['id']}/answer", {"received": True})

    def find(self, who: Mentor, session: ServiceSession, finding: Finding) -> int:
        return self._post(who, session, "findings", finding)

    def issue(self, who: Mentor, session: ServiceSession, summary: str) -> int:
        return self._post(who, session, "issue", {"summary": summary})

    def sign(self, who: Mentor, session: ServiceSession, dissents: dict[int, str]) -> int:
        said = [{"number": number, "text": text} for number, text in dissents.items()]
        # Who stands aside reads no report any more.
        known = self._read(who, session)["reports"]
        newest = known[0]["id"] if known else str(session.id)
        return self._post(who, session, "sign", {"report_id": newest, "dissents": said})

    def sign_in_vain(self, who: Mentor, session: ServiceSession) -> int:
        return self.sign(who, session, {})

    def recuse(self, who: Mentor, session: ServiceSession, reason: str) -> int:
        return self._post(who, session, "recuse", {"reason": reason})

    def present(self, who: Mentor, session: ServiceSession, moment: str, to: str) -> int:
        body = {"presented_at": at(moment).isoformat(), "audience": to}
        return self._post(who, session, "present", body)

    def understand(self, who: Founder, session: ServiceSession) -> int:
        newest = self._read(who, session)["presentations"][0]["id"]
        return self._post(who, session, "word", {"presentation_id": newest, "understood": True})

    def finish_first(self, who: Founder, session: ServiceSession) -> int:
        path = f"/service-sessions/{session.id}/action-items"
        items = self.programs.get(who.actor, path)["items"]
        first = next(each for each in items if each["may_close"])
        done = {"result": "done"}
        to = f"/action-items/{first['id']}/close"
        return self.programs.post(who.actor, to, done).status_code

    def report(self, who: Founder | Mentor, session: ServiceSession) -> str:
        return str(self._read(who, session)["reports"])

    def _read(self, who: Founder | Mentor, session: ServiceSession) -> Any:
        return self.programs.get(who.actor, f"/service-sessions/{session.id}/diagnosis")

    def _post(self, who: Founder | Mentor, session: ServiceSession, step: str, body: Any) -> int:
        path = f"/service-sessions/{session.id}/diagnosis/{step}"
        return self.programs.post(who.actor, path, body).status_code
