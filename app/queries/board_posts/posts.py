"""Posts as their founder and the desk see them, with who claimed them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from app.domain.board_post import ClaimStatus, PostStatus
from app.domain.errors import NotFoundError
from app.domain.need import NeedStatus
from app.domain.privacy import masked
from app.models.board_post import BoardClaim, BoardPost
from app.models.expert import Expert
from app.models.need import Need
from app.queries.board_posts.people import has_account, private_names
from app.unit_of_work import Reader


@dataclass(frozen=True, slots=True)
class Claimant:
    """An expert who claimed a post, in his words and by the matcher's reasons."""

    claim_id: UUID
    expert_id: UUID
    name: str
    category: str
    title: str
    offer: str
    status: ClaimStatus
    claimed_at: datetime
    reasons: Sequence[Mapping[str, Any]]
    cautions: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class PostView:
    """A post as its founder and the desk see it, with every claim, the first one first."""

    id: UUID
    need_id: UUID
    version: int
    text: str
    topics: tuple[str, ...]
    session_type: str
    modes: tuple[str, ...]
    stage: str | None
    industry: str | None
    status: PostStatus
    written_at: datetime
    consented_at: datetime | None
    expires_at: datetime | None
    ended_at: datetime | None
    claims: tuple[Claimant, ...]

    @property
    def offered(self) -> tuple[Claimant, ...]:
        """The claims that stand."""
        return tuple(each for each in self.claims if each.status is ClaimStatus.OFFERED)


@dataclass(frozen=True, slots=True)
class PostBrief:
    """Whether something of a need is on the board, or waits to be agreed to."""

    id: UUID
    status: PostStatus
    expires_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskBoard:
    """What an officer needs to write a post.

    Attributes:
        suggested: the founder's words with everything blotted out that tells who he is.
        has_account: the founder answers for himself.
    """

    need_id: UUID
    reference: str
    text: str
    suggested: str
    status: NeedStatus
    has_account: bool
    post: PostView | None


def newest_post(reader: Reader, need_id: UUID) -> PostView | None:
    """Return the last post written for a need, None before the first; two statements."""
    post = reader.session.scalars(_newest(need_id)).first()
    if post is None:
        return None
    rows = reader.session.execute(
        select(BoardClaim, Expert)
        .join(Expert, Expert.id == BoardClaim.expert_id)
        .where(BoardClaim.board_post_id == post.id)
        .order_by(BoardClaim.number)
    ).all()
    return PostView(
        id=post.id,
        need_id=post.need_id,
        version=post.version,
        text=post.text,
        topics=tuple(post.topics),
        session_type=post.session_type,
        modes=tuple(post.modes),
        stage=post.stage,
        industry=post.industry,
        status=post.status,
        written_at=post.written_at,
        consented_at=post.consented_at,
        expires_at=post.expires_at,
        ended_at=post.ended_at,
        claims=tuple(_claimant(row.BoardClaim, row.Expert) for row in rows),
    )


def desk_board(reader: Reader, need_id: UUID) -> DeskBoard:
    """Return a need and what was last written of it for the board; six statements.

    Raises:
        NotFoundError: there is no such need, or the actor may not know of it.
    """
    need = reader.session.get(Need, need_id)
    if need is None:
        raise NotFoundError("need.not_found")
    return DeskBoard(
        need_id=need.id,
        reference=need.reference,
        text=need.text,
        suggested=masked(need.text, private_names(reader, need)),
        status=need.status,
        has_account=has_account(reader, need.person_id),
        post=newest_post(reader, need_id),
    )


def newest_brief(reader: Reader, need_id: UUID) -> PostBrief | None:
    """Return where the last post written for a need stands; one statement."""
    post = reader.session.scalars(_newest(need_id)).first()
    return PostBrief(post.id, post.status, post.expires_at) if post else None


def _newest(need_id: UUID) -> Select[BoardPost]:
    return (
        select(BoardPost)
        .where(BoardPost.need_id == need_id)
        .order_by(BoardPost.written_at.desc(), BoardPost.id.desc())
        .limit(1)
    )


def _claimant(claim: BoardClaim, expert: Expert) -> Claimant:
    return Claimant(
        claim_id=claim.id,
        expert_id=expert.id,
        name=expert.name,
        category=expert.category.value,
        title=f"{expert.organisation} {expert.title}".strip(),
        offer=claim.offer,
        status=claim.status,
        claimed_at=claim.claimed_at,
        reasons=tuple(claim.reasons),
        cautions=tuple(claim.cautions),
    )
