"""An expert claims a post, and takes it back."""

from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from app.domain.actor import Permission
from app.domain.board_post import (
    ClaimStatus,
    PostGoneError,
    ensure_offer,
    is_on_board,
    refusal,
)
from app.domain.errors import NotFoundError
from app.models.board_post import BoardClaim, BoardPost
from app.models.need import Need
from app.services.board_posts.writing import is_waiting
from app.services.proposals.asked import ask
from app.services.proposals.comparing import document, proposed
from app.services.proposals.pool import FittedPool
from app.unit_of_work import UnitOfWork

# A place in a list of one says nothing.
_UNTOLD_REASONS = frozenset({"overall"})


def claim(uow: UnitOfWork, post_id: UUID, offer: str, pool: FittedPool) -> BoardClaim:
    """Offer to serve the founder of a post; he is shown who, why and in which words.

    Claiming again changes the words alone.

    Raises:
        PostGoneError: the post is not on the board any more.
        RuleError: a rule keeps the expert from serving this founder now; see `refusal`.
        InvalidInputError: at field `offer`.
    """
    expert_id = _expert(uow)
    post = uow.load(BoardPost, post_id, lock=True)
    words = ensure_offer(offer)
    if not is_on_board(post.status, post.expires_at, uow.now):
        raise PostGoneError(status=post.status.value)
    standing = _claim_of(uow, post.id, expert_id)
    if standing is not None and standing.status is ClaimStatus.OFFERED:
        if standing.offer != words:
            standing.offer = words
            uow.audit("board_claim.changed", standing, post=post.id)
        return standing
    held = _held_against(uow, post, expert_id, pool)
    made = standing or uow.add(BoardClaim(board_post_id=post.id, expert_id=expert_id))
    made.status = ClaimStatus.OFFERED
    for name, value in {**held, "offer": words, "claimed_at": uow.now, "ended_at": None}.items():
        setattr(made, name, value)
    uow.flush()
    uow.audit("board_claim.offered", made, post=post.id)
    uow.tell("board_claim.offered", made)
    return made


def withdraw_claim(uow: UnitOfWork, claim_id: UUID) -> BoardClaim:
    """Take a claim back; again changes nothing. A booking made of it stands on its own."""
    made = uow.load(BoardClaim, claim_id, lock=True)
    uow.require(Permission.CLAIM_POST, experts=frozenset({made.expert_id}))
    if made.status is ClaimStatus.OFFERED:
        made.status, made.ended_at = ClaimStatus.WITHDRAWN, uow.now
        uow.flush()
        uow.audit("board_claim.withdrawn", made, post=made.board_post_id)
        uow.tell("board_claim.withdrawn", made)
    return made


def _expert(uow: UnitOfWork) -> UUID:
    expert_id = uow.actor.expert_id
    if expert_id is None:
        raise NotFoundError("expert.not_found")
    uow.require(Permission.CLAIM_POST, experts=frozenset({expert_id}))
    return expert_id


def _claim_of(uow: UnitOfWork, post_id: UUID, expert_id: UUID) -> BoardClaim | None:
    return uow.one(
        select(BoardClaim).where(
            BoardClaim.board_post_id == post_id, BoardClaim.expert_id == expert_id
        )
    )


def _next_number(uow: UnitOfWork, post_id: UUID) -> int:
    # The post is locked; of two who press at once the first to hold it stands first for good.
    last = select(func.max(BoardClaim.number)).where(BoardClaim.board_post_id == post_id)
    return (uow.session.scalar(last) or 0) + 1


def _held_against(
    uow: UnitOfWork, post: BoardPost, expert_id: UUID, pool: FittedPool
) -> dict[str, Any]:
    """Return how the matcher sees the expert for the need, as it is kept.

    Raises:
        RuleError: he must not serve its founder now.
    """
    with uow.beyond_scope("the need behind a post, held against the expert who claims it"):
        need = uow.load(Need, post.need_id)
        if not is_waiting(need):
            raise PostGoneError(status=need.status.value)
        about = ask(uow, need, pool.alone(expert_id))
        number = _next_number(uow, post.id)
    listed = proposed(pool.matcher, about, 1, uow.today)
    error = refusal(each.rule for each in listed.exclusions)
    if error is not None:
        raise error
    kept = document(listed.candidates[0])
    # Where the profile says little of the matter, his own words are the reason.
    told = [] if listed.lack else kept["reasons"]
    reasons = [each for each in told if each["code"] not in _UNTOLD_REASONS]
    return {
        "number": number,
        "matcher_version": pool.matcher.version_,
        "score": kept["score"],
        "parts": kept["parts"],
        "reasons": reasons,
        "cautions": kept["cautions"],
    }
