"""The shortlist of a need as it was proposed, with the nearest free times of each expert."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import and_, exists, select

from app.domain.actor import Permission, may
from app.domain.availability import FreeTime
from app.domain.calendar import local_day
from app.domain.errors import NotFoundError
from app.domain.expert import AppointmentKind, ExpertCategory
from app.domain.proposal import LONGEST_SHORTLIST, SHORTLIST, is_expired
from app.models.board_post import BoardClaim
from app.models.expert import Appointment, Expert
from app.models.need import Need
from app.models.proposal import MatchRound, Proposal
from app.queries.board_posts import one_each, standing_claims
from app.queries.free_times import nearest
from app.queries.lacks import Lacking, lacking
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
        offer: what he wrote when he claimed the need from the open board, else None.
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
    offer: str | None = None


@dataclass(frozen=True, slots=True)
class ProposalPage:
    """The newest shortlist of a need; `number` 0 when nothing was proposed yet.

    Attributes:
        is_expired: the list is too old to be relied on; it is to be made anew.
        lack: why nobody of the pool fits, None when somebody does; those nearest are left out.
        excluded: who was kept out by which rule; empty for those who may not know.
    """

    need_id: UUID
    number: int
    matcher_version: str
    proposed_at: datetime | None
    is_expired: bool
    items: tuple[ProposalRow, ...]
    excluded: Sequence[Mapping[str, Any]]
    lack: Lacking | None = None


class _Shown(NamedTuple):
    """An expert proposed by the matcher, or by himself from the open board."""

    kept: Proposal | BoardClaim
    expert: Expert
    is_in_term: bool


def list_for_need(reader: Reader, need_id: UUID, limit: int = SHORTLIST) -> ProposalPage:
    """Return the shortlist in eight statements, whatever its length.

    Experts who claimed the need from the open board stand behind it.

    Raises:
        NotFoundError: there is no such need, or the actor may not know of it.
    """
    rows = reader.session.execute(_statement(reader, need_id, limit)).all()
    if not rows:
        raise NotFoundError("need.not_found")
    need, made = rows[0].Need, rows[0].MatchRound
    lack = lacking(made.lack) if made else None
    matched = [
        _Shown(row.Proposal, row.Expert, bool(row.is_in_term))
        for row in rows
        if row.Proposal is not None and lack is None
    ]
    shown = [*matched, *_claims(reader, need_id, {each.expert.id for each in matched})]
    keys = [each.expert.id for each in shown]
    free = nearest(reader, keys, need.session_type, need.modes) if keys else {}
    may_know = may(reader.actor, Permission.READ_EXCLUSIONS)
    return ProposalPage(
        need_id=need.id,
        number=made.number if made else 0,
        matcher_version=made.matcher_version if made else "",
        proposed_at=made.created_at if made else None,
        is_expired=made is not None and is_expired(made.created_at, reader.now),
        items=tuple(
            _row(each, rank, free.get(each.expert.id, ()))
            for rank, each in enumerate(shown, start=1)
        ),
        excluded=tuple(made.excluded) if made and may_know else (),
        lack=lack,
    )


def document(page: ProposalPage) -> dict[str, Any]:
    """Return the shortlist in the form other systems rely on."""
    shown = {
        "matcher_version": page.matcher_version,
        "items": [_item(row) for row in page.items],
        "excluded": list(page.excluded),
    }
    if page.lack is None:
        return shown
    missing = [
        {"topic": each.topic, "concept": each.concept, "label": each.label.zh}
        for each in page.lack.missing
    ]
    return {**shown, "no_good_match": {"missing": missing}}


def _statement(reader: Reader, need_id: UUID, limit: int) -> Any:
    newest = (
        select(MatchRound.id)
        .where(MatchRound.need_id == need_id)
        .order_by(MatchRound.number.desc())
        .limit(1)
        .scalar_subquery()
    )
    in_term = _in_term(reader)
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


def _claims(reader: Reader, need_id: UUID, known: Collection[UUID]) -> Iterator[_Shown]:
    """Yield the claims that stand, of experts who are not on the list anyway."""
    rows = reader.session.execute(
        standing_claims(need_id).add_columns(_in_term(reader).label("is_in_term"))
    )
    for claim, expert, is_in_term in one_each(rows):
        if expert.id not in known:
            yield _Shown(claim, expert, bool(is_in_term))


def _in_term(reader: Reader) -> Any:
    day = local_day(reader.now)
    return exists().where(
        Appointment.expert_id == Expert.id,
        Appointment.kind == AppointmentKind.TERM,
        Appointment.starts_on <= day,
        Appointment.ends_on >= day,
    )


def _row(shown: _Shown, rank: int, free: Sequence[FreeTime]) -> ProposalRow:
    kept, expert = shown.kept, shown.expert
    return ProposalRow(
        id=kept.id,
        rank=rank,
        score=kept.score,
        parts=tuple(kept.parts),
        reasons=tuple(kept.reasons),
        cautions=tuple(kept.cautions),
        expert=ProposedExpert(
            id=expert.id,
            name=expert.name,
            category=expert.category,
            title=expert.title,
            organisation=expert.organisation,
            modes=tuple(expert.modes),
        ),
        can_be_asked=shown.is_in_term and not expert.is_paused,
        first_free=tuple(free),
        offer=kept.offer if isinstance(kept, BoardClaim) else None,
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
        **({"offer": row.offer} if row.offer is not None else {}),
        "first_free": [
            {"starts_at": time.starts_at, "ends_at": time.ends_at} for time in row.first_free
        ],
    }
