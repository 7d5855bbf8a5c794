"""Ends of a post: taken down by either side, or run out."""

from uuid import UUID

from sqlalchemy import select

from app.domain.actor import Permission
from app.domain.board_post import ACTIVE, ClaimStatus, PostStatus
from app.domain.booking import Side
from app.models.board_post import BoardClaim, BoardPost
from app.models.need import Need
from app.services.board_posts.writing import active_post
from app.services.jobs import cancel_open
from app.unit_of_work import UnitOfWork


def withdraw(uow: UnitOfWork, post_id: UUID) -> BoardPost:
    """Take the post down; its claims lapse and their experts are told. Again changes nothing."""
    post = uow.load(BoardPost, post_id, lock=True)
    need = uow.load(Need, post.need_id)
    is_own = uow.actor.person_id == need.person_id
    uow.require(Permission.ANSWER_POST if is_own else Permission.WRITE_POST)
    if post.status in ACTIVE:
        _take_down(uow, post)
        side = Side.FOUNDER if is_own else Side.BUREAU
        uow.tell("board_post.withdrawn", post, by=side.value)
    return post


def take_down(uow: UnitOfWork, need_id: UUID) -> None:
    """Take down what stands on the board for a need that is given up."""
    post = active_post(uow, need_id)
    if post is not None:
        _take_down(uow, post)


def expire(uow: UnitOfWork, post_id: UUID) -> BoardPost:
    """End a post whose time is over; offers made stand. One that is not due is left alone."""
    post = uow.load(BoardPost, post_id, lock=True)
    is_due = post.expires_at is not None and post.expires_at <= uow.now
    if post.status is not PostStatus.OPEN or not is_due:
        return post
    post.status, post.ended_at = PostStatus.EXPIRED, uow.now
    uow.flush()
    uow.audit("board_post.expired", post, need=post.need_id)
    uow.tell("board_post.expired", post)
    return post


def _take_down(uow: UnitOfWork, post: BoardPost) -> None:
    post.status, post.ended_at = PostStatus.WITHDRAWN, uow.now
    cancel_open(uow, post.id)
    standing = uow.all(
        select(BoardClaim).where(
            BoardClaim.board_post_id == post.id, BoardClaim.status == ClaimStatus.OFFERED
        )
    )
    for claim in standing:
        claim.status, claim.ended_at = ClaimStatus.LAPSED, uow.now
    uow.flush()
    uow.audit("board_post.withdrawn", post, need=post.need_id)
    uow.audit("board_claim.lapsed", *standing)
    for claim in standing:
        uow.tell("board_claim.lapsed", claim)
