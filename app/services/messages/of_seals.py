"""The newest seal told to those who audit, so that it lies where no administrator can change it."""

from datetime import datetime, time

from sqlalchemy import select

from app.domain.actor import Permission
from app.domain.calendar import ZONE
from app.models.audit_entry import AuditSeal
from app.services.jobs import NOTIFY, plan_once
from app.services.messages.concern import Concern
from app.unit_of_work import UnitOfWork

EVENT = "audit_seal.published"
PUBLISHED_AT = time(8)


def watch_seal(uow: UnitOfWork) -> bool:
    """Have the newest seal told to the auditors, once each day; return whether it is new."""
    uow.require(Permission.RUN_JOBS)
    due_at = datetime.combine(uow.today, PUBLISHED_AT, ZONE)
    if uow.now < due_at:
        return False
    newest = uow.one(select(AuditSeal).order_by(AuditSeal.number.desc()).limit(1))
    if newest is None:
        return False
    payload = {"event": EVENT, "revision": 1}
    key = f"{NOTIFY}:{EVENT}:{uow.today}"
    return plan_once(uow, NOTIFY, key, due_at, subject_id=newest.id, payload=payload)


def of_seal(_uow: UnitOfWork, seal: AuditSeal) -> Concern:
    """Return what the seal says: its number and digest, and the fingerprint of its key."""
    facts = {"number": str(seal.number), "digest": seal.digest, "key": seal.key_id or "-"}
    return Concern(facts=dict(facts), status="")
