"""Letters sent once more, and jobs queued anew, each by somebody who answers for it."""

from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from sqlalchemy import select, update

from app.db import StaleVersionError
from app.domain.actor import SYSTEM, Actor, Role
from app.domain.errors import DomainError, ForbiddenError
from app.domain.job import DELIVER, DeliveryState, JobState
from app.models.audit_entry import AuditEntry
from app.models.job import Job
from app.models.message import Delivery
from app.queries.outbox import outbox
from app.services import jobs, messages
from app.unit_of_work import Store, UnitOfWork
from tests.builders import staff
from tests.moments import START
from tests.scenes import Plays
from tests.services.scene import SITE, Scene, give_email, set_scene
from tests.turns import on_each

HOUR = timedelta(hours=1)


@pytest.fixture
def plays() -> Plays:
    return {"scene": set_scene}


@pytest.fixture
def operator(store: Store) -> Actor:
    return staff(store, Role.SYS_ADMIN)


def set_delivery(store: Store, state: DeliveryState) -> None:
    def use_case(uow: UnitOfWork) -> None:
        uow.session.execute(update(Delivery).values(state=state))
        given_up = state in (DeliveryState.FAILED, DeliveryState.UNKNOWN)
        job_state = JobState.DEAD if given_up else JobState.DONE
        uow.session.execute(
            update(Job).where(Job.kind == DELIVER).values(state=job_state, attempts=8)
        )

    store.execute(SYSTEM, use_case)


def a_letter(scene: Scene, state: DeliveryState) -> Delivery:
    """Return the letter to the mentor about a request, in the state."""
    scene.request()
    scene.work()
    set_delivery(scene.store, state)
    (letter,) = scene.rows(Delivery)
    return letter


def refusal(store: Store, actor: Actor, use_case: Any, *args: Any, **kwargs: Any) -> str:
    with pytest.raises(DomainError) as caught:
        store.execute(actor, use_case, *args, **kwargs)
    return caught.value.code


def actions(store: Store) -> list[str]:
    with store.read(SYSTEM) as reader:
        statement = select(AuditEntry.action).where(
            AuditEntry.action.in_(["job.requeued", "delivery.resent"])
        )
        return list(reader.session.scalars(statement))


@pytest.mark.parametrize("state", [DeliveryState.UNKNOWN, DeliveryState.FAILED])
def test_a_letter_is_sent_once_more_under_a_new_key_to_the_present_address(
    scene: Scene, operator: Actor, state: DeliveryState
) -> None:
    old = a_letter(scene, state)
    give_email(scene.store, scene.expert.person_id, "new@example.org")
    new = scene.store.execute(operator, messages.resend, old.id)
    assert (new.series, new.message_id, new.invitation) == (2, old.message_id, old.invitation)
    assert new.provider_key != old.provider_key
    assert refusal(scene.store, operator, messages.resend, old.id) == "delivery.resent_already"
    assert scene.work() == 1
    letters = scene.rows(Delivery)
    assert [(each.address, each.state) for each in letters] == [
        ("mentor@example.org", state),
        ("new@example.org", DeliveryState.DELIVERED),
    ]
    with scene.store.read(operator) as reader:
        page = outbox(reader, SITE, "历城创业导师")
    assert [item.may_resend for item in page.items] == [False, False]
    assert [job.state for job in scene.rows(Job, Job.subject_id == old.id)] == [JobState.CANCELLED]
    assert actions(scene.store) == ["delivery.resent"]


def pressed_at_once(store: Store, actor: Actor, use_case: Any, *args: Any) -> list[str]:
    """Let four press at once, and return why those were refused who were."""
    start, codes = Barrier(4), []

    def press() -> None:
        start.wait()
        try:
            store.execute(actor, use_case, *args)
        except DomainError as error:
            codes.append(error.code)

    threads = [Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return codes


@on_each
def test_of_many_who_press_at_once_one_does_it(scene: Scene, operator: Actor) -> None:
    old = a_letter(scene, DeliveryState.UNKNOWN)
    codes = pressed_at_once(scene.store, operator, messages.resend, old.id)
    assert codes == ["delivery.resent_already"] * 3
    assert len(scene.rows(Delivery)) == 2
    job = a_dead_job(scene.store)
    assert pressed_at_once(scene.store, operator, jobs.requeue, job.id) == ["job.not_dead"] * 3
    assert [each.version for each in scene.rows(Job, Job.id == job.id)] == [2]


def test_what_arrived_comes_too_late_or_is_anothers_business_is_not_sent_again(
    scene: Scene, operator: Actor
) -> None:
    old = a_letter(scene, DeliveryState.DELIVERED)
    assert refusal(scene.store, operator, messages.resend, old.id) == "delivery.not_resendable"
    set_delivery(scene.store, DeliveryState.FAILED)
    for actor in (scene.founder, scene.mentor):
        with pytest.raises(ForbiddenError):
            scene.store.execute(actor, messages.resend, old.id)

    def ends(uow: UnitOfWork) -> None:
        uow.session.execute(update(Delivery).values(not_after=uow.now))

    scene.store.execute(SYSTEM, ends)
    scene.clock.put(START + HOUR)
    assert refusal(scene.store, operator, messages.resend, old.id) == "delivery.too_late"
    assert actions(scene.store) == []


def a_dead_job(store: Store, **values: Any) -> Job:
    def use_case(uow: UnitOfWork) -> Job:
        job = uow.later("expire_board_post", "once", START - HOUR, **values)
        job.state, job.attempts, job.last_error, job.done_at = JobState.DEAD, 8, "no", START
        job.due_at = None
        return job

    return store.execute(SYSTEM, use_case)


def test_a_job_given_up_is_queued_anew_once_with_all_its_tries(
    scene: Scene, operator: Actor
) -> None:
    job = a_dead_job(scene.store)
    queued = scene.store.execute(operator, jobs.requeue, job.id, version=1)
    assert (queued.state, queued.attempts, queued.version) == (JobState.READY, 0, 2)
    assert (queued.run_at, queued.due_at, queued.done_at) == (START, START - HOUR, None)
    assert refusal(scene.store, operator, jobs.requeue, job.id, version=1) == "job.not_dead"
    assert actions(scene.store) == ["job.requeued"]

    def dies_again(uow: UnitOfWork) -> None:
        uow.session.execute(update(Job).values(state=JobState.DEAD))

    scene.store.execute(SYSTEM, dies_again)
    with pytest.raises(StaleVersionError):
        scene.store.execute(operator, jobs.requeue, job.id, version=1)
    scene.store.execute(operator, jobs.requeue, job.id, version=2)


def test_a_letters_job_is_not_queued_anew_and_only_the_operator_queues(
    scene: Scene, operator: Actor
) -> None:
    a_letter(scene, DeliveryState.UNKNOWN)
    (job,) = scene.rows(Job, Job.kind == DELIVER)
    assert refusal(scene.store, operator, jobs.requeue, job.id) == "job.resend_instead"
    assert refusal(scene.store, operator, jobs.requeue_kind, DELIVER) == "job.resend_instead"
    other = a_dead_job(scene.store)
    for use_case, which in ((jobs.requeue, other.id), (jobs.requeue_kind, other.kind)):
        with pytest.raises(ForbiddenError):
            scene.store.execute(scene.officer, use_case, which)
    assert scene.store.execute(operator, jobs.requeue_kind, other.kind) == 1
    assert scene.store.execute(operator, jobs.requeue_kind, other.kind) == 0
    assert [each.state for each in scene.rows(Job, Job.id == other.id)] == [JobState.READY]
    assert actions(scene.store) == ["job.requeued"]
