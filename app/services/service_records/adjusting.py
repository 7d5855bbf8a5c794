"""News about a closed month: the figures stay as reported, the change is posted."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from app.domain.calendar import Month
from app.domain.service_record import Adjustment as Change
from app.domain.service_record import Decision, adjustments
from app.models.period import Adjustment
from app.queries.service_counts.closed import ClosedMonth, closed_months, next_to_close
from app.queries.service_counts.decisions import Version
from app.unit_of_work import UnitOfWork

_Versions = Mapping[UUID, Version]


@dataclass(frozen=True, slots=True)
class News:
    """The decisions before and after something became known, and the correction behind it."""

    before: _Versions
    after: _Versions
    correction_id: UUID | None = None

    @property
    def months(self) -> frozenset[Month]:
        """The months whose decisions may have changed."""
        versions = (*self.before.values(), *self.after.values())
        return frozenset(version.decision.month for version in versions)


def adjust(uow: UnitOfWork, news: News) -> None:
    """Post what the news changes in closed months to the earliest month not closed."""
    for month in sorted(news.months):
        post(uow, month, news)


def post(uow: UnitOfWork, month: Month, news: News) -> None:
    """Post what the news changes in the month, if it is closed."""
    closed = closed_months(uow)
    if month not in closed:
        return
    posted = str(next_to_close(uow, closed))
    for change in adjustments(_decisions(news.before), _decisions(news.after), month):
        _add(uow, closed[month], change, posted, news)
    uow.flush()


def _decisions(versions: _Versions) -> list[Decision]:
    return [version.decision for version in versions.values()]


def _add(uow: UnitOfWork, period: ClosedMonth, change: Change, posted: str, news: News) -> None:
    session_id = UUID(change.session_id)
    row = uow.add(
        Adjustment(
            period_id=period.id,
            posted_month=posted,
            service_session_id=session_id,
            service_record_id=news.after[session_id].record_id,
            correction_id=news.correction_id,
            cause=change.kind.value,
            deltas=deltas_of(change),
            created_at=uow.now,
        )
    )
    uow.audit("adjustment.posted", row)


def deltas_of(change: Change) -> dict[str, object]:
    """Return what the change does, as stored: the measures that move, the persons, the reasons."""
    return {
        "measures": change.change.moved(),
        "persons_added": list(change.persons_added),
        "persons_removed": list(change.persons_removed),
        "reason_before": change.reason_before,
        "reason_after": change.reason_after,
    }
