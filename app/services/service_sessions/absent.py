"""Experts who were expected and did not come, each for himself."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from app.domain.policy_number import PolicyNumber
from app.domain.service_session import (
    SEEN,
    NoShow,
    Party,
    ensure_unseen,
)
from app.models.booking import BookingExpert, PanelAnswer
from app.models.service_session import Attendance, ServiceSession
from app.services import absences, deadlines
from app.unit_of_work import UnitOfWork


def left_before(uow: UnitOfWork, session: ServiceSession) -> frozenset[UUID]:
    """Return the experts who were expected and left the panel before the meeting."""
    return frozenset(
        uow.all(
            select(BookingExpert.expert_id).where(
                BookingExpert.booking_id == session.booking_id,
                BookingExpert.answer.in_((PanelAnswer.DECLINED, PanelAnswer.REPLACED)),
            )
        )
    )


def expected_of(
    uow: UnitOfWork, session: ServiceSession, rows: Sequence[Attendance]
) -> frozenset[UUID]:
    """Return the experts who were to come."""
    experts = frozenset(row.expert_id for row in rows if row.expert_id is not None)
    return experts - left_before(uow, session)


def ensure_none_seen(who: NoShow, rows: Sequence[Attendance], absent: frozenset[UUID]) -> None:
    """Refuse to call somebody absent whom the desk has checked in.

    Args:
        who: the side that is said not to have come.
        rows: everybody of both sides.
        absent: of the experts those who are called absent.

    Raises:
        WasSeenError: naming the side and the time.
    """
    ensure_unseen(
        who,
        {
            row.side: row.checked_in_at
            for row in rows
            if row.checked_in_at is not None
            and row.evidence in SEEN
            and (row.side is Party.FOUNDER or row.expert_id in absent)
        },
    )


def note(uow: UnitOfWork, rows: Sequence[Attendance], absent: frozenset[UUID]) -> None:
    """Keep that these experts were reported absent."""
    for row in rows:
        if row.expert_id in absent:
            row.is_present = False
            row.missed_at = uow.now
            uow.audit("attendance.missed", row)


def tell_them(uow: UnitOfWork, session: ServiceSession, rows: Sequence[Attendance]) -> None:
    """Tell who was missing from a panel that was held; he may contest it for three working days."""
    missing = [row for row in rows if row.missed_at is not None]
    if not missing:
        return
    until = deadlines.duty(uow, PolicyNumber.CONTEST)
    for row in missing:
        row.contest_by = until
    uow.tell(
        "service_session.member_missed",
        session,
        experts=[str(row.expert_id) for row in missing],
        deadline=until.isoformat(),
    )
    uow.flush()
    review_all(uow, rows)


def review_all(uow: UnitOfWork, rows: Sequence[Attendance]) -> None:
    """Think about the term of everybody whose absence has come to stand, or stands no longer."""
    missing = {row.expert_id for row in rows if row.expert_id and row.missed_at is not None}
    if not missing:
        # Reported before absences were kept for each expert: who led answers for it.
        missing = {row.expert_id for row in rows if row.expert_id and row.is_lead}
    for expert_id in sorted(missing):
        absences.review(uow, expert_id)
