"""Panels that would answer a need together."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from flask import Blueprint

from app.api.operations import operation
from app.api.problem import language
from app.api.schemas import Named, Whole
from app.api.v1.shortlists import Caution, ProposedExpert, Reason
from app.domain.actor import Permission
from app.domain.availability import Mode
from app.domain.expert import ExpertCategory
from app.domain.panel import LARGEST, SMALLEST, USUAL, PanelList, PanelWish, field_of
from app.http.matchers import fitted_pool
from app.http.run import reading
from app.http.wire import jsonable
from app.queries import vocabularies
from app.queries.panel_times import Meeting
from app.queries.panels import ChosenPanel, PanelFacet, PanelMember, panel_page
from app.queries.vocabularies import Labels
from app.services import panels
from app.services.proposals import PanelOption

Number = Annotated[int, Whole(0, LARGEST)]


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelQuery:
    """How many experts, and how many at least and at most of each category."""

    size: Annotated[int, Whole(SMALLEST, LARGEST)] = USUAL
    least_scholar: Number = 0
    least_entrepreneur: Number = 0
    least_official: Number = 0
    least_investor: Number = 0
    most_scholar: Number = LARGEST
    most_entrepreneur: Number = LARGEST
    most_official: Number = LARGEST
    most_investor: Number = LARGEST


@dataclass(frozen=True, slots=True)
class FacetTopic:
    """A topic that is clear in a facet."""

    code: str
    label: str


@dataclass(frozen=True, slots=True)
class Facet:
    """A sentence of the founder, and who covers it, the surest first.

    `words` are empty for a topic that a person added; without `expert_ids` it stays uncovered.
    """

    words: str
    topics: tuple[FacetTopic, ...]
    expert_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class PanelMeeting:
    """When all of a panel can meet the founder, and how."""

    starts_at: datetime
    ends_at: datetime
    mode: Mode


@dataclass(frozen=True, slots=True)
class FormedMember:
    """An expert of a panel, with what speaks for him."""

    expert: ProposedExpert
    is_lead: bool
    reasons: tuple[Reason, ...]
    cautions: tuple[Caution, ...]


@dataclass(frozen=True, slots=True)
class FormedPanel:
    """A panel, its lead first.

    `coverage` is the share of what is asked that it covers, 0 to 1. `first_free` is the earliest
    time that all have in common, null where there is none.
    """

    rank: int
    lead_expert_id: UUID
    expert_ids: tuple[UUID, ...]
    members: tuple[FormedMember, ...]
    facets: tuple[Facet, ...]
    coverage: float
    first_free: PanelMeeting | None


@dataclass(frozen=True, slots=True)
class StandingPanel:
    """The panel that an officer chose for the need, its lead first."""

    id: UUID
    lead_expert_id: UUID
    expert_ids: tuple[UUID, ...]
    members: tuple[FormedMember, ...]
    facets: tuple[Facet, ...]
    coverage: float
    first_free: PanelMeeting | None
    chosen_at: datetime
    chosen_by: str


@dataclass(frozen=True, slots=True)
class Panels:
    """Panels that fit best, and the best of those that can meet within five working days."""

    need_version: int
    matcher_version: str
    chosen: Annotated[
        StandingPanel | None, Named(says="The panel that stands for the need already.")
    ]
    best: tuple[FormedPanel, ...]
    soon: tuple[FormedPanel, ...]


def register(blueprint: Blueprint) -> None:
    """Add the route."""
    blueprint.get("/needs/<uuid:need_id>/panel")(form_panels)


@operation(Permission.FORM_PANEL, answer=Panels, logged=True)
def form_panels(need_id: UUID, query: PanelQuery) -> Any:
    """Read which experts would answer a need together, and which panel was chosen.

    The first of `best` is the best panel; the others are what would take its place without one
    of its members. Nobody is a member whom a rule keeps out today. Nothing is kept.
    """
    pool = fitted_pool()
    with reading() as reader:
        page = panel_page(reader, need_id)
        day = panels.day_of(reader, need_id, pool)
        options = panels.formed(day, _wish(query))
        names = vocabularies.labels(reader, "need_topic", locale=language())
    chosen, best, soon = page.chosen, *_by_list(options, names)
    meeting = day.meeting(chosen.expert_ids) if chosen else None
    standing = _standing(chosen, meeting, names) if chosen else None
    return jsonable(Panels(page.version, pool.matcher.version_, standing, best, soon))


def _wish(query: PanelQuery) -> PanelWish:
    least, most = (
        {each: getattr(query, field_of(bound, each)) for each in ExpertCategory}
        for bound in ("least", "most")
    )
    return PanelWish(query.size, least, most)


def _by_list(options: tuple[PanelOption, ...], names: Labels) -> list[tuple[FormedPanel, ...]]:
    return [
        tuple(_panel(option, names) for option in options if option.list is name)
        for name in PanelList
    ]


def _panel(option: PanelOption, names: Labels) -> FormedPanel:
    keys = tuple(member.id for member in option.members)
    return FormedPanel(
        rank=option.rank,
        lead_expert_id=keys[0],
        expert_ids=keys,
        members=_members(option.members),
        facets=_facets(option.facets, names),
        coverage=option.coverage,
        first_free=_meeting(option.meeting),
    )


def _standing(chosen: ChosenPanel, meeting: Meeting | None, names: Labels) -> StandingPanel:
    return StandingPanel(
        id=chosen.id,
        lead_expert_id=chosen.lead.id,
        expert_ids=chosen.expert_ids,
        members=_members(chosen.members),
        facets=_facets(chosen.facets, names),
        coverage=chosen.coverage,
        first_free=_meeting(meeting),
        chosen_at=chosen.chosen_at,
        chosen_by=chosen.chosen_by,
    )


def _facets(facets: tuple[PanelFacet, ...], names: Labels) -> tuple[Facet, ...]:
    return tuple(
        Facet(
            facet.words,
            tuple(FacetTopic(code, names.of("need_topic", code)) for code in facet.topics),
            facet.expert_ids,
        )
        for facet in facets
    )


def _meeting(meeting: Meeting | None) -> PanelMeeting | None:
    return PanelMeeting(meeting.starts_at, meeting.ends_at, meeting.mode) if meeting else None


def _members(members: tuple[PanelMember, ...]) -> tuple[FormedMember, ...]:
    return tuple(
        FormedMember(
            expert=ProposedExpert(
                member.id, member.name, member.category, member.title, member.organisation
            ),
            is_lead=position == 0,
            reasons=tuple(
                Reason(each["code"], each["text"], each["evidence"])
                for each in member.document["reasons"]
            ),
            cautions=tuple(
                Caution(each["code"], each["text"]) for each in member.document["cautions"]
            ),
        )
        for position, member in enumerate(members)
    )
