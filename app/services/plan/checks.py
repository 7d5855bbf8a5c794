"""The check of what another has entered, the same for whatever it is."""

from typing import TypeVar

from app.domain import prose
from app.domain.actor import Permission
from app.domain.plan import LONGEST_GROUNDS, CheckStatus, ensure_another, ensure_waits
from app.models.plan import ReportedFigure
from app.models.support_item import OpeningList, SupportItem
from app.services.bookings.versions import ensure_version
from app.unit_of_work import UnitOfWork

Checked = TypeVar("Checked", SupportItem, ReportedFigure, OpeningList)


def decide(
    uow: UnitOfWork, row: Checked, status: CheckStatus, version: int | None, answer: str = ""
) -> Checked:
    """Let a row count, or send it back with the reason; not by who entered it.

    Raises:
        SameHandsError: the actor entered it.
        CheckedError: it has been decided.
        InvalidInputError: it is sent back without a reason.
        StaleVersionError: somebody else has changed it since.
    """
    uow.require(Permission.CHECK_PLAN)
    ensure_waits(row.status)
    ensure_version(row, version)
    ensure_another(row.made_by_id, uow.actor.account_id)
    if status is CheckStatus.REFUSED:
        row.answer = prose.ensure("answer", answer, LONGEST_GROUNDS)
    row.status = status
    row.checked_by_id, row.checked_at = uow.actor.account_id, uow.now
    return row
