"""What the morning's digest says, and when it is told."""

from datetime import datetime, time
from uuid import NAMESPACE_OID, uuid5

from app.domain.actor import Permission
from app.domain.calendar import ZONE
from app.queries.mornings import morning
from app.services.jobs import NOTIFY, plan_once
from app.services.messages.concern import Concern
from app.unit_of_work import UnitOfWork

DIGEST = "digest"
EVENT = f"{DIGEST}.morning"
# After the quiet hours, before the counter opens; of use while something can still be done.
FIRST, LAST = time(8, 30), time(18)


def watch_morning(uow: UnitOfWork) -> bool:
    """Have the officers told, once each working day, what is open; return whether it is new."""
    uow.require(Permission.RUN_JOBS)
    clock = uow.now.astimezone(ZONE).time()
    if not uow.calendar.is_working(uow.today) or not FIRST <= clock < LAST:
        return False
    return plan_once(
        uow,
        NOTIFY,
        f"{NOTIFY}:{EVENT}:{uow.today}",
        datetime.combine(uow.today, FIRST, ZONE),
        subject_id=uuid5(NAMESPACE_OID, f"{EVENT} {uow.today}"),
        payload={"event": EVENT, "revision": 1},
        not_after=datetime.combine(uow.today, LAST, ZONE),
    )


def of_morning(uow: UnitOfWork) -> Concern:
    """Return what is open, in numbers."""
    found = morning(uow)
    return Concern(
        facts={
            "tasks": str(found.tasks),
            "needs": str(found.needs),
            "answers": str(found.answers),
            "meetings": str(found.meetings),
            "records": str(found.records),
            "disputes": str(found.disputes),
            "follow_ups": str(found.follow_ups),
            "tickets": str(found.tickets),
            "letters": str(found.letters),
            "appraisals": str(found.appraisals),
            "late_appraisals": str(found.late_appraisals),
        },
        status="",
    )
