import pytest

from app.domain.actor import SYSTEM, Role
from app.queries.audit_entries import chain_of_session
from app.services import audit_entries, outcomes
from tests.builders import staff
from tests.scenes import Plays
from tests.services.scene import Scene, set_scene


@pytest.fixture
def plays() -> Plays:
    return {"scene": set_scene}


def test_the_chain_of_a_meeting_tells_its_whole_story_in_order(scene: Scene) -> None:
    outcome = scene.recorded()
    scene.store.execute(scene.founder, outcomes.confirm, outcome.id, agrees=True)
    auditor = staff(scene.store, Role.AUDITOR)
    with scene.store.read(auditor) as reader:
        chain = chain_of_session(reader, scene.session().id)
    steps = [entry.action for entry in chain]
    told = [
        step
        for step in steps
        if step
        in (
            "booking.requested",
            "booking.accepted",
            "service_session.finished",
            "outcome.recorded",
            "outcome.confirmed",
        )
    ]
    assert list(dict.fromkeys(told)) == [
        "booking.requested",
        "booking.accepted",
        "service_session.finished",
        "outcome.recorded",
        "outcome.confirmed",
    ]
    assert {entry.entity for entry in chain} >= {
        "bookings",
        "service_sessions",
        "attendances",
        "outcomes",
        "outcome_versions",
        "confirmations",
    }
    assert [entry.at for entry in chain] == sorted(entry.at for entry in chain)
    (accepted,) = [entry for entry in chain if entry.action == "booking.accepted"]
    assert (accepted.actor, accepted.roles) == (scene.mentor.name, ("mentor",))


def test_the_chain_of_a_real_meeting_verifies(scene: Scene) -> None:
    outcome = scene.recorded()
    scene.store.execute(scene.founder, outcomes.confirm, outcome.id, agrees=True)
    scene.work()
    key = scene.store.audit_key()
    for _ in range(2):
        with scene.store.read(SYSTEM) as reader:
            assert audit_entries.verify(reader, key).faults == []
        scene.store.execute(SYSTEM, audit_entries.seal, key)


def test_a_record_written_twice_is_told_twice(scene: Scene) -> None:
    scene.recorded()
    written = outcomes.Record("怎么登记？", "补充了一条建议。", [], "advised")
    scene.store.execute(scene.mentor, outcomes.record, scene.session().id, written)
    scene.work()
    assert len(scene.told(scene.founder, "outcome.recorded")) == 2


def test_a_stranger_sees_nothing_of_the_chain(scene: Scene) -> None:
    scene.accepted()
    with scene.store.read(scene.founder) as reader:
        assert chain_of_session(reader, scene.session().id) == []
