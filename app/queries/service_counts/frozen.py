"""What was frozen when a month closed, and what was posted about it afterwards."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.domain.calendar import Month
from app.domain.service_record import ADDITIVE_NAMES, Additive, Decision, Listing, Measures
from app.models.period import Adjustment, PublishedFigure
from app.queries.free_times import Look
from app.queries.service_counts.decisions import Version, by_ids


@dataclass(frozen=True, slots=True)
class Posting:
    """One adjustment: which meeting of which closed month changed, why, posted in which month."""

    period_id: UUID
    posted_month: str
    session_id: UUID
    record_id: UUID
    correction_id: UUID | None
    cause: str
    deltas: Mapping[str, Any]

    @property
    def change(self) -> Additive:
        """What it adds to the measures that may be summed."""
        return Additive(**self.deltas["measures"])


class Frozen:
    """The decisions of closed months as they were frozen and as later postings left them."""

    def __init__(
        self,
        rows: Mapping[UUID, frozenset[UUID]],
        versions: Mapping[UUID, Version],
        postings: Iterable[Posting],
    ) -> None:
        self._rows = rows
        self._versions = versions
        self._postings = [p for p in postings if p.record_id in versions]

    def reported(self, period_id: UUID) -> list[Decision]:
        """Return the decisions a month closed with, as far as they are in the reader's sight."""
        return [version.decision for version in self.reported_rows(period_id).values()]

    def reported_rows(self, period_id: UUID) -> dict[UUID, Version]:
        """Return the same decisions with their rows, by their meeting."""
        seen = (self._versions[key] for key in self._rows[period_id] if key in self._versions)
        return {UUID(version.decision.session_id): version for version in seen}

    def before(self, period_id: UUID, month: str) -> list[Decision]:
        """Return the decisions of a closed month as they stood when another month opened."""
        return self._standing(
            period_id, [p for p in self._about(period_id) if p.posted_month < month]
        )

    def after(self, period_id: UUID, month: str) -> list[Decision]:
        """Return the decisions of a closed month after everything posted in another month."""
        return self._standing(
            period_id, [p for p in self._about(period_id) if p.posted_month <= month]
        )

    def _standing(self, period_id: UUID, postings: Iterable[Posting]) -> list[Decision]:
        state = {decision.session_id: decision for decision in self.reported(period_id)}
        for posting in postings:
            state[str(posting.session_id)] = self._versions[posting.record_id].decision
        return list(state.values())

    def posted_in(self, month: str) -> dict[UUID, list[Posting]]:
        """Return what was posted in the month, by the closed month it is about."""
        found: dict[UUID, list[Posting]] = defaultdict(list)
        for posting in self._postings:
            if posting.posted_month == month:
                found[posting.period_id].append(posting)
        return found

    def _about(self, period_id: UUID) -> list[Posting]:
        return [posting for posting in self._postings if posting.period_id == period_id]


def load_frozen(look: Look, period_ids: Collection[UUID], postings: list[Posting]) -> Frozen:
    """Return what these closed months froze and what was posted about them."""
    rows = {
        period_id: frozenset(map(UUID, row_ids))
        for period_id, row_ids in look.session.execute(
            select(PublishedFigure.period_id, PublishedFigure.rows).where(
                PublishedFigure.period_id.in_(period_ids),
                PublishedFigure.measure == Listing.RECORDS,
            )
        )
    }
    wanted = {posting.record_id for posting in postings}.union(*rows.values())
    return Frozen(rows, by_ids(look, wanted), postings)


def load_postings(look: Look, month: Month) -> list[Posting]:
    """Return the postings of the month and, of the closed months they are about, all before."""
    concerned = select(Adjustment.period_id).where(Adjustment.posted_month == str(month))
    rows = look.session.execute(
        select(
            Adjustment.period_id,
            Adjustment.posted_month,
            Adjustment.service_session_id,
            Adjustment.service_record_id,
            Adjustment.correction_id,
            Adjustment.cause,
            Adjustment.deltas,
        )
        .where(Adjustment.period_id.in_(concerned), Adjustment.posted_month <= str(month))
        .order_by(Adjustment.posted_month, Adjustment.created_at, Adjustment.id)
    )
    return [Posting(*row) for row in rows]


def published_measures(look: Look, period_id: UUID) -> Measures:
    """Return the figures of a closed month as they were published."""
    rows = look.session.execute(
        select(PublishedFigure.measure, PublishedFigure.value).where(
            PublishedFigure.period_id == period_id
        )
    )
    values = {measure: value for measure, value in rows}
    return Measures(
        additive=Additive(**{name: values[name] for name in ADDITIVE_NAMES}),
        distinct_persons=values["distinct_persons"],
        enterprises=values["enterprises"],
        teams=values["teams"],
    )
