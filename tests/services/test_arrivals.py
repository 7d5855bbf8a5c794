"""Who has come, marked at the counter and taken back."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest

from app.domain.actor import SYSTEM, Actor, Role
from app.domain.desk_entry import BuiltUponError, UndoOverError
from app.domain.errors import ForbiddenError, InvalidInputError, NotFoundError
from app.domain.expert import RecusalError
from app.domain.service_session import (
    Evidence,
    Party,
    ServiceSessionStatus,
    TooEarlyError,
    TooLateError,
)
from app.models.audit_entry import AuditEntry
from app.models.desk_entry import DeskEntry
from app.models.expert import DeclaredInterest
from app.models.person import Person
from app.models.service_session import Attendance, ServiceSession
from app.queries.service_desk import arrivals_of, expected_today
from app.services import audit_entries, desk_entries, service_sessions
from app.services.service_sessions import Finish
from tests.builders import keep, staff
from tests.counter import TODAY, Counter, a_counter
from tests.databases import AUDIT_KEY
from tests.moments import at
from tests.scenes import Plays


@dataclass
class Meeting(Counter):
    """The slot of 14:00 is given; at 13:45 the first people come."""

    session: ServiceSession

    def checks_in(
        self, person_id: UUID, way: Evidence = Evidence.SIGNATURE, actor: Actor | None = None
    ) -> ServiceSession:
        return self.store.execute(
            actor or self.clerk, desk_entries.check_in, self.session.id, person_id, way
        )

    @property
    def founder(self) -> UUID:
        assert self.session.founder_person_id is not None
        return self.session.founder_person_id

    @property
    def status(self) -> ServiceSessionStatus:
        return self.district.one(ServiceSession).status

    def on_list(self, person_id: UUID) -> Attendance | None:
        rows = self.district.rows(
            Attendance, Attendance.person_id == person_id, Attendance.voided_at.is_(None)
        )
        return rows[0] if rows else None


def a_meeting(store, clock) -> Meeting:
    counter = a_counter(store, clock)
    booking = counter.gives(counter.comes())
    session = counter.district.session_of(booking)
    clock.put(at(f"{TODAY} 13:45"))
    return Meeting(**vars(counter), session=session)


@pytest.fixture
def plays() -> Plays:
    return {"meeting": a_meeting}


@pytest.fixture
def meeting(scene: Meeting) -> Meeting:
    return scene


def test_the_clerk_marks_both_sides_and_who_came_along(meeting) -> None:
    guest = meeting.registers("钱大伯", phone=None)
    with meeting.store.read(meeting.clerk) as reader:
        assert [row.session_id for row in expected_today(reader)] == [meeting.session.id]
    meeting.checks_in(meeting.founder)
    meeting.checks_in(meeting.mentor.expert.person_id, Evidence.CODE)
    meeting.checks_in(guest.id)

    with meeting.store.read(meeting.clerk) as reader:
        page = arrivals_of(reader, meeting.session.id)
    shown = [(each.name, each.side, each.evidence, each.is_seen) for each in page.guests]
    assert sorted(shown) == [
        ("林会计", Party.EXPERT, Evidence.CODE, True),
        ("钱大伯", Party.FOUNDER, Evidence.SIGNATURE, True),
        ("钱大妈", Party.FOUNDER, Evidence.SIGNATURE, True),
    ]
    assert all(each.entry_id for each in page.guests)
    row = meeting.on_list(guest.id)
    assert (row.is_lead, row.identity_level) == (False, guest.identity_level)
    assert meeting.status is ServiceSessionStatus.IN_PROGRESS
    # Pressed twice it is noted once.
    meeting.checks_in(guest.id)
    assert len(meeting.district.rows(DeskEntry, DeskEntry.subject_id == row.id)) == 1


def test_who_may_see_the_meeting_and_has_a_desk_checks_in_by_what_was_seen(meeting) -> None:
    for actor in (meeting.stranger, staff(meeting.store, Role.STREET_LIAISON, street="guodian")):
        with pytest.raises(NotFoundError):
            meeting.checks_in(meeting.founder, actor=actor)
    for actor in (meeting.mentor.actor, staff(meeting.store, Role.AUDITOR)):
        with pytest.raises(ForbiddenError):
            meeting.checks_in(meeting.founder, actor=actor)
    for way in (Evidence.SELF, Evidence.MENTOR, Evidence.CALL_LOG):
        with pytest.raises(InvalidInputError):
            meeting.checks_in(meeting.founder, way)
    meeting.district.clock.put(at(f"{TODAY} 13:29"))
    with pytest.raises(TooEarlyError):
        meeting.checks_in(meeting.founder)
    meeting.district.clock.put(at(f"{TODAY} 14:20"))
    with pytest.raises(TooLateError):
        meeting.checks_in(meeting.founder)
    assert meeting.status is ServiceSessionStatus.PLANNED
    assert not meeting.district.rows(DeskEntry, DeskEntry.kind == "arrival")


def test_a_guest_with_a_tie_to_the_expert_is_not_let_in(meeting) -> None:
    guest = meeting.registers("钱大伯", phone=None)
    tie = DeclaredInterest(
        expert_id=meeting.mentor.expert.id,
        conflict_type="ci2_board",
        organisation="",
        person_id=guest.id,
    )
    keep(meeting.store, tie)
    with pytest.raises(RecusalError):
        meeting.checks_in(guest.id)
    assert meeting.on_list(guest.id) is None
    meeting.checks_in(meeting.founder)


def test_taken_back_the_list_says_what_it_said_before(meeting) -> None:
    own = meeting.mentor.actor
    meeting.store.execute(own, service_sessions.check_in, meeting.session.id)
    said_at = meeting.district.clock.now()
    meeting.district.clock.put(said_at + timedelta(minutes=1))
    meeting.checks_in(meeting.mentor.expert.person_id)
    row = meeting.on_list(meeting.mentor.expert.person_id)
    assert (row.evidence, row.checked_in_at) == (
        Evidence.SIGNATURE,
        said_at + timedelta(minutes=1),
    )
    meeting.undoes(row)
    row = meeting.on_list(meeting.mentor.expert.person_id)
    assert (row.evidence, row.checked_in_at) == (Evidence.SELF, said_at)
    assert meeting.status is ServiceSessionStatus.IN_PROGRESS

    meeting.checks_in(meeting.founder)
    founder = meeting.on_list(meeting.founder)
    meeting.undoes(founder)
    assert meeting.on_list(meeting.founder).checked_in_at is None
    # Checked in once more it can be taken back once more, by whoever did it this time.
    meeting.checks_in(meeting.founder, Evidence.CODE, meeting.district.officer)
    with pytest.raises(NotFoundError):
        meeting.undoes(founder)
    meeting.undoes(founder, meeting.district.officer)
    actions = [
        entry.action
        for entry in meeting.district.rows(AuditEntry, AuditEntry.entity_id == founder.id)
    ]
    assert actions.count("attendance.unchecked") == 2
    with meeting.store.read(SYSTEM) as reader:
        assert audit_entries.verify(reader, AUDIT_KEY).faults == []


def test_a_guest_taken_back_is_on_no_list_and_may_come_after_all(meeting) -> None:
    guest = meeting.registers("钱大伯", phone=None)
    meeting.checks_in(guest.id)
    row = meeting.on_list(guest.id)
    meeting.undoes(row)
    assert meeting.status is ServiceSessionStatus.PLANNED
    with meeting.store.read(meeting.clerk) as reader:
        assert guest.id not in {
            each.person_id for each in arrivals_of(reader, meeting.session.id).guests
        }
    # Nothing stands on his registration any more, and nobody counts who is on no list.
    meeting.checks_in(guest.id)
    assert meeting.on_list(guest.id).id == row.id
    meeting.undoes(row)
    meeting.undoes(guest)
    assert meeting.district.one(Person, Person.id == guest.id).voided_at is not None
    meeting.district.clock.put(at(f"{TODAY} 14:30"))
    facts = Finish(actual_start=at(f"{TODAY} 14:00"), actual_end=at(f"{TODAY} 14:20"))
    meeting.store.execute(meeting.mentor.actor, service_sessions.finish, meeting.session.id, facts)
    assert meeting.district.one(Attendance, Attendance.id == row.id).is_present is False


def test_after_ten_minutes_or_once_the_meeting_is_over_a_check_in_stays(meeting) -> None:
    meeting.checks_in(meeting.founder)
    row = meeting.on_list(meeting.founder)
    meeting.district.clock.put(at(f"{TODAY} 13:55"))
    with pytest.raises(UndoOverError):
        meeting.undoes(row)
    meeting.district.clock.put(at(f"{TODAY} 14:15"))
    meeting.checks_in(meeting.mentor.expert.person_id)
    expert = meeting.on_list(meeting.mentor.expert.person_id)
    meeting.district.clock.put(at(f"{TODAY} 14:20"))
    facts = Finish(actual_start=at(f"{TODAY} 14:00"), actual_end=at(f"{TODAY} 14:20"))
    meeting.store.execute(meeting.mentor.actor, service_sessions.finish, meeting.session.id, facts)
    with pytest.raises(BuiltUponError) as refused:
        meeting.undoes(expert)
    assert refused.value.facts["by"] == "finished"
    assert meeting.on_list(meeting.mentor.expert.person_id).evidence is Evidence.SIGNATURE
