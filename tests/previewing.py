"""A preview of the policy counted at once, as the job process would, month by month."""

from uuid import UUID

from app.domain.actor import SYSTEM
from app.services import policy_previews
from app.unit_of_work import Store


def count_all(store: Store, preview_id: UUID) -> int:
    """Take every step that is left; return how many months were counted."""
    months = 0
    while parcel := store.execute(SYSTEM, policy_previews.prepare, preview_id):
        store.execute(SYSTEM, policy_previews.record, policy_previews.compute(parcel))
        months += 1
    return months
