"""Which rows of matching each reach shows: proposals, batches, panels, the open board."""

from collections.abc import Callable

from sqlalchemy import ColumnElement, false, or_, select

from app.domain.actor import Actor, Reach
from app.models.base import Base
from app.models.batch import Batch, BatchExpert, BatchNeed, BatchPair
from app.models.board_post import BoardClaim, BoardPost
from app.models.need import Need
from app.models.panel import Panel, PanelExpert
from app.models.proposal import MatchRound, Proposal, ShadowList

Criterion = ColumnElement[bool]
Rule = Callable[[Actor, Reach], Criterion]

_need = Need.__table__.c
_post = BoardPost.__table__.c
_claim = BoardClaim.__table__.c


def rules(of_needs: Rule) -> dict[type[Base], Rule]:
    """Return the rules, given which needs each reach shows."""

    def rounds(actor: Actor, reach: Reach) -> Criterion:
        own = select(_need.id).where(of_needs(actor, reach))
        return MatchRound.__table__.c.need_id.in_(own)

    def proposals(actor: Actor, reach: Reach) -> Criterion:
        if reach is Reach.SERVED:
            return Proposal.__table__.c.expert_id == actor.expert_id
        return Proposal.__table__.c.need_id.in_(select(_need.id).where(of_needs(actor, reach)))

    def pairs(actor: Actor, reach: Reach) -> Criterion:
        # What is only planned, or nobody's, is the bureau's own.
        is_told = BatchPair.__table__.c.published_at.is_not(None)
        if reach is Reach.SERVED:
            return is_told & (BatchPair.__table__.c.expert_id == actor.expert_id)
        if reach is Reach.OWN:
            return is_told & BatchPair.__table__.c.need_id.in_(
                select(_need.id).where(of_needs(actor, reach))
            )
        return false()

    return {
        MatchRound: rounds,
        Proposal: proposals,
        ShadowList: _nothing,
        Batch: _nothing,
        BatchExpert: _nothing,
        BatchNeed: _nothing,
        BatchPair: pairs,
        # Who is thought of for a panel the bureau alone knows, until he is asked.
        Panel: _nothing,
        PanelExpert: _nothing,
        **_board(of_needs),
    }


def _board(of_needs: Rule) -> dict[type[Base], Rule]:
    def posts(actor: Actor, reach: Reach) -> Criterion:
        # Experts read the text, never the need: a post on the board, and those they claimed.
        if reach is not Reach.SERVED:
            return _post.need_id.in_(select(_need.id).where(of_needs(actor, reach)))
        waiting = select(_need.id).where(_need.status == "submitted")
        own = select(_claim.board_post_id).where(_claim.expert_id == actor.expert_id)
        return or_((_post.status == "open") & _post.need_id.in_(waiting), _post.id.in_(own))

    def claims(actor: Actor, reach: Reach) -> Criterion:
        if reach is Reach.SERVED:
            return _claim.expert_id == actor.expert_id
        return _claim.board_post_id.in_(select(_post.id).where(posts(actor, reach)))

    return {BoardPost: posts, BoardClaim: claims}


def _nothing(_actor: Actor, _reach: Reach) -> Criterion:
    return false()
