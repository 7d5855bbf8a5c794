"""Experts of a panel who do not come: each answers for himself, the others hold the meeting."""

from datetime import timedelta

import pytest

from app.adapters.email import Outbox
from app.domain.actor import Role
from app.domain.availability import Mode
from app.domain.errors import InvalidInputError
from app.domain.service_record import ActualTimes, Ruling, Span
from app.domain.service_session import (
    Evidence,
    IllegalStepError,
    NoShow,
    NotSignedError,
    PanelHeldError,
    ServiceSessionStatus,
    TooLateError,
    WasSeenError,
)
from app.domain.task import TaskEnd, TaskKind
from app.jobs.registry import registry
from app.jobs.worker import Worker
from app.models.message import Message
from app.models.outcome import Dispute
from app.models.service_session import Attendance, ServiceSession
from app.models.task import Task
from app.services import bookings, disputes, outcomes, service_sessions
from app.services.service_sessions import Finish, OwnTimes
from tests.builders import a_founder, a_need, staff
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


def planned(table: Table, **values) -> ServiceSession:
    booking = table.agreed(**values)
    (session,) = table.rows(ServiceSession, ServiceSession.booking_id == booking.id)
    table.clock.put(at(MEETING_END) + timedelta(minutes=5))
    return session


def failed_before(table: Table, *numbers: int) -> None:
    """Let each of the experts have one absence without an excuse already."""
    other = a_founder(table.store, name="别人")
    table.clock.put(at("09-15 09:00"))
    booked = []
    for number in numbers:
        need = a_need(table.store, other.person_id)
        choice = bookings.Choice(
            need_id=need.id,
            expert_id=table.experts[number].id,
            starts_at=at("09-17 10:00") + timedelta(hours=2 * number),
            mode=Mode.ONSITE,
        )
        booking = table.store.execute(other, bookings.request_now, choice)
        table.accept(booking, number)
        booked.append((booking, number))
    table.clock.put(at("09-17 09:00"))
    for booking, number in booked:
        table.cancel(booking, number, "m_late_no_reason")


def held(table: Table, session: ServiceSession, *absent: int, by: int = 0) -> ServiceSession:
    facts = Finish(
        actual_start=at(MEETING),
        actual_end=at(MEETING_END),
        absent=frozenset(table.experts[number].id for number in absent),
    )
    return table.store.execute(table.mentors[by], service_sessions.finish, session.id, facts)


def missed(table: Table, session: ServiceSession, *absent: int, who=NoShow.MENTOR, by=None):
    return table.store.execute(
        by or table.founder,
        service_sessions.report_no_show,
        session.id,
        who,
        experts=[table.experts[number].id for number in absent] if absent else None,
    )


def absent(table: Table) -> set[int]:
    keys = [expert.id for expert in table.experts]
    rows = table.rows(Attendance, Attendance.missed_at.is_not(None))
    return {keys.index(row.expert_id) for row in rows}


def reviewed(table: Table) -> list[int]:
    keys = [expert.id for expert in table.experts]
    rows = table.rows(Task, Task.kind == TaskKind.DISMISSAL_REVIEW, Task.closed_at.is_(None))
    return [keys.index(row.subject_id) for row in rows]


def test_a_panel_whose_lead_and_quorum_came_is_held_and_the_missing_answers_alone(table) -> None:
    failed_before(table, 0, 1)
    session = planned(table)
    finished = held(table, session, 1)
    assert finished.status is ServiceSessionStatus.FINISHED
    assert absent(table) == {1}
    present = {row.expert_id for row in table.rows(Attendance) if row.is_present}
    assert table.experts[1].id not in present
    assert {table.experts[0].id, table.experts[2].id} <= present
    assert reviewed(table) == [1]
    Worker(table.store, registry(Outbox(), "https://example.org", "历城创业导师")).work()
    (told,) = table.rows(Message, Message.event == "service_session.member_missed")
    assert told.account_id == table.mentors[1].account_id
    assert "9月22日（周二）24:00" in told.text
    table.store.execute(table.mentors[0], outcomes.record, session.id, WRITTEN)
    with pytest.raises(NotSignedError):
        table.store.execute(table.mentors[1], service_sessions.sign, session.id, WHOLE)


@pytest.mark.parametrize(
    ("absent_ones", "code"),
    [
        ((0,), "service_session.lead_needed"),
        ((1, 2), "service_session.below_quorum"),
        ((3,), "service_session.unknown_expert"),
    ],
)
def test_without_its_lead_or_its_quorum_nothing_was_held(table, absent_ones, code) -> None:
    session = planned(table)
    with pytest.raises(InvalidInputError) as refused:
        held(table, session, *absent_ones)
    assert [(each.field, each.code) for each in refused.value.errors] == [("absent_experts", code)]
    assert absent(table) == set()


def test_an_absent_expert_has_no_times(table) -> None:
    session = planned(table)
    facts = Finish(
        actual_start=at(MEETING),
        actual_end=at(MEETING_END),
        absent=frozenset({table.experts[1].id}),
        experts={table.experts[1].id: WHOLE},
    )
    with pytest.raises(InvalidInputError):
        table.store.execute(table.mentors[0], service_sessions.finish, session.id, facts)


def test_only_those_who_did_not_come_answer_for_a_panel_that_was_missed(table) -> None:
    failed_before(table, 0, 1, 2)
    session = planned(table)
    missed(table, session, 0, 1)
    assert absent(table) == {0, 1}
    assert sorted(reviewed(table)) == [0, 1]
    Worker(table.store, registry(Outbox(), "https://example.org", "历城创业导师")).work()
    told = table.rows(Message, Message.event == "service_session.no_show")
    assert {row.account_id for row in told} == {each.account_id for each in table.mentors[:2]}
    # One of them contests for the side: nothing of it stands until somebody has ruled.
    dispute = table.store.execute(
        table.mentors[1], service_sessions.contest, session.id, "我们都在另一间会议室"
    )
    assert reviewed(table) == []
    approver = staff(table.store, Role.APPROVER)
    table.store.execute(approver, disputes.rule, dispute.id, Ruling.NO_SHOW_MENTOR, "没有到场")
    assert sorted(reviewed(table)) == [0, 1]


def test_without_names_everybody_who_had_not_left_is_called_absent(table) -> None:
    booking = table.agreed()
    table.cancel(booking, 2)
    (session,) = table.rows(ServiceSession)
    table.clock.put(at(MEETING_END))
    missed(table, session)
    assert absent(table) == {0, 1}


def test_what_was_held_is_not_reported_missed(table) -> None:
    session = planned(table)
    with pytest.raises(PanelHeldError):
        missed(table, session, 2)
    with pytest.raises(InvalidInputError):
        missed(table, session, 4)
    with pytest.raises(InvalidInputError):
        missed(table, session, 2, who=NoShow.TECHNICAL, by=table.officer)
    assert absent(table) == set()


def test_nobody_is_called_absent_whom_the_desk_has_seen(table) -> None:
    session = planned(table)
    table.clock.put(at(MEETING))
    table.store.execute(
        table.officer,
        service_sessions.check_in,
        session.id,
        person_id=table.experts[1].person_id,
        evidence=Evidence.SIGNATURE,
    )
    table.clock.put(at(MEETING_END))
    for call in (held, missed):
        with pytest.raises(WasSeenError):
            call(table, session, 1) if call is held else call(table, session, 0, 1)
    # Another one is no hindrance.
    assert held(table, session, 2).status is ServiceSessionStatus.FINISHED


@pytest.mark.parametrize(
    ("ruling", "is_reviewed", "may_sign"),
    [
        (Ruling.NO_SHOW_MENTOR, True, False),
        (Ruling.EXCUSED, False, False),
        (Ruling.DELIVERED, False, True),
    ],
)
def test_a_contested_absence_does_not_stand_until_it_is_ruled(
    table, ruling, is_reviewed, may_sign
) -> None:
    failed_before(table, 1)
    session = planned(table)
    held(table, session, 1)
    table.store.execute(table.mentors[0], outcomes.record, session.id, WRITTEN)
    dispute = table.store.execute(
        table.mentors[1], service_sessions.contest, session.id, "我迟到十分钟，一直在场"
    )
    assert reviewed(table) == []
    with pytest.raises(IllegalStepError):
        table.store.execute(table.mentors[1], service_sessions.contest, session.id, "再说一次")
    # The meeting itself is not disputed: its founder confirms it meanwhile.
    outcome = table.store.execute(table.mentors[0], _outcome_of, session.id)
    table.store.execute(table.founder, outcomes.confirm, outcome.id, agrees=True)
    approver = staff(table.store, Role.APPROVER)
    for unfit, times in ((Ruling.NO_SHOW_FOUNDER, None), (ruling, _times())):
        with pytest.raises(InvalidInputError):
            table.store.execute(approver, disputes.rule, dispute.id, unfit, "理由", actual=times)
    table.store.execute(approver, disputes.rule, dispute.id, ruling, "问过在场的人")
    assert reviewed(table) == ([1] if is_reviewed else [])
    if may_sign:
        table.store.execute(table.mentors[1], service_sessions.sign, session.id, WHOLE)
    else:
        with pytest.raises(NotSignedError):
            table.store.execute(table.mentors[1], service_sessions.sign, session.id, WHOLE)


def test_an_absence_stands_when_the_time_to_contest_it_is_over(table) -> None:
    session = planned(table)
    held(table, session, 1)
    table.clock.put(at("09-23 00:00"))
    with pytest.raises(TooLateError):
        table.store.execute(table.mentors[1], service_sessions.contest, session.id, "我在场")
    with pytest.raises(IllegalStepError):
        table.store.execute(table.mentors[2], service_sessions.contest, session.id, "他在场")
    assert table.rows(Dispute) == []
    settled = [task.ending for task in table.rows(Task, Task.ending == TaskEnd.DONE)]
    assert settled == []


def _outcome_of(uow, session_id):
    return outcomes.of_session(uow, session_id)


def _times() -> ActualTimes:
    return ActualTimes(Span(at(MEETING), at(MEETING_END)))
