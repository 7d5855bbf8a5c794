"""What the needs and experts of a batch are called."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from app.domain.need import TopicState
from app.models.batch import Batch, BatchExpert
from app.models.expert import Expert
from app.models.need import Need, NeedTopic
from app.models.person import Person, Venture
from app.queries.free_times import Look


@dataclass(frozen=True, slots=True)
class NamedNeed:
    """A need by its venture, or its own words where it has none; `topic` is a code."""

    id: UUID
    reference: str
    venture: str | None
    text: str
    founder: str | None
    topic: str | None


@dataclass(frozen=True, slots=True)
class Place:
    """An expert of a batch: what stood in his month, and what he takes in it."""

    id: UUID
    name: str
    category: str
    title: str
    load: int
    room: int


def named_needs(look: Look, keys: Collection[UUID]) -> Mapping[UUID, NamedNeed]:
    """Return the needs by their keys; two statements."""
    rows = look.session.execute(
        select(
            Need.id,
            Need.reference,
            Need.text,
            Person.name.label("founder"),
            Venture.name.label("venture"),
        )
        .outerjoin(Person, Person.id == Need.person_id)
        .outerjoin(Venture, Venture.id == Need.venture_id)
        .where(Need.id.in_(keys))
    ).all()
    topics = _first_topics(look, keys)
    return {
        row.id: NamedNeed(
            row.id, row.reference, row.venture, row.text, row.founder, topics.get(row.id)
        )
        for row in rows
    }


def places_of(look: Look, batch: Batch) -> tuple[Place, ...]:
    """Return the experts of a batch in the order of their columns; one statement."""
    rows = look.session.execute(
        select(BatchExpert.load, BatchExpert.room, Expert)
        .join(Expert, Expert.id == BatchExpert.expert_id)
        .where(BatchExpert.batch_id == batch.inputs_of_id)
        .order_by(BatchExpert.position)
    )
    return tuple(_place(expert, load, room) for load, room, expert in rows)


def _place(expert: Expert, load: int, room: int) -> Place:
    title = f"{expert.organisation} {expert.title}".strip()
    return Place(expert.id, expert.name, expert.category.value, title, load, room)


def _first_topics(look: Look, keys: Collection[UUID]) -> Mapping[UUID, str]:
    rows = look.session.execute(
        select(NeedTopic.need_id, NeedTopic.code)
        .where(NeedTopic.need_id.in_(keys), NeedTopic.state != TopicState.STRUCK)
        .order_by(NeedTopic.position.desc())
    )
    # The last one written is the first topic of the need.
    return {need_id: code for need_id, code in rows}
