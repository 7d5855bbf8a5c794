"""The claims from which a founder may choose."""

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, select

from app.domain.board_post import ClaimStatus, PostStatus
from app.models.board_post import BoardClaim, BoardPost
from app.models.expert import Expert
from app.models.need import Need

Row = TypeVar("Row", bound=Sequence[Any])
_STANDING = (PostStatus.OPEN, PostStatus.EXPIRED)
_TOLD = (PostStatus.AWAITING_CONSENT, *_STANDING)


def is_told() -> ColumnElement[bool]:
    """Return the criterion of a post of the need in the statement that its founder still minds."""
    return and_(BoardPost.need_id == Need.id, BoardPost.status.in_(_TOLD))


def is_standing() -> ColumnElement[bool]:
    """Return the criterion of a claim on the post in the statement that its founder may take."""
    return and_(
        BoardClaim.board_post_id == BoardPost.id,
        BoardClaim.status == ClaimStatus.OFFERED,
        BoardPost.status.in_(_STANDING),
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
