"""A tie declared during a meeting 中途回避: the expert leaves it, and none of his minutes count."""

from contextlib import suppress
from datetime import datetime
from uuid import UUID

from app.domain.actor import Permission
from app.domain.declared_tie import AsideAlreadyError, ensure_leaving
from app.domain.diagnosis import RecusedError
from app.domain.errors import InvalidInputError, NotFoundError
from app.domain.service_session import NOT_HELD, IllegalStepError
from app.models.service_session import Attendance, ServiceSession
from app.services import diagnoses
from app.services.bookings.versions import ensure_version
from app.services.diagnoses.workspace import DIAGNOSIS
from app.services.service_sessions import attendances, pass_lead_on
from app.unit_of_work import UnitOfWork

WHY = "见面中声明利害关系，中途回避"


def declare(
    uow: UnitOfWork,
    session_id: UUID,
    *,
    expert_id: UUID | None = None,
    left_at: datetime | None = None,
    version: int | None = None,
) -> ServiceSession:
    """Have an expert who finds a tie while the meeting runs declare it and leave.

    He declares it himself, or an officer notes it on his word. It is decided on when the lead
    closes the meeting: none of his minutes count, and the meeting counts on the time with the
    others. Where he leads it, the next of the panel leads from then on; where he serves alone, it
    does not count. Of a diagnosis he does no more work either. Once the meeting is closed it is
    too late: what was not declared in time takes the whole meeting with it.

    Args:
        uow: the transaction.
        session_id: the meeting.
        expert_id: who leaves; the actor himself when not given.
        left_at: when he left; now when not given.
        version: of the meeting, as the actor saw it.

    Raises:
        NotFoundError: that expert takes no part.
        IllegalStepError: the meeting is closed, or did not come about.
        TooEarlyError: it has not begun; until then he declines or cancels.
        AsideAlreadyError: he has left.
        InvalidInputError: nobody is named, or `left_at` does not lie within the meeting.
    """
    session = uow.load(ServiceSession, session_id, lock=True)
    key = _who(uow, expert_id)
    ensure_version(session, version)
    row = _of_expert(uow, session, key)
    if row.stood_aside_at is not None:
        raise AsideAlreadyError(left_at=row.stood_aside_at)
    if session.status not in NOT_HELD:
        raise IllegalStepError(event="stand_aside", status=session.status.value)
    leaves_at = left_at or uow.now
    ensure_leaving(leaves_at, session.planned_starts_at, uow.now)
    row.stood_aside_at = leaves_at
    uow.audit("attendance.stood_aside", row)
    uow.flush()
    pass_lead_on(uow, session)
    if session.session_type == DIAGNOSIS:
        # Who stands aside from the work already has nothing more to leave there.
        with suppress(RecusedError):
            diagnoses.recuse(uow, session.id, WHY, expert_id=key)
    return session


def _who(uow: UnitOfWork, expert_id: UUID | None) -> UUID:
    """Return the expert who leaves, for whom the actor may speak."""
    key = expert_id or uow.actor.expert_id
    if key is None:
        raise InvalidInputError.at("expert_id", "input.required")
    uow.require(Permission.HOLD_SERVICE_SESSION, experts=frozenset({key}))
    return key


def _of_expert(uow: UnitOfWork, session: ServiceSession, expert_id: UUID) -> Attendance:
    with uow.beyond_scope("the place of an expert who leaves the meeting"):
        rows = attendances(uow, session.id)
    for row in rows:
        if row.expert_id == expert_id:
            return row
    raise NotFoundError("attendance.not_found")
