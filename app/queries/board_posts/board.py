"""The open board as an expert sees it: what can be claimed, and what he has claimed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, exists, or_, select

from app.domain.board_post import ClaimStatus, PostStatus, is_on_board
from app.domain.errors import NotFoundError
from app.domain.need import NeedStatus
from app.models.board_post import BoardClaim, BoardPost
from app.models.need import Need
from app.unit_of_work import Reader

# What an expert may know of the need behind a post: whether it still waits.
_need = Need.__table__.c
_WAITS = exists(
    select(_need.id).where(_need.id == BoardPost.need_id, _need.status == NeedStatus.SUBMITTED)
)


@dataclass(frozen=True, slots=True)
class OwnClaim:
    """A mentor's claim on a post."""

    id: UUID
    offer: str
    status: ClaimStatus
    claimed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardRow:
    """A post as an expert sees it.

    Attributes:
        text: None once the founder has taken it back.
        is_open: it can be claimed.
        waits: its founder has booked nobody.
    """

    id: UUID
    text: str | None
    topics: tuple[str, ...]
    session_type: str
    modes: tuple[str, ...]
    stage: str | None
    industry: str | None
    status: PostStatus
    expires_at: datetime | None
    is_open: bool
    waits: bool
    claim: OwnClaim | None


@dataclass(frozen=True, slots=True)
class Board:
    """The posts that a mentor can claim, soonest over first, and those he has claimed."""

    open: tuple[BoardRow, ...]
    claimed: tuple[BoardRow, ...]


def board(reader: Reader) -> Board:
    """Return what stands on the board for the actor, a mentor; one statement."""
    rows = _board_rows(reader, _is_shown(reader))
    return Board(
        tuple(row for row in rows if row.is_open and not _is_standing(row)),
        tuple(row for row in rows if row.claim is not None),
    )


def board_post(reader: Reader, post_id: UUID) -> BoardRow:
    """Return one post for the actor, a mentor.

    Raises:
        NotFoundError: there is none, or it is off the board and he never claimed it.
    """
    rows = _board_rows(reader, _is_shown(reader) & (BoardPost.id == post_id))
    if not rows:
        raise NotFoundError("board_post.not_found")
    return rows[0]


def _is_shown(reader: Reader) -> Any:
    on_board = (BoardPost.status == PostStatus.OPEN) & (BoardPost.expires_at > reader.now)
    return or_(on_board, BoardClaim.id.is_not(None))


def _board_rows(reader: Reader, which: Any) -> tuple[BoardRow, ...]:
    mine = and_(
        BoardClaim.board_post_id == BoardPost.id, BoardClaim.expert_id == reader.actor.expert_id
    )
    rows = reader.session.execute(
        select(BoardPost, BoardClaim, _WAITS.label("waits"))
        .select_from(BoardPost)
        .outerjoin(BoardClaim, mine)
        .where(which)
        .order_by(BoardPost.expires_at, BoardPost.id)
    )
    return tuple(_row(reader, *row) for row in rows)


def _row(reader: Reader, post: BoardPost, claim: BoardClaim | None, waits: bool) -> BoardRow:
    is_open = waits and is_on_board(post.status, post.expires_at, reader.now)
    is_told = post.status in (PostStatus.OPEN, PostStatus.EXPIRED)
    return BoardRow(
        id=post.id,
        text=post.text if is_told else None,
        topics=tuple(post.topics),
        session_type=post.session_type,
        modes=tuple(post.modes),
        stage=post.stage,
        industry=post.industry,
        status=post.status,
        expires_at=post.expires_at,
        is_open=is_open,
        waits=waits,
        claim=OwnClaim(claim.id, claim.offer, claim.status, claim.claimed_at) if claim else None,
    )


def _is_standing(row: BoardRow) -> bool:
    return row.claim is not None and row.claim.status is ClaimStatus.OFFERED
