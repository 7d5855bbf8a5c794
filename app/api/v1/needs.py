"""A need put in, understood and matched; the experts proposed for it."""

from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from flask import Blueprint

from app.api.operations import operation
from app.api.problem import language
from app.api.schemas import Count, Named, OneOf, Text, Whole
from app.api.v1.explanations import Standing, standing_of
from app.api.v1.shortlists import Shortlist, shortlist_of
from app.domain.actor import Permission
from app.domain.availability import Mode
from app.domain.desk_entry import EntryKind
from app.domain.need import DESK_CHANNELS, LONGEST_TEXT, MOST_TOPICS, SERVICES, Channel
from app.domain.proposal import LONGEST_SHORTLIST, SHORTLIST
from app.http.matchers import fitted_pool
from app.http.run import reading, run
from app.http.wire import jsonable
from app.models.proposal import MatchRound
from app.queries import proposals as kept
from app.queries.exchange import NeedDetail, need_detail
from app.services import desk_entries, needs, proposals
from app.services.needs import NeedInput
from app.services.proposals import FittedPool
from app.unit_of_work import UnitOfWork

LONGEST_CODE = 40
Word = Annotated[str, Text(LONGEST_CODE)]
Service = OneOf.words(sorted(SERVICES))


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedBody:
    """A need in the founder's own words. Codes and labels of the vocabularies are both taken."""

    text: Annotated[str, Text(LONGEST_TEXT)]
    session_type: Annotated[str, Service]
    industry: Word | None = None
    stage: Word | None = None
    area: Word | None = None
    street: Word | None = None
    modes: Annotated[tuple[Mode, ...], Count(0, len(Mode))] = ()
    language: Annotated[
        Word | None,
        Named(says="In which the founder wants to talk, where it is not that of the text."),
    ] = None
    venture_id: UUID | None = None
    topics: Annotated[
        tuple[Word, ...],
        Count(0, MOST_TOPICS),
        Named(says="Topics to put beside those that are found in the text."),
    ] = ()
    person_id: Annotated[
        UUID | None, Named(says="The founder, when somebody at a desk writes for him.")
    ] = None
    channel: Annotated[
        Channel | None,
        OneOf({each.value: each for each in sorted(DESK_CHANNELS)}),
        Named(says="Where the founder came to a desk; said by staff alone."),
    ] = None


@dataclass(frozen=True, slots=True)
class ShortlistQuery:
    """How many experts are shown."""

    limit: Annotated[int, Whole(1, LONGEST_SHORTLIST)] = SHORTLIST


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.post("/needs")(submit_need)
    blueprint.get("/needs/<uuid:need_id>")(read_need)
    blueprint.get("/needs/<uuid:need_id>/proposals")(read_proposals)
    blueprint.post("/needs/<uuid:need_id>/proposals")(refresh_proposals)
    blueprint.get("/needs/<uuid:need_id>/proposals/<uuid:expert_id>")(explain_expert)


@operation(Permission.SUBMIT_NEED, answer=NeedDetail, status=201)
def submit_need(body: NeedBody) -> Any:
    """Submit a need.

    It is understood and matched at once; the experts proposed are at its `proposals`.
    """
    given = NeedInput(
        text=body.text,
        session_type=body.session_type,
        industry=body.industry,
        stage=body.stage,
        area=body.area,
        street=body.street,
        modes=tuple(mode.value for mode in body.modes),
        language=body.language,
        venture_id=body.venture_id,
        added=body.topics,
        channel=body.channel or Channel.API,
    )
    return run(_submit, given, body.person_id, fitted_pool(), answer=jsonable)


@operation(Permission.READ_NEED, answer=NeedDetail)
def read_need(need_id: UUID) -> Any:
    """Read a need."""
    with reading() as reader:
        return jsonable(need_detail(reader, need_id, language()))


@operation(Permission.READ_PROPOSALS, answer=Shortlist)
def read_proposals(need_id: UUID, query: ShortlistQuery) -> Any:
    """Read who is proposed for a need and why.

    The parts of a score sum to it. `excluded` is for the bureau alone. A list that is expired is
    made anew by posting here.
    """
    return _shortlist(need_id, query.limit)


@operation(Permission.READ_PROPOSALS, answer=Shortlist)
def refresh_proposals(need_id: UUID) -> Any:
    """Match a need with the pool of today; a list that still holds stays as it is."""
    run(_refresh, need_id, fitted_pool(), answer=jsonable)
    return _shortlist(need_id, SHORTLIST)


@operation(Permission.READ_PROPOSALS, answer=Standing)
def explain_expert(need_id: UUID, expert_id: UUID) -> Any:
    """Read why any one expert stands where he stands for a need, or is kept out.

    It is worked out on the pool of today, with the smallest changes that would alter it.
    """
    pool = fitted_pool()
    with reading() as reader:
        return standing_of(proposals.explain(reader, need_id, expert_id, pool))


def _submit(
    uow: UnitOfWork, given: NeedInput, person_id: UUID | None, pool: FittedPool
) -> NeedDetail:
    submitted = needs.submit(uow, given, person_id=person_id)
    desk_entries.note(uow, EntryKind.NEED, submitted.id)
    proposals.refresh(uow, submitted.id, pool)
    return need_detail(uow, submitted.id, language())


def _refresh(uow: UnitOfWork, need_id: UUID, pool: FittedPool) -> UUID:
    made: MatchRound = proposals.refresh(uow, need_id, pool)
    return made.id


def _shortlist(need_id: UUID, limit: int) -> Any:
    with reading() as reader:
        return shortlist_of(reader, kept.list_for_need(reader, need_id, limit))
