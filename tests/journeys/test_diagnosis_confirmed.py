"""Scenario 3, step 5: whose word settles a diagnosis, and who of those who came counts."""

from datetime import date

import pytest

from app.domain.actor import SYSTEM
from app.domain.calendar import Month
from app.domain.outcome import IllegalStepError, OutcomeStatus
from app.models.outcome import Confirmation
from app.models.person import VentureMember
from app.models.service_session import ServiceSession
from app.services import service_records, ventures
from tests.builders import keep
from tests.journeys.district import District, Founder, Mentor

SEPTEMBER = Month(2026, 9)


@pytest.fixture
def professor_chen(district: District) -> Mentor:
    return district.mentor("陈教授", category="scholar")


@pytest.fixture
def wang_qiang(district: District) -> Founder:
    """王强, who speaks for the company."""
    return district.founder("王强", name="历城某商贸", registered_on=date(2024, 3, 1))


@pytest.fixture
def zhao_min(district: District, wang_qiang: Founder) -> Founder:
    """赵敏 of the same company, who comes along."""
    person = district.founder("赵敏")
    member = VentureMember(venture_id=wang_qiang.venture.id, person_id=person.person_id)
    keep(district.store, member)
    return person


@pytest.fixture
def diagnosed(district, professor_chen, wang_qiang, zhao_min) -> ServiceSession:
    """Two hours on 15 September, both founders checked in, recorded the same day."""
    session = district.accepted(
        professor_chen,
        wang_qiang,
        "09-15 14:00",
        minutes=120,
        session_type="diagnosis",
        topic="business_model",
    )
    district.check_in(wang_qiang, session)
    district.check_in(zhao_min, session)
    district.finish(professor_chen, session, 120)
    district.record(professor_chen, session)
    return session


def test_one_service_two_persons_one_enterprise(district, diagnosed, wang_qiang, zhao_min) -> None:
    district.confirm(zhao_min, diagnosed, "09-16 09:00")
    assert district.decision(diagnosed).reason == "unconfirmed"
    district.confirm(wang_qiang, diagnosed, "09-17 10:00")

    figures = district.measures(SEPTEMBER).own.figures()
    names = ("sessions", "person_times", "session_minutes", "mentor_minutes", "enterprises")
    assert [figures[name] for name in names] == [1, 2, 120, 120, 1]
    assert district.decision(diagnosed).detail["expert_category"] == "scholar"


def test_only_the_contact_settles_the_facts(district, diagnosed, wang_qiang, zhao_min) -> None:
    district.confirm(zhao_min, diagnosed)
    assert district.outcome_of(diagnosed).status is OutcomeStatus.RECORDED

    district.confirm(wang_qiang, diagnosed)
    assert district.outcome_of(diagnosed).status is OutcomeStatus.CONFIRMED


def test_another_contact_later_changes_nothing_of_what_was_settled(
    district, diagnosed, wang_qiang, zhao_min
) -> None:
    district.confirm(wang_qiang, diagnosed)
    district.confirm(zhao_min, diagnosed)
    for person, is_contact in ((wang_qiang, False), (zhao_min, True)):
        district.store.execute(
            district.officer,
            ventures.link,
            wang_qiang.venture.id,
            person.person_id,
            is_contact=is_contact,
        )
    district.store.execute(SYSTEM, service_records.count, diagnosed.id, cause="venture.linked")

    assert district.decision(diagnosed).status == "counted"
    assert len(district.decision(diagnosed).detail["person_ids"]) == 2


def test_nobody_vouches_before_there_is_a_record(
    district, professor_chen, wang_qiang, zhao_min
) -> None:
    session = district.accepted(
        professor_chen, wang_qiang, "09-15 14:00", minutes=120, session_type="diagnosis"
    )
    district.check_in(zhao_min, session)
    district.finish(professor_chen, session, 120)

    with pytest.raises(IllegalStepError):
        district.confirm(zhao_min, session)
    assert district.rows(Confirmation) == []


def test_who_neither_checks_in_nor_confirms_is_not_counted_and_the_service_is(
    district, professor_chen, wang_qiang
) -> None:
    session = district.served(
        professor_chen, wang_qiang, "09-15 14:00", 120, session_type="diagnosis"
    )

    assert district.decision(session).detail["person_ids"] == [str(wang_qiang.person_id)]
    assert district.measures(SEPTEMBER).own.figures()["sessions"] == 1


def test_a_diagnosis_of_fifty_minutes_is_below_its_minimum(
    district, professor_chen, wang_qiang
) -> None:
    session = district.served(
        professor_chen, wang_qiang, "09-15 14:00", 50, session_type="diagnosis"
    )

    assert district.decision(session).reason == "below_minimum"
