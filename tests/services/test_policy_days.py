"""Deadlines and the words on them follow the number in force on the day they begin."""

from datetime import date
from typing import Any

import pytest

from app.domain.actor import SYSTEM
from app.domain.calendar import WorkingCalendar
from app.domain.expert import ExtensionTooLateError
from app.domain.outcome import ConfirmationOverError, OutcomeStatus
from app.domain.pairing import PairingCapError
from app.domain.policy_number import NoPolicyNumberError, PolicyNumber
from app.models.duty import DutyPolicyRow
from app.models.message import Message
from app.models.outcome import Outcome
from app.models.policy_number import PolicyNumberRow
from app.models.service_record import CountingPolicyRow
from app.models.ticket import Ticket
from app.services import deadlines, experts, outcomes
from app.unit_of_work import UnitOfWork
from tests.journeys.district import District
from tests.journeys.visits import deliver
from tests.moments import at
from tests.scenes import Plays
from tests.web.bureau.year import Year, a_year

FROM = date(2026, 10, 1)


@pytest.fixture
def plays() -> Plays:
    return {"year": a_year}


@pytest.fixture
def year(scene: Year) -> Year:
    return scene


def enter(district: District, name: PolicyNumber, value: int, from_day: date = FROM) -> None:
    def put(uow: UnitOfWork) -> None:
        row = uow.add(
            PolicyNumberRow(
                name=name.value,
                valid_from=from_day,
                value=value,
                source="历人社发〔2026〕9号",
                entered_at=uow.now,
            )
        )
        uow.audit("policy_number.entered", row)

    district.store.execute(SYSTEM, put)


def confirm_within(district: District, days: int | None) -> None:
    """Let another counting policy begin in October."""

    def put(uow: UnitOfWork) -> None:
        (old,) = uow.session.query(CountingPolicyRow).all()
        rules = {**old.rules, "late_confirmation_days": days}
        row = uow.add(
            CountingPolicyRow(code="LC-COUNT-2", valid_from=FROM, rules=rules, entered_at=uow.now)
        )
        uow.audit("counting_policy.entered", row)

    district.store.execute(SYSTEM, put)


def calendar(district: District) -> WorkingCalendar:
    return district.store.execute(SYSTEM, lambda uow: uow.calendar)


def test_a_new_number_holds_for_what_begins_from_its_day_on(year: Year) -> None:
    district = year.district
    for name, value in (
        (PolicyNumber.RECORD, 4),
        (PolicyNumber.CONFIRM, 7),
        (PolicyNumber.TICKET, 6),
    ):
        enter(district, name, value)
    before = district.held(year.scholar, year.firm, "09-28 10:00")
    after = district.held(year.scholar, year.firm, "10-09 10:00")
    days = calendar(district)
    assert district.outcome_of(before).record_by == days.duty_deadline(at("09-28 10:50"), 2)
    assert district.outcome_of(after).record_by == days.duty_deadline(at("10-09 10:50"), 4)
    district.record(year.scholar, after)
    recorded = district.outcome_of(after)
    assert recorded.confirm_by == days.duty_deadline(district.clock.now(), 7)
    district.confirm(year.firm, after, rating=1)
    (ticket,) = district.rows(Ticket)
    assert ticket.due_at == days.duty_deadline(district.clock.now(), 6)


def test_the_late_word_follows_the_counting_policy_of_the_service_day(year: Year) -> None:
    district = year.district
    confirm_within(district, 10)
    before, after = (
        district.held(year.scholar, year.firm, moment) for moment in ("09-28 10:00", "10-09 10:00")
    )
    for each in (before, after):
        district.record(year.scholar, each)
    lapsed(district)
    unconfirmed = [m.text for m in district.rows(Message, Message.event == "outcome.unconfirmed")]
    assert [("90 天内" in text, "10 天内" in text) for text in unconfirmed[-2:]] == [
        (True, False),
        (False, True),
    ]
    district.clock.put(at("10-21 10:00"))
    with pytest.raises(ConfirmationOverError) as refused:
        district.confirm(year.firm, after)
    assert refused.value.facts == {"until_on": "2026-10-19"}
    assert district.confirm(year.firm, before).status is OutcomeStatus.CONFIRMED


def test_without_a_last_day_the_word_is_taken_years_later(year: Year) -> None:
    district = year.district
    confirm_within(district, None)
    session = district.held(year.scholar, year.firm, "10-09 10:00")
    district.record(year.scholar, session)
    lapsed(district)
    (told,) = district.rows(Message, Message.event == "outcome.unconfirmed")[-1:]
    assert "您以后仍可补确认" in told.text
    district.clock.put(at("10-21 10:00").replace(year=2028))
    assert district.confirm(year.firm, session).status is OutcomeStatus.CONFIRMED


def test_an_extension_lasts_what_the_policy_of_its_approval_allows(year: Year) -> None:
    district = year.district
    enter(district, PolicyNumber.EXTENSION, 10, date(2026, 9, 1))
    extend = experts.extend, year.scholar.expert.id, "临时延聘"
    ends_on = date(2028, 6, 30)
    with pytest.raises(ExtensionTooLateError) as refused:
        district.store.execute(district.approver, *extend, date(2028, 7, 11))
    assert refused.value.facts == {"ends_on": ends_on.isoformat(), "days": 10}
    assert district.store.execute(district.approver, *extend, date(2028, 7, 10)).ends_on


def test_the_cap_on_pairings_is_that_of_the_day_of_the_meeting(year: Year) -> None:
    district = year.district

    def put(uow: UnitOfWork) -> None:
        (old,) = uow.session.query(DutyPolicyRow).all()
        rules = {**old.rules, "pairings_a_year": 1}
        row = uow.add(
            DutyPolicyRow(code="LC-DUTY-2", valid_from=FROM, rules=rules, entered_at=uow.now)
        )
        uow.audit("duty_policy.entered", row)

    district.store.execute(SYSTEM, put)
    for founder, moment in ((year.firm, "09-29 10:00"), (year.other, "09-30 10:00")):
        district.accepted(year.scholar, founder, moment, session_type="tutoring")
    with pytest.raises(PairingCapError) as refused:
        district.accepted(year.scholar, year.team, "10-09 10:00", session_type="tutoring")
    assert refused.value.facts == {"most": 1}


def test_a_day_without_a_number_is_refused_by_name(year: Year) -> None:
    def ask(uow: UnitOfWork) -> Any:
        return deadlines.duty(uow, PolicyNumber.RECORD, at("09-01 10:00").replace(year=2024))

    with pytest.raises(NoPolicyNumberError):
        year.district.store.execute(SYSTEM, ask)


def lapsed(district: District) -> None:
    """Let the time to check pass, and whoever is concerned be told."""
    waits = district.rows(Outcome, Outcome.status == OutcomeStatus.RECORDED)
    district.clock.put(max(row.confirm_by for row in waits))
    for row in waits:
        district.store.execute(SYSTEM, outcomes.lapse, row.id)
    deliver(district.store)
