"""A preview asked for: past months of a change, to be counted anew by the job process."""

from collections.abc import Sequence
from uuid import UUID

from app.domain.actor import Permission
from app.domain.calendar import Month
from app.domain.policy_preview import PreviewEndedError, PreviewStatus, ensure_past
from app.models.policy_change import PolicyChange, PolicyPreview
from app.unit_of_work import UnitOfWork

COUNT = "count_policy_preview"


def ask(uow: UnitOfWork, change_id: UUID, months: Sequence[Month]) -> PolicyPreview:
    """Have past months counted anew with the numbers of a change; no record is touched.

    Raises:
        InvalidInputError: at `months`.
    """
    change = uow.load(PolicyChange, change_id)
    uow.require(Permission.PREVIEW_POLICY)
    chosen = ensure_past(months, Month.of(uow.today))
    preview = uow.add(
        PolicyPreview(
            policy_change_id=change.id,
            months=[str(month) for month in chosen],
            status=PreviewStatus.COUNTING,
            done=0,
            figures={},
            changed=0,
            asked_by_id=uow.actor.account_id,
            asked_at=uow.now,
        )
    )
    uow.audit("policy_preview.asked", preview, months=preview.months)
    uow.flush()
    plan_step(uow, preview)
    return preview


def cancel(uow: UnitOfWork, preview_id: UUID) -> PolicyPreview:
    """Stop counting; a step that runs at this moment writes nothing any more.

    Raises:
        PreviewEndedError: it is done, or could not be counted.
    """
    preview = uow.load(PolicyPreview, preview_id, lock=True)
    uow.require(Permission.PREVIEW_POLICY)
    if preview.status is PreviewStatus.CANCELLED:
        return preview
    if preview.status is not PreviewStatus.COUNTING:
        raise PreviewEndedError(status=preview.status.value)
    preview.status, preview.ended_at = PreviewStatus.CANCELLED, uow.now
    uow.audit("policy_preview.cancelled", preview)
    return preview


def plan_step(uow: UnitOfWork, preview: PolicyPreview) -> None:
    """Have the job process count the month that is next."""
    uow.later(COUNT, f"{COUNT}:{preview.id}:{preview.done}", uow.now, subject_id=preview.id)
