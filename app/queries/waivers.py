"""Waivers as they stand: which pairings two officers let pass."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from sqlalchemy import select

from app.domain.waiver import WaiverRule, WaiverStatus
from app.models.waiver import Waiver
from app.queries.free_times import Look


def approved(
    look: Look, rule: WaiverRule, need_ids: Collection[UUID]
) -> Mapping[UUID, Mapping[UUID, Sequence[Waiver]]]:
    """Return the approved waivers of the rule by need and by expert, the earliest first."""
    found: dict[UUID, dict[UUID, list[Waiver]]] = defaultdict(lambda: defaultdict(list))
    rows = look.session.scalars(
        select(Waiver)
        .where(
            Waiver.need_id.in_(need_ids),
            Waiver.rule == rule,
            Waiver.status == WaiverStatus.APPROVED,
        )
        .order_by(Waiver.checked_at, Waiver.id)
    )
    for row in rows:
        found[row.need_id][row.expert_id].append(row)
    return found
