"""A need matched with the pool of today, and the shortlist kept as it was shown."""

from collections.abc import Mapping
from typing import Any, NamedTuple
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
from app.services.proposals.leaving import is_left_out, lack_document, see_to_lack
from app.services.proposals.pool import FittedPool
from app.unit_of_work import UnitOfWork


class _Found(NamedTuple):
    """A shortlist in the form in which it is kept."""

    matcher_version: str
    candidates: list[Document]
    excluded: list[Document]
    lack: Document | None


def refresh(uow: UnitOfWork, need_id: UUID, pool: FittedPool, limit: int = SHORTLIST) -> MatchRound:
    """Return the round that holds the shortlist of now; a new one only when it says otherwise.

    A need that nobody fits is left to the bureau, with a deadline; its founder is told.

    Raises:
        NeedClosedError: the need is a draft, withdrawn or closed.
        InvalidInputError: at field `limit`.
    """
    need = uow.load(Need, need_id, lock=True)
    uow.require(Permission.READ_PROPOSALS)
    ensure_open(need.status)
    ensure_size(limit)
    newest = uow.one(_newest(need.id))
    found = _found(uow, need, pool, limit)
    if newest is not None and _is_same(uow, need, newest, found):
        return newest
    made = _keep(uow, need, newest, found)
    for rank, each in enumerate(found.candidates, start=1):
        uow.add(Proposal(match_round_id=made.id, need_id=need.id, rank=rank, **columns(each)))
    uow.flush()
    uow.audit(
        "proposal.refreshed",
        made,
        need=need.id,
        matcher_version=made.matcher_version,
        experts=[each["expert_id"] for each in found.candidates],
        is_lacking=made.lack is not None,
    )
    return made


def _found(uow: UnitOfWork, need: Need, pool: FittedPool, limit: int) -> _Found:
    """Return who is proposed and who is kept out; whom the bureau arranged stands first."""
    about = ask(uow, need, pool)
    found = proposed(pool.matcher, about, limit, uow.today)
    documents = [document(candidate) for candidate in found.candidates]
    lack = found.lack
    first = arranged_expert(uow, need.id)
    ahead = [] if first is None else explained(pool.matcher, about, [first], uow.today)
    if ahead:
        # The bureau has judged that he fits; nobody weak is put beside him.
        rest = [each for each in documents if each["expert_id"] != str(first) and lack is None]
        documents, lack = [*ahead, *rest][:limit], None
    excluded = [
        {"expert_id": each.expert_id, "rule": each.rule, "text": each.text}
        for each in found.exclusions
    ]
    return _Found(pool.matcher.version_, documents, excluded, lack_document(uow, lack))


def _newest(need_id: UUID) -> Select[MatchRound]:
    return (
        select(MatchRound)
        .where(MatchRound.need_id == need_id)
        .order_by(MatchRound.number.desc())
        .limit(1)
    )


def _is_same(uow: UnitOfWork, need: Need, newest: MatchRound, found: _Found) -> bool:
    if is_expired(newest.created_at, uow.now):
        return False
    if found.lack is not None and is_left_out(need):
        return False
    kept = uow.all(
        select(Proposal).where(Proposal.match_round_id == newest.id).order_by(Proposal.rank)
    )
    shown: list[Document] = [
        {
            "expert_id": str(row.expert_id),
            "score": row.score,
            "parts": row.parts,
            "reasons": row.reasons,
            "cautions": row.cautions,
        }
        for row in kept
    ]
    return found == _Found(newest.matcher_version, shown, newest.excluded, newest.lack)


def _keep(uow: UnitOfWork, need: Need, newest: MatchRound | None, found: _Found) -> MatchRound:
    made = MatchRound(
        need_id=need.id,
        number=newest.number + 1 if newest else 1,
        matcher_version=found.matcher_version,
        created_at=uow.now,
        excluded=found.excluded,
        lack=found.lack,
    )
    see_to_lack(uow, need, newest, made)
    uow.add(made)
    uow.flush()
    return made


def columns(kept: Mapping[str, Any]) -> Document:
    """Return a kept candidate as columns of a proposal."""
    return {**kept, "expert_id": UUID(kept["expert_id"])}
