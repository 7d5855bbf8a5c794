"""The experts proposed for a founder's need, with the reasons as they were stored."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select

from app.domain.availability import upcoming
from app.domain.batch import PairState
from app.domain.expert import takes_new
from app.domain.proposal import LIFETIME, PlacedBy, is_expired
from app.models.batch import BatchPair
from app.models.board_post import BoardClaim, BoardPost
from app.models.expert import Expert
from app.models.need import Need
from app.models.proposal import MatchRound, Proposal
from app.queries.board_posts import PostBrief, is_standing, is_told, one_each
from app.queries.booking_pages.bookings import Person, person_of
from app.queries.booking_pages.needs import NeedView, need_of
from app.queries.booking_pages.offer import Offer, Slot
from app.queries.free_times import load_diaries
from app.queries.lacks import Lacking, lacking
from app.unit_of_work import Reader

NEAREST = 3
LEVELS = ("none", "low", "middle", "high")


@dataclass(frozen=True, slots=True)
class ProposalView:
    """One proposed expert: why, what to mind, when first, and how each part compares.

    `can_be_asked` is False when he has paused or left the pool since; `is_opened` is True where
    he has the last place not by score but because others have been shown more often. `offer` is
    what he wrote when he claimed the need from the open board, else None.
    """

    id: UUID
    expert: Person
    reasons: Sequence[Mapping[str, Any]]
    cautions: Sequence[Mapping[str, Any]]
    free: tuple[Slot, ...]
    levels: Mapping[str, str]
    can_be_asked: bool
    is_opened: bool = False
    offer: str | None = None


@dataclass(frozen=True, slots=True)
class ProposalsPage:
    """A need with the newest shortlist for it.

    Attributes:
        lack: why nobody of the pool fits, None when somebody does; those nearest are left out.
        claims: experts who claimed the need from the open board, the first one first.
        post: what was last written for the board, unless that is done with.
        arranged: whom the bureau arranged.
    """

    need: NeedView
    matched_at: datetime | None
    is_expired: bool
    lack: Lacking | None
    proposals: tuple[ProposalView, ...]
    claims: tuple[ProposalView, ...]
    post: PostBrief | None
    arranged: str | None


def proposals_page(reader: Reader, need_id: UUID) -> ProposalsPage:
    """Return the actor's own need and who was last proposed for it.

    Raises:
        NotFoundError: there is none, or it is somebody else's.
    """
    need = need_of(reader, need_id)
    rows = reader.session.execute(_statement(reader, need_id)).all()
    matched = rows[0].MatchRound if rows else None
    ranked = {row.Proposal: row.Expert for row in rows if _is_of(row.Proposal, row.Expert)}
    known = {expert.id for expert in ranked.values()}
    claimed = one_each(
        (row.BoardClaim, row.Expert)
        for row in rows
        if _is_of(row.BoardClaim, row.Expert) and row.Expert.id not in known
    )
    views = _views(reader, need, [*ranked.items(), *claimed])
    return ProposalsPage(
        need=need,
        matched_at=matched.created_at if matched else None,
        is_expired=matched is not None and is_expired(matched.created_at, reader.now),
        lack=lacking(matched.lack) if matched else None,
        proposals=views[: len(ranked)],
        claims=views[len(ranked) :],
        post=_newest(row.BoardPost for row in rows if row.BoardPost),
        arranged=next((row.Expert.name for row in rows if _is_arranged_row(row)), None),
    )


def _statement(reader: Reader, need_id: UUID) -> Any:
    """Return round, proposals, posts and claims in one; where nobody fits, no proposals."""
    newest = select(func.max(MatchRound.number)).where(MatchRound.need_id == need_id)
    is_newest = and_(MatchRound.need_id == Need.id, MatchRound.number == newest.scalar_subquery())
    fits = and_(Proposal.match_round_id == MatchRound.id, MatchRound.lack.is_(None))
    either = or_(Expert.id == Proposal.expert_id, Expert.id == BoardClaim.expert_id)
    return (
        select(
            MatchRound,
            Proposal,
            BoardPost,
            BoardClaim,
            Expert,
            BatchPair.expert_id.label("arranged_id"),
        )
        .select_from(Need)
        .outerjoin(MatchRound, is_newest)
        .outerjoin(Proposal, fits)
        .outerjoin(BatchPair, and_(BatchPair.need_id == Need.id, *_is_arranged(reader)))
        .outerjoin(BoardPost, is_told())
        .outerjoin(BoardClaim, is_standing())
        .outerjoin(Expert, either)
        .where(Need.id == need_id)
        .order_by(Proposal.rank, BoardPost.written_at, BoardPost.id, BoardClaim.number)
    )


def _is_of(kept: Proposal | BoardClaim | None, expert: Expert | None) -> bool:
    return kept is not None and expert is not None and kept.expert_id == expert.id


def _newest(posts: Iterable[BoardPost]) -> PostBrief | None:
    newest = max(posts, key=lambda post: (post.written_at, post.id), default=None)
    return PostBrief(newest.id, newest.status, newest.expires_at) if newest else None


def _is_arranged(reader: Reader) -> tuple[ColumnElement[bool], ...]:
    return (
        BatchPair.state == PairState.PUBLISHED,
        BatchPair.published_at > reader.now - LIFETIME,
    )


def _is_arranged_row(row: Any) -> bool:
    return row.arranged_id is not None and row.Expert and row.Expert.id == row.arranged_id


def _views(
    reader: Reader, need: NeedView, ranked: Sequence[tuple[Proposal | BoardClaim, Expert]]
) -> tuple[ProposalView, ...]:
    if not ranked:
        return ()
    days = upcoming(reader.now)
    diaries = load_diaries(reader, [expert.id for _, expert in ranked], days)
    best = _best(proposal for proposal, _ in ranked)
    views = []
    for proposal, expert in ranked:
        wanted = tuple(mode for mode in need.modes if mode in expert.modes)
        modes = wanted or tuple(expert.modes)
        question = diaries.question(expert.id, need.session_type, modes, reader.now)
        diary = diaries.by_expert[expert.id]
        views.append(
            ProposalView(
                id=proposal.id,
                expert=person_of(expert),
                reasons=proposal.reasons,
                cautions=proposal.cautions,
                free=Offer(diaries, diary, question).first(days, NEAREST),
                levels={part["code"]: _level(part, best) for part in proposal.parts},
                can_be_asked=not diary.is_paused and takes_new(diary.terms, days[0]),
                is_opened=isinstance(proposal, Proposal)
                and proposal.placed_by in (PlacedBy.FLOOR, PlacedBy.DRAW),
                offer=proposal.offer if isinstance(proposal, BoardClaim) else None,
            )
        )
    return tuple(views)


def _best(proposals: Iterable[Proposal | BoardClaim]) -> dict[str, float]:
    best: dict[str, float] = {}
    for proposal in proposals:
        for part in proposal.parts:
            best[part["code"]] = max(part["value"], best.get(part["code"], 0.0))
    return best


def _level(part: Mapping[str, Any], best: Mapping[str, float]) -> str:
    # Thirds of the best of this list: people are told an order, never a score.
    if part["value"] <= 0:
        return LEVELS[0]
    return LEVELS[1 + min(2, int(3 * part["value"] / best[part["code"]]))]
