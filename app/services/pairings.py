"""The cap on pairings 结对, asked before one more project is taken on."""

from datetime import datetime
from uuid import UUID

from app.domain.calendar import local_day
from app.domain.pairing import PAIRING_SERVICES, PairingCapError
from app.domain.waiver import WaiverRule
from app.queries.duty_policies import duty_policy_on
from app.queries.interests import Matter
from app.queries.pairings import is_beyond_cap
from app.queries.waivers import approved
from app.unit_of_work import UnitOfWork


def ensure_room(uow: UnitOfWork, expert_id: UUID, matter: Matter, starts_at: datetime) -> None:
    """Refuse a project beyond the cap of its year, unless an approver has waived that.

    Raises:
        PairingCapError: naming the cap.
    """
    if matter.session_type not in PAIRING_SERVICES:
        return
    with uow.beyond_scope("the projects that the expert guides this year"):
        if is_beyond_cap(uow, expert_id, matter, starts_at) and not _is_waived(
            uow, expert_id, matter.need_id
        ):
            policy = duty_policy_on(uow, local_day(starts_at))
            raise PairingCapError(most=policy.pairings_a_year)


def _is_waived(uow: UnitOfWork, expert_id: UUID, need_id: UUID | None) -> bool:
    if need_id is None:
        return False
    return expert_id in approved(uow, WaiverRule.PAIRINGS, [need_id])[need_id]
