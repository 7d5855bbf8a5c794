"""Who sees what of a diagnosis: the panel all, the founder what was presented, others nothing."""

import pytest
from sqlalchemy import select

from app.domain.actor import Actor, Role
from app.domain.diagnosis import NoteKind, NoteText
from app.domain.errors import NotFoundError
from app.models.action_item import ActionItem
from app.models.diagnosis import (
    Diagnosis,
    DiagnosisFinding,
    DiagnosisMaterial,
    DiagnosisNote,
    DiagnosisRecusal,
    DiagnosisReport,
    DiagnosisSignature,
)
from app.queries.diagnoses import workspace
from app.services import diagnoses
from app.services.diagnoses import Wanted
from tests.builders import a_founder, staff
from tests.diagnosing import DUE, Room, complete
from tests.moments import at, day
from tests.scenes import Plays, after

SHARED = (Diagnosis, DiagnosisMaterial, ActionItem)
INSIDE = (DiagnosisNote, DiagnosisFinding, DiagnosisRecusal)
PRINTED = (DiagnosisReport, DiagnosisSignature)


@after(complete)
def noted(room: Room) -> Room:
    room.act(0, diagnoses.ask, room.session_id, Wanted("报表", DUE))
    visit = NoteText(kind=NoteKind.VISIT, held_on=day("09-17"), people="王强", text="人少")
    room.act(1, diagnoses.note, room.session_id, visit)
    return room


@pytest.fixture
def plays() -> Plays:
    return {"room": noted}


@pytest.fixture
def room(scene: Room) -> Room:
    return scene


def seen(room: Room, who: Actor) -> set[str]:
    with room.store.read(who) as reader:
        return {
            model.__tablename__
            for model in SHARED + INSIDE + PRINTED
            if reader.session.scalars(select(model)).all()
        }


def names(*models: type) -> set[str]:
    return {model.__tablename__ for model in models}


def test_rows_are_seen_as_far_as_the_meeting_and_what_was_presented(room: Room) -> None:
    table = room.table
    everything = names(*SHARED, DiagnosisNote, DiagnosisFinding, *PRINTED)
    auditor = staff(room.store, Role.AUDITOR)
    for who in (table.mentors[0], table.mentors[2], table.officer, auditor):
        assert seen(room, who) == everything
    assert seen(room, table.founder) == seen(room, table.companion) == names(*SHARED)
    strangers = [table.mentors[4], a_founder(room.store, name="路人")]
    strangers.append(staff(room.store, Role.STREET_LIAISON, street="elsewhere"))
    for who in strangers:
        assert seen(room, who) == set()
    room.act(0, diagnoses.present, room.session_id, room.clock.now(), "王强")
    assert seen(room, table.founder) == names(*SHARED, *PRINTED)


def test_a_founder_reads_the_report_only_once_it_was_presented(room: Room) -> None:
    founder = room.table.founder
    room.act(0, diagnoses.present, room.session_id, at("09-21 10:00"), "王强")
    for moment, shown in (("09-21 09:59", 0), ("09-21 10:00", 1)):
        room.clock.put(at(moment))
        with room.store.read(founder) as reader:
            page = workspace(reader, room.session_id)
        assert len(page.reports) == shown
        assert (page.to_hear is not None) == bool(shown)
        assert page.notes == page.findings == ()
    with room.store.read(room.table.mentors[4]) as reader, pytest.raises(NotFoundError):
        workspace(reader, room.session_id)


def test_the_workspace_says_what_each_may_do(room: Room) -> None:
    table = room.table
    expected = {
        table.mentors[0]: (True, True, True, False),
        table.mentors[1]: (True, False, True, False),
        table.officer: (False, False, True, False),
        staff(room.store, Role.AUDITOR): (False, False, False, False),
        table.founder: (False, False, False, True),
    }
    for who, may in expected.items():
        with room.store.read(who) as reader:
            page = workspace(reader, room.session_id)
        assert (page.works, page.leads, page.may_set_materials, page.may_hear) == may
