from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from app.domain.outcome import ConfirmationKind
from app.domain.service_record import (
    DisputeFacts,
    InvalidFactsError,
    Pending,
    Reason,
    Ruling,
    SessionType,
    Status,
)
from tests.moments import at
from tests.unit.domain.service_facts import (
    LONG_AFTER,
    a_person,
    a_session,
    confirmed,
    decided,
)

BEFORE, AFTER = at("09-14 10:00"), at("09-20 10:00")


def test_silence_of_another_attendee_costs_him_and_not_the_session() -> None:
    attendees = (a_person("F2", is_contact=True, vouched_at=None), a_person("F3", vouched_at=None))
    decision = decided(a_session(attendees=attendees))
    assert decision.status is Status.COUNTED
    assert decision.person_ids == ("F2",)


def test_another_attendee_counts_from_the_moment_he_vouches_for_himself() -> None:
    other = a_person("F3", vouched_at=at("09-17 09:00"))
    facts = a_session(attendees=(a_person("F2", is_contact=True), other))
    assert decided(facts, at("09-17 08:59")).person_ids == ("F2",)
    assert decided(facts, at("09-17 09:00")).person_ids == ("F2", "F3")


def test_the_only_attendee_counts_by_the_confirmation_of_the_facts() -> None:
    alone = a_person("F3", vouched_at=None)
    assert decided(a_session(attendees=(alone,))).person_ids == ("F3",)


def test_a_listener_counts_only_when_he_signed_in() -> None:
    listeners = (a_person("F1"), a_person("F2", vouched_at=None, is_contact=True))
    facts = a_session(session_type=SessionType.LECTURE, attendees=listeners)
    assert decided(facts).person_ids == ("F1",)
    alone = replace(facts, attendees=listeners[1:])
    assert decided(alone).reason is Reason.NO_ATTENDEE


def test_an_unidentified_attendee_beside_an_identified_one_is_left_out() -> None:
    facts = a_session(attendees=(a_person(), a_person("F2", is_identified=False)))
    assert decided(facts).person_ids == ("F1",)


@pytest.mark.parametrize("kind", list(ConfirmationKind))
def test_every_kind_of_confirmation_counts_and_is_kept(kind: ConfirmationKind) -> None:
    decision = decided(a_session(confirmation=confirmed("09-17 10:00", kind)))
    assert decision.status is Status.COUNTED
    assert decision.confirmation is kind
    assert decision.confirmed_at == at("09-17 10:00")


def test_a_confirmation_not_yet_given_is_not_known() -> None:
    facts = a_session(confirmation=confirmed("09-17 10:00"))
    assert decided(facts, at("09-17 09:59")).reason is Reason.UNCONFIRMED
    assert decided(facts, at("09-17 10:00")).status is Status.COUNTED


@pytest.mark.parametrize(("moment", "is_in_time"), [("12-14 23:59", True), ("12-15 00:00", False)])
def test_a_confirmation_may_come_until_ninety_days_after_the_service_day(
    moment: str, is_in_time: bool
) -> None:
    decision = decided(a_session(confirmation=confirmed(moment)))
    assert (decision.status is Status.COUNTED) is is_in_time


@pytest.mark.parametrize(
    ("overrides", "asof", "pending"),
    [
        ({"recorded_at": None, "confirmation": None}, AFTER, Pending.RECORD),
        ({"confirmation": None}, AFTER, Pending.CONFIRMATION),
        ({"confirmation": None}, LONG_AFTER, None),
        ({"dispute": DisputeFacts(BEFORE)}, AFTER, Pending.RULING),
        ({"minutes": 20}, AFTER, None),
        ({}, AFTER, None),
    ],
)
def test_an_undecided_record_says_what_it_waits_for(
    overrides: dict[str, Any], asof: datetime, pending: Pending | None
) -> None:
    assert decided(a_session(**overrides), asof).pending is pending


@pytest.mark.parametrize(
    ("reported", "ruling", "reason"),
    [
        (None, Ruling.DELIVERED, None),
        (Reason.NO_SHOW_FOUNDER, Ruling.DELIVERED, None),
        (Reason.NO_SHOW_FOUNDER, Ruling.NO_SHOW_FOUNDER, Reason.NO_SHOW_FOUNDER),
        (Reason.NO_SHOW_FOUNDER, Ruling.EXCUSED, Reason.NO_SHOW_FOUNDER),
        (None, Ruling.NO_SHOW_MENTOR, Reason.NO_SHOW_MENTOR),
        (None, Ruling.NO_SHOW_BOTH, Reason.NO_SHOW_BOTH),
        (Reason.NO_SHOW_FOUNDER, Ruling.TECH_FAILURE, Reason.TECH_FAILURE),
    ],
)
def test_a_ruling_settles_whether_there_was_a_service(
    reported: Reason | None, ruling: Ruling, reason: Reason | None
) -> None:
    dispute = DisputeFacts(at("09-16 10:00"), at("09-18 10:00"), ruling)
    facts = a_session(void_code=reported, dispute=dispute, confirmation=confirmed("09-15 12:00"))
    assert decided(facts).reason is reason


def test_a_service_ruled_delivered_needs_no_other_confirmation() -> None:
    dispute = DisputeFacts(at("09-16 10:00"), at("09-18 10:00"), Ruling.DELIVERED)
    facts = a_session(dispute=dispute, confirmation=None, recorded_at=None)
    assert decided(facts).status is Status.COUNTED
    assert decided(facts).confirmation is None


def test_a_dispute_opened_later_is_not_known_yet() -> None:
    facts = a_session(dispute=DisputeFacts(at("09-16 10:00")))
    assert decided(facts, at("09-16 09:59")).status is Status.COUNTED


def test_half_a_ruling_is_refused() -> None:
    with pytest.raises(InvalidFactsError):
        DisputeFacts(BEFORE, ruled_at=AFTER)
    with pytest.raises(InvalidFactsError):
        DisputeFacts(BEFORE, ruling=Ruling.DELIVERED)
