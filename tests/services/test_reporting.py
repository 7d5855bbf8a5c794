from dataclasses import replace

import pytest

from app.db import StaleVersionError
from app.domain.errors import ForbiddenError, InvalidInputError, NotFoundError
from app.domain.outcome import OutcomeStatus
from app.domain.service_session import IllegalStepError, ServiceSessionStatus
from app.models.outcome import OutcomeVersion
from app.models.service_record import ServiceRecord
from app.models.service_session import ServiceSession
from app.services.outcomes import Action, Record, report, revise
from app.services.service_sessions import Finish
from tests.builders import a_mentor, an_expert
from tests.founder_road import plays, road
from tests.moments import at, day

__all__ = ["plays", "road"]

FACTS = Finish(actual_start=at("09-18 14:00"), actual_end=at("09-18 14:50"))
RECORD = Record(
    "个体户还是公司", "先办个体户", [Action("备齐材料", "李晓", day("10-15"))], "advised"
)


@pytest.fixture
def session(road) -> ServiceSession:
    session = road.session_of(road.accepted())
    road.put("09-18 15:00")
    return session


def faults(error: InvalidInputError) -> dict[str, str]:
    return {fault.field: fault.code for fault in error.errors}


def test_a_report_closes_the_meeting_and_records_it_at_once(store, road, session) -> None:
    outcome = store.execute(road.mentor, report, session.id, FACTS, RECORD)

    assert outcome.status is OutcomeStatus.RECORDED
    assert outcome.confirm_by == at("09-25 00:00")
    assert road.row(ServiceSession).status is ServiceSessionStatus.FINISHED
    assert [version.number for version in road.rows(OutcomeVersion)] == [1]
    assert road.rows(ServiceRecord)


def test_a_faulty_report_names_times_and_record_together_and_keeps_neither(
    store, road, session
) -> None:
    late = replace(FACTS, actual_end=at("09-18 13:00"))
    with pytest.raises(InvalidInputError) as refusal:
        store.execute(road.mentor, report, session.id, late, replace(RECORD, advice=" "))

    assert faults(refusal.value) == {
        "actual_end": "service_session.end_before_start",
        "advice": "input.required",
    }
    assert road.row(ServiceSession).status is ServiceSessionStatus.PLANNED
    assert road.rows(OutcomeVersion) == []


def test_a_meeting_is_reported_once(store, road, session) -> None:
    store.execute(road.mentor, report, session.id, FACTS, RECORD)
    with pytest.raises(IllegalStepError):
        store.execute(road.mentor, report, session.id, FACTS, RECORD)


def test_a_report_from_a_stale_page_is_refused(store, road, session) -> None:
    with pytest.raises(StaleVersionError):
        store.execute(road.mentor, report, session.id, FACTS, RECORD, version=session.version + 1)


def test_a_later_version_says_why(store, road, session) -> None:
    store.execute(road.mentor, report, session.id, FACTS, RECORD)
    changed = replace(RECORD, advice="直接办公司")

    with pytest.raises(InvalidInputError) as refusal:
        store.execute(road.mentor, revise, session.id, replace(changed, advice=""))
    assert faults(refusal.value) == {"reason": "input.required", "advice": "input.required"}

    store.execute(road.mentor, revise, session.id, replace(changed, reason="算错了营业额"))
    kept = sorted(road.rows(OutcomeVersion), key=lambda version: version.number)
    assert [(version.number, version.reason) for version in kept] == [
        (1, None),
        (2, "算错了营业额"),
    ]


def test_the_first_record_of_a_closed_meeting_needs_no_reason(store, road) -> None:
    session = road.finished()
    outcome = store.execute(road.mentor, revise, session.id, RECORD)
    assert outcome.status is OutcomeStatus.RECORDED


def test_a_meeting_that_was_not_held_has_no_record(store, road, session) -> None:
    with pytest.raises(NotFoundError):
        store.execute(road.mentor, revise, session.id, RECORD)


def test_only_the_mentor_who_led_reports(store, road, session) -> None:
    stranger = a_mentor(store, an_expert(store, name="刘总"))
    with pytest.raises(NotFoundError):
        store.execute(stranger, report, session.id, FACTS, RECORD)
    with pytest.raises(ForbiddenError):
        store.execute(road.founder, report, session.id, FACTS, RECORD)
