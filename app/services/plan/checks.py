"""The check of what another has entered of the plan, the same for whatever it is."""

from typing import TypeVar
from uuid import UUID

from app.domain import prose
from app.domain.actor import Permission
from app.domain.plan import LONGEST_GROUNDS, CheckStatus
from app.models.plan import ReportedFigure
from app.models.support_item import OpeningList, SupportItem
from app.services.checks import stamp, to_check
from app.unit_of_work import UnitOfWork

Entered = TypeVar("Entered", SupportItem, ReportedFigure, OpeningList)


def decide(
    uow: UnitOfWork,
    model: type[Entered],
    row_id: UUID,
    status: CheckStatus,
    version: int | None,
    answer: str = "",
) -> Entered:
    """Let a row count, or send it back with the reason; not by who entered it.

    Raises:
        SameHandsError: the actor entered it.
        CheckedError: it has been decided.
        InvalidInputError: it is sent back without a reason.
        StaleVersionError: somebody else has changed it since.
    """
    row = to_check(uow, model, row_id, Permission.CHECK_PLAN, version)
    if status is CheckStatus.REFUSED:
        row.answer = prose.ensure("answer", answer, LONGEST_GROUNDS)
    return stamp(uow, row, status)
