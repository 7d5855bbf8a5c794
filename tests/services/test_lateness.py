"""What came late says so: in the inbox, in the outbox, with the stoppage behind it."""

from datetime import timedelta

import pytest

from app.domain.job import LATE_AFTER
from app.models.job import Stoppage
from app.models.message import Message
from app.queries.inbox import inbox
from app.queries.lateness import Lateness
from app.queries.outbox import outbox
from tests.builders import keep
from tests.moments import START, at
from tests.scenes import Plays
from tests.services.scene import SITE, Scene, set_scene

HOUR = timedelta(hours=1)


@pytest.fixture
def plays() -> Plays:
    return {"scene": set_scene}


def lateness_told(scene: Scene) -> tuple[Lateness | None, Lateness | None]:
    """Return how late the mentor's message says it was, and how late his letter."""
    with scene.store.read(scene.mentor) as reader:
        (item, *_) = inbox(reader).items
    with scene.store.read(scene.officer) as reader:
        (letter, *_) = outbox(reader, SITE, "历城创业导师").items
    return item.late, letter.late


def a_stoppage(scene: Scene, began: timedelta, ended: timedelta) -> None:
    keep(scene.store, Stoppage(began_at=START + began, ended_at=START + ended))


def test_what_waited_for_a_stopped_service_names_the_longest_stop(scene: Scene) -> None:
    scene.request()
    a_stoppage(scene, -5 * HOUR, timedelta(0))
    a_stoppage(scene, HOUR / 2, HOUR)
    a_stoppage(scene, HOUR, 2 * HOUR)
    a_stoppage(scene, 2 * HOUR, 9 * HOUR)
    scene.clock.put(START + 2 * HOUR)
    scene.work()
    late = Lateness(2 * HOUR, START + HOUR, START + 2 * HOUR)
    assert lateness_told(scene) == (late, late)


def test_without_a_stop_only_the_length_is_told_and_a_few_minutes_are_nothing(
    scene: Scene,
) -> None:
    scene.request()
    a_stoppage(scene, -HOUR, timedelta(0))
    scene.clock.put(START + LATE_AFTER)
    scene.work()
    assert lateness_told(scene) == (None, None)
    scene.request("09-19 14:00")
    scene.clock.put(START + HOUR)
    scene.work()
    late = Lateness(HOUR - LATE_AFTER)
    assert lateness_told(scene) == (late, late)


def test_a_reminder_is_late_by_when_it_should_have_come(scene: Scene) -> None:
    scene.accepted()
    scene.work()
    scene.clock.put(at("09-17 17:00"))
    scene.work()
    (message,) = scene.told(scene.mentor, "service_session.reminded")
    assert message.due_at == at("09-17 14:00")
    assert lateness_told(scene) == (Lateness(3 * HOUR), Lateness(3 * HOUR))
    assert all(row.due_at for row in scene.rows(Message))
