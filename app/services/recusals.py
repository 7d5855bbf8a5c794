"""Recusal 回避 asked again at each step: a tie may have come since the last."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from app.domain.expert import RecusalError
from app.queries.interests import Matter, recusals
from app.unit_of_work import UnitOfWork


def ensure_none(uow: UnitOfWork, expert_ids: Collection[UUID], matter: Matter, *days: date) -> None:
    """Refuse the pairing when a tie of one of the experts forbids it today or on one of the days.

    Raises:
        RecusalError: which tie it is, is told to nobody.
    """
    with uow.beyond_scope("recusal check over the venture's members"):
        found = recusals(uow, expert_ids, matter, uow.today, *days)
    if any(each.forbidding for each in found.values()):
        raise RecusalError
