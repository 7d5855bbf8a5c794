"""The shortlist of a need as it was proposed, with the nearest free times of each expert."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, exists, select

from app.domain.actor import Permission, may
from app.domain.availability import FreeTime
from app.domain.calendar import local_day
from app.domain.errors import NotFoundError
from app.domain.expert import ExpertCategory
from app.domain.proposal import LONGEST_SHORTLIST, SHORTLIST, is_expired
from app.models.expert import Appointment, Expert
from app.models.need import Need
from app.models.proposal import MatchRound, Proposal
from app.queries.free_times import nearest
from app.unit_of_work import Reader


@dataclass(frozen=True, slots=True)
class ProposedExpert:
    """What a founder reads of an expert beside the reasons."""

    id: UUID
    name: str
    category: ExpertCategory
    title: str
    organisation: str
    modes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """One expert proposed; parts, reasons and cautions as they were worked out.

    Attributes:
        can_be_asked: False when the expert has paused or left the pool since.
    """

    id: UUID
    rank: int
    score: float
    parts: Sequence[Mapping[str, Any]]
    reasons: Sequence[Mapping[str, Any]]
    cautions: Sequence[Mapping[str, Any]]
    expert: ProposedExpert
    can_be_asked: bool
    first_free: Sequence[FreeTime]


@dataclass(frozen=True, slots=True)
class ProposalPage:
    """The newest shortlist of a need; `number` 0 when nothing was proposed yet.

    Attributes:
        is_expired: the list is too old to be relied on; it is to be made anew.
        excluded: who was kept out by which rule; empty for those who may not know.
    """

    need_id: UUID
    number: int
    matcher_version: str
    proposed_at: datetime | None
    is_expired: bool
    items: tuple[ProposalRow, ...]
    excluded: Sequence[Mapping[str, Any]]


def list_for_need(reader: Reader, need_id: UUID, limit: int = SHORTLIST) -> ProposalPage:
    """Return the shortlist in eight statements, whatever its length.

    Raises:
        NotFoundError: there is no such need, or the actor may not know of it.
    """
    rows = reader.session.execute(_statement(reader, need_id, limit)).all()
    if not rows:
        raise NotFoundError("need.not_found")
    need, made = rows[0].Need, rows[0].MatchRound
    proposed = [row for row in rows if row.Proposal is not None]
    keys = [row.Expert.id for row in proposed]
    free = nearest(reader, keys, need.session_type, need.modes) if keys else {}
    may_know = may(reader.actor, Permission.READ_EXCLUSIONS)
    return ProposalPage(
        need_id=need.id,
        number=made.number if made else 0,
        matcher_version=made.matcher_version if made else "",
        proposed_at=made.created_at if made else None,
        is_expired=made is not None and is_expired(made.created_at, reader.now),
        items=tuple(_row(row, free.get(row.Expert.id, ())) for row in proposed),
        excluded=tuple(made.excluded) if made and may_know else (),
    )


def document(page: ProposalPage) -> dict[str, Any]:
    """Return the shortlist in the form other systems rely on."""
    return {
        "matcher_version": page.matcher_version,
        "items": [_item(row) for row in page.items],
        "excluded": list(page.excluded),
    }


def _statement(reader: Reader, need_id: UUID, limit: int) -> Any:
    newest = (
        select(MatchRound.id)
        .where(MatchRound.need_id == need_id)
        .order_by(MatchRound.number.desc())
        .limit(1)
        .scalar_subquery()
    )
    day = local_day(reader.now)
    in_term = exists().where(
        Appointment.expert_id == Expert.id, Appointment.starts_on <= day, Appointment.ends_on >= day
    )
    first = and_(
        Proposal.match_round_id == MatchRound.id,
        Proposal.rank <= max(1, min(limit, LONGEST_SHORTLIST)),
    )
    return (
        select(Need, MatchRound, Proposal, Expert, in_term.label("is_in_term"))
        .select_from(Need)
        .outerjoin(MatchRound, MatchRound.id == newest)
        .outerjoin(Proposal, first)
        .outerjoin(Expert, Expert.id == Proposal.expert_id)
        .where(Need.id == need_id)
        .order_by(Proposal.rank)
    )


def _row(row: Any, free: Sequence[FreeTime]) -> ProposalRow:
    proposal, expert = row.Proposal, row.Expert
    return ProposalRow(
        id=proposal.id,
        rank=proposal.rank,
        score=proposal.score,
        parts=tuple(proposal.parts),
        reasons=tuple(proposal.reasons),
        cautions=tuple(proposal.cautions),
        expert=ProposedExpert(
            id=expert.id,
            name=expert.name,
            category=expert.category,
            title=expert.title,
            organisation=expert.organisation,
            modes=tuple(expert.modes),
        ),
        can_be_asked=bool(row.is_in_term) and not expert.is_paused,
        first_free=tuple(free),
    )


def _item(row: ProposalRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "rank": row.rank,
        "score": row.score,
        "parts": [{"code": part["code"], "value": part["value"]} for part in row.parts],
        "reasons": [
            {"code": each["code"], "text": each["text"], "evidence": each["evidence"]}
            for each in row.reasons
        ],
        "cautions": [{"code": each["code"], "text": each["text"]} for each in row.cautions],
        "expert": {
            "id": row.expert.id,
            "name": row.expert.name,
            "category": row.expert.category,
            "title": row.expert.title,
        },
        "first_free": [
            {"starts_at": time.starts_at, "ends_at": time.ends_at} for time in row.first_free
        ],
    }
