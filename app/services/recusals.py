"""Recusal 回避 asked again at each step: a tie may have come since the last."""

from datetime import date
from uuid import UUID

from app.domain.expert import RecusalError
from app.queries.interests import Matter, recusals
from app.unit_of_work import UnitOfWork


def ensure_none(uow: UnitOfWork, expert_id: UUID, matter: Matter, *days: date) -> None:
    """Refuse the pairing when a tie forbids it today or on one of the days.

    Raises:
        RecusalError: which tie it is, is told to nobody.
    """
    with uow.beyond_scope("recusal check over the venture's members"):
        found = recusals(uow, [expert_id], matter, uow.today, *days)
    if found[expert_id].forbidding:
        raise RecusalError
