"""What shows that meetings of the demo took place: logs of calls, files; and who looked at it."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

from app.cli.demo.history import Event
from app.cli.demo.stage import Stage, Told, instant
from app.domain.actor import Actor, Role
from app.domain.attachment import AttachmentKind, KeptFiles, examined
from app.domain.log_line import Line, LogKind
from app.domain.service_session import Party
from app.models.service_session import ServiceSession
from app.services import access_entries, attachments, log_lines

_LATER = timedelta(hours=3)


class Evidenced:
    """Plays mentors and an officer who add what they have, and an auditor who looks."""

    def __init__(self, stage: Stage, files: KeptFiles | None) -> None:
        self._stage = stage
        self._files = files

    def events(self) -> Iterator[Event]:
        """Yield all of it; without a folder to keep files in there are none."""
        told = self._stage.told("evidence.json")
        ends = {
            each["id"]: each["actual_end"] for each in self._stage.told("history.json")["services"]
        }
        for each in told["lines"]:
            at = instant(each["ends"]) + _LATER
            yield Event(at, each["service"], partial(self._line, each))
        if self._files is not None:
            for each in told["files"]:
                at = instant(ends[each["service"]]) + _LATER
                yield Event(at, each["service"], partial(self._file, self._files, each))
        for each in told["looks"]:
            yield Event(instant(each["at"]), "look", partial(self._look, each, told["address"]))

    def _line(self, told: Told) -> None:
        session = self._stage.session(told["service"])
        mentor = self._stage.mentor_of(session)
        line = Line(
            kind=LogKind(told["kind"]),
            party=Party(told["party"]),
            started_at=instant(told["starts"]),
            ended_at=instant(told["ends"]),
            contact=told["contact"],
        )
        row = self._stage.by(mentor, log_lines.note, session.id, line)
        if "struck" in told:
            self._stage.by(mentor, log_lines.strike, row.id, told["struck"])

    def _file(self, files: KeptFiles, told: Told) -> None:
        session = self._stage.session(told["service"])
        who = self._who(told["by"], session)
        content = (self._stage.folder / "files" / told["file"]).read_bytes()
        sent = examined(told["name"], content)
        files.keep(content)
        row = self._stage.by(
            who,
            attachments.add,
            session.id,
            AttachmentKind(told["kind"]),
            sent,
            is_for_both=told["is_for_both"],
        )
        if "struck" in told:
            self._stage.by(who, attachments.strike, row.id, told["struck"])

    def _look(self, told: Told, address: str) -> None:
        facts = {"method": "GET", "query": told["query"]}
        self._stage.by(Role.AUDITOR, access_entries.note, told["subject"], facts, address)

    def _who(self, by: str, session: ServiceSession) -> Role | Actor:
        return Role.OFFICER if by == "officer" else self._stage.mentor_of(session)
