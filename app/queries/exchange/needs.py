"""One need and what it is about."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, select

from app.domain.availability import Mode
from app.domain.errors import NotFoundError
from app.domain.need import Channel, NeedStatus, TopicState
from app.models.need import Need, NeedTopic
from app.models.vocabulary import Term
from app.queries.free_times import Look
from app.queries.vocabularies import Locale


@dataclass(frozen=True, slots=True)
class TopicDetail:
    """A topic with which help is wanted, and the founder's words that led to it."""

    code: str
    label: str
    evidence: str


@dataclass(frozen=True, slots=True)
class NeedDetail:
    """A need as it stands."""

    id: UUID
    reference: str
    version: int
    status: NeedStatus
    person_id: UUID
    venture_id: UUID | None
    text: str
    session_type: str
    industry: str | None
    stage: str | None
    area: str | None
    street: str | None
    modes: tuple[Mode, ...]
    topics: tuple[TopicDetail, ...]
    channel: Channel
    created_at: datetime
    submitted_at: datetime | None
    language: str | None


def need_detail(look: Look, need_id: UUID, locale: Locale = "zh") -> NeedDetail:
    """Return the need in two statements.

    Raises:
        NotFoundError: there is none, or the actor may not know of it.
    """
    need = look.session.scalar(select(Need).where(Need.id == need_id))
    if need is None:
        raise NotFoundError("need.not_found")
    return NeedDetail(
        id=need.id,
        reference=need.reference,
        version=need.version,
        status=need.status,
        person_id=need.person_id,
        venture_id=need.venture_id,
        text=need.text,
        session_type=need.session_type,
        industry=need.industry,
        stage=need.stage,
        area=need.area,
        street=need.street,
        modes=tuple(map(Mode, need.modes)),
        topics=_topics(look, need_id, locale),
        channel=need.channel,
        created_at=need.created_at,
        submitted_at=need.submitted_at,
        language=need.language,
    )


def _topics(look: Look, need_id: UUID, locale: Locale) -> tuple[TopicDetail, ...]:
    named = and_(Term.vocabulary == "need_topic", Term.code == NeedTopic.code)
    rows = look.session.execute(
        select(NeedTopic.code, Term.zh if locale == "zh" else Term.en, NeedTopic.evidence)
        .outerjoin(Term, named)
        .where(NeedTopic.need_id == need_id, NeedTopic.state != TopicState.STRUCK)
        .order_by(NeedTopic.position)
    )
    return tuple(TopicDetail(code, label or code, evidence) for code, label, evidence in rows)
