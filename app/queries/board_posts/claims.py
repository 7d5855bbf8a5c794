"""The claims from which a founder may choose."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Select, and_, select

from app.domain.board_post import ClaimStatus, PostStatus
from app.models.board_post import BoardClaim, BoardPost
from app.models.expert import Expert
from app.queries.board_posts.posts import PostBrief
from app.unit_of_work import Reader

Row = TypeVar("Row", bound=Sequence[Any])
_STANDING = (PostStatus.OPEN, PostStatus.EXPIRED)
_SHOWN = (PostStatus.AWAITING_CONSENT, *_STANDING)


@dataclass(frozen=True, slots=True)
class FoundersBoard:
    """What was last written of a need for the board, and who claimed it, the first one first."""

    post: PostBrief | None
    claims: tuple[tuple[BoardClaim, Expert], ...]


def founders_board(reader: Reader, need_id: UUID) -> FoundersBoard:
    """Return the newest post that is not done with, and the claims that stand; one statement."""
    is_standing = and_(
        BoardClaim.board_post_id == BoardPost.id,
        BoardClaim.status == ClaimStatus.OFFERED,
        BoardPost.status.in_(_STANDING),
    )
    rows = reader.session.execute(
        select(BoardPost, BoardClaim, Expert)
        .select_from(BoardPost)
        .outerjoin(BoardClaim, is_standing)
        .outerjoin(Expert, Expert.id == BoardClaim.expert_id)
        .where(BoardPost.need_id == need_id, BoardPost.status.in_(_SHOWN))
        .order_by(BoardPost.written_at, BoardPost.id, BoardClaim.number)
    ).all()
    newest = rows[-1].BoardPost if rows else None
    return FoundersBoard(
        PostBrief(newest.id, newest.status, newest.expires_at) if newest else None,
        one_each((row.BoardClaim, row.Expert) for row in rows if row.BoardClaim),
    )


def standing_claims(need_id: UUID) -> Select[BoardClaim, Expert]:
    """Return the statement of the claims from which the founder may choose, the first one first."""
    return (
        select(BoardClaim, Expert)
        .join(BoardPost, BoardPost.id == BoardClaim.board_post_id)
        .join(Expert, Expert.id == BoardClaim.expert_id)
        .where(
            BoardPost.need_id == need_id,
            BoardPost.status.in_(_STANDING),
            BoardClaim.status == ClaimStatus.OFFERED,
        )
        .order_by(BoardPost.written_at, BoardPost.id, BoardClaim.number)
    )


def one_each(rows: Iterable[Row]) -> tuple[Row, ...]:
    """Return claims with their experts, of who claimed two posts of the need the later words."""
    found = {row[1].id: row for row in rows}
    return tuple(found.values())
