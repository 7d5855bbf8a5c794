"""Which meetings are under lock, and until when."""

from datetime import date
from uuid import UUID

from sqlalchemy import select

from app.models.erasure import ArchivedSession
from app.queries.free_times import Look


def archived_until(look: Look, session_id: UUID) -> date | None:
    """Return the last day on which the record of the meeting is kept under lock, None without."""
    return look.session.scalar(
        select(ArchivedSession.kept_until).where(ArchivedSession.service_session_id == session_id)
    )
