from datetime import timedelta

import pytest

from app.domain.activity import ActivityKind, CloserSpeaksError, NotOverError, OverError
from app.domain.actor import Role
from app.domain.errors import ForbiddenError, InvalidInputError
from app.domain.outcome import ConfirmationKind, IllegalStepError, OutcomeStatus
from app.domain.service_session import IllegalStepError as IllegalMeetingStepError
from app.domain.service_session import OfActivityError
from app.models.activity import Activity
from app.models.outcome import Outcome, OutcomeVersion
from app.models.service_session import Attendance, ServiceSession
from app.services import activities, audit_entries, outcomes, service_sessions
from app.services.persons import WalkIn
from app.services.service_sessions import Finish, OwnTimes
from tests.builders import an_account, an_actor, the_person_of
from tests.gathering import Hall
from tests.moments import at


@pytest.fixture
def lecture(hall: Hall) -> Activity:
    return hall.announced(experts=(hall.experts[0].id, hall.experts[1].id))


def with_listeners(hall: Hall, activity: Activity, number: int = 2) -> None:
    hall.clock.put(activity.starts_at)
    for each in range(number):
        hall.sign_in(activity, f"听众{each}", f"1380000100{each}")


def test_a_closed_list_is_a_confirmed_meeting_that_counts(hall: Hall, lecture: Activity) -> None:
    with_listeners(hall, lecture)

    session = hall.close(lecture)

    decision = hall.decision(session)
    assert (decision.status, decision.minutes, decision.anonymous_heads) == ("counted", 90, 0)
    assert len(decision.person_ids) == 2
    assert {minutes for _, minutes in decision.expert_minutes} == {90}
    (outcome,) = hall.rows(Outcome)
    assert (outcome.status, outcome.confirmation_kind) == (
        OutcomeStatus.CONFIRMED, ConfirmationKind.SIGNED_IN,
    )  # fmt: skip
    assert hall.rows(OutcomeVersion)[0].question == lecture.title
    assert session.booking_id is session.need_id is session.founder_person_id is None


def test_every_row_of_a_closed_list_is_proved_by_the_trail(hall: Hall, lecture: Activity) -> None:
    with_listeners(hall, lecture)
    hall.close(lecture)

    report = hall.store.execute(hall.approver, audit_entries.verify, hall.store.audit_key())
    assert report.is_ok, report.as_json()


def test_who_signed_in_by_a_number_only_told_is_not_counted(hall: Hall, lecture: Activity) -> None:
    with_listeners(hall, lecture, 1)
    told = WalkIn(name="周涛", phone="13800006666")
    hall.store.execute(hall.officer, activities.check_in_signed, lecture.id, told)

    assert len(hall.decision(hall.close(lecture)).person_ids) == 1


def test_a_lecture_nobody_signed_in_to_does_not_count(hall: Hall, lecture: Activity) -> None:
    assert hall.decision(hall.close(lecture)).reason == "no_attendee"


def test_a_roundtable_under_45_minutes_does_not_count(hall: Hall) -> None:
    table = hall.announced(minutes=44, kind=ActivityKind.ROUNDTABLE)
    with_listeners(hall, table)
    assert hall.decision(hall.close(table)).reason == "below_minimum"


def test_a_speaker_who_left_early_has_his_own_minutes_and_who_was_absent_none(
    hall: Hall,
) -> None:
    lecture = hall.announced(experts=[expert.id for expert in hall.experts])
    with_listeners(hall, lecture)
    first, second, third = (expert.id for expert in hall.experts)
    early = {second: OwnTimes(lecture.starts_at, lecture.starts_at + timedelta(minutes=30))}

    session = hall.close(lecture, absent=frozenset({third}), experts=early)

    minutes = {
        row.expert_id: row.out_at - row.in_at
        for row in hall.rows(Attendance, Attendance.expert_id.is_not(None))
    }
    assert minutes == {first: timedelta(minutes=90), second: timedelta(minutes=30)}
    assert sum(minutes for _, minutes in hall.decision(session).expert_minutes) == 120


def test_when_the_first_speaker_stays_away_the_next_one_leads(
    hall: Hall, lecture: Activity
) -> None:
    session = hall.close(lecture, absent=frozenset({hall.experts[0].id}))
    assert session.lead_expert_id == hall.experts[1].id


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"note": " "}, "note"),
        ({"actual_end": at("09-12 08:00")}, "actual_end"),
        ({"actual_start": at("09-11 09:00")}, "actual_end"),
        ({"actual_start": at("09-12 08:00")}, "actual_start"),
    ],
)
def test_facts_that_cannot_be_are_refused_and_the_list_stays_open(
    hall: Hall, lecture: Activity, values, field
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        hall.close(lecture, **values)
    assert field in {fault.field for fault in refused.value.errors}
    assert hall.rows(ServiceSession) == []


@pytest.mark.parametrize("who", ["everybody", "stranger"])
def test_somebody_announced_must_have_been_there(hall: Hall, lecture: Activity, who) -> None:
    absent = {"everybody": {0, 1}, "stranger": {2}}[who]
    with pytest.raises(InvalidInputError) as refused:
        hall.close(lecture, absent=frozenset(hall.experts[each].id for each in absent))
    assert [fault.field for fault in refused.value.errors] == ["absent"]


def test_times_of_who_was_not_there_or_went_before_he_came_are_refused(
    hall: Hall, lecture: Activity
) -> None:
    start, end = lecture.starts_at, lecture.ends_at
    for times in (
        {hall.experts[2].id: OwnTimes(start, end)},
        {hall.experts[0].id: OwnTimes(end, start)},
    ):
        with pytest.raises(InvalidInputError) as refused:
            hall.close(lecture, experts=times)
        assert [fault.field for fault in refused.value.errors] == ["experts"]


def test_a_list_is_closed_once_and_not_before_the_end(hall: Hall, lecture: Activity) -> None:
    closing = activities.Closing(
        actual_start=lecture.starts_at, actual_end=lecture.ends_at, note="讲完了。"
    )
    hall.clock.put(lecture.ends_at - timedelta(minutes=1))
    with pytest.raises(NotOverError):
        hall.store.execute(hall.officer, activities.close, lecture.id, closing)
    hall.close(lecture)
    with pytest.raises(OverError):
        hall.close(lecture)
    assert len(hall.rows(ServiceSession)) == 1


def test_an_officer_who_speaks_himself_does_not_close_the_list(
    hall: Hall, lecture: Activity
) -> None:
    person = the_person_of(hall.store, hall.experts[1])
    both = an_actor(an_account(hall.store, Role.OFFICER, person=person), Role.OFFICER)

    with pytest.raises(CloserSpeaksError):
        hall.close(lecture, both)
    with pytest.raises(ForbiddenError):
        hall.close(lecture, hall.mentor(2))


def test_the_steps_of_a_booked_meeting_are_not_taken_with_that_of_an_activity(
    hall: Hall, lecture: Activity
) -> None:
    with_listeners(hall, lecture)
    session = hall.close(lecture)
    (outcome,) = hall.rows(Outcome)
    facts = Finish(actual_start=lecture.starts_at, actual_end=lecture.ends_at)

    with pytest.raises(IllegalStepError):
        hall.store.execute(hall.approver, outcomes.certify, outcome.id, "电话核实")
    with pytest.raises(IllegalMeetingStepError):
        hall.store.execute(hall.mentor(0), service_sessions.finish, session.id, facts)
    with pytest.raises(OfActivityError):
        service_sessions.booking_id_of(session)
