"""A diagnosis by a panel of three, with short words for what people do in its workspace."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from app.domain.actor import Actor
from app.domain.clock import FixedClock
from app.domain.diagnosis import Dissent, FindingOwner, FindingText, Priority
from app.models.diagnosis import Diagnosis, DiagnosisFinding, DiagnosisReport, DiagnosisSignature
from app.models.service_session import ServiceSession
from app.services import diagnoses, service_sessions
from app.services.service_sessions import Finish
from app.unit_of_work import Store
from tests.moments import at
from tests.panel_meeting import MEETING, MEETING_END, Table, lay_table
from tests.scenes import after

SUMMARY = "先把客户定清楚，再谈收费。"
DUE = date(2026, 10, 15)


def a_finding(number: int = 1, **values: Any) -> FindingText:
    words = {
        "problem": f"问题 {number}",
        "cause": f"原因 {number}",
        "effect": f"影响 {number}",
        "recommendation": f"建议 {number}",
        "priority": Priority.HIGH,
        "owner": FindingOwner.FOUNDER,
        "due_on": DUE,
    }
    return FindingText(**{**words, **values})


class Room:
    """The panel at its table; the first leads."""

    def __init__(self, table: Table) -> None:
        self.table = table

    @property
    def store(self) -> Store:
        return self.table.store

    @property
    def clock(self) -> FixedClock:
        return self.table.clock

    @property
    def session_id(self) -> UUID:
        return self.session.id

    @property
    def session(self) -> ServiceSession:
        (row,) = self.table.rows(ServiceSession)
        return row  # type: ignore[no-any-return]  # of the model asked for

    @property
    def diagnosis(self) -> Diagnosis:
        (row,) = self.table.rows(Diagnosis)
        return row  # type: ignore[no-any-return]  # of the model asked for

    def rows(self, model: Any, *where: Any) -> list[Any]:
        return self.table.rows(model, *where)

    def act(self, who: int | Actor, use_case: Any, *args: Any, **values: Any) -> Any:
        actor = self.table.mentors[who] if isinstance(who, int) else who
        return self.store.execute(actor, use_case, *args, **values)

    def meet(self) -> None:
        self.clock.put(at(MEETING_END) + timedelta(minutes=5))
        facts = Finish(actual_start=at(MEETING), actual_end=at(MEETING_END))
        self.act(0, service_sessions.finish, self.session_id, facts)

    def find(self, who: int = 0, number: int = 1, **values: Any) -> DiagnosisFinding:
        written = a_finding(number, **values)
        return self.act(who, diagnoses.write, self.session_id, written)  # type: ignore[no-any-return]

    def findings(self) -> list[DiagnosisFinding]:
        where = DiagnosisFinding.removed_at.is_(None)
        rows = self.rows(DiagnosisFinding, where)
        return sorted(rows, key=lambda row: row.position)

    def issue(self) -> DiagnosisReport:
        return self.act(0, diagnoses.issue, self.session_id, SUMMARY)  # type: ignore[no-any-return]

    def sign(self, who: int, report: DiagnosisReport, *dissents: Dissent) -> None:
        self.act(who, diagnoses.sign, report.id, dissents)

    def signed(self, report: DiagnosisReport) -> set[UUID]:
        where = DiagnosisSignature.report_id == report.id
        return {row.expert_id for row in self.rows(DiagnosisSignature, where)}

    def expert(self, number: int) -> UUID:
        return self.table.experts[number].id


@after(lay_table)
def agreed(table: Table) -> Room:
    """Return a panel that is going to meet."""
    table.agreed()
    return Room(table)


@after(agreed)
def met(room: Room) -> Room:
    """Return a panel that has met."""
    room.meet()
    return room


@after(met)
def issued(room: Room) -> Room:
    """Return a panel whose report waits for two signatures."""
    for number, owner in enumerate(("founder", "expert", "bureau"), start=1):
        room.find(0, number, owner=FindingOwner(owner))
    room.issue()
    return room


@after(issued)
def complete(room: Room) -> Room:
    """Return a panel that has signed, one of them with a dissent."""
    (report,) = room.rows(DiagnosisReport)
    room.sign(1, report)
    room.sign(2, report, Dissent(2, "现在不宜按年收费。"))
    return room


@after(complete)
def presented(room: Room) -> Room:
    """Return a panel that has presented its report to the founder."""
    room.act(0, diagnoses.present, room.session_id, room.clock.now(), "王强、赵敏")
    return room
