"""The experts proposed for a founder's need, with the reasons as they were stored."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, select

from app.domain.availability import FreeTime, Question, upcoming
from app.domain.errors import NotFoundError
from app.domain.need import NeedStatus, TopicState
from app.domain.vocabulary import Label
from app.models.expert import Expert
from app.models.need import Need, NeedTopic
from app.models.proposal import MatchRound, Proposal
from app.models.vocabulary import Term
from app.queries.booking_pages.bookings import Person, person_of
from app.queries.booking_pages.offer import Offer
from app.queries.free_times import load_diaries
from app.unit_of_work import Reader

NEAREST = 3
LEVELS = ("none", "low", "middle", "high")


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic of a need, with the founder's words that led to it."""

    code: str
    label: Label
    certainty: str
    evidence: str
    state: str


@dataclass(frozen=True, slots=True)
class NeedView:
    """A need as its founder wrote it."""

    id: UUID
    reference: str
    version: int
    text: str
    session_type: str
    stage: str | None
    industry: str | None
    modes: tuple[str, ...]
    status: NeedStatus
    venture_id: UUID | None
    topics: tuple[Topic, ...]


@dataclass(frozen=True, slots=True)
class ProposalView:
    """One proposed expert: why, what to mind, when first, and how each part compares."""

    id: UUID
    expert: Person
    reasons: Sequence[Mapping[str, Any]]
    cautions: Sequence[Mapping[str, Any]]
    free: tuple[FreeTime, ...]
    levels: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ProposalsPage:
    """A need with the newest shortlist for it."""

    need: NeedView
    matched_at: datetime | None
    proposals: tuple[ProposalView, ...]


def need_of(reader: Reader, need_id: UUID) -> NeedView:
    """Return the actor's own need.

    Raises:
        NotFoundError: there is none, or it is somebody else's.
    """
    return _need(_rows(reader, select(Need, NeedTopic, Term).select_from(Need), need_id))


def proposals_page(reader: Reader, need_id: UUID) -> ProposalsPage:
    """Return the actor's own need and who was last proposed for it.

    Raises:
        NotFoundError: there is none, or it is somebody else's.
    """
    newest = select(func.max(MatchRound.number)).where(MatchRound.need_id == need_id)
    # At most three topics times a short list: one statement in place of two.
    statement = (
        select(Need, NeedTopic, Term, MatchRound, Proposal, Expert)
        .select_from(Need)
        .outerjoin(
            MatchRound,
            and_(MatchRound.need_id == Need.id, MatchRound.number == newest.scalar_subquery()),
        )
        .outerjoin(Proposal, Proposal.match_round_id == MatchRound.id)
        .outerjoin(Expert, Expert.id == Proposal.expert_id)
    )
    rows = _rows(reader, statement, need_id)
    need, matched = _need(rows), rows[0].MatchRound
    found = {row.Proposal.id: (row.Proposal, row.Expert) for row in rows if row.Proposal}
    ranked = sorted(found.values(), key=lambda pair: pair[0].rank)
    return ProposalsPage(
        need, matched.created_at if matched else None, _views(reader, need, ranked)
    )


def _rows(reader: Reader, statement: Any, need_id: UUID) -> Sequence[Any]:
    topics = and_(NeedTopic.need_id == Need.id, NeedTopic.state != TopicState.STRUCK)
    labels = and_(Term.vocabulary == "need_topic", Term.code == NeedTopic.code)
    rows: Sequence[Any] = reader.session.execute(
        statement.outerjoin(NeedTopic, topics)
        .outerjoin(Term, labels)
        .where(Need.id == need_id, Need.person_id == reader.actor.person_id)
        .order_by(NeedTopic.position)
    ).all()
    if not rows:
        raise NotFoundError("need.not_found")
    return rows


def _need(rows: Sequence[Any]) -> NeedView:
    need: Need = rows[0].Need
    topics = {row.NeedTopic.code: (row.NeedTopic, row.Term) for row in rows if row.NeedTopic}
    return NeedView(
        id=need.id,
        reference=need.reference,
        version=need.version,
        text=need.text,
        session_type=need.session_type,
        stage=need.stage,
        industry=need.industry,
        modes=tuple(need.modes),
        status=need.status,
        venture_id=need.venture_id,
        topics=tuple(_topic(topic, term) for topic, term in topics.values()),
    )


def _topic(topic: NeedTopic, term: Term | None) -> Topic:
    zh, en = (term.zh, term.en) if term else (topic.code, topic.code)
    label = Label("need_topic", topic.code, zh, en)
    return Topic(topic.code, label, topic.certainty, topic.evidence, topic.state.value)


def _views(
    reader: Reader, need: NeedView, ranked: Sequence[tuple[Proposal, Expert]]
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
        offer = Offer(diaries, diaries.by_expert[expert.id], question)
        views.append(_view(proposal, expert, offer.first(days, NEAREST), best))
    return tuple(views)


def _view(
    proposal: Proposal, expert: Expert, free: tuple[FreeTime, ...], best: Mapping[str, float]
) -> ProposalView:
    return ProposalView(
        id=proposal.id,
        expert=person_of(expert),
        reasons=proposal.reasons,
        cautions=proposal.cautions,
        free=free,
        levels={part["code"]: _level(part["value"], best[part["code"]]) for part in proposal.parts},
    )


def _best(proposals: Iterable[Proposal]) -> dict[str, float]:
    best: dict[str, float] = {}
    for proposal in proposals:
        for part in proposal.parts:
            best[part["code"]] = max(part["value"], best.get(part["code"], 0.0))
    return best


def _level(value: float, best: float) -> str:
    # Thirds of the best of this list: people are told order, never a score.
    if value <= 0:
        return LEVELS[0]
    return LEVELS[1 + min(2, int(3 * value / best))]
