import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import partial
from threading import Barrier, Event

import pytest
from sqlalchemy import select

from app.domain.actor import SYSTEM
from app.domain.calendar import Month
from app.domain.service_record import CorrectionOp
from app.domain.service_session import NoShow
from app.domain.task import TaskEnd, TaskKind
from app.models.audit_entry import AuditEntry
from app.models.expert import DeclaredInterest
from app.models.job import Job
from app.models.person import IdentityLevel
from app.models.service_record import ServiceRecord
from app.models.task import Task
from app.queries.tasks import task_page
from app.services import outcomes, periods, service_records, service_sessions
from app.services.service_records import counting
from app.services.service_sessions import Finish, OwnTimes
from tests.builders import keep
from tests.journeys.district import District, Founder, Mentor
from tests.moments import at


@pytest.fixture
def founder(district: District) -> Founder:
    return district.founder("王强", name="历城某商贸", registered_on=date(2024, 3, 1))


@pytest.fixture
def mentor(district: District) -> Mentor:
    return district.mentor("高源")


def test_a_planned_meeting_has_no_record(district, founder, mentor) -> None:
    session = district.accepted(mentor, founder, "09-17 14:00")
    district.store.execute(SYSTEM, service_records.count, session.id, cause="test")

    assert district.versions(session) == []


def test_each_step_of_the_road_is_a_version_until_both_sides_stand_by_it(
    district, founder, mentor
) -> None:
    session = district.held(mentor, founder, "09-17 14:00", 55)
    district.record(mentor, session)
    district.confirm(founder, session)

    versions = district.versions(session)
    assert [(v.number, v.status, v.reason, v.cause) for v in versions] == [
        (1, "not_counted", "unconfirmed", "service_session.finished"),
        (2, "not_counted", "unconfirmed", "outcome.recorded"),
        (3, "counted", None, "outcome.confirmed"),
    ]
    counted = versions[-1]
    assert (counted.month, counted.day, counted.minutes) == ("2026-09", date(2026, 9, 17), 55)
    assert (counted.mentor_minutes, counted.rule) == (55, "all_hold")
    assert (counted.policy_code, counted.policy_from) == ("LC-COUNT-1", date(2026, 1, 1))
    assert counted.detail["dimensions"] == {
        "department": "xzspj",
        "area": "east_new_area",
        "street": "tangye",
        "industry": "emerging_services",
    }


def test_counting_again_without_news_writes_nothing(district, founder, mentor) -> None:
    session = district.served(mentor, founder, "09-17 14:00")
    before = [row.id for row in district.rows(ServiceRecord)]

    district.store.execute(SYSTEM, service_records.count, session.id, cause="test")

    assert [row.id for row in district.rows(ServiceRecord)] == before


def test_every_version_is_in_the_trail_with_what_it_says(district, founder, mentor) -> None:
    session = district.served(mentor, founder, "09-17 14:00")

    with district.store.read(SYSTEM) as reader:
        actions = reader.session.scalars(
            select(AuditEntry.action)
            .where(AuditEntry.entity == "service_records")
            .order_by(AuditEntry.id)
        ).all()
    assert actions == [
        "service_record.decided",
        "service_record.decided",
        "service_record.counted",
    ]
    assert len(district.versions(session)) == 3


def test_a_short_meeting_is_kept_and_does_not_count(district, founder, mentor) -> None:
    session = district.served(mentor, founder, "09-17 14:00", 20)

    decision = district.decision(session)
    assert (decision.status, decision.reason) == ("not_counted", "below_minimum")


def test_two_parts_of_one_service_are_merged_when_the_second_is_confirmed(
    district, founder, mentor
) -> None:
    first = district.served(mentor, founder, "09-17 09:00", 35)
    second = district.served(mentor, founder, "09-17 10:00", 30)

    assert district.decision(first).minutes == 65
    assert district.decision(first).detail["parts"] == [str(first.id), str(second.id)]
    merged = district.decision(second)
    assert (merged.reason, merged.merged_into_id) == ("merged", first.id)


def test_a_no_show_is_decided_and_counts_nothing(district, founder, mentor) -> None:
    session = district.accepted(mentor, founder, "09-17 15:00")
    district.wait_until("09-17 15:31")
    district.store.execute(
        mentor.actor, service_sessions.report_no_show, session.id, NoShow.FOUNDER
    )

    decision = district.decision(session)
    assert (decision.status, decision.reason) == ("not_counted", "no_show_founder")
    assert (decision.minutes, decision.mentor_minutes) == (0, 0)


def test_silence_is_not_consent(district, founder, mentor) -> None:
    session = district.held(mentor, founder, "09-17 14:00")
    outcome = district.record(mentor, session)
    district.clock.put(outcome.confirm_by)
    district.store.execute(SYSTEM, outcomes.lapse, outcome.id)

    assert district.decision(session).reason == "unconfirmed"


def test_a_declared_interest_in_the_company_keeps_the_meeting_out(
    district, founder, mentor
) -> None:
    session = district.served(mentor, founder, "09-17 14:00")
    interest = DeclaredInterest(
        expert_id=mentor.expert.id,
        conflict_type="ci4_equity",
        organisation="历城某商贸",
        starts_on=date(2025, 3, 1),
    )
    keep(district.store, interest)
    district.store.execute(SYSTEM, service_records.count, session.id, cause="interest.declared")

    decision = district.decision(session)
    assert (decision.reason, decision.cause) == ("conflict_of_interest", "interest.declared")

    # The bureau has one task, the mentor one message, however often the same is found.
    district.store.execute(SYSTEM, service_records.count, session.id, cause="test")
    told = [job for job in district.rows(Job) if "tie_found" in job.dedupe_key]
    assert [job.subject_id for job in told] == [session.id]
    task = district.one(Task)
    assert (task.kind, task.subject_id, task.closed_at) == (TaskKind.TIE_FOUND, session.id, None)
    with district.store.read(district.officer) as reader:
        (row,) = task_page(reader).items
    assert row.about is not None
    assert (row.about.name, row.about.expert, row.may_close) == (session.reference, "高源", True)

    district.correct(session, CorrectionOp.VOID, None)
    assert district.one(Task).ending is TaskEnd.SETTLED


def test_the_day_of_the_meeting_decides_on_the_term(district, founder) -> None:
    mentor = district.mentor("郑工", term=(date(2023, 10, 1), date(2026, 9, 30)))
    session = district.served(mentor, founder, "09-30 14:00")
    district.clock.put(at("10-08 09:00"))
    district.store.execute(SYSTEM, service_records.count, session.id, cause="test")

    assert district.decision(session).status == "counted"


def test_a_founder_nobody_has_identified_does_not_count(district, mentor) -> None:
    unknown = district.founder("无名", IdentityLevel.NONE)
    session = district.served(mentor, unknown, "09-17 14:00")

    assert district.decision(session).reason == "identity_unverified"


def test_a_venture_outside_the_district_has_its_own_column(district, mentor) -> None:
    guest = district.founder("外区", area="outside")
    session = district.served(mentor, guest, "09-17 14:00")

    decision = district.decision(session)
    assert (decision.status, decision.apart) == ("counted_apart", "outside_district")


def test_a_mentor_who_came_late_has_his_own_minutes_and_the_service_begins_with_him(
    district, founder, mentor
) -> None:
    session = district.accepted(mentor, founder, "09-17 14:00", minutes=60)
    district.wait_until("09-17 15:00")
    came = {mentor.expert.id: OwnTimes(at("09-17 14:10"), at("09-17 15:00"))}
    held = Finish(actual_start=at("09-17 14:00"), actual_end=at("09-17 15:00"), experts=came)
    district.store.execute(mentor.actor, service_sessions.finish, session.id, held)
    district.record(mentor, session)
    district.confirm(founder, session)

    decision = district.decision(session)
    assert (decision.minutes, decision.mentor_minutes) == (50, 50)


def at_once(*acts: Callable[[], object]) -> None:
    barrier = Barrier(len(acts))

    def meet(act: Callable[[], object]) -> None:
        barrier.wait()
        act()

    with ThreadPoolExecutor(len(acts)) as pool:
        for done in [pool.submit(meet, act) for act in acts]:
            done.result()


def linger_after(monkeypatch: pytest.MonkeyPatch, name: str) -> Event:
    """Leave time after a step of counting, in which another could slip in; tell when it is."""
    step, reached = getattr(counting, name), Event()

    def lingering(*args: object) -> object:
        done = step(*args)
        reached.set()
        time.sleep(0.3)
        return done

    monkeypatch.setattr(counting, name, lingering)
    return reached


def test_two_parts_confirmed_at_the_same_moment_become_one_service(
    district, founder, mentor, monkeypatch
) -> None:
    parts = [
        district.held(mentor, founder, start, minutes)
        for start, minutes in (("09-17 09:00", 35), ("09-17 10:00", 30))
    ]
    acts = []
    for part in parts:
        outcome = district.record(mentor, part)
        acts.append(
            partial(
                district.store.execute, founder.actor, outcomes.confirm, outcome.id, agrees=True
            )
        )

    linger_after(monkeypatch, "gather")

    at_once(*acts)

    assert district.decision(parts[0]).minutes == 65
    assert district.decision(parts[1]).reason == "merged"


def test_a_month_waits_for_the_decision_that_is_being_taken(
    district, founder, mentor, monkeypatch
) -> None:
    session = district.held(mentor, founder, "09-29 14:00", 60)
    outcome = district.record(mentor, session)
    district.wait_until("10-13 09:00")
    decided = linger_after(monkeypatch, "adjust")

    def close() -> None:
        decided.wait()
        district.store.execute(district.approver, periods.close, Month(2026, 9))

    at_once(
        partial(district.store.execute, founder.actor, outcomes.confirm, outcome.id, agrees=True),
        close,
    )

    assert district.measures(Month(2026, 9)).as_reported.additive.sessions == 1
