"""What if: other terms over the same inputs, beside the plan as it stands."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from app.domain.actor import Permission, may
from app.domain.batch import (
    BatchAct,
    BatchStatus,
    BatchStep,
    BatchStepError,
    Measures,
    PairState,
    Terms,
    next_status,
)
from app.domain.errors import ForbiddenError, NotFoundError
from app.models.batch import Batch, BatchPair
from app.queries.batches.inputs import Inputs, inputs_of, terms_of
from app.services.batches.drafting import begun, plan_step
from app.services.batches.sharing import receipt_of
from app.services.batches.tables import Settled, Sharing
from app.unit_of_work import Reader, UnitOfWork

_DRAFTS = frozenset({BatchStatus.DRAFT, BatchStatus.REVIEWED})


@dataclass(frozen=True, slots=True)
class Trial:
    """What other terms would come to.

    Attributes:
        terms: the terms tried.
        measures: what the plan under them comes to.
        present: what the plan as it stands comes to, officers' swaps included.
        changed: how many needs would get another expert than now, or none.
    """

    terms: Terms
    measures: Measures
    present: Measures
    changed: int


@dataclass(frozen=True, slots=True)
class Recomputed:
    """Whether a batch, computed anew from what was kept, gives what its receipt says.

    Attributes:
        inputs_equal: the inputs still have the hash of the receipt.
        pairs_equal: the same experts for the same needs.
        receipt_equal: the same figures.
        sha256: the hash of the inputs as they are.
        differing: needs that would get somebody else.
    """

    inputs_equal: bool
    pairs_equal: bool
    receipt_equal: bool
    sha256: str
    differing: tuple[UUID, ...]

    @property
    def is_equal(self) -> bool:
        """Tell whether everything is as it was."""
        return self.inputs_equal and self.pairs_equal and self.receipt_equal


def try_terms(reader: Reader, batch_id: UUID, terms: Terms) -> Trial:
    """Return what the terms would come to; nothing is written and nobody is told.

    Raises:
        NotFoundError: there is no such batch.
        BatchStepError: it is no draft.
    """
    batch = _batch(reader, batch_id)
    if batch.status not in _DRAFTS:
        raise BatchStepError(status=batch.status.value, act="try")
    inputs = inputs_of(reader, batch)
    sharing = Sharing.of(inputs, terms, Settled(batch.fixed, batch.forbidden))
    shared = sharing.solved()
    now = _present(reader, batch, inputs)
    needs = range(len(inputs.needs))
    return Trial(
        terms=terms,
        measures=sharing.measures(shared.experts, shared.loads),
        present=sharing.measures(now, _loads(inputs, now)),
        changed=sum(shared.experts.get(need) != now.get(need) for need in needs if need in now),
    )


def adopt(uow: UnitOfWork, batch_id: UUID, terms: Terms) -> Batch:
    """Begin a batch of the same inputs under other terms, in the place of the draft.

    What officers have swapped stays as they set it.

    Raises:
        BatchStepError: it is no draft any more.
    """
    former = uow.load(Batch, batch_id, lock=True)
    uow.require(Permission.MAKE_BATCH)
    former.status = next_status(former.status, BatchAct.DISCARD)
    former.ended_by_id, former.ended_at = uow.actor.account_id, uow.now
    batch = begun(uow, former.month, terms, BatchStep.SHARE)
    batch.inputs_of_id, batch.matcher_version = former.inputs_of_id, former.matcher_version
    batch.fixed, batch.forbidden = former.fixed, former.forbidden
    batch.needs, batch.experts, batch.total = former.needs, former.experts, 1
    uow.flush()
    uow.audit("batch.discarded", former, adopted=batch.id)
    uow.audit("batch.drafted", batch, month=batch.month, instead_of=former.id)
    plan_step(uow, batch)
    return batch


def recompute(reader: Reader, batch_id: UUID) -> Recomputed:
    """Compute a batch anew from its kept inputs and compare it with its receipt.

    Raises:
        NotFoundError: there is no such batch, or it was never computed.
    """
    batch = _batch(reader, batch_id)
    if batch.computed_at is None:
        raise NotFoundError("batch.not_found")
    inputs = inputs_of(reader, batch)
    # Officers may have settled more pairs since.
    settled = Settled(batch.receipt["fixed"], batch.receipt["forbidden"])
    sharing = Sharing.of(inputs, terms_of(batch), settled)
    shared = sharing.solved()
    kept = _chosen(reader, batch)
    anew = {
        inputs.needs[need].id: inputs.experts[expert].id for need, expert in shared.experts.items()
    }
    receipt = receipt_of(sharing, shared)
    return Recomputed(
        inputs_equal=receipt["inputs_sha256"] == batch.receipt["inputs_sha256"],
        pairs_equal=anew == kept,
        receipt_equal=receipt == batch.receipt,
        sha256=inputs.sha256,
        differing=tuple(key for key in sorted({*anew, *kept}) if anew.get(key) != kept.get(key)),
    )


def _batch(reader: Reader, batch_id: UUID) -> Batch:
    if not may(reader.actor, Permission.READ_BATCHES):
        raise ForbiddenError(permission=Permission.READ_BATCHES.value)
    batch = reader.session.get(Batch, batch_id)
    if batch is None:
        raise NotFoundError("batch.not_found")
    return batch


def _present(reader: Reader, batch: Batch, inputs: Inputs) -> Mapping[int, int]:
    rows, columns = inputs.rows, inputs.columns
    pairs = reader.session.execute(
        select(BatchPair.need_id, BatchPair.expert_id).where(
            BatchPair.batch_id == batch.id, BatchPair.state == PairState.PLANNED
        )
    )
    return {rows[need_id]: columns[expert_id] for need_id, expert_id in pairs if expert_id}


def _chosen(reader: Reader, batch: Batch) -> Mapping[UUID, UUID]:
    pairs = reader.session.execute(
        select(BatchPair.need_id, BatchPair.planned_expert_id).where(BatchPair.batch_id == batch.id)
    )
    return {need_id: expert_id for need_id, expert_id in pairs if expert_id}


def _loads(inputs: Inputs, experts: Mapping[int, int]) -> list[int]:
    given = Counter(experts.values())
    return [place.load + given[column] for column, place in enumerate(inputs.experts)]
