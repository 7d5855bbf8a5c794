"""Second step of a batch: the experts shared out over the needs, with a receipt."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from app.domain.batch import (
    LEAST_FIT,
    PairFacts,
    PairState,
    questions,
    why_left,
)
from app.models.batch import Batch, BatchPair
from app.queries.batches.inputs import inputs_of, terms_of
from app.services.batches.tables import Settled, Sharing
from app.services.proposals.sharing import Pair, Shared
from app.unit_of_work import UnitOfWork

# No step draws lots: the same inputs always give the same pairs.
SEED = 0


@dataclass(frozen=True, slots=True)
class ToShare:
    """A batch ready to be shared out."""

    batch_id: UUID
    sharing: Sharing


@dataclass(frozen=True, slots=True)
class SharedOut:
    """Who got whom, and the next best of each."""

    batch_id: UUID
    sharing: Sharing
    shared: Shared
    alternates: Mapping[int, Sequence[int]]


def to_share(uow: UnitOfWork, batch: Batch) -> ToShare:
    """Read the inputs of the batch."""
    settled = Settled(batch.fixed, batch.forbidden)
    return ToShare(batch.id, Sharing.of(inputs_of(uow, batch), terms_of(batch), settled))


def share_out(parcel: ToShare) -> SharedOut:
    """Share the experts out; nothing is read or written."""
    shared = parcel.sharing.solved()
    alternates = parcel.sharing.alternates(shared.experts)
    return SharedOut(parcel.batch_id, parcel.sharing, shared, alternates)


def keep_shared(uow: UnitOfWork, batch: Batch, found: SharedOut) -> None:
    """Keep a pair for each need, or why it got nobody, and the receipt."""
    ordinals = _ordinals(found.sharing, found.shared)
    for row in range(len(found.sharing.inputs.needs)):
        expert = found.shared.experts.get(row)
        made = _left(found, row) if expert is None else _pair(found, row, expert, ordinals[row])
        made.batch_id = batch.id
        uow.add(made)
    batch.receipt = receipt_of(found.sharing, found.shared)


def receipt_of(sharing: Sharing, shared: Shared) -> dict[str, Any]:
    """Return what says how a plan came about and how good it is."""
    needs, experts = sharing.inputs.needs, sharing.inputs.experts
    measures = sharing.measures(shared.experts, shared.loads)
    return {
        "inputs_sha256": sharing.inputs.sha256,
        "matcher_version": sharing.inputs.matcher_version,
        "seed": SEED,
        "least_fit": LEAST_FIT,
        "terms": asdict(sharing.terms),
        "fixed": _keys(sharing, sharing.fixed),
        "forbidden": _keys(sharing, sharing.forbidden),
        "value": shared.value,
        "bound": shared.bound,
        "arranged": measures.arranged,
        "mean_fit": measures.mean_fit,
        "worst_fit": measures.worst_fit,
        "tight": [str(experts[each].id) for each in shared.tight],
        "more_places": {str(experts[each].id): more for each, more in shared.more.items()},
        "out_of_reach": [str(needs[each].id) for each in shared.out_of_reach],
    }


def _keys(sharing: Sharing, pairs: Sequence[Pair]) -> list[list[str]]:
    needs, experts = sharing.inputs.needs, sharing.inputs.experts
    return [[str(needs[row].id), str(experts[column].id)] for row, column in sorted(pairs)]


def _pair(found: SharedOut, row: int, expert: int, ordinal: int) -> BatchPair:
    sharing = found.sharing
    need, key = sharing.inputs.needs[row], sharing.inputs.experts[expert].id
    planned = sharing.planned(row, expert)
    ranked = sharing.ranked(row)
    best = sharing.planned(row, ranked[0]).score if ranked else planned.score
    days = need.days[expert]
    others = [sharing.inputs.experts[each].id for each in found.alternates[row]]
    return BatchPair(
        need_id=need.id,
        expert_id=key,
        planned_expert_id=key,
        state=PairState.PLANNED,
        score=planned.score,
        days=days,
        shortlist=[{"expert_id": str(each)} for each in (key, *others)],
        questions=questions(PairFacts(score=planned.score, best=best, ordinal=ordinal, days=days)),
        left_facts={},
    )


def _left(found: SharedOut, row: int) -> BatchPair:
    inputs = found.sharing.inputs
    left = why_left(found.sharing.candidates(row))
    return BatchPair(
        need_id=inputs.needs[row].id,
        state=PairState.LEFT,
        shortlist=[],
        questions=[],
        left_reason=left.reason,
        left_facts={
            "best": left.best,
            "experts": [str(inputs.experts[each].id) for each in left.experts],
        },
    )


def _ordinals(sharing: Sharing, shared: Shared) -> Mapping[int, int]:
    """Return which service of the month each need would be for its expert, the best fit first."""
    rows: dict[int, list[int]] = defaultdict(list)
    for row, expert in shared.experts.items():
        rows[expert].append(row)
    found: dict[int, int] = {}
    for expert, own in rows.items():
        own.sort(key=lambda row: (-sharing.planned(row, expert).score, row))
        load = sharing.inputs.experts[expert].load
        found |= {row: load + place for place, row in enumerate(own, start=1)}
    return found
