"""What happens by the day alone: the morning's digest, and duties looked at in good time."""

import pytest

from app.domain.actor import SYSTEM, Role
from app.models.audit_entry import AuditSeal
from app.models.job import Job
from app.models.message import Message
from app.queries.duty import duties
from app.queries.mornings import Morning, morning
from app.services import audit_entries, experts, messages, outcomes
from tests.builders import staff
from tests.moments import at
from tests.scenes import Plays
from tests.services.scene import Scene, set_scene


@pytest.fixture
def plays() -> Plays:
    return {"scene": set_scene}


def watch(scene: Scene, when: str) -> bool:
    scene.clock.put(at(when))
    return scene.store.execute(SYSTEM, messages.watch_morning)


def digests(scene: Scene) -> list[Message]:
    return scene.rows(Message, Message.event == "digest.morning")


@pytest.mark.parametrize("when", ["09-17 08:29", "09-17 18:00", "09-19 09:00"])
def test_no_digest_is_told_at_night_late_or_on_a_day_off(scene: Scene, when: str) -> None:
    assert watch(scene, when) is False
    assert scene.rows(Job, Job.dedupe_key.startswith("notify:digest")) == []


def test_officers_hear_each_working_morning_once_what_is_open(scene: Scene) -> None:
    scene.request("09-17 16:00")
    scene.accepted("09-18 14:00")
    assert watch(scene, "09-17 08:30") is True
    assert watch(scene, "09-17 08:31") is False
    scene.work()
    (message,) = digests(scene)
    assert message.account_id == scene.officer.account_id
    assert message.href == "/bureau"
    assert "今天到期等导师答复的 1 个；今天见面 0 场" in message.text
    assert watch(scene, "09-18 08:30") is True
    scene.work()
    assert "今天见面 1 场" in digests(scene)[-1].text
    assert len(digests(scene)) == 2


def test_a_digest_missed_while_nothing_worked_comes_later_that_day_and_not_after(
    scene: Scene,
) -> None:
    assert watch(scene, "09-17 11:00") is True
    scene.clock.put(at("09-17 18:01"))
    scene.work()
    assert digests(scene) == []


def test_the_numbers_are_those_of_the_moment(scene: Scene) -> None:
    scene.finished()
    with scene.store.read(SYSTEM) as reader:
        # Nothing is open but the mark of who served.
        assert morning(reader) == Morning(0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0)
    scene.clock.put(at("09-23 09:00"))
    with scene.store.read(SYSTEM) as reader:
        found = morning(reader)
    assert (found.records, found.appraisals, found.late_appraisals) == (1, 1, 1)


def test_who_is_behind_is_told_once_in_a_month_of_duties(scene: Scene) -> None:
    scene.clock.put(at("10-08 09:00"))
    assert scene.store.execute(SYSTEM, experts.watch_duties) is True
    assert scene.store.execute(SYSTEM, experts.watch_duties) is False
    scene.work()
    scene.work()
    (message,) = scene.told(scene.mentor, "appointment.duty_behind")
    assert "现在是 0 次" in message.text


def test_a_counted_service_is_one_done(scene: Scene) -> None:
    outcome = scene.recorded()
    with scene.store.read(SYSTEM) as reader:
        assert duties(reader)[scene.expert.id].done == 0
    scene.store.execute(scene.founder, outcomes.confirm, outcome.id, agrees=True)
    with scene.store.read(SYSTEM) as reader:
        assert duties(reader)[scene.expert.id].done == 1


def test_nobody_is_looked_at_on_another_day(scene: Scene) -> None:
    scene.clock.put(at("09-17 09:00"))
    assert scene.store.execute(SYSTEM, experts.watch_duties) is False
    assert scene.rows(Job, Job.kind == experts.TELL_DUTIES) == []


def test_auditors_are_told_the_newest_seal_once_a_day(scene: Scene) -> None:
    auditor = staff(scene.store, Role.AUDITOR)
    scene.clock.put(at("09-19 08:00"))
    assert scene.store.execute(SYSTEM, messages.watch_seal) is False
    scene.store.execute(SYSTEM, audit_entries.seal, scene.store.audit_key())
    assert scene.store.execute(SYSTEM, messages.watch_seal) is True
    assert scene.store.execute(SYSTEM, messages.watch_seal) is False
    scene.work()
    (message,) = scene.told(auditor, "audit_seal.published")
    (seal,) = scene.rows(AuditSeal)
    assert seal.digest in message.text
    assert message.title == "今天的封存摘要：第 1 批"
    assert scene.told(scene.officer, "audit_seal.published") == []
