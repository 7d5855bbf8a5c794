"""An expert of a panel signs his own times; nobody signs for another, or twice."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from app.adapters.email import Outbox
from app.domain.actor import SYSTEM
from app.domain.errors import InvalidInputError, NotFoundError
from app.domain.service_session import IllegalStepError, NotSignedError, SignedAlreadyError
from app.jobs.registry import registry
from app.jobs.worker import Worker
from app.models.audit_entry import AuditEntry
from app.models.message import Message
from app.models.service_record import ServiceRecord
from app.models.service_session import Attendance, ServiceSession
from app.queries.mentor_home import mentor_home
from app.services import audit_entries, outcomes, service_sessions
from app.services.service_sessions import LONGEST_DISSENT, Finish, OwnTimes
from app.unit_of_work import unscoped
from tests.journeys.district import WRITTEN
from tests.moments import at
from tests.panel_meeting import MEETING, MEETING_END, Table, lay_table
from tests.scenes import Plays

WHOLE = OwnTimes(at(MEETING), at(MEETING_END))


@pytest.fixture
def plays() -> Plays:
    return {"table": lay_table}


@pytest.fixture
def table(scene: Table) -> Table:
    return scene


def met(table: Table) -> ServiceSession:
    """Hold the meeting; its record is still to be written."""
    table.agreed()
    (session,) = table.rows(ServiceSession)
    table.clock.put(at(MEETING_END) + timedelta(minutes=5))
    facts = Finish(actual_start=at(MEETING), actual_end=at(MEETING_END))
    return table.store.execute(table.mentors[0], service_sessions.finish, session.id, facts)


def recorded(table: Table) -> ServiceSession:
    session = met(table)
    table.store.execute(table.mentors[0], outcomes.record, session.id, WRITTEN)
    return session


def sign(table: Table, session: ServiceSession, number: int, own: OwnTimes = WHOLE, **said) -> None:
    table.store.execute(table.mentors[number], service_sessions.sign, session.id, own, **said)


def signed(table: Table) -> list[Attendance]:
    return [row for row in table.rows(Attendance) if row.signed_at is not None]


def test_a_signature_is_kept_audited_and_decided_on(table) -> None:
    session = recorded(table)
    decisions = len(table.rows(ServiceRecord))
    sign(table, session, 1, OwnTimes(at(MEETING), at("09-18 15:15")), dissent="  不同意第 4 条  ")
    (row,) = signed(table)
    assert (row.out_at, row.dissent) == (at("09-18 15:15"), "不同意第 4 条")
    assert row.expert_id == table.experts[1].id
    (entry,) = table.rows(AuditEntry, AuditEntry.action == "attendance.signed")
    assert entry.entity_id == row.id
    assert len(table.rows(ServiceRecord)) >= decisions


def named(table: Table) -> list[tuple[str, object]]:
    with table.store.read(SYSTEM) as reader:
        report = audit_entries.verify(reader, table.store.audit_key())
    return [(str(fault["kind"]), fault.get("columns")) for fault in report.faults]


def write(table: Table, dissent: str) -> None:
    with table.store.engine.begin() as connection, unscoped():
        statement = text("UPDATE attendances SET dissent = :said WHERE signed_at IS NOT NULL")
        connection.execute(statement, {"said": dissent})


def test_what_an_expert_dissents_in_is_no_word_of_the_trail_and_still_proved(table) -> None:
    session = recorded(table)
    sign(table, session, 1, dissent="不同意第 4 条")
    (entry,) = table.rows(AuditEntry, AuditEntry.action == "attendance.signed")
    assert "不同意" not in entry.body
    assert named(table) == []
    write(table, "完全同意")
    assert named(table) == [("row.differs", ["rest"])]


def test_an_entry_from_before_it_was_private_still_holds(table, monkeypatch) -> None:
    session = recorded(table)
    with monkeypatch.context() as before:
        before.setattr(Attendance, "PRIVATE", frozenset())
        sign(table, session, 1, dissent="不同意第 4 条")
    (entry,) = table.rows(AuditEntry, AuditEntry.action == "attendance.signed")
    assert "不同意第 4 条" in entry.body
    assert named(table) == []
    write(table, "完全同意")
    assert named(table) == [("row.differs", ["dissent"])]


def waits_for(table: Table, number: int) -> list:
    with table.store.read(table.mentors[number]) as reader:
        return [meeting.session_id for meeting in mentor_home(reader).to_sign]


def test_who_has_still_to_sign_is_told_once_and_finds_it_on_his_first_page(table) -> None:
    session = met(table)
    assert waits_for(table, 1) == []
    for reason in (None, "写错了一处"):
        written = replace(WRITTEN, reason=reason)
        table.store.execute(table.mentors[0], outcomes.revise, session.id, written)
    Worker(table.store, registry(Outbox(), "https://example.org", "历城创业导师")).work()
    told = table.rows(Message, Message.event == "outcome.to_sign")
    assert {row.account_id for row in told} == {each.account_id for each in table.mentors[1:3]}
    assert len(told) == 2
    assert {row.href for row in told} == {f"/mentor/sessions/{session.id}/report"}
    # Also in a later month, until he has signed.
    table.clock.put(at("11-02 09:00"))
    sign(table, session, 1)
    assert [waits_for(table, number) for number in (0, 1, 2)] == [[], [], [session.id]]


def test_there_is_nothing_to_sign_before_the_record(table) -> None:
    session = met(table)
    with pytest.raises(IllegalStepError):
        sign(table, session, 1)
    assert signed(table) == []


def test_who_has_signed_signs_no_other_times(table) -> None:
    session = recorded(table)
    sign(table, session, 1)
    with pytest.raises(SignedAlreadyError):
        sign(table, session, 1, OwnTimes(at(MEETING), at("09-18 15:00")))
    assert signed(table)[0].out_at == at(MEETING_END)


def test_the_lead_signs_by_recording_and_others_not_at_all(table) -> None:
    session = recorded(table)
    with pytest.raises(NotSignedError):
        sign(table, session, 0)
    with pytest.raises(NotFoundError):
        sign(table, session, 4)
    with pytest.raises(NotFoundError):
        table.store.execute(table.officer, service_sessions.sign, session.id, WHOLE)
    assert signed(table) == []


@pytest.mark.parametrize(
    ("own", "said", "field"),
    [
        (OwnTimes(at("09-18 13:59"), at(MEETING_END)), None, "in_at"),
        (OwnTimes(at(MEETING), at("09-18 16:01")), None, "out_at"),
        (WHOLE, "长" * (LONGEST_DISSENT + 1), "dissent"),
    ],
)
def test_what_cannot_be_signed_names_its_field_and_leaves_nothing(table, own, said, field) -> None:
    session = recorded(table)
    with pytest.raises(InvalidInputError) as refused:
        sign(table, session, 1, own, dissent=said)
    assert [error.field for error in refused.value.errors] == [field]
    assert signed(table) == []
