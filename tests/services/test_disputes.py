from datetime import date

import pytest

from app.domain.actor import SYSTEM, Role
from app.domain.calendar import Month
from app.domain.dispute import AlreadyRuledError, RulerError
from app.domain.errors import ForbiddenError, InvalidInputError
from app.domain.outcome import OutcomeStatus
from app.domain.service_record import ActualTimes, Ruling, Span
from app.domain.service_session import NoShow, ServiceSessionStatus
from app.models.job import Job
from app.models.outcome import Dispute
from app.models.period import Adjustment
from app.models.service_session import ServiceSession
from app.services import disputes, service_sessions
from tests.builders import staff
from tests.journeys.district import District, Founder, Mentor
from tests.moments import at

WAS_THERE = ActualTimes(Span(at("09-17 15:20"), at("09-17 16:00")))


@pytest.fixture
def founder(district: District) -> Founder:
    return district.founder("王强", name="历城某商贸", registered_on=date(2024, 3, 1))


@pytest.fixture
def mentor(district: District) -> Mentor:
    return district.mentor("高源")


@pytest.fixture
def contested(district: District, mentor: Mentor, founder: Founder) -> Dispute:
    """A no-show the founder contests."""
    session = district.accepted(mentor, founder, "09-17 15:00")
    district.wait_until("09-17 15:31")
    district.store.execute(
        mentor.actor, service_sessions.report_no_show, session.id, NoShow.FOUNDER
    )
    return district.store.execute(
        founder.actor, service_sessions.contest, session.id, "15:20 到了，前台没有人"
    )


@pytest.fixture
def disagreed(district: District, mentor: Mentor, founder: Founder) -> Dispute:
    """A record the founder disagrees with."""
    session = district.held(mentor, founder, "09-17 15:00", 60)
    district.record(mentor, session)
    district.confirm(founder, session, agrees=False, remark="只谈了十分钟")
    return district.one(Dispute)


def rule(district: District, dispute: Dispute, ruling: Ruling, **values):
    return district.store.execute(
        district.approver, disputes.rule, dispute.id, ruling, "查看签到记录后裁定", **values
    )


def session_of(district: District, dispute: Dispute):
    (session,) = district.rows(ServiceSession)
    assert session.id == dispute.service_session_id
    return session


def test_an_upheld_no_show_stays_one_and_the_ruling_is_numbered(district, contested) -> None:
    ruled = rule(district, contested, Ruling.NO_SHOW_FOUNDER)

    assert ruled.reference.startswith("CJ2026-")
    assert (ruled.ruling, ruled.ruled_by_id) == ("no_show_founder", district.approver.account_id)
    session = session_of(district, contested)
    assert session.status is ServiceSessionStatus.RULED
    assert district.decision(session).reason == "no_show_founder"
    told = [job.payload["event"] for job in district.rows(Job) if job.kind == "notify"]
    assert told.count("dispute.ruled") == 1


def test_an_excused_no_show_counts_nothing_either(district, contested) -> None:
    rule(district, contested, Ruling.EXCUSED)

    decision = district.decision(session_of(district, contested))
    assert (decision.status, decision.minutes) == ("not_counted", 0)


def test_a_no_show_ruled_delivered_counts_with_the_times_of_the_ruling(district, contested) -> None:
    district.wait_until("09-18 10:00")
    rule(district, contested, Ruling.DELIVERED, actual=WAS_THERE)

    decision = district.decision(session_of(district, contested))
    assert (decision.status, decision.minutes) == ("counted", 40)
    assert len(decision.detail["person_ids"]) == 1


@pytest.mark.parametrize(
    ("ruling", "actual", "field"),
    [
        (Ruling.DELIVERED, None, "actual_start"),
        (Ruling.EXCUSED, WAS_THERE, "actual_start"),
    ],
)
def test_times_belong_to_a_no_show_ruled_delivered_and_to_nothing_else(
    district, contested, ruling, actual, field
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        rule(district, contested, ruling, actual=actual)
    assert [error.field for error in refused.value.errors] == [field]


def test_a_disagreement_ruled_delivered_counts_without_a_confirmation(district, disagreed) -> None:
    session = session_of(district, disagreed)
    assert district.decision(session).reason == "disputed"

    rule(district, disagreed, Ruling.DELIVERED)

    assert district.outcome_of(session).status is OutcomeStatus.RULED
    assert (district.decision(session).status, district.decision(session).minutes) == (
        "counted",
        60,
    )


def test_a_disagreement_ruled_not_delivered_does_not_count(district, disagreed) -> None:
    rule(district, disagreed, Ruling.NO_SHOW_MENTOR)

    assert district.decision(session_of(district, disagreed)).reason == "no_show_mentor"


def test_a_disagreement_is_not_ruled_excused(district, disagreed) -> None:
    with pytest.raises(InvalidInputError) as refused:
        rule(district, disagreed, Ruling.EXCUSED)
    assert refused.value.code == "dispute.ruling_unfit"


def test_a_ruling_after_the_month_closed_is_an_adjustment(district, disagreed) -> None:
    district.close(Month(2026, 9), "10-13 09:00")
    rule(district, disagreed, Ruling.DELIVERED)

    posted = district.one(Adjustment)
    assert (posted.cause, posted.deltas["measures"]["sessions"]) == ("ruling", 1)
    counts = district.measures(Month(2026, 9))
    assert counts.pending["awaiting_ruling"] == 1
    assert (counts.as_reported.additive.sessions, counts.restated.additive.sessions) == (0, 1)


def test_who_handled_the_meeting_does_not_rule_on_it(district, mentor, founder) -> None:
    session = district.accepted(mentor, founder, "09-17 15:00")
    district.wait_until("09-17 15:31")
    handler = staff(district.store, Role.APPROVER)
    district.store.execute(handler, service_sessions.report_no_show, session.id, NoShow.FOUNDER)
    dispute = district.store.execute(
        founder.actor, service_sessions.contest, session.id, "前台没有人"
    )

    with pytest.raises(RulerError):
        district.store.execute(handler, disputes.rule, dispute.id, Ruling.NO_SHOW_FOUNDER, "维持")
    assert rule(district, dispute, Ruling.NO_SHOW_FOUNDER).ruled_at is not None


def test_an_officer_does_not_rule(district, contested) -> None:
    with pytest.raises(ForbiddenError):
        district.store.execute(
            district.officer, disputes.rule, contested.id, Ruling.EXCUSED, "情有可原"
        )


def test_a_dispute_is_ruled_once(district, contested) -> None:
    rule(district, contested, Ruling.EXCUSED)
    with pytest.raises(AlreadyRuledError):
        rule(district, contested, Ruling.NO_SHOW_FOUNDER)


@pytest.mark.parametrize("text", ["  ", "长" * 4001])
def test_a_ruling_gives_its_grounds(district, contested, text) -> None:
    with pytest.raises(InvalidInputError) as refused:
        district.store.execute(district.approver, disputes.rule, contested.id, Ruling.EXCUSED, text)
    assert [error.field for error in refused.value.errors] == ["text"]
    with district.store.read(SYSTEM) as reader:
        assert reader.session.get(Dispute, contested.id).ruled_at is None
