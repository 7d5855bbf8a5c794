"""A need matched with the pool of today, and the shortlist kept as it was shown."""

from collections.abc import Mapping, Sequence
from copy import copy
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from app.domain.actor import Permission
from app.domain.need import ensure_open
from app.domain.proposal import SHORTLIST, ensure_size, is_expired
from app.models.need import Need
from app.models.proposal import MatchRound, Proposal, ShadowList
from app.services.proposals.asked import ask
from app.services.proposals.comparing import Document
from app.services.proposals.learning import Shadow
from app.services.proposals.leaving import is_left_out, see_to_lack
from app.services.proposals.places import Entrants, Listed, best, entrants, shared
from app.services.proposals.pool import FittedPool
from app.unit_of_work import UnitOfWork
from matching import Exclusion


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
    about = ask(uow, need, pool)
    entering = entrants(uow, need.id, pool.matcher, about, limit)
    if newest is not None and _is_same(uow, need, newest, pool, entering):
        return newest
    made = _keep(uow, need, newest, pool.matcher.version_, entering)
    listed = _list(uow, pool, entering, uow.now)
    for rank, each in enumerate(listed, start=1):
        uow.add(_proposal(made, each, rank))
    if pool.shadow is not None and entering.lack is None:
        matcher = copy(pool.matcher).adopt(pool.shadow.learned)
        _note_beside(uow, made, pool.shadow, entrants(uow, need.id, matcher, about, limit))
    uow.flush()
    uow.audit(
        "proposal.refreshed",
        made,
        need=need.id,
        matcher_version=made.matcher_version,
        experts=[each.document["expert_id"] for each in listed],
        is_lacking=made.lack is not None,
    )
    return made


def _list(uow: UnitOfWork, pool: FittedPool, entering: Entrants, until: datetime) -> list[Listed]:
    """Return the list; the nearest of whom none fits are for the desk, which wants the best."""
    is_shared = pool.is_learning and entering.lack is None
    return shared(uow, entering, until) if is_shared else best(entering)


def _note_beside(uow: UnitOfWork, made: MatchRound, shadow: Shadow, entering: Entrants) -> None:
    """Keep the list that the version in the shadow would have made; no page shows it."""
    listed = shared(uow, entering, uow.now)
    places = [
        {"expert_id": each.document["expert_id"], "score": each.document["score"]}
        for each in listed
    ]
    uow.add(ShadowList(match_round_id=made.id, matcher_version_id=shadow.version_id, places=places))


def _newest(need_id: UUID) -> Select[MatchRound]:
    return (
        select(MatchRound)
        .where(MatchRound.need_id == need_id)
        .order_by(MatchRound.number.desc())
        .limit(1)
    )


def _is_same(
    uow: UnitOfWork, need: Need, newest: MatchRound, pool: FittedPool, entering: Entrants
) -> bool:
    if newest.matcher_version != pool.matcher.version_ or is_expired(newest.created_at, uow.now):
        return False
    if entering.lack is not None and is_left_out(need):
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
    # What was shown since then must not change a list that is asked for again.
    listed = _list(uow, pool, entering, newest.created_at)
    of_now = ([each.document for each in listed], _documents(entering.excluded), entering.lack)
    return of_now == (shown, newest.excluded, newest.lack)


def _keep(
    uow: UnitOfWork, need: Need, newest: MatchRound | None, version: str, entering: Entrants
) -> MatchRound:
    made = MatchRound(
        need_id=need.id,
        number=newest.number + 1 if newest else 1,
        matcher_version=version,
        created_at=uow.now,
        excluded=_documents(entering.excluded),
        lack=entering.lack,
    )
    see_to_lack(uow, need, newest, made)
    uow.add(made)
    uow.flush()
    return made


def _proposal(made: MatchRound, listed: Listed, rank: int) -> Proposal:
    return Proposal(
        match_round_id=made.id,
        need_id=made.need_id,
        rank=rank,
        placed_by=listed.placed_by,
        propensity=listed.propensity,
        **columns(listed.document),
    )


def _documents(exclusions: Sequence[Exclusion]) -> list[Document]:
    return [
        {"expert_id": each.expert_id, "rule": each.rule, "text": each.text} for each in exclusions
    ]


def columns(kept: Mapping[str, Any]) -> Document:
    """Return a kept candidate as columns of a proposal."""
    return {**kept, "expert_id": UUID(kept["expert_id"])}
