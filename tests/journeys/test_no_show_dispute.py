"""Scenario 4: a reported no-show, contested and ruled on."""

from datetime import date

import pytest

from app.domain.booking import BookingStatus
from app.domain.calendar import Month
from app.domain.errors import ForbiddenError
from app.domain.service_record import Ruling
from app.domain.service_session import (
    Evidence,
    NoShow,
    ServiceSessionStatus,
    TooEarlyError,
    TooLateError,
)
from app.models.audit_entry import AuditEntry
from app.models.booking import Booking
from app.models.job import Job
from app.models.outcome import Dispute
from app.models.service_session import ServiceSession
from app.services import disputes, service_sessions
from tests.journeys.district import District, Founder, Mentor
from tests.moments import at

SEPTEMBER = Month(2026, 9)
STATEMENT = "15:20 到了，前台没有人，有照片"


@pytest.fixture
def gao_yuan(district: District) -> Mentor:
    return district.mentor("高源")


@pytest.fixture
def wang_qiang(district: District) -> Founder:
    return district.founder("王强", name="历城某商贸", registered_on=date(2024, 3, 1))


@pytest.fixture
def missed(district, gao_yuan, wang_qiang) -> ServiceSession:
    """高源 checks in at 14:58 and reports at 15:31 that nobody came."""
    session = district.accepted(gao_yuan, wang_qiang, "09-16 15:00")
    district.wait_until("09-16 14:58")
    district.store.execute(
        district.officer,
        service_sessions.check_in,
        session.id,
        person_id=gao_yuan.expert.person_id,
        evidence=Evidence.CODE,
    )
    district.wait_until("09-16 15:31")
    return district.store.execute(
        gao_yuan.actor, service_sessions.report_no_show, session.id, NoShow.FOUNDER
    )


def contest(district: District, founder: Founder, session: ServiceSession, moment: str) -> Dispute:
    district.wait_until(moment)
    return district.store.execute(founder.actor, service_sessions.contest, session.id, STATEMENT)


def told(district: District) -> list[str]:
    return [job.payload["event"] for job in district.rows(Job) if job.kind == "notify"]


def test_nobody_is_reported_missing_within_half_an_hour(district, gao_yuan, wang_qiang) -> None:
    session = district.accepted(gao_yuan, wang_qiang, "09-16 15:00")
    district.wait_until("09-16 15:29")
    with pytest.raises(TooEarlyError):
        district.store.execute(
            gao_yuan.actor, service_sessions.report_no_show, session.id, NoShow.FOUNDER
        )


def test_a_no_show_counts_nothing_and_the_founder_hears_of_it(district, missed) -> None:
    assert missed.status is ServiceSessionStatus.NO_SHOW
    assert district.one(Booking).status is BookingStatus.NO_SHOW
    assert "service_session.no_show" in told(district)
    figures = district.measures(SEPTEMBER).own.figures()
    assert [figures[n] for n in ("sessions", "person_times", "session_minutes")] == [0, 0, 0]
    assert district.measures(SEPTEMBER).not_counted == {missed.id: "no_show_founder"}


def test_the_founder_contests_and_an_approver_rules(district, missed, wang_qiang) -> None:
    dispute = contest(district, wang_qiang, missed, "09-18 10:00")
    # Five working days after the 18th: 20 (worked), 21, 22, 23, 24.
    assert dispute.rule_by == at("09-25 00:00")
    assert district.one(ServiceSession).status is ServiceSessionStatus.CONTESTED

    district.wait_until("09-22 09:00")
    with pytest.raises(ForbiddenError):
        district.store.execute(
            district.officer, disputes.rule, dispute.id, Ruling.NO_SHOW_FOUNDER, "维持"
        )
    ruled = district.store.execute(
        district.approver, disputes.rule, dispute.id, Ruling.NO_SHOW_FOUNDER, "签到记录为准，维持"
    )

    assert ruled.reference == "CJ2026-000001"
    assert ruled.ruling_text == "签到记录为准，维持"
    assert district.one(ServiceSession).status is ServiceSessionStatus.RULED
    assert "dispute.ruled" in told(district)
    actions = [entry.action for entry in district.rows(AuditEntry)]
    assert {"dispute.opened", "dispute.ruled", "service_session.ruled"} <= set(actions)


@pytest.mark.parametrize("ruling", [Ruling.NO_SHOW_FOUNDER, Ruling.EXCUSED])
def test_either_way_nothing_was_delivered(district, missed, wang_qiang, ruling) -> None:
    dispute = contest(district, wang_qiang, missed, "09-18 10:00")
    district.store.execute(district.approver, disputes.rule, dispute.id, ruling, "已核实")

    figures = district.measures(SEPTEMBER).own.figures()
    names = ("sessions", "person_times", "session_minutes", "mentor_minutes")
    assert [figures[name] for name in names] == [0, 0, 0, 0]


def test_the_last_day_to_contest_is_a_worked_sunday(district, missed, wang_qiang) -> None:
    assert contest(district, wang_qiang, missed, "09-20 23:59").opened_at == at("09-20 23:59")


def test_a_day_later_it_is_too_late_and_the_day_is_named(district, missed, wang_qiang) -> None:
    with pytest.raises(TooLateError) as refused:
        contest(district, wang_qiang, missed, "09-21 00:00")
    assert refused.value.facts["until_at"] == at("09-21 00:00")
    assert district.rows(Dispute) == []


def test_when_the_mentor_is_missing_the_founder_side_reports_it(
    district, gao_yuan, wang_qiang
) -> None:
    session = district.accepted(gao_yuan, wang_qiang, "09-16 15:00")
    district.wait_until("09-16 15:31")
    district.store.execute(
        wang_qiang.actor, service_sessions.report_no_show, session.id, NoShow.MENTOR
    )

    assert district.measures(SEPTEMBER).not_counted == {session.id: "no_show_mentor"}
