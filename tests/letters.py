"""Letters and jobs for tests of who looks after the service."""

from typing import Any

from app.domain.actor import Role
from app.domain.ids import new_id
from app.domain.job import DELIVER, DeliveryState, JobState
from app.models.job import Job
from app.models.message import Delivery, Message
from app.unit_of_work import Store
from tests.builders import an_account, keep
from tests.moments import START


def a_job(store: Store, kind: str, state: JobState = JobState.READY, **values: Any) -> Job:
    given = {"run_at": START, "payload": {}, **values}
    job = Job(kind=kind, dedupe_key=new_id().hex, state=state, **given)
    keep(store, job)
    return job


def a_lost_letter(store: Store) -> Delivery:
    """Return a letter given up half sent, with its job."""
    message = Message(
        account_id=an_account(store, Role.MENTOR).id,
        event="booking.requested",
        subject_id=new_id(),
        revision=1,
        title="王强想约您",
        text="请在周五前答复。",
        href="/mentor",
        facts={"name": "高源"},
        created_at=START,
    )
    letter = Delivery(
        message_id=message.id,
        channel="email",
        address="gao@example.org",
        provider_key=new_id().hex,
        state=DeliveryState.UNKNOWN,
        reason="given_up",
        updated_at=START,
    )
    keep(store, message, letter)
    values = {"subject_id": letter.id, "attempts": 8, "last_error": "TimeoutError"}
    a_job(store, DELIVER, JobState.DEAD, **values)
    return letter
