"""What people are sent, by their own choice, at what hour, and whether it still is worth it."""

import pytest

from app.domain.actor import Actor, Role
from app.domain.errors import ForbiddenError
from app.domain.job import DELIVER, DeliveryState, JobState
from app.domain.message import Channel, RequiredTopicError, Topic
from app.models.job import Job
from app.models.message import Preference
from app.queries.preferences import preferences
from app.services import bookings, messages, outcomes
from tests.moments import at
from tests.scenes import Plays
from tests.services.scene import Scene, give_email, give_phone, set_scene

EMAIL = Channel.EMAIL
OFF = {(Topic.REMINDERS, EMAIL): False}


@pytest.fixture
def plays() -> Plays:
    return {"scene": set_scene}


def on(scene: Scene, who: Actor, topic: Topic) -> bool:
    with scene.store.read(who) as reader:
        (line,) = preferences(reader, [topic]).lines
    return line.is_on[EMAIL]


def test_a_choice_is_kept_and_can_be_taken_back(scene: Scene) -> None:
    assert on(scene, scene.mentor, Topic.REMINDERS)
    assert scene.store.execute(scene.mentor, messages.prefer, OFF) == 1
    assert not on(scene, scene.mentor, Topic.REMINDERS)
    assert on(scene, scene.founder, Topic.REMINDERS)
    assert scene.store.execute(scene.mentor, messages.prefer, OFF) == 0
    back = {(Topic.REMINDERS, EMAIL): True}
    assert scene.store.execute(scene.mentor, messages.prefer, back) == 1
    assert len(scene.rows(Preference)) == 1


def test_what_must_be_said_stays_on_and_nothing_else_of_the_choice_is_kept(scene: Scene) -> None:
    with pytest.raises(RequiredTopicError):
        scene.store.execute(scene.mentor, messages.prefer, {**OFF, (Topic.DUTIES, EMAIL): False})
    assert scene.rows(Preference) == []


def test_nobody_chooses_without_an_account(scene: Scene) -> None:
    with pytest.raises(ForbiddenError):
        scene.store.execute(Actor(roles=frozenset({Role.FOUNDER})), messages.prefer, OFF)


def test_a_reminder_switched_off_is_in_the_inbox_alone(scene: Scene) -> None:
    scene.store.execute(scene.mentor, messages.prefer, OFF)
    scene.request("09-21 14:00")
    scene.clock.put(at("09-17 10:00"))
    scene.work()
    (message,) = scene.told(scene.mentor, "booking.answer_due")
    assert scene.letters(message) == []
    (asked,) = scene.told(scene.mentor, "booking.requested")
    assert [row.state for row in scene.letters(asked)] == [DeliveryState.DELIVERED]


def test_a_request_made_at_night_is_mailed_in_the_morning(scene: Scene) -> None:
    scene.clock.put(at("09-16 22:30"))
    scene.request("09-21 14:00")
    scene.work()
    (message,) = scene.told(scene.mentor, "booking.requested")
    (letter,) = scene.letters(message)
    assert letter.state is DeliveryState.PLANNED
    (job,) = scene.rows(Job, Job.kind == DELIVER)
    assert (job.run_at, job.state) == (at("09-17 08:00"), JobState.READY)
    scene.clock.put(at("09-17 08:00"))
    scene.work()
    assert [row.state for row in scene.letters(message)] == [DeliveryState.DELIVERED]


def test_an_answer_given_at_night_is_mailed_at_once(scene: Scene) -> None:
    booking = scene.request("09-21 14:00")
    scene.clock.put(at("09-16 22:30"))
    scene.store.execute(scene.mentor, bookings.accept, booking.id)
    scene.work()
    (message,) = scene.told(scene.founder, "booking.accepted")
    assert [row.state for row in scene.letters(message)] == [DeliveryState.DELIVERED]


def test_what_was_settled_at_night_is_not_asked_for_in_the_morning(scene: Scene) -> None:
    session = scene.finished()
    scene.clock.put(at("09-18 22:30"))
    written = outcomes.Record("怎么登记？", "先核名，再到大厅提交。", [], "advised")
    outcome = scene.store.execute(scene.mentor, outcomes.record, session.id, written)
    scene.work()
    scene.store.execute(scene.founder, outcomes.confirm, outcome.id, agrees=True)
    scene.clock.put(at("09-19 08:00"))
    scene.work()
    (message,) = scene.told(scene.founder, "outcome.recorded")
    (letter,) = scene.letters(message)
    assert (letter.state, letter.reason) == (DeliveryState.SKIPPED, "superseded")


def test_a_cancellation_close_at_hand_rings_beside_the_mail(scene: Scene) -> None:
    give_phone(scene.store, scene.founder.person_id, "13900000002")
    booking = scene.accepted("09-21 14:00")
    scene.clock.put(at("09-20 22:00"))
    scene.store.execute(scene.mentor, bookings.cancel, booking.id, "m_illness")
    scene.work()
    (message,) = scene.told(scene.founder, "booking.cancelled")
    assert sorted((row.channel, row.state.value) for row in scene.letters(message)) == [
        ("email", "delivered"),
        ("sms", "delivered"),
    ]


def test_who_has_no_address_has_nothing_to_choose(scene: Scene) -> None:
    give_email(scene.store, scene.expert.person_id, None)
    give_phone(scene.store, scene.expert.person_id, None)
    with scene.store.read(scene.mentor) as reader:
        assert preferences(reader, [Topic.REMINDERS]).addresses == {}
    assert scene.store.execute(scene.mentor, messages.prefer, OFF) == 1


def test_everything_shown_is_marked_and_what_came_after_is_not(scene: Scene) -> None:
    scene.request()
    scene.work()
    (first,) = scene.told(scene.mentor, "booking.requested")
    scene.request("09-22 14:00")
    scene.work()
    assert scene.store.execute(scene.mentor, messages.mark_all_read, first.id) == 1
    assert scene.store.execute(scene.mentor, messages.mark_all_read) == 1
    assert scene.store.execute(scene.mentor, messages.mark_all_read) == 0
    assert {row.read_at is None for row in scene.told(scene.mentor, "booking.requested")} == {False}
