"""Whether a mentor was reported missing from a panel that the others held, and what came of it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.models.outcome import Dispute
from app.models.service_session import Attendance
from app.unit_of_work import Reader


@dataclass(frozen=True, slots=True)
class OwnAbsence:
    """The report of his absence, and the ruling where he contested it."""

    contest_by: datetime
    may_contest: bool
    is_contested: bool
    rule_by: datetime | None
    ruling: str | None
    ruling_text: str | None


def own_absence(reader: Reader, own: Attendance | None) -> OwnAbsence | None:
    """Return what is held against the actor, None where nothing is."""
    if own is None or own.contest_by is None:
        return None
    dispute = reader.session.scalar(
        select(Dispute).where(
            Dispute.service_session_id == own.service_session_id,
            Dispute.opened_by_id == own.person_id,
            Dispute.is_absence,
        )
    )
    return OwnAbsence(
        contest_by=own.contest_by,
        may_contest=dispute is None and reader.now < own.contest_by,
        is_contested=dispute is not None,
        rule_by=dispute.rule_by if dispute else None,
        ruling=dispute.ruling if dispute else None,
        ruling_text=dispute.ruling_text if dispute else None,
    )
