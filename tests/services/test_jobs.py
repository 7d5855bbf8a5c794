from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.domain.actor import SYSTEM, Actor, Role
from app.domain.ids import new_id
from app.domain.job import DeliveryState, JobState
from app.models.job import Job
from app.models.message import Delivery, Message
from app.services import jobs
from app.unit_of_work import Store, UnitOfWork
from tests import builders
from tests.moments import START


def plan(store: Store, *kinds: str, subject_id: UUID) -> None:
    def use_case(uow: UnitOfWork) -> None:
        for kind in kinds:
            uow.later(kind, f"{kind}:{subject_id}", START, subject_id=subject_id)

    store.execute(SYSTEM, use_case)


def states(store: Store) -> dict[str, JobState]:
    with store.read(SYSTEM) as reader:
        return {kind: state for kind, state in reader.session.execute(select(Job.kind, Job.state))}


def a_planned_mail(store: Store, subject_id: UUID) -> Delivery:
    account = builders.an_account(store, Role.MENTOR)
    message = Message(
        account_id=account.id,
        event="booking.requested",
        subject_id=subject_id,
        revision=1,
        title="t",
        text="t",
        href="/",
        facts={},
        created_at=START,
    )
    delivery = Delivery(
        message_id=message.id,
        channel="email",
        address="a@example.org",
        provider_key="key",
        state=DeliveryState.PLANNED,
        updated_at=START,
    )
    builders.keep(store, message, delivery)
    plan(store, "deliver_message", subject_id=delivery.id)
    return delivery


def cancel(store: Store, actor: Actor, *args: Any) -> int:
    return store.execute(actor, jobs.cancel_open, *args)


def test_waiting_jobs_of_a_subject_are_cancelled_and_what_happened_is_still_told(
    store: Store,
) -> None:
    subject, other = new_id(), new_id()
    plan(store, "expire_booking", "remind_session", "notify", subject_id=subject)
    plan(store, "release_hold", subject_id=other)
    assert cancel(store, SYSTEM, subject) == 2
    assert states(store) == {
        "expire_booking": JobState.CANCELLED,
        "remind_session": JobState.CANCELLED,
        "notify": JobState.READY,
        "release_hold": JobState.READY,
    }


def test_only_the_named_kinds_are_cancelled(store: Store) -> None:
    subject = new_id()
    plan(store, "expire_booking", "remind_session", subject_id=subject)
    assert cancel(store, SYSTEM, subject, ["expire_booking"]) == 1
    assert states(store)["remind_session"] is JobState.READY


def test_mails_to_others_that_are_not_yet_sent_are_skipped_with_the_jobs(store: Store) -> None:
    subject = new_id()
    delivery = a_planned_mail(store, subject)
    founder = builders.a_founder(store)
    assert cancel(store, founder, subject) == 1
    with store.read(SYSTEM) as reader:
        row = reader.session.get_one(Delivery, delivery.id)
        assert (row.state, row.reason) == (DeliveryState.SKIPPED, "cancelled")
    assert states(store)["deliver_message"] is JobState.CANCELLED


def test_a_running_job_is_left_to_its_handler(store: Store) -> None:
    subject = new_id()
    plan(store, "expire_booking", subject_id=subject)

    def lease(uow: UnitOfWork) -> None:
        job = uow.session.scalars(select(Job)).one()
        job.state = JobState.LEASED

    store.execute(SYSTEM, lease)
    assert cancel(store, SYSTEM, subject) == 0
    assert states(store)["expire_booking"] is JobState.LEASED
