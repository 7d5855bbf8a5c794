from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import select

from app.domain.actor import SYSTEM
from app.domain.audit_entry import digest
from app.domain.calendar import Month
from app.domain.errors import ConflictError, ForbiddenError
from app.domain.service_record import FIGURE_NAMES, MonthOutOfOrderError, TooEarlyToCloseError
from app.models.audit_entry import AuditEntry
from app.models.period import Adjustment, Period, PublishedFigure
from app.models.service_record import ServiceRecord
from app.services import periods
from tests.journeys.district import District, Founder, Mentor

SEPTEMBER, OCTOBER = Month(2026, 9), Month(2026, 10)


@pytest.fixture
def founder(district: District) -> Founder:
    return district.founder("王强", name="历城某商贸", registered_on=date(2024, 3, 1))


@pytest.fixture
def mentor(district: District) -> Mentor:
    return district.mentor("高源")


def figures(district: District) -> dict[str, PublishedFigure]:
    return {row.measure: row for row in district.rows(PublishedFigure)}


def test_a_month_may_close_from_midnight_of_its_fifth_working_day(
    district, founder, mentor
) -> None:
    district.served(mentor, founder, "09-17 14:00")
    with pytest.raises(TooEarlyToCloseError):
        district.close(SEPTEMBER, "10-12 23:59")

    period = district.close(SEPTEMBER, "10-13 00:00")

    assert (period.month, period.policy_code) == ("2026-09", "LC-COUNT-1")
    assert period.cut_at == period.closed_at == district.clock.now()


def test_every_figure_is_frozen_with_its_rows_and_a_fingerprint(district, founder, mentor) -> None:
    counted = district.served(mentor, founder, "09-17 14:00", 55)
    short = district.served(mentor, founder, "09-18 14:00", 20)
    period = district.close(SEPTEMBER, "10-13 09:00")

    frozen = figures(district)
    assert set(frozen) == set(FIGURE_NAMES)
    assert [frozen[name].value for name in ("sessions", "session_minutes", "enterprises")] == [
        1,
        55,
        1,
    ]
    assert frozen["sessions"].rows == [str(district.decision(counted).id)]
    assert frozen["not_counted"].rows == [str(district.decision(short).id)]
    for name, figure in frozen.items():
        facts = {
            "month": "2026-09",
            "cut_at": period.cut_at,
            "policy": "LC-COUNT-1",
            "measure": name,
            "value": figure.value,
            "rows": figure.rows,
        }
        assert figure.sha256 == digest(facts)


def test_the_frozen_rows_sum_to_the_frozen_figure(district, founder, mentor) -> None:
    district.served(mentor, founder, "09-17 14:00", 55)
    district.served(mentor, founder, "09-18 14:00", 45)
    district.close(SEPTEMBER, "10-13 09:00")

    minutes = figures(district)["session_minutes"]
    records = {row.id: row for row in district.rows(ServiceRecord)}
    assert minutes.value == sum(records[UUID(key)].minutes for key in minutes.rows) == 100


def test_months_close_in_order_and_an_empty_month_closes_with_zeros(
    district, founder, mentor
) -> None:
    district.served(mentor, founder, "09-17 14:00")
    with pytest.raises(MonthOutOfOrderError) as refused:
        district.close(OCTOBER, "11-06 09:00")
    assert refused.value.facts["next"] == "2026-09"

    district.close(SEPTEMBER, "11-06 09:00")
    district.close(OCTOBER, "11-06 09:01")
    assert district.measures(OCTOBER).own.figures()["sessions"] == 0


def test_a_closed_month_is_not_closed_again(district, founder, mentor) -> None:
    district.served(mentor, founder, "09-17 14:00")
    district.close(SEPTEMBER, "10-13 09:00")

    with pytest.raises(ConflictError) as refused:
        district.close(SEPTEMBER, "10-13 09:01")
    assert refused.value.code == "period.already_closed"
    assert len(district.rows(Period)) == 1


def test_the_first_month_without_any_record_may_be_any(district) -> None:
    assert district.close(SEPTEMBER, "10-13 09:00").month == "2026-09"


def test_only_an_approver_closes(district) -> None:
    district.wait_until("10-13 09:00")
    with pytest.raises(ForbiddenError):
        district.store.execute(district.officer, periods.close, SEPTEMBER)
    assert district.rows(Period) == []


def test_closing_late_keeps_the_cut_and_posts_what_came_in_between(
    district, founder, mentor
) -> None:
    known = district.served(mentor, founder, "09-17 14:00", 55)
    late = district.held(mentor, founder, "09-29 14:00", 60)
    district.record(mentor, late)
    district.confirm(founder, late, "10-14 10:00")
    period = district.close(SEPTEMBER, "10-20 09:00")

    assert period.cut_at < period.closed_at
    assert figures(district)["sessions"].rows == [str(district.decision(known).id)]
    posted = district.one(Adjustment)
    assert (posted.posted_month, posted.service_session_id) == ("2026-10", late.id)
    assert posted.deltas["measures"] == {
        "sessions": 1,
        "person_times": 1,
        "session_minutes": 60,
        "mentor_minutes": 60,
    }


def test_a_confirmation_at_the_very_instant_of_the_closing_is_an_adjustment(
    district, founder, mentor
) -> None:
    late = district.held(mentor, founder, "09-29 14:00", 60)
    district.record(mentor, late)
    district.close(SEPTEMBER, "10-13 09:00")
    district.confirm(founder, late)

    counts = district.measures(SEPTEMBER)
    assert counts.as_reported.additive.sessions == 0
    assert counts.restated.additive.sessions == 1
    assert district.one(Adjustment).cause == "late_confirmation"


def test_closing_is_in_the_trail_with_every_figure(district, founder, mentor) -> None:
    district.served(mentor, founder, "09-17 14:00")
    district.close(SEPTEMBER, "10-13 09:00")

    with district.store.read(SYSTEM) as reader:
        actions = reader.session.scalars(
            select(AuditEntry.action).where(AuditEntry.entity.in_(["periods", "published_figures"]))
        ).all()
    assert sorted(set(actions)) == ["figure.published", "period.closed"]
    assert len(actions) == 1 + len(FIGURE_NAMES)
