"""A batch in the form other systems rely on."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.domain.batch import PairState
from app.domain.errors import NotFoundError
from app.models.batch import Batch, BatchNeed, BatchPair
from app.models.expert import Expert
from app.models.need import Need
from app.unit_of_work import Reader


def document(reader: Reader, batch_id: UUID) -> dict[str, Any]:
    """Return a batch with its pairs, who got nobody and why, and its receipt; three statements.

    Raises:
        NotFoundError: there is none.
    """
    batch = reader.session.get(Batch, batch_id)
    if batch is None:
        raise NotFoundError("batch.not_found")
    rows = reader.session.execute(
        select(BatchPair, Need.reference)
        .join(Need, Need.id == BatchPair.need_id)
        .join(
            BatchNeed,
            (BatchNeed.batch_id == batch.inputs_of_id) & (BatchNeed.need_id == BatchPair.need_id),
        )
        .where(BatchPair.batch_id == batch.id)
        .order_by(BatchNeed.position)
    ).all()
    names = dict(reader.session.execute(select(Expert.id, Expert.name)).all())
    pairs = [(pair, reference) for pair, reference in rows if pair.state is not PairState.LEFT]
    left = [(pair, reference) for pair, reference in rows if pair.state is PairState.LEFT]
    return {
        "id": batch.id,
        "month": batch.month,
        "number": batch.number,
        "status": batch.status,
        "objective": batch.objective,
        "needs": batch.needs,
        "experts": batch.experts,
        "pairs": [_pair(pair, reference, names) for pair, reference in pairs],
        "unmet": [_unmet(pair, reference, names) for pair, reference in left],
        "total": sum(pair.score or 0.0 for pair, _ in pairs),
        "worst": min((pair.score or 0.0 for pair, _ in pairs), default=None),
        "receipt": batch.receipt,
        "failure": batch.failure,
    }


def _pair(pair: BatchPair, reference: str, names: dict[UUID, str]) -> dict[str, Any]:
    return {
        "need": {"id": pair.need_id, "reference": reference},
        "expert": _expert(pair.expert_id, names),
        "score": pair.score,
        "first_meeting_in_days": pair.days,
        "state": pair.state,
        "questions": pair.questions,
        "alternates": [
            {**_expert(UUID(each["expert_id"]), names), "score": each.get("score")}
            for each in pair.shortlist[1:]
        ],
    }


def _unmet(pair: BatchPair, reference: str, names: dict[UUID, str]) -> dict[str, Any]:
    return {
        "need": {"id": pair.need_id, "reference": reference},
        "reason": pair.left_reason,
        "best_score": pair.left_facts["best"],
        "could_be_asked": [_expert(UUID(key), names) for key in pair.left_facts["experts"]],
    }


def _expert(key: UUID | None, names: dict[UUID, str]) -> dict[str, Any]:
    return {"id": key, "name": names.get(key) if key else None}
