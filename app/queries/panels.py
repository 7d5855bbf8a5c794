"""What a panel is made of, and the one that an officer chose for a need."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from app.domain.actor import Permission, may
from app.domain.errors import NotFoundError
from app.domain.expert import ExpertCategory
from app.domain.need import OPEN, TopicState
from app.domain.panel import makes_sense
from app.models.expert import Expert
from app.models.need import Need, NeedTopic
from app.models.panel import Panel, PanelExpert
from app.models.person import Person, VentureMember
from app.queries.accounts import account_names
from app.unit_of_work import Reader


@dataclass(frozen=True, slots=True)
class PanelMember:
    """An expert of a panel; `document` has his score and reasons as in a shortlist."""

    id: UUID
    name: str
    category: ExpertCategory
    title: str
    organisation: str
    document: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PanelFacet:
    """A sentence of the founder, or a topic that a person added, and who covers it.

    Attributes:
        words: the founder's own; empty for an added topic.
        expert_ids: the surest first; empty where nobody of the panel comes near.
    """

    words: str
    topics: tuple[str, ...]
    expert_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class ChosenPanel:
    """The panel that stands for a need; the lead stands first.

    Attributes:
        chosen_by: the name of the officer.
    """

    id: UUID
    need_version: int
    members: tuple[PanelMember, ...]
    facets: tuple[PanelFacet, ...]
    coverage: float
    chosen_at: datetime
    chosen_by: str

    @property
    def lead(self) -> PanelMember:
        """The one who leads."""
        return self.members[0]

    @property
    def expert_ids(self) -> tuple[UUID, ...]:
        """The members, the lead first."""
        return tuple(member.id for member in self.members)


@dataclass(frozen=True, slots=True)
class PanelPage:
    """A need and the panel that stands for it.

    Attributes:
        may_form: panels can be formed for it now.
    """

    need_id: UUID
    person_id: UUID
    reference: str
    version: int
    session_type: str
    chosen: ChosenPanel | None
    may_form: bool
    may_book: bool


@dataclass(frozen=True, slots=True)
class Companion:
    """Somebody else of the venture who may come along."""

    id: UUID
    name: str


def along(reader: Reader, need_id: UUID) -> tuple[Companion, ...]:
    """Return the others of the venture that the need is for; they may come to the meeting."""
    rows = reader.session.execute(
        select(Person.id, Person.name)
        .join(VentureMember, VentureMember.person_id == Person.id)
        .join(Need, Need.venture_id == VentureMember.venture_id)
        .where(Need.id == need_id, Person.id != Need.person_id)
        .order_by(VentureMember.id)
    )
    return tuple(Companion(row.id, row.name or "") for row in rows)


def panel_page(reader: Reader, need_id: UUID) -> PanelPage:
    """Return a need with its panel; four statements.

    Raises:
        NotFoundError: there is no such need, or the actor may not know of it.
    """
    need = reader.session.get(Need, need_id)
    if need is None:
        raise NotFoundError("need.not_found")
    asked = reader.session.scalar(
        select(func.count())
        .select_from(NeedTopic)
        .where(NeedTopic.need_id == need_id, NeedTopic.state != TopicState.STRUCK)
    )
    is_open = need.status in OPEN
    return PanelPage(
        need_id=need.id,
        person_id=need.person_id,
        reference=need.reference,
        version=need.version,
        session_type=need.session_type,
        chosen=chosen_panel(reader, need_id),
        may_form=is_open and makes_sense(need.session_type, asked or 0),
        may_book=is_open and may(reader.actor, Permission.BOOK),
    )


def chosen_panel(reader: Reader, need_id: UUID) -> ChosenPanel | None:
    """Return the panel that stands for the need, None when there is none; two statements."""
    rows = reader.session.execute(
        select(Panel, PanelExpert, Expert)
        .join(PanelExpert, PanelExpert.panel_id == Panel.id)
        .join(Expert, Expert.id == PanelExpert.expert_id)
        .where(Panel.need_id == need_id, Panel.ended_at.is_(None))
        .order_by(PanelExpert.position)
    ).all()
    if not rows:
        return None
    panel = rows[0].Panel
    return ChosenPanel(
        id=panel.id,
        need_version=panel.need_version,
        members=tuple(_member(row.PanelExpert, row.Expert) for row in rows),
        facets=tuple(map(_facet, panel.facets)),
        coverage=panel.coverage,
        chosen_at=panel.chosen_at,
        chosen_by=account_names(reader, [panel.chosen_by_id])[panel.chosen_by_id],
    )


def _member(row: PanelExpert, expert: Expert) -> PanelMember:
    names: Sequence[str] = ("score", "parts", "reasons", "cautions")
    return PanelMember(
        id=expert.id,
        name=expert.name,
        category=expert.category,
        title=expert.title,
        organisation=expert.organisation,
        document={name: getattr(row, name) for name in names},
    )


def _facet(kept: Mapping[str, Any]) -> PanelFacet:
    return PanelFacet(
        words=kept["words"],
        topics=tuple(kept["topics"]),
        expert_ids=tuple(map(UUID, kept["expert_ids"])),
    )
