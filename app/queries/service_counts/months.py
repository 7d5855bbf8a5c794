"""The figures of one month: its own, as reported, restated, and what was posted in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.domain.actor import Reach
from app.domain.calendar import Month
from app.domain.service_record import (
    Additive,
    Decision,
    Listing,
    Measures,
    Pending,
    Restatement,
    behind,
    policy_on,
    restatement,
    tally,
)
from app.queries.service_counts.closed import ClosedMonth, closed_months
from app.queries.service_counts.decisions import of_month
from app.queries.service_counts.frozen import (
    Frozen,
    Posting,
    load_frozen,
    load_postings,
    published_measures,
)
from app.queries.service_counts.policies import load_policies
from app.unit_of_work import Reader


@dataclass(frozen=True, slots=True)
class PostedChange:
    """What news about one closed month changed, as posted in a later one 上期调整.

    The additive measures are summed; persons, enterprises and teams are the change of figures
    that are recomputed 更正影响.
    """

    month: str
    additive: Additive
    recomputed: Restatement
    postings: tuple[Posting, ...]


@dataclass(frozen=True, slots=True)
class MonthCounts:
    """The figures of a month as the reader may see them.

    Attributes:
        own: decided now; for a closed month, as at its cut.
        as_reported: frozen when the month closed; None while it is open.
        restated: decided on everything known now.
        adjustments: what was posted in this month about earlier ones.
        pending: how many records wait for what, now or, for a closed month, at the cut.
        not_counted: the reason of every record of the month that does not count now.
        decisions: those that stand now, from which `restated` is made.
    """

    month: str
    policy: str
    cut_at: datetime | None
    closed_at: datetime | None
    own: Measures
    as_reported: Measures | None
    restated: Measures
    adjustments: tuple[PostedChange, ...]
    pending: Mapping[str, int]
    not_counted: Mapping[UUID, str]
    decisions: tuple[Decision, ...]

    @property
    def is_closed(self) -> bool:
        """Tell whether the figures are frozen."""
        return self.closed_at is not None


def measures(reader: Reader, month: Month) -> MonthCounts:
    """Return the figures of the month."""
    closed = closed_months(reader)
    period = closed.get(month)
    postings = load_postings(reader, month)
    concerned = {posting.period_id for posting in postings}
    frozen = load_frozen(reader, concerned | ({period.id} if period else set()), postings)
    now = [version.decision for version in of_month(reader, month).values()]
    own = frozen.reported(period.id) if period else now
    reported = _reported(reader, period, own, month) if period else None
    return MonthCounts(
        month=str(month),
        policy=period.policy_code if period else _policy(reader, month),
        cut_at=period.cut_at if period else None,
        closed_at=period.closed_at if period else None,
        own=reported or tally(own, month),
        as_reported=reported,
        restated=tally(now, month),
        adjustments=_posted_changes(frozen, month, closed),
        pending={kind.value: len(behind(own, month, kind)) for kind in Pending},
        not_counted=_reasons(now, month),
        decisions=tuple(now),
    )


def _policy(reader: Reader, month: Month) -> str:
    return policy_on(load_policies(reader), month.first_on).code


def _reported(reader: Reader, period: ClosedMonth, own: list[Decision], month: Month) -> Measures:
    """Return the published figures; who does not see all rows has the sum of his own."""
    if Reach.ALL in reader.actor.reaches:
        return published_measures(reader, period.id)
    return tally(own, month)


def _posted_changes(
    frozen: Frozen, month: Month, closed: Mapping[Month, ClosedMonth]
) -> tuple[PostedChange, ...]:
    by_id = {period.id: period for period in closed.values()}
    return tuple(
        _posted_change(frozen, month, by_id[period_id].month, postings)
        for period_id, postings in sorted(
            frozen.posted_in(str(month)).items(), key=lambda item: by_id[item[0]].month
        )
    )


def _posted_change(
    frozen: Frozen, posted: Month, about: Month, postings: list[Posting]
) -> PostedChange:
    period_id = postings[0].period_id
    before = tally(frozen.before(period_id, str(posted)), about)
    after = tally(frozen.after(period_id, str(posted)), about)
    return PostedChange(
        month=str(about),
        additive=Additive.total(posting.change for posting in postings),
        recomputed=restatement(before, after),
        postings=tuple(postings),
    )


def _reasons(decisions: list[Decision], month: Month) -> dict[UUID, str]:
    return {
        UUID(d.session_id): d.reason.value
        for d in behind(decisions, month, Listing.NOT_COUNTED)
        if d.reason is not None
    }
