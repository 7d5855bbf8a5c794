"""What somebody asked for, and what was worked out of it, without his words."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from app.domain.erasure import GONE, blotted
from app.models.base import Base
from app.models.batch import BatchPair
from app.models.board_post import BoardClaim, BoardPost
from app.models.need import Need, NeedTopic
from app.models.panel import Panel, PanelExpert
from app.models.proposal import MatchRound, Proposal
from app.unit_of_work import UnitOfWork


def forget_needs(uow: UnitOfWork, needs: Collection[UUID]) -> None:
    """Forget the words of the needs; codes, scores and order stay for the matcher."""
    for need in uow.all(select(Need).where(Need.id.in_(needs))):
        need.text, need.bureau_reason = GONE, None
    uow.session.execute(update(NeedTopic).where(NeedTopic.need_id.in_(needs)).values(evidence=""))
    uow.session.execute(update(BoardPost).where(BoardPost.need_id.in_(needs)).values(text=GONE))
    posts = select(BoardPost.id).where(BoardPost.need_id.in_(needs))
    panels = select(Panel.id).where(Panel.need_id.in_(needs))
    _blot(uow, Proposal, Proposal.need_id.in_(needs), ("reasons", "cautions"))
    _blot(uow, MatchRound, MatchRound.need_id.in_(needs), ("excluded", "lack"))
    _blot(uow, BoardClaim, BoardClaim.board_post_id.in_(posts), ("reasons", "cautions"))
    _blot(uow, Panel, Panel.need_id.in_(needs), ("wish", "facets"))
    _blot(uow, PanelExpert, PanelExpert.panel_id.in_(panels), ("reasons", "cautions"))
    _blot(uow, BatchPair, BatchPair.need_id.in_(needs), ("shortlist", "questions", "left_facts"))


def _blot(uow: UnitOfWork, model: type[Base], which: Any, columns: tuple[str, ...]) -> None:
    for row in uow.all(select(model).where(which)):
        for name in columns:
            setattr(row, name, blotted(getattr(row, name)))
