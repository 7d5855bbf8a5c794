from datetime import datetime

import pytest

from app.domain.actor import Role
from app.domain.message import (
    BY_TEXT,
    EVENTS,
    REQUIRED,
    RING,
    SCHEDULES,
    URGENT,
    Channel,
    RequiredTopicError,
    Topic,
    UnknownEventError,
    addresses,
    channels_for,
    ensure_reachable,
    hours_before,
    is_on,
    send_at,
    steps,
    topic_of,
    topics_of,
)
from tests.moments import at

EMAIL, SMS = Channel.EMAIL, Channel.SMS
BOTH = (EMAIL, SMS)
BERLIN = "Europe/Berlin"
HOME = "Asia/Shanghai"


@pytest.mark.parametrize("event", sorted(EVENTS))
def test_every_event_has_a_topic(event: str) -> None:
    assert topic_of(event) in Topic


def test_an_event_nobody_knows_has_no_topic() -> None:
    with pytest.raises(UnknownEventError):
        topic_of("booking.painted")


@pytest.mark.parametrize("events", [URGENT, BY_TEXT, RING, SCHEDULES.keys()])
def test_no_table_names_an_event_that_is_not_told(events) -> None:
    assert set(events) <= set(EVENTS)


def test_each_role_chooses_among_what_it_is_told() -> None:
    founder, officer = topics_of([Role.FOUNDER]), topics_of([Role.OFFICER])
    assert Topic.ACTIVITIES in founder
    assert Topic.TERMS not in founder
    assert Topic.TERMS in officer
    assert Topic.REMINDERS not in officer
    # Whoever audits has an account that ends.
    assert topics_of([Role.AUDITOR]) == [Topic.TERMS, Topic.DIGEST]
    assert topics_of([Role.DEPT_LIAISON]) == [Topic.DUTIES]


@pytest.mark.parametrize(
    ("reachable", "told"),
    [((), []), ((EMAIL,), [EMAIL]), ((SMS,), [SMS]), (BOTH, [EMAIL])],
)
def test_a_text_message_stands_in_for_mail(reachable, told) -> None:
    assert channels_for("booking.accepted", {}, reachable) == told


def test_a_text_message_carries_only_what_is_worth_one() -> None:
    assert "outcome.confirmed" not in BY_TEXT
    assert channels_for("outcome.certified", {}, (SMS,)) == []
    assert channels_for("outcome.recorded", {}, (SMS,)) == [SMS]


def test_who_wants_both_gets_both() -> None:
    choices = {(Topic.REMINDERS, SMS): True}
    assert channels_for("booking.answer_due", choices, BOTH) == [EMAIL, SMS]


@pytest.mark.parametrize("event", sorted(RING))
def test_what_changes_a_meeting_close_at_hand_rings(event: str) -> None:
    assert channels_for(event, {}, BOTH) == [EMAIL]
    assert channels_for(event, {}, BOTH, is_near=True) == [EMAIL, SMS]
    no_texts = {(topic_of(event), SMS): False}
    assert channels_for(event, no_texts, BOTH, is_near=True) == [EMAIL]


def test_a_reminder_does_not_ring_beside_the_mail() -> None:
    assert channels_for("service_session.reminded", {}, BOTH, is_near=True) == [EMAIL]


def test_only_a_mobile_number_of_the_mainland_takes_text_messages() -> None:
    assert addresses("li@example.org", "138 0013 8000") == {
        EMAIL: "li@example.org",
        SMS: "13800138000",
    }
    assert addresses(None, "0531-88012345") == {}
    assert addresses(None, "+49 170 1234567") == {}


def test_what_is_optional_can_be_switched_off() -> None:
    choices = {(Topic.REMINDERS, EMAIL): False}
    assert channels_for("booking.answer_due", choices, (EMAIL,)) == []
    assert channels_for("booking.accepted", choices, (EMAIL,)) == [EMAIL]


def test_what_must_be_said_is_said_although_it_was_switched_off() -> None:
    choices = {(topic, channel): False for topic in Topic for channel in Channel}
    assert channels_for("booking.cancelled", choices, BOTH) == [EMAIL]
    assert channels_for("booking.cancelled", choices, (SMS,)) == [SMS]


@pytest.mark.parametrize("topic", sorted(REQUIRED))
def test_a_required_topic_cannot_be_switched_off_everywhere(topic: Topic) -> None:
    with pytest.raises(RequiredTopicError) as refused:
        ensure_reachable({(topic, EMAIL): False}, (EMAIL,))
    assert refused.value.facts == {"topic": topic}
    ensure_reachable({(topic, EMAIL): False, (topic, SMS): True}, BOTH)
    ensure_reachable({(topic, EMAIL): False}, ())


def test_a_channel_without_an_address_is_never_on() -> None:
    assert not is_on({(Topic.DIGEST, SMS): True}, Topic.DIGEST, SMS, (EMAIL,))


@pytest.mark.parametrize(
    ("said", "sent"),
    [
        ("09-16 20:59", "09-16 20:59"),
        ("09-16 21:00", "09-17 08:00"),
        ("09-16 23:59", "09-17 08:00"),
        ("09-17 00:00", "09-17 08:00"),
        ("09-17 07:59", "09-17 08:00"),
        ("09-17 08:00", "09-17 08:00"),
    ],
)
def test_nothing_rings_between_nine_and_eight(said: str, sent: str) -> None:
    assert send_at(at(said), HOME) == at(sent)
    assert send_at(at(said), HOME, is_urgent=True) == at(said)


def test_the_night_is_the_readers_own() -> None:
    # 14:00 in Jinan is 8:00 in Berlin in summer, 13:59 still the night there.
    assert send_at(at("09-16 14:00"), BERLIN) == at("09-16 14:00")
    assert send_at(at("09-16 13:59"), BERLIN) == at("09-16 14:00")
    assert send_at(at("09-16 22:00"), BERLIN) == at("09-16 22:00")


def test_a_night_in_which_the_clock_changes_ends_at_eight_by_it() -> None:
    sent = send_at(datetime.fromisoformat("2026-10-24T22:00:00+00:00"), BERLIN)
    assert sent == datetime.fromisoformat("2026-10-25T08:00:00+01:00")


@pytest.mark.parametrize(
    ("until", "sent"),
    [
        ("09-17 07:30", "09-16 22:00"),
        ("09-17 08:00", "09-16 22:00"),
        ("09-17 08:30", "09-17 08:00"),
    ],
)
def test_what_would_come_too_late_in_the_morning_goes_at_once(until: str, sent: str) -> None:
    assert send_at(at("09-16 22:00"), HOME, until=at(until)) == at(sent)


def test_the_schedules_are_those_of_the_requirements() -> None:
    assert {event: schedule.steps for event, schedule in SCHEDULES.items()} == {
        "service_session.reminded": (24, 2),
        "activity.reminded": (24,),
        "booking.answer_due": (24, 4),
        "outcome.record_due": (1, 2),
        "outcome.confirm_due": (2, 4),
        "diagnosis.sign_due": (2, 4),
        "diagnosis.word_due": (2,),
        "appeal.due_soon": (3,),
        "appeal.overdue": (),
        "action_item.due_soon": (3,),
        "action_item.overdue": (),
        "written_answer.read_due": (2,),
        "ticket.due_soon": (3,),
        "ticket.overdue": (),
        "progress_round.due_soon": (3, 1),
        "progress_round.overdue": (),
        "follow_up.due": (30, 90, 180, 365),
        "appointment.duty_behind": (4, 7, 10, 12),
        "audit_seal.published": (),
        "digest.morning": (),
        "appointment.ending": (90, 30, 7),
    }


def test_hours_are_asked_only_of_a_schedule_that_counts_them() -> None:
    assert [each.total_seconds() / 3600 for each in hours_before("booking.answer_due")] == [24, 4]
    with pytest.raises(ValueError, match="counts working_days_after"):
        hours_before("outcome.record_due")
    assert steps("outcome.record_due") == (1, 2)
