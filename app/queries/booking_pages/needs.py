"""A need as its founder wrote it, with the topics understood in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, select

from app.domain.errors import NotFoundError
from app.domain.need import EDITABLE, OPEN, NeedStatus, TopicState
from app.domain.vocabulary import Label
from app.models.need import Need, NeedTopic
from app.models.vocabulary import Term
from app.unit_of_work import Reader


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic of a need, with the founder's words that led to it."""

    code: str
    label: Label
    certainty: str
    evidence: str
    state: TopicState


@dataclass(frozen=True, slots=True)
class NeedView:
    """A need as its founder wrote it; `offered` are the topics he can add."""

    id: UUID
    reference: str
    version: int
    text: str
    session_type: str
    stage: str | None
    industry: str | None
    modes: tuple[str, ...]
    language: str | None
    status: NeedStatus
    venture_id: UUID | None
    bureau_due_at: datetime | None
    all_topics: tuple[Topic, ...]
    offered: tuple[Label, ...]

    @property
    def is_draft(self) -> bool:
        """Tell whether the founder is still writing it."""
        return self.status is NeedStatus.DRAFT

    @property
    def is_editable(self) -> bool:
        """Tell whether its words can still be changed."""
        return self.status in EDITABLE

    @property
    def is_open(self) -> bool:
        """Tell whether a meeting can be booked for it."""
        return self.status in OPEN

    @property
    def topics(self) -> tuple[Topic, ...]:
        """The topics help is wanted with."""
        return tuple(each for each in self.all_topics if each.state is not TopicState.STRUCK)

    def codes(self, state: TopicState) -> tuple[str, ...]:
        """Return the topics in this state."""
        return tuple(each.code for each in self.all_topics if each.state is state)


def need_of(reader: Reader, need_id: UUID) -> NeedView:
    """Return the actor's own need.

    Raises:
        NotFoundError: there is none, or it is somebody else's.
    """
    rows = reader.session.execute(
        select(Need, NeedTopic, Term)
        .select_from(Need)
        .outerjoin(Term, Term.vocabulary == "need_topic")
        .outerjoin(NeedTopic, and_(NeedTopic.need_id == Need.id, NeedTopic.code == Term.code))
        .where(Need.id == need_id, Need.person_id == reader.actor.person_id)
        .order_by(Term.position)
    ).all()
    if not rows:
        raise NotFoundError("need.not_found")
    return _need(rows)


def _need(rows: Sequence[Any]) -> NeedView:
    need: Need = rows[0].Need
    met = sorted((row for row in rows if row.NeedTopic), key=lambda row: row.NeedTopic.position)
    known = {row.NeedTopic.code for row in met}
    return NeedView(
        id=need.id,
        reference=need.reference,
        version=need.version,
        text=need.text,
        session_type=need.session_type,
        stage=need.stage,
        industry=need.industry,
        modes=tuple(need.modes),
        language=need.language,
        status=need.status,
        venture_id=need.venture_id,
        bureau_due_at=need.bureau_due_at,
        all_topics=tuple(_topic(row.NeedTopic, row.Term) for row in met),
        offered=tuple(
            _label(row.Term)
            for row in rows
            if row.Term and not row.Term.is_retired and row.Term.code not in known
        ),
    )


def _topic(topic: NeedTopic, term: Term) -> Topic:
    return Topic(topic.code, _label(term), topic.certainty, topic.evidence, topic.state)


def _label(term: Term) -> Label:
    return Label("need_topic", term.code, term.zh, term.en)
