"""The form in which proposals are answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from app.api.problem import language
from app.api.schemas import Named
from app.domain.actor import Permission, may
from app.domain.expert import ExpertCategory
from app.http.wire import Json, jsonable
from app.queries.lacks import Lacking
from app.queries.proposals import ProposalPage, ProposalRow
from app.unit_of_work import Reader


@dataclass(frozen=True, slots=True)
class ScorePart:
    """One part of a score."""

    code: str
    value: float


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an expert is proposed, with the founder's words that led to it."""

    code: str
    text: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Caution:
    """What to bear in mind of an expert."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class ProposedExpert:
    """Who is proposed."""

    id: UUID
    name: str
    category: ExpertCategory
    title: str
    organisation: str


@dataclass(frozen=True, slots=True)
class TimeSpan:
    """A time that can be booked."""

    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Proposed:
    """One expert proposed; the parts sum to the score."""

    id: UUID
    rank: int
    score: float
    parts: tuple[ScorePart, ...]
    reasons: tuple[Reason, ...]
    cautions: tuple[Caution, ...]
    expert: ProposedExpert
    can_be_asked: bool
    first_free: tuple[TimeSpan, ...]
    offer: Annotated[
        str | None, Named(says="What the expert wrote who claimed the need from the open board.")
    ] = None


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Whom a rule kept out."""

    expert_id: UUID
    rule: str
    text: str


@dataclass(frozen=True, slots=True)
class MissingMatter:
    """A matter of the need that no expert sees to, in the bureau's words."""

    topic: str
    concept: str
    label: str


@dataclass(frozen=True, slots=True)
class NoGoodMatch:
    """Nobody of the pool fits; the bureau looks for somebody."""

    missing: tuple[MissingMatter, ...]


@dataclass(frozen=True, slots=True)
class Shortlist:
    """Who is proposed for a need, the best first; nobody where none is a good match."""

    matcher_version: str
    proposed_at: datetime | None
    is_expired: bool
    items: tuple[Proposed, ...]
    no_good_match: NoGoodMatch | None = None
    excluded: tuple[Exclusion, ...] = ()


def shortlist_of(reader: Reader, page: ProposalPage) -> Json:
    """Return the shortlist as JSON; `excluded` is left out for those who may not know."""
    shown = jsonable(
        Shortlist(
            matcher_version=page.matcher_version,
            proposed_at=page.proposed_at,
            is_expired=page.is_expired,
            items=tuple(map(_proposed, page.items)),
            no_good_match=_no_good_match(page.lack) if page.lack else None,
            excluded=tuple(map(_exclusion, page.excluded)),
        )
    )
    if isinstance(shown, dict) and not may(reader.actor, Permission.READ_EXCLUSIONS):
        del shown["excluded"]
    return shown


def _proposed(row: ProposalRow) -> Proposed:
    expert = row.expert
    return Proposed(
        id=row.id,
        rank=row.rank,
        score=row.score,
        parts=tuple(ScorePart(each["code"], each["value"]) for each in row.parts),
        reasons=tuple(Reason(*_texts(each, "evidence")) for each in row.reasons),
        cautions=tuple(Caution(*_texts(each)) for each in row.cautions),
        expert=ProposedExpert(
            expert.id, expert.name, expert.category, expert.title, expert.organisation
        ),
        can_be_asked=row.can_be_asked,
        first_free=tuple(TimeSpan(time.starts_at, time.ends_at) for time in row.first_free),
        offer=row.offer,
    )


def _no_good_match(lack: Lacking) -> NoGoodMatch:
    locale = language()
    return NoGoodMatch(
        tuple(
            MissingMatter(each.topic, each.concept, getattr(each.label, locale))
            for each in lack.missing
        )
    )


def _texts(kept: Mapping[str, Any], *more: str) -> Sequence[str]:
    return [kept[name] for name in ("code", "text", *more)]


def _exclusion(kept: Mapping[str, Any]) -> Exclusion:
    return Exclusion(UUID(kept["expert_id"]), kept["rule"], kept["text"])
