"""What both sides of a meeting sign: its facts and a version of the record, as one hash."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.domain.outcome_record import signed_sha256
from app.models.outcome import OutcomeVersion
from app.models.service_session import Attendance, ServiceSession
from app.queries.free_times import Look


def present_at(look: Look, session_id: UUID) -> Sequence[UUID]:
    """Return who was at the meeting, of both sides."""
    return look.session.scalars(
        select(Attendance.person_id).where(
            Attendance.service_session_id == session_id,
            Attendance.is_present,
            Attendance.voided_at.is_(None),
        )
    ).all()


def signed_text(session: ServiceSession, present: Iterable[UUID], version: OutcomeVersion) -> str:
    """Return the hash of the meeting's facts as they stand and of the version of its record."""
    facts: dict[str, Any] = {
        "reference": session.reference,
        "actual_start": session.actual_start,
        "actual_end": session.actual_end,
        "break_minutes": session.break_minutes,
        "present": sorted(str(key) for key in present),
    }
    record = {
        name: getattr(version, name)
        for name in (
            *("number", "question", "advice", "actions", "result", "reason"),
            *("stage", "topics", "effects", "referral"),
        )
    }
    return signed_sha256(facts, record)
