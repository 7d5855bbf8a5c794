"""Scenario 6: short, split and merged services."""

from datetime import date, timedelta
from typing import Any

import pytest

from app.domain.actor import Actor
from app.domain.availability import Mode
from app.domain.booking import TimeTakenError
from app.domain.calendar import Month
from app.domain.outcome import OutcomeStatus
from app.domain.service_session import Evidence
from app.models.outcome import Rating
from app.models.service_session import ServiceSession
from app.services import outcomes, paper_entries
from app.services.paper_entries import PaperEntry
from tests.builders import staff
from tests.journeys.district import WRITTEN, District, Founder, Mentor
from tests.moments import at

SEPTEMBER = Month(2026, 9)


@pytest.fixture
def zhou_tao(district: District) -> Founder:
    return district.founder("周涛", name="周涛科技", registered_on=date(2022, 8, 8))


@pytest.fixture
def sun_li(district: District) -> Founder:
    return district.founder("孙丽", name="孙丽网店", registered_on=date(2025, 11, 20))


@pytest.fixture
def lin(district: District) -> Mentor:
    return district.mentor("林会计")


@pytest.fixture
def gao_yuan(district: District) -> Mentor:
    return district.mentor("高源")


@pytest.fixture
def second_clerk(district: District) -> Actor:
    return staff(district.store, name="小王")


def enter(
    district: District, mentor: Mentor, founder: Founder, start: str, minutes: int, **values: Any
) -> ServiceSession:
    """Have the eager clerk enter a row from the sheet of 10 September."""
    district.wait_until("09-11 09:00")
    facts: dict[str, Any] = {
        "person": founder.person_id,
        "venture_id": founder.venture.id,
        "expert_id": mentor.expert.id,
        "session_type": "consultation",
        "topic": "ecommerce",
        "text": "网店转化率一直上不去，想请导师看看。",
        "actual_start": at(start),
        "actual_end": at(start) + timedelta(minutes=minutes),
        "mode": Mode.ONSITE,
        "evidence": Evidence.SIGNATURE,
        "record": WRITTEN,
        **values,
    }
    return district.store.execute(district.officer, paper_entries.enter, PaperEntry(**facts))


def compare(district: District, clerk: Actor, *sessions: ServiceSession) -> None:
    """Have a second clerk compare the signatures."""
    for session in sessions:
        outcome = district.outcome_of(session)
        district.store.execute(clerk, outcomes.confirm_on_paper, outcome.id, "档案柜 3-12")


def figures(district: District) -> list[int | str]:
    own = district.measures(SEPTEMBER).own.figures()
    return [own[name] for name in ("sessions", "person_times", "session_minutes", "enterprises")]


def test_twenty_minutes_by_phone_are_kept_not_counted_and_may_be_rated(
    district, lin, zhou_tao
) -> None:
    session = district.held(lin, zhou_tao, "09-08 14:00", 20, mode=Mode.PHONE, topic="finance_tax")
    district.record(lin, session)
    outcome = district.confirm(zhou_tao, session, rating=4)

    assert outcome.status is OutcomeStatus.CONFIRMED
    assert district.one(Rating).score == 4
    assert district.measures(SEPTEMBER).not_counted == {session.id: "below_minimum"}
    assert figures(district) == [0, 0, 0, 0]


def test_two_rows_of_one_service_are_merged_to_one(
    district, gao_yuan, sun_li, second_clerk
) -> None:
    first = enter(district, gao_yuan, sun_li, "09-10 09:00", 35)
    second = enter(district, gao_yuan, sun_li, "09-10 10:00", 30)
    compare(district, second_clerk, first, second)

    assert figures(district) == [1, 1, 65, 1]
    assert district.decision(second).merged_into_id == first.id
    assert district.measures(SEPTEMBER).not_counted == {second.id: "merged"}


def test_on_another_topic_they_are_two_services(district, gao_yuan, sun_li, second_clerk) -> None:
    first = enter(district, gao_yuan, sun_li, "09-10 09:00", 35)
    second = enter(district, gao_yuan, sun_li, "09-10 10:00", 30, topic="marketing")
    compare(district, second_clerk, first, second)

    assert figures(district) == [2, 2, 65, 1]


@pytest.mark.parametrize(("start", "merged"), [("09-10 11:35", True), ("09-10 11:36", False)])
def test_a_pause_of_121_minutes_parts_them(
    district, gao_yuan, sun_li, second_clerk, start: str, merged: bool
) -> None:
    first = enter(district, gao_yuan, sun_li, "09-10 09:00", 35)
    second = enter(district, gao_yuan, sun_li, start, 30)
    compare(district, second_clerk, first, second)

    assert figures(district) == ([1, 1, 65, 1] if merged else [2, 2, 65, 1])


def test_overlapping_times_of_one_mentor_are_not_entered(
    district, gao_yuan, sun_li, zhou_tao
) -> None:
    enter(district, gao_yuan, sun_li, "09-10 09:00", 35)

    with pytest.raises(TimeTakenError):
        enter(district, gao_yuan, zhou_tao, "09-10 09:30", 30)
    assert len(district.rows(ServiceSession)) == 1
