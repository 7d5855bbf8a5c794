"""A need matched with the pool of today, and the shortlist kept as it was shown."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from app.domain.actor import Permission
from app.domain.need import ensure_open
from app.domain.proposal import SHORTLIST, ensure_size, is_expired
from app.models.need import Need
from app.models.proposal import MatchRound, Proposal
from app.services.proposals.asked import ask
from app.services.proposals.pool import FittedPool
from app.unit_of_work import UnitOfWork
from matching import Candidate, Matcher, Shortlist

Document = dict[str, Any]


def refresh(uow: UnitOfWork, need_id: UUID, pool: FittedPool, limit: int = SHORTLIST) -> MatchRound:
    """Return the round that holds the shortlist of now; a new one only when it says otherwise.

    Raises:
        NeedClosedError: the need is a draft, withdrawn or closed.
        InvalidInputError: at field `limit`.
    """
    need = uow.load(Need, need_id, lock=True)
    uow.require(Permission.READ_PROPOSALS)
    ensure_open(need.status)
    ensure_size(limit)
    shortlist = _shortlist(uow, need, pool, limit)
    newest = uow.one(_newest(need.id))
    proposed = [_document(candidate) for candidate in shortlist.candidates]
    excluded = _excluded(shortlist)
    if newest is not None and _is_same(uow, newest, pool, proposed, excluded):
        return newest
    made = _keep(uow, need, newest, pool.matcher, excluded)
    for rank, document in enumerate(proposed, start=1):
        uow.add(Proposal(match_round_id=made.id, need_id=need.id, rank=rank, **_columns(document)))
    uow.flush()
    uow.audit(
        "proposal.refreshed",
        made,
        need=need.id,
        matcher_version=made.matcher_version,
        experts=[document["expert_id"] for document in proposed],
    )
    return made


def _shortlist(uow: UnitOfWork, need: Need, pool: FittedPool, limit: int) -> Shortlist:
    asked = ask(uow, need, pool)
    return asked.matcher.propose(asked.need, limit, today=uow.today)


def _newest(need_id: UUID) -> Select[MatchRound]:
    return (
        select(MatchRound)
        .where(MatchRound.need_id == need_id)
        .order_by(MatchRound.number.desc())
        .limit(1)
    )


def _is_same(
    uow: UnitOfWork,
    newest: MatchRound,
    pool: FittedPool,
    proposed: Sequence[Document],
    excluded: Sequence[Document],
) -> bool:
    if newest.matcher_version != pool.matcher.version_ or is_expired(newest.created_at, uow.now):
        return False
    kept = uow.all(
        select(Proposal).where(Proposal.match_round_id == newest.id).order_by(Proposal.rank)
    )
    shown = [
        {
            "expert_id": str(row.expert_id),
            "score": row.score,
            "parts": row.parts,
            "reasons": row.reasons,
            "cautions": row.cautions,
        }
        for row in kept
    ]
    return shown == list(proposed) and newest.excluded == list(excluded)


def _keep(
    uow: UnitOfWork,
    need: Need,
    newest: MatchRound | None,
    matcher: Matcher,
    excluded: Sequence[Document],
) -> MatchRound:
    made = uow.add(
        MatchRound(
            need_id=need.id,
            number=newest.number + 1 if newest else 1,
            matcher_version=matcher.version_,
            created_at=uow.now,
            excluded=list(excluded),
        )
    )
    uow.flush()
    return made


def _document(candidate: Candidate) -> Document:
    return {
        "expert_id": candidate.expert_id,
        "score": candidate.score,
        "parts": [{"code": part.code, "value": part.value} for part in candidate.parts],
        "reasons": [
            {
                "code": reason.code,
                "text": reason.text,
                "evidence": reason.evidence,
                "facts": dict(reason.facts),
            }
            for reason in candidate.reasons
        ],
        "cautions": [
            {"code": caution.code, "text": caution.text, "facts": dict(caution.facts)}
            for caution in candidate.cautions
        ],
    }


def _excluded(shortlist: Shortlist) -> list[Document]:
    return [
        {"expert_id": each.expert_id, "rule": each.rule, "text": each.text}
        for each in shortlist.exclusions
    ]


def _columns(document: Mapping[str, Any]) -> Document:
    return {**document, "expert_id": UUID(document["expert_id"])}
