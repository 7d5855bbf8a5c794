"""The appointed pool and the times at which each of it can be met."""

from dataclasses import dataclass, fields
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from flask import Blueprint

from app.api.operations import operation
from app.api.schemas import Named, Text, Whole
from app.api.v1.needs import Service
from app.domain.actor import Permission
from app.domain.availability import Mode
from app.domain.expert import ExpertCategory
from app.http.run import reading
from app.http.wire import jsonable
from app.queries import expert_search
from app.queries.exchange import FreeTimesPage, TimesAsked, free_times_page
from app.queries.expert_search import LONGEST_SEARCH, PAGE_SIZE, ExpertCard

LARGEST_PAGE = 50
Limit = Annotated[int, Whole(1, LARGEST_PAGE)]
USUAL_SERVICE = "consultation"


@dataclass(frozen=True, slots=True)
class Expert:
    """An appointed expert."""

    id: UUID
    name: str
    category: ExpertCategory
    organisation: str
    title: str
    bio: str
    expertise: tuple[str, ...]
    topics: tuple[str, ...]
    industries: tuple[str, ...]
    stages: tuple[str, ...]
    areas: tuple[str, ...]
    modes: tuple[Mode, ...]
    languages: tuple[str, ...]
    is_paused: bool
    is_full: bool


@dataclass(frozen=True, slots=True)
class ExpertProfile(Expert):
    """An appointed expert with his term, his limits and what was counted so far."""

    starts_on: date
    ends_on: date
    counted_services: int
    monthly_limit: int
    notice_hours: int


@dataclass(frozen=True, slots=True)
class ExpertPage:
    """A page of the pool, the best hits first; `next` is the cursor of the following page."""

    items: tuple[Expert, ...]
    total: int
    next: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolQuery:
    """Which experts are asked for."""

    q: Annotated[str | None, Text(LONGEST_SEARCH), Named(says="Words that all must be met.")] = None
    category: ExpertCategory | None = None
    cursor: UUID | None = None
    limit: Limit = PAGE_SIZE


@dataclass(frozen=True, slots=True, kw_only=True)
class TimesQuery:
    """Which days are asked for, both included: by default a week from today, at most 31."""

    first_on: Annotated[date | None, Named("from")] = None
    last_on: Annotated[date | None, Named("to")] = None
    session_type: Annotated[str, Service] = USUAL_SERVICE


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.get("/experts")(list_experts)
    blueprint.get("/experts/<uuid:expert_id>")(read_expert)
    blueprint.get("/experts/<uuid:expert_id>/free-times")(list_free_times)


@operation(Permission.READ_EXPERTS, answer=ExpertPage)
def list_experts(query: PoolQuery) -> Any:
    """List the appointed pool."""
    with reading() as reader:
        found = expert_search.directory(
            reader, query.q or "", query.category, after=query.cursor, limit=query.limit
        )
    items = tuple(Expert(**_shown(card)) for card in found.items)
    return jsonable(ExpertPage(items, found.total, found.next))


@operation(Permission.READ_EXPERTS, answer=ExpertProfile)
def read_expert(expert_id: UUID) -> Any:
    """Read one appointed expert."""
    with reading() as reader:
        found = expert_search.profile(reader, expert_id)
    return jsonable(
        ExpertProfile(
            **_shown(found.card),
            starts_on=found.starts_on,
            ends_on=found.ends_on,
            counted_services=found.counted_services,
            monthly_limit=found.monthly_limit,
            notice_hours=found.notice_hours,
        )
    )


@operation(Permission.READ_EXPERTS, answer=FreeTimesPage)
def list_free_times(expert_id: UUID, query: TimesQuery) -> Any:
    """List when an expert can be met, each way of meeting by itself."""
    asked = TimesAsked(
        first_on=query.first_on, last_on=query.last_on, session_type=query.session_type
    )
    with reading() as reader:
        return jsonable(free_times_page(reader, expert_id, asked))


def _shown(card: ExpertCard) -> dict[str, Any]:
    return {each.name: getattr(card, each.name) for each in fields(Expert)}
