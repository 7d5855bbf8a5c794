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
from app.queries.batches.arranged import arranged_expert
from app.services.proposals.asked import ask
from app.services.proposals.comparing import Document, document, explained, proposed
from app.services.proposals.pool import FittedPool
from app.unit_of_work import UnitOfWork
from matching import Matcher, Shortlist


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
    newest = uow.one(_newest(need.id))
    candidates, excluded = _candidates(uow, need, pool, limit)
    if newest is not None and _is_same(uow, newest, pool, candidates, excluded):
        return newest
    made = _keep(uow, need, newest, pool.matcher, excluded)
    for rank, each in enumerate(candidates, start=1):
        uow.add(Proposal(match_round_id=made.id, need_id=need.id, rank=rank, **columns(each)))
    uow.flush()
    uow.audit(
        "proposal.refreshed",
        made,
        need=need.id,
        matcher_version=made.matcher_version,
        experts=[each["expert_id"] for each in candidates],
    )
    return made


def _candidates(
    uow: UnitOfWork, need: Need, pool: FittedPool, limit: int
) -> tuple[list[Document], list[Document]]:
    """Return who is proposed and who is kept out; whom the bureau arranged stands first."""
    about = ask(uow, need, pool)
    found = proposed(pool.matcher, about, limit, uow.today)
    documents = [document(candidate) for candidate in found.candidates]
    first = arranged_expert(uow, need.id)
    if first is not None:
        ahead = explained(pool.matcher, about, [first], uow.today)
        rest = [each for each in documents if each["expert_id"] != str(first)]
        documents = [*ahead, *rest][:limit]
    return documents, _excluded(found)


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
    candidates: Sequence[Document],
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
    return shown == list(candidates) and newest.excluded == list(excluded)


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


def _excluded(shortlist: Shortlist) -> list[Document]:
    return [
        {"expert_id": each.expert_id, "rule": each.rule, "text": each.text}
        for each in shortlist.exclusions
    ]


def columns(kept: Mapping[str, Any]) -> Document:
    """Return a kept candidate as columns of a proposal."""
    return {**kept, "expert_id": UUID(kept["expert_id"])}
