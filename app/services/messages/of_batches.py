"""What a message on a batch needs to know."""

from app.models.batch import Batch
from app.services.messages.concern import Concern
from app.unit_of_work import UnitOfWork


def of_batch(_uow: UnitOfWork, batch: Batch) -> Concern:
    """Return what is told of a batch, to who made it."""
    return Concern(
        facts={"month": batch.month, "number": str(batch.number)},
        status=batch.status.value,
        maker_id=batch.made_by_id,
        pages={"batch_id": str(batch.id)},
    )
