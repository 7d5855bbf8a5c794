"""The steps of a preview, a month each: read, count without a transaction, keep what differs.

A step that is taken twice, because its worker died, keeps its month once.
"""

from dataclasses import dataclass
from uuid import UUID

from app.domain.actor import Permission
from app.domain.calendar import Month
from app.domain.policy_preview import (
    Comparison,
    PreviewStatus,
    Recount,
    Side,
    compare,
    with_changes,
)
from app.domain.service_record import Measures, tally_period, to_stored
from app.models.policy_change import PolicyChange, PolicyPreview, PolicyPreviewMonth
from app.queries.policy_previews import load_months, policy_of_change
from app.queries.service_counts.decisions import Version, of_month
from app.queries.service_counts.policies import load_policies
from app.services.policy_previews.asking import plan_step
from app.services.service_records import facts_of_month
from app.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Parcel:
    """The next month of a preview with all it is counted from."""

    preview_id: UUID
    done: int
    records: dict[str, str]
    recount: Recount


@dataclass(frozen=True, slots=True)
class Counted:
    """A month as it stands and as it would be, with the keys of the decisions that stand."""

    preview_id: UUID
    done: int
    month: Month
    records: dict[str, str]
    comparison: Comparison


def prepare(uow: UnitOfWork, preview_id: UUID) -> Parcel | None:
    """Read what the next month is counted from; None when there is nothing to do."""
    preview = uow.load(PolicyPreview, preview_id)
    uow.require(Permission.PREVIEW_POLICY)
    if preview.status is not PreviewStatus.COUNTING:
        return None
    month = Month.parse(preview.months[preview.done])
    stands = of_month(uow, month)
    facts, aliases = facts_of_month(uow, month)
    change = uow.load(PolicyChange, preview.policy_change_id)
    earlier = tuple(p for p in load_policies(uow) if p.valid_from < month.first_on)
    recount = Recount(
        month=month,
        facts=facts,
        aliases=aliases,
        stands=tuple(version.decision for version in stands.values()),
        earlier=earlier,
        policy=policy_of_change(change),
        asof=uow.now,
    )
    return Parcel(preview.id, preview.done, _keys(stands), recount)


def compute(parcel: Parcel) -> Counted:
    """Count the month by both policies; nothing is read or written."""
    found = compare(parcel.recount)
    return Counted(parcel.preview_id, parcel.done, parcel.recount.month, parcel.records, found)


def record(uow: UnitOfWork, counted: Counted) -> PolicyPreview:
    """Keep a month and plan the next one; a month kept already, or one stopped, changes nothing."""
    preview = uow.load(PolicyPreview, counted.preview_id, lock=True)
    uow.require(Permission.PREVIEW_POLICY)
    if preview.status is not PreviewStatus.COUNTING or preview.done != counted.done:
        return preview
    found = counted.comparison
    uow.add(
        PolicyPreviewMonth(
            policy_preview_id=preview.id,
            month=str(counted.month),
            records=list(counted.records.values()),
            changed={counted.records[d.session_id]: to_stored(d) for d in found.changed},
            figures=_both(found.old, found.new),
            counted_at=uow.now,
        )
    )
    preview.done += 1
    preview.changed += len(found.changed)
    if preview.done < len(preview.months):
        plan_step(uow, preview)
        return preview
    uow.flush()
    _finish(uow, preview)
    return preview


def fail(uow: UnitOfWork, preview_id: UUID) -> None:
    """Give a preview up; the page says so, and another one can be asked for."""
    preview = uow.load(PolicyPreview, preview_id, lock=True)
    uow.require(Permission.PREVIEW_POLICY)
    if preview.status is PreviewStatus.COUNTING:
        preview.status, preview.ended_at = PreviewStatus.FAILED, uow.now
        uow.audit("policy_preview.failed", preview)


def _finish(uow: UnitOfWork, preview: PolicyPreview) -> None:
    """Count all months together: persons and ventures anew, the rest comes to the sum."""
    months = [Month.parse(text) for text in preview.months]
    found = load_months(uow, preview.id)
    old = [d for each in found for d in each.stands]
    new = [d for each in found for d in with_changes(each.stands, each.changed)]
    preview.figures = _both(tally_period(old, months), tally_period(new, months))
    preview.status, preview.ended_at = PreviewStatus.DONE, uow.now
    uow.audit("policy_preview.done", preview, changed=preview.changed)


def _both(old: Measures, new: Measures) -> dict[str, dict[str, int | str]]:
    return {Side.OLD.value: old.figures(), Side.NEW.value: new.figures()}


def _keys(stands: dict[UUID, Version]) -> dict[str, str]:
    return {version.decision.session_id: str(version.record_id) for version in stands.values()}
