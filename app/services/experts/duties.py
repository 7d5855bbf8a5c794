"""Duties are looked after: whoever has done less than was due by now is told in good time."""

from sqlalchemy import select

from app.domain.actor import Permission
from app.domain.duty import looked_at
from app.domain.job import ClaimedJob
from app.models.expert import Appointment
from app.queries.duty import duties
from app.services.jobs import plan_once
from app.unit_of_work import UnitOfWork

TELL_DUTIES = "tell_duties"


def watch_duties(uow: UnitOfWork) -> bool:
    """Have duties looked at on the days for it, once each; return whether that is new."""
    uow.require(Permission.RUN_JOBS)
    if not looked_at(uow.today, uow.calendar):
        return False
    payload = {"month": uow.today.strftime("%Y%m")}
    return plan_once(uow, TELL_DUTIES, f"{TELL_DUTIES}:{uow.today}", uow.now, payload=payload)


def tell_duties(uow: UnitOfWork, job: ClaimedJob) -> int:
    """Tell the mentors who are behind what they owe this year, and return how many."""
    behind = {key: duty for key, duty in duties(uow).items() if duty.is_behind}
    terms = uow.all(
        select(Appointment)
        .where(
            Appointment.expert_id.in_(behind),
            Appointment.starts_on <= uow.today,
            Appointment.ends_on >= uow.today,
        )
        .order_by(Appointment.id)
    )
    revision = int(str(job.payload["month"]))
    for term in terms:
        duty = behind[term.expert_id]
        uow.tell(
            "appointment.duty_behind", term, revision=revision, done=duty.done, least=duty.least
        )
    return len(terms)
