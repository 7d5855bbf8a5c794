"""Rows of the log as the matcher learns from them."""

from app.domain.proposal import TEACHES_FOR
from app.queries.shown_proposals import Request, ShownProposal, shown_since
from app.unit_of_work import UnitOfWork
from matching import Fate, Part, Shown


def experience(uow: UnitOfWork) -> list[Shown]:
    """Return what was shown in the last two years and what came of it, of all founders."""
    with uow.beyond_scope("learning from what was shown and what came of it"):
        rows = shown_since(uow, uow.now - TEACHES_FOR)
    return [_shown(row) for row in rows]


def _shown(row: ShownProposal) -> Shown:
    return Shown(
        need_id=str(row.need_id),
        expert_id=str(row.expert_id),
        position=row.rank,
        parts=tuple(Part(part["code"], part["value"]) for part in row.parts),
        matcher_version=row.matcher_version,
        propensity=row.propensity,
        shown_at=row.shown_at,
        fate=_fate(row.request),
    )


def _fate(request: Request | None) -> Fate:
    if request is None:
        return Fate()
    return Fate(
        is_asked=True,
        answer=request.answer,
        reason=request.reason,
        is_held=request.is_held,
        is_confirmed=request.is_confirmed,
        rating=request.rating,
    )
