"""Lines of a call or an online meeting: masked, compared with the record, deciding nothing."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.actor import SYSTEM, Role
from app.domain.availability import Mode
from app.domain.errors import ForbiddenError, InvalidInputError
from app.domain.log_line import Line, LogKind, OnSiteError, StruckError, masked_contact
from app.domain.service_session import Party
from app.models.audit_entry import AuditEntry
from app.models.log_line import LogLine
from app.models.service_record import ServiceRecord
from app.queries.log_lines import meeting_log
from app.services import audit_entries, bookings, log_lines, service_sessions
from tests.builders import a_need, staff
from tests.moments import at
from tests.scenes import Plays, after
from tests.services.scene import MEETING, Scene, set_scene

LINE = Line(
    kind=LogKind.CALL,
    party=Party.EXPERT,
    started_at=at("09-18 14:03"),
    ended_at=at("09-18 14:52"),
    contact="138 0013 8000",
)


@after(set_scene)
def called(scene: Scene) -> Scene:
    """A meeting by telephone from 14:00 to 15:00, as its mentor says."""
    need = a_need(scene.store, scene.founder.person_id)
    choice = bookings.Choice(
        need_id=need.id, expert_id=scene.expert.id, starts_at=at(MEETING), mode=Mode.PHONE
    )
    booking = scene.store.execute(scene.founder, bookings.request_now, choice)
    scene.store.execute(scene.mentor, bookings.accept, booking.id)
    scene.clock.put(at("09-18 16:00"))
    facts = service_sessions.Finish(actual_start=at("09-18 14:00"), actual_end=at("09-18 15:00"))
    scene.store.execute(scene.mentor, service_sessions.finish, scene.session().id, facts)
    return scene


@after(set_scene)
def met(scene: Scene) -> Scene:
    scene.finished()
    return scene


@pytest.fixture
def plays() -> Plays:
    return {"on_site": met, "scene": called}


@pytest.fixture
def on_site(scene: Scene) -> Scene:
    return scene


def note(scene: Scene, who=None, **values) -> LogLine:
    line = replace(LINE, **values)
    return scene.store.execute(who or scene.mentor, log_lines.note, scene.session().id, line)


def log(scene: Scene, who=None):
    with scene.store.read(who or scene.officer) as reader:
        return meeting_log(reader, scene.session().id)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("13800138000", "138 **** 8000"), ("1234", "1*"), ("林知远", "林*"), ("  ", "")],
)
def test_a_number_or_a_name_is_masked(typed: str, kept: str) -> None:
    assert masked_contact(typed) == kept


def test_a_line_is_kept_masked_and_shown_to_both_sides_and_changes_no_decision(
    scene: Scene,
) -> None:
    decisions = len(scene.rows(ServiceRecord))
    note(scene)
    (entry,) = scene.rows(AuditEntry, AuditEntry.action == "log_line.noted")
    for who in (scene.founder, scene.mentor, scene.officer):
        (row,) = log(scene, who).rows
        assert row.contact == "138 **** 8000"
    assert "8000" not in entry.body
    assert len(scene.rows(ServiceRecord)) == decisions
    with scene.store.read(SYSTEM) as reader:
        assert audit_entries.verify(reader, scene.store.audit_key()).is_ok


@pytest.mark.parametrize(
    ("start", "end", "noted"),
    [("14:10", "14:50", False), ("14:11", "15:00", True), ("14:00", "14:49", True)],
)
def test_times_more_than_ten_minutes_apart_are_a_hint(scene: Scene, start, end, noted) -> None:
    assert log(scene).comparison is None
    note(scene, started_at=at(f"09-18 {start}"), ended_at=at("09-18 14:30"))
    note(scene, scene.officer, started_at=at("09-18 14:31"), ended_at=at(f"09-18 {end}"))
    comparison = log(scene).comparison
    assert (comparison.first, comparison.last) == (at(f"09-18 {start}"), at(f"09-18 {end}"))
    assert comparison.is_noted is noted


def test_a_struck_line_stays_and_compares_with_nothing(scene: Scene) -> None:
    row = note(scene, started_at=at("09-18 12:00"))
    assert log(scene).comparison.is_noted
    with pytest.raises(ForbiddenError):
        scene.store.execute(scene.founder, log_lines.strike, row.id, "不是我的")
    scene.store.execute(scene.officer, log_lines.strike, row.id, "记错了日子")
    assert log(scene).comparison is None
    assert [each.struck_reason for each in log(scene).rows] == ["记错了日子"]
    with pytest.raises(StruckError):
        scene.store.execute(scene.mentor, log_lines.strike, row.id, "再一次")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"ended_at": LINE.started_at}, "ended_at"),
        ({"ended_at": LINE.started_at + timedelta(hours=9)}, "ended_at"),
        ({"ended_at": at("09-18 16:01")}, "ended_at"),
        ({"contact": "长" * 61}, "contact"),
    ],
)
def test_a_line_that_cannot_have_been_is_named_at_its_field(scene: Scene, values, field) -> None:
    with pytest.raises(InvalidInputError) as caught:
        note(scene, **values)
    assert field in [fault.field for fault in caught.value.errors]
    assert scene.rows(LogLine) == []


def test_only_mentor_and_desk_note_lines(scene: Scene) -> None:
    for who in (scene.founder, staff(scene.store, Role.AUDITOR)):
        with pytest.raises(ForbiddenError):
            note(scene, who)


def test_who_met_face_to_face_has_no_call(on_site: Scene) -> None:
    with pytest.raises(OnSiteError):
        note(on_site)
