"""The experts proposed for a founder's need, with the reasons as they were stored."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select

from app.domain.availability import Question, upcoming
from app.domain.batch import PairState
from app.domain.expert import in_term
from app.domain.proposal import LIFETIME, PlacedBy, is_expired
from app.models.batch import BatchPair
from app.models.board_post import BoardClaim
from app.models.expert import Expert
from app.models.proposal import MatchRound, Proposal
from app.queries.board_posts import PostBrief, founders_board
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
    newest = select(func.max(MatchRound.number)).where(MatchRound.need_id == need_id)
    rows = reader.session.execute(
        select(MatchRound, Proposal, Expert, BatchPair.expert_id.label("arranged_id"))
        .select_from(MatchRound)
        .outerjoin(
            Proposal, and_(Proposal.match_round_id == MatchRound.id, MatchRound.lack.is_(None))
        )
        .outerjoin(Expert, Expert.id == Proposal.expert_id)
        .outerjoin(BatchPair, and_(BatchPair.need_id == MatchRound.need_id, *_is_arranged(reader)))
        .where(MatchRound.need_id == need_id, MatchRound.number == newest.scalar_subquery())
        .order_by(Proposal.rank)
    ).all()
    ranked = [(row.Proposal, row.Expert) for row in rows if row.Proposal]
    matched = rows[0].MatchRound if rows else None
    known = {expert.id for _, expert in ranked}
    on_board = founders_board(reader, need_id)
    claimed = [(claim, expert) for claim, expert in on_board.claims if expert.id not in known]
    views = _views(reader, need, [*ranked, *claimed])
    return ProposalsPage(
        need=need,
        matched_at=matched.created_at if matched else None,
        is_expired=matched is not None and is_expired(matched.created_at, reader.now),
        lack=lacking(matched.lack) if matched else None,
        proposals=views[: len(ranked)],
        claims=views[len(ranked) :],
        post=on_board.post,
        arranged=next((row.Expert.name for row in rows if _is_arranged_row(row)), None),
    )


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
    minutes = diaries.length(need.session_type)
    best = _best(proposal for proposal, _ in ranked)
    views = []
    for proposal, expert in ranked:
        wanted = tuple(mode for mode in need.modes if mode in expert.modes)
        question = Question(minutes, wanted or tuple(expert.modes), reader.now)
        diary = diaries.by_expert[expert.id]
        views.append(
            ProposalView(
                id=proposal.id,
                expert=person_of(expert),
                reasons=proposal.reasons,
                cautions=proposal.cautions,
                free=Offer(diaries, diary, question).first(days, NEAREST),
                levels={part["code"]: _level(part, best) for part in proposal.parts},
                can_be_asked=not diary.is_paused and in_term(diary.terms, days[0]),
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
