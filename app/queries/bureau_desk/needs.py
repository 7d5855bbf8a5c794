"""One need at the desk: whom the matcher proposed and kept out, and why; what was booked."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, select

from app.domain.actor import Permission, may
from app.domain.booking import BookingStatus
from app.domain.errors import NotFoundError
from app.domain.need import OPEN, NeedStatus, TopicState
from app.domain.panel import makes_sense
from app.domain.proposal import is_expired
from app.models.booking import Booking
from app.models.expert import Expert
from app.models.need import Need, NeedTopic
from app.models.person import Person, Venture
from app.models.proposal import MatchRound, Proposal
from app.queries.board_posts import PostView, newest_post
from app.queries.lacks import Lacking, lacking
from app.queries.panels import ChosenPanel, chosen_panel
from app.unit_of_work import Reader


@dataclass(frozen=True, slots=True)
class ProposedExpert:
    """An expert the matcher proposed, with the parts of the score as it stored them."""

    id: UUID
    name: str
    category: str
    title: str
    rank: int
    score: float
    parts: Sequence[Mapping[str, Any]]
    reasons: Sequence[Mapping[str, Any]]
    cautions: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class ExcludedExpert:
    """An expert a rule kept out."""

    id: UUID
    name: str
    rule: str
    text: str


@dataclass(frozen=True, slots=True)
class NeedBooking:
    """A booking made for the need."""

    id: UUID
    reference: str
    expert: str
    starts_at: datetime
    ends_at: datetime
    status: BookingStatus
    answer_by: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskNeed:
    """A need as the desk sees it.

    Attributes:
        topics: code and the founder's words of each topic not struck.
        panel: whom an officer chose to take it together; the bureau alone knows.
        matcher: version and time of the newest round, None before the first.
        lack: why nobody fits; those proposed are then the nearest, none of them a good match.
        post: what was last written for the open board.
        excluded: empty for those who may not know.
    """

    id: UUID
    reference: str
    status: NeedStatus
    text: str
    session_type: str
    stage: str | None
    industry: str | None
    street: str | None
    modes: tuple[str, ...]
    founder: str | None
    venture: str | None
    submitted_at: datetime | None
    asked_at: datetime | None
    due_at: datetime | None
    asked_reason: str | None
    topics: tuple[tuple[str, str], ...]
    matcher: tuple[str, datetime] | None
    is_expired: bool
    proposed: tuple[ProposedExpert, ...]
    excluded: tuple[ExcludedExpert, ...]
    bookings: tuple[NeedBooking, ...]
    panel: ChosenPanel | None
    may_book: bool
    may_explain: bool
    may_form_panel: bool
    lack: Lacking | None
    post: PostView | None
    may_post: bool


def desk_need(reader: Reader, need_id: UUID) -> DeskNeed:
    """Return one need with its newest shortlist, panel, post and bookings; seven statements.

    Raises:
        NotFoundError: there is none, or the actor may not know of it.
    """
    rows = _need_rows(reader, need_id)
    need, made = rows[0].Need, rows[0].MatchRound
    topics = {row.NeedTopic.code: row.NeedTopic for row in rows if row.NeedTopic}
    asked = sorted(topics.values(), key=lambda topic: topic.position)
    may_know = may(reader.actor, Permission.READ_EXCLUSIONS)
    has_sense = makes_sense(need.session_type, len(topics))
    return DeskNeed(
        id=need.id,
        reference=need.reference,
        status=need.status,
        text=need.text,
        session_type=need.session_type,
        stage=need.stage,
        industry=need.industry,
        street=need.street,
        modes=tuple(need.modes),
        founder=rows[0].founder,
        venture=rows[0].venture,
        submitted_at=need.submitted_at,
        asked_at=need.bureau_asked_at,
        due_at=need.bureau_due_at,
        asked_reason=need.bureau_reason,
        topics=tuple((topic.code, topic.evidence) for topic in asked),
        matcher=(made.matcher_version, made.created_at) if made else None,
        is_expired=made is not None and is_expired(made.created_at, reader.now),
        proposed=_proposed(rows),
        excluded=_excluded(reader, made.excluded) if made and may_know else (),
        bookings=_bookings(reader, need_id),
        panel=chosen_panel(reader, need_id),
        may_book=may(reader.actor, Permission.BOOK) and need.status in OPEN,
        may_explain=may_know and need.status in OPEN,
        may_form_panel=(
            has_sense and need.status in OPEN and may(reader.actor, Permission.FORM_PANEL)
        ),
        lack=lacking(made.lack) if made else None,
        post=newest_post(reader, need_id),
        may_post=(may(reader.actor, Permission.WRITE_POST) and need.status is NeedStatus.SUBMITTED),
    )


def _need_rows(reader: Reader, need_id: UUID) -> Sequence[Any]:
    # At most three topics times a short list: one statement in place of three.
    newest = select(func.max(MatchRound.number)).where(MatchRound.need_id == need_id)
    rows = reader.session.execute(
        select(
            Need, NeedTopic, MatchRound, Proposal, Expert,
            Person.name.label("founder"), Venture.name.label("venture"),
        )
        .select_from(Need)
        .outerjoin(Person, Person.id == Need.person_id)
        .outerjoin(Venture, Venture.id == Need.venture_id)
        .outerjoin(
            NeedTopic, and_(NeedTopic.need_id == Need.id, NeedTopic.state != TopicState.STRUCK)
        )
        .outerjoin(
            MatchRound,
            and_(MatchRound.need_id == Need.id, MatchRound.number == newest.scalar_subquery()),
        )
        .outerjoin(Proposal, Proposal.match_round_id == MatchRound.id)
        .outerjoin(Expert, Expert.id == Proposal.expert_id)
        .where(Need.id == need_id)
    ).all()  # fmt: skip
    if not rows:
        raise NotFoundError("need.not_found")
    return rows


def _proposed(rows: Sequence[Any]) -> tuple[ProposedExpert, ...]:
    found = {row.Proposal.id: (row.Proposal, row.Expert) for row in rows if row.Proposal}
    return tuple(
        ProposedExpert(
            id=expert.id,
            name=expert.name,
            category=expert.category.value,
            title=f"{expert.organisation} {expert.title}".strip(),
            rank=proposal.rank,
            score=proposal.score,
            parts=tuple(proposal.parts),
            reasons=tuple(proposal.reasons),
            cautions=tuple(proposal.cautions),
        )
        for proposal, expert in sorted(found.values(), key=lambda pair: pair[0].rank)
    )


def _excluded(reader: Reader, stored: Collection[Mapping[str, Any]]) -> tuple[ExcludedExpert, ...]:
    keys = [UUID(str(each["expert_id"])) for each in stored]
    rows = reader.session.execute(select(Expert.id, Expert.name).where(Expert.id.in_(keys)))
    names = {key: name for key, name in rows}
    return tuple(
        ExcludedExpert(key, names.get(key, ""), str(each["rule"]), str(each["text"]))
        for key, each in zip(keys, stored, strict=True)
    )


def _bookings(reader: Reader, need_id: UUID) -> tuple[NeedBooking, ...]:
    rows = reader.session.execute(
        select(Booking, Expert.name.label("expert"))
        .join(Expert, Expert.id == Booking.lead_expert_id)
        .where(Booking.need_id == need_id)
        .order_by(Booking.starts_at.desc(), Booking.id)
    )
    return tuple(
        NeedBooking(
            id=row.Booking.id,
            reference=row.Booking.reference,
            expert=row.expert,
            starts_at=row.Booking.starts_at,
            ends_at=row.Booking.ends_at,
            status=row.Booking.status,
            answer_by=row.Booking.answer_by,
        )
        for row in rows
    )
