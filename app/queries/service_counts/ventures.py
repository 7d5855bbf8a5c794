"""For which venture meetings were: as recorded, or as the newest correction says."""

from collections.abc import Collection, Iterator
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app.domain.person import with_doubles
from app.domain.service_record import CorrectionOp
from app.domain.service_session import Party
from app.models.person import VentureMember
from app.models.service_record import Correction, CorrectionStatus
from app.models.service_session import Attendance, ServiceSession
from app.queries.aliases import load_aliases
from app.queries.free_times import Look

_Said = tuple[datetime, UUID, UUID | None]


def ventures_of(look: Look, session_ids: Collection[UUID]) -> dict[UUID, UUID | None]:
    """Return for each meeting the venture it counts for, None where it counts for none."""
    recorded = look.session.execute(
        select(ServiceSession.id, ServiceSession.venture_id).where(
            ServiceSession.id.in_(session_ids)
        )
    )
    found = {key: venture_id for key, venture_id in recorded}
    for _, session_id, venture_id in _corrected(look):
        if session_id in found:
            found[session_id] = venture_id
    return found


def ventures_of_those_served(look: Look, session_id: UUID) -> frozenset[UUID]:
    """Return the ventures to which somebody who was there belongs, under whatever record."""
    attended = look.session.scalars(
        select(Attendance.person_id).where(
            Attendance.service_session_id == session_id, Attendance.side == Party.FOUNDER
        )
    )
    everybody = with_doubles(set(attended), load_aliases(look))
    members = select(VentureMember.venture_id).where(VentureMember.person_id.in_(everybody))
    return frozenset(look.session.scalars(members))


def meetings_of(look: Look, venture_ids: Collection[UUID]) -> frozenset[UUID]:
    """Return the meetings that were for one of the ventures, by their record or a correction."""
    recorded = look.session.scalars(
        select(ServiceSession.id).where(ServiceSession.venture_id.in_(venture_ids))
    )
    corrected = (key for _, key, venture_id in _corrected(look) if venture_id in venture_ids)
    return frozenset(recorded) | frozenset(corrected)


def _corrected(look: Look) -> Iterator[_Said]:
    """Yield what approved corrections say, in the order in which they were approved."""
    rows = look.session.execute(
        select(Correction.checked_at, Correction.service_session_id, Correction.value).where(
            Correction.operation == CorrectionOp.SET_VENTURE,
            Correction.status == CorrectionStatus.APPROVED,
        )
    )
    for checked_at, session_id, stored in sorted(rows, key=lambda row: (row[0], str(row[1]))):
        key = stored["venture_id"]
        yield checked_at, session_id, None if key is None else UUID(key)
