"""Scenario 8: a late confirmation after the report, and a correction downward.

The September here holds the services of the fixture that can be entered: those on A1, A2 (with
its lead alone), A3, A4, A6, A7 and A8. There is no lecture A5 (42 listeners, 90 minutes) and no
review A11, so that the figures are those of the fixture less the lecture:
4 - 1 = 3 场, 46 - 42 = 4 人次, 330 - 90 = 240 minutes, F1 to F4 = 4 人, and V2, V3 = 2 家.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import text

from app.domain.actor import SYSTEM
from app.domain.calendar import Month
from app.domain.clock import FixedClock
from app.domain.errors import ConflictError
from app.domain.expert import AppointmentKind
from app.domain.outcome import OutcomeStatus
from app.domain.service_record import CorrectionOp, tally_period
from app.domain.service_session import NoShow
from app.models.expert import DeclaredInterest
from app.models.job import Job
from app.models.period import Adjustment, PublishedFigure
from app.models.person import VentureMember
from app.models.service_session import ServiceSession
from app.queries.service_counts.decisions import of_months
from app.services import outcomes, service_records, service_sessions
from app.unit_of_work import Store, UnitOfWork
from app.unit_of_work.scope import unscoped
from tests.builders import an_appointment, keep
from tests.journeys.counted import cut
from tests.journeys.district import District, Founder, Mentor
from tests.moments import at
from tests.scenes import Plays, after

SEPTEMBER, OCTOBER = Month(2026, 9), Month(2026, 10)
NAMES = ("sessions", "person_times", "distinct_persons", "session_minutes", "enterprises", "teams")
REPORTED = [3, 4, 4, 240, 2, 1]
RESTATED = [4, 4, 4, 300, 3, 1]
REWRITES = (
    "UPDATE published_figures SET value = 99",
    "DELETE FROM published_figures",
    "UPDATE service_records SET minutes = 99",
    "DELETE FROM service_records",
    "UPDATE periods SET month = '2026-08'",
    "DELETE FROM periods",
    "UPDATE adjustments SET cause = 'none'",
    "DELETE FROM attendances",
)


@dataclass(frozen=True)
class Autumn:
    """The meetings of September that matter here, by the ids of the fixture."""

    district: District
    a2: ServiceSession
    a3: ServiceSession
    a4b: ServiceSession
    a6: ServiceSession
    a7: ServiceSession
    a8: ServiceSession
    f3: Founder
    f5: Founder


def figures(measures) -> list[int | str]:
    return [measures.figures()[name] for name in NAMES]


def published(district: District) -> dict[UUID, tuple[str, int, list[str], str]]:
    rows = district.rows(PublishedFigure)
    return {row.id: (row.measure, row.value, row.rows, row.sha256) for row in rows}


def diagnosed(district: District, mentor: Mentor, contact: Founder, guest: Founder):
    """A2: both founders of the company check in and confirm."""
    member = VentureMember(venture_id=contact.venture.id, person_id=guest.person_id)
    keep(district.store, member)
    session = district.accepted(
        mentor,
        contact,
        "09-15 14:00",
        minutes=120,
        session_type="diagnosis",
        topic="business_model",
    )
    for somebody in (contact, guest):
        district.check_in(somebody, session)
    district.finish(mentor, session, 120)
    district.record(mentor, session)
    district.confirm(contact, session, "09-17 10:00")
    district.confirm(guest, session, "09-17 11:00")
    return session


def missed(district: District, mentor: Mentor, founder: Founder) -> ServiceSession:
    """A6: nobody came."""
    session = district.accepted(mentor, founder, "09-16 15:00", topic="marketing")
    district.wait_until("09-16 15:31")
    return district.store.execute(
        mentor.actor, service_sessions.report_no_show, session.id, NoShow.FOUNDER
    )


def conflicted(district: District, mentor: Mentor, founder: Founder) -> ServiceSession:
    """A7: a share in the company is found out afterwards."""
    session = district.served(mentor, founder, "09-17 09:00", 60, session_type="tutoring")
    interest = DeclaredInterest(
        expert_id=mentor.expert.id,
        conflict_type="ci4_equity",
        organisation=founder.venture.name,
        starts_on=date(2025, 3, 1),
    )
    keep(district.store, interest)
    district.store.execute(SYSTEM, service_records.count, session.id, cause="interest.declared")
    return session


def plain_autumn(store: Store, clock: FixedClock) -> Autumn:
    district = District(store, clock)
    m1, m2, m4, m5, m6 = (
        district.mentor(name) for name in ("张敏", "陈教授", "何伟", "高源", "林会计")
    )
    f1 = district.founder("李晓", name="李晓工作室")
    f2 = district.founder("王强", name="历城某商贸", registered_on=date(2024, 3, 1))
    f3 = district.founder("赵敏")
    f4 = district.founder("孙丽", name="孙丽网店", registered_on=date(2025, 11, 20))
    f5 = district.founder("周涛", name="周涛科技", registered_on=date(2022, 8, 8))
    f6 = district.founder("吴迪", name="吴迪智造", registered_on=date(2023, 5, 5))
    district.served(m1, f1, "09-20 09:30", 55)
    a2 = diagnosed(district, m2, f2, f3)
    a3 = district.served(m6, f5, "09-08 14:00", 20, topic="finance_tax")
    district.served(m5, f4, "09-10 09:00", 35, topic="ecommerce")
    a4b = district.served(m5, f4, "09-10 10:00", 30, topic="ecommerce")
    a6 = missed(district, m5, f2)
    a7 = conflicted(district, m4, f6)
    a8 = district.held(m6, f5, "09-29 14:00", 60, topic="finance_tax")
    district.record(m6, a8, "09-30 10:00")
    october(district, f4)
    return Autumn(district, a2, a3, a4b, a6, a7, a8, f3, f5)


def october(district: District, founder: Founder) -> None:
    """A10: 45 minutes on 9 October by 郑工, whose term was extended in time."""
    m7 = district.mentor("郑工", term=(date(2023, 10, 1), date(2026, 12, 31)))
    session = district.accepted(m7, founder, "10-09 14:00", minutes=45, topic="ecommerce")
    # The paper says September: what was agreed beyond it is carried by the extension.
    cut(district, m7, date(2026, 9, 30))
    extension = an_appointment(
        m7.expert.id,
        date(2026, 10, 1),
        date(2026, 10, 30),
        AppointmentKind.EXTENSION,
        approved_on=date(2026, 9, 28),
    )
    keep(district.store, extension)
    district.finish(m7, session, 45)
    district.record(m7, session)
    district.confirm(founder, session, "10-10 10:00")


@after(plain_autumn)
def closed_autumn(autumn: Autumn) -> Autumn:
    autumn.district.close(SEPTEMBER, "10-13 09:00")
    return autumn


@after(closed_autumn)
def amended_autumn(closed: Autumn) -> Autumn:
    """The late confirmation of A8 on 14 October, F3 struck from A2 on 20 October."""
    district, strike = closed.district, CorrectionOp.REMOVE_ATTENDEE
    district.confirm(closed.f5, closed.a8, "10-14 10:00")
    district.correct(closed.a2, strike, closed.f3.person_id, "10-20 10:00")
    return closed


@pytest.fixture
def plays() -> Plays:
    return {"amended": amended_autumn, "closed": closed_autumn, "autumn": plain_autumn}


@pytest.fixture
def autumn(scene: Autumn) -> Autumn:
    return scene


@pytest.fixture
def closed(scene: Autumn) -> Autumn:
    return scene


@pytest.fixture
def amended(scene: Autumn) -> Autumn:
    return scene


@pytest.fixture
def district(scene: Autumn) -> District:
    return scene.district


def test_the_holidays_do_not_run_the_clock_of_silence(district, autumn) -> None:
    outcome = district.outcome_of(autumn.a8)
    assert outcome.confirm_by == at("10-14 00:00")
    reminders = [
        job.run_at
        for job in district.rows(Job, Job.subject_id == outcome.id)
        if job.kind == "remind_confirm"
    ]
    assert sorted(reminders) == [at("10-09 10:00"), at("10-12 10:00")]

    district.wait_until("10-14 00:00")
    lapsed = district.store.execute(SYSTEM, outcomes.lapse, outcome.id)
    assert lapsed.status is OutcomeStatus.UNCONFIRMED


def test_september_is_reported_as_it_was_known_on_13_october(district, closed) -> None:
    counts = district.measures(SEPTEMBER)

    assert figures(counts.as_reported) == REPORTED
    assert (counts.as_reported.session_hours, counts.as_reported.mentor_hours) == ("4.0", "4.0")
    assert figures(counts.own) == figures(counts.restated) == REPORTED
    assert counts.not_counted == {
        closed.a3.id: "below_minimum",
        closed.a4b.id: "merged",
        closed.a6.id: "no_show_founder",
        closed.a7.id: "conflict_of_interest",
        closed.a8.id: "unconfirmed",
    }
    assert counts.pending == {
        "awaiting_record": 0,
        "awaiting_confirmation": 1,
        "awaiting_ruling": 0,
    }


def test_a_late_confirmation_is_posted_and_marked_late(district, closed) -> None:
    outcome = district.outcome_of(closed.a8)
    district.wait_until("10-14 00:00")
    district.store.execute(SYSTEM, outcomes.lapse, outcome.id)
    district.confirm(closed.f5, closed.a8, "10-14 10:00")

    assert district.outcome_of(closed.a8).is_late
    posted = district.one(Adjustment)
    assert (posted.cause, posted.posted_month) == ("late_confirmation", "2026-10")
    assert posted.deltas["measures"] == {
        "sessions": 1,
        "person_times": 1,
        "session_minutes": 60,
        "mentor_minutes": 60,
    }
    assert posted.deltas["persons_added"] == [str(closed.f5.person_id)]


def test_september_shows_what_was_reported_and_what_is_right(district, amended) -> None:
    counts = district.measures(SEPTEMBER)

    assert figures(counts.as_reported) == REPORTED
    assert figures(counts.restated) == RESTATED
    assert (counts.as_reported.session_hours, counts.restated.session_hours) == ("4.0", "5.0")


def test_october_tells_of_september_in_its_own_lines(district, amended) -> None:
    counts = district.measures(OCTOBER)

    assert figures(counts.own) == [1, 1, 1, 45, 1, 0]
    assert (counts.own.session_hours, counts.as_reported) == ("0.8", None)
    (change,) = counts.adjustments
    assert change.month == "2026-09"
    additive = change.additive
    assert (additive.sessions, additive.person_times, additive.session_minutes) == (1, 0, 60)
    assert (change.recomputed.enterprises, change.recomputed.teams) == (1, 0)
    assert change.recomputed.distinct_persons == 0


def test_the_report_and_the_adjustments_make_the_restated_figures(district, amended) -> None:
    september = district.measures(SEPTEMBER)
    (change,) = district.measures(OCTOBER).adjustments

    assert september.as_reported.additive + change.additive == september.restated.additive


def test_the_quarter_sums_restated_months_and_recomputes_persons(district, amended) -> None:
    with district.store.read(district.approver) as reader:
        known = of_months(reader, [SEPTEMBER, OCTOBER])
    both = tally_period([version.decision for version in known.values()], [SEPTEMBER, OCTOBER])

    assert (both.additive.sessions, both.additive.session_minutes) == (5, 345)
    # F4 and his company were served in both months.
    assert (both.distinct_persons, both.enterprises) == (4, 3)


def test_what_was_published_stays_to_the_byte(district, closed) -> None:
    before = published(district)
    district.confirm(closed.f5, closed.a8, "10-14 10:00")
    district.correct(closed.a2, CorrectionOp.REMOVE_ATTENDEE, closed.f3.person_id, "10-20 10:00")
    district.close(OCTOBER, "11-06 09:00")

    after = published(district)
    assert {key: after[key] for key in before} == before
    assert len(after) == 2 * len(before)


def test_a_closed_month_is_not_closed_again(district, closed) -> None:
    with pytest.raises(ConflictError) as refused:
        district.close(SEPTEMBER, "10-14 09:00")
    assert refused.value.code == "period.already_closed"


def test_the_database_refuses_to_rewrite_a_closed_month(district, amended) -> None:
    def rewrite(uow: UnitOfWork, statement: str) -> None:
        with unscoped():
            uow.session.execute(text(statement))

    for statement in REWRITES:
        with pytest.raises(ConflictError) as refused:
            district.store.execute(SYSTEM, rewrite, statement)
        assert refused.value.code == "ledger.append_only", statement
    assert figures(district.measures(SEPTEMBER).as_reported) == REPORTED
