"""What a correction would change, were it approved now; nothing is written."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.domain.actor import Permission, Reach
from app.domain.calendar import Month
from app.domain.correction import from_stored
from app.domain.errors import ForbiddenError
from app.domain.service_record import (
    ActualTimes,
    Correction,
    CorrectionOp,
    Decision,
    Measures,
    decide_all,
    tally,
)
from app.queries.free_times import Look
from app.queries.service_counts.closed import closed_months, next_to_close
from app.queries.service_counts.decisions import of_month, of_sessions
from app.queries.service_counts.neighbours import with_neighbours
from app.queries.service_counts.policies import load_policies
from app.queries.service_counts.seals import as_closed
from app.services.service_records.facts import facts_of
from app.services.service_records.gathering import gather
from app.unit_of_work import Reader


@dataclass(frozen=True, slots=True)
class MonthChange:
    """The figures of a month before and after.

    Attributes:
        posted_month: where the difference would be posted; None while the month is open.
    """

    month: Month
    posted_month: Month | None
    before: Measures
    after: Measures

    @property
    def moved(self) -> dict[str, tuple[int, int]]:
        """The figures that change, each before and after."""
        before, after = _numbers(self.before), _numbers(self.after)
        return {
            name: (value, after[name]) for name, value in before.items() if value != after[name]
        }


@dataclass(frozen=True, slots=True)
class Preview:
    """The decision on the meeting before and after, and every month whose figures change."""

    before: Decision | None
    after: Decision | None
    months: tuple[MonthChange, ...]
    others: int


def preview(look: Look, session_id: UUID, correction: Correction) -> Preview:
    """Return what the correction would change, the meetings it may be merged with included.

    Args:
        look: a look that sees every meeting.
        session_id: the meeting it names.
        correction: as if it were approved at this moment.
    """
    value = correction.value
    also = value.span if isinstance(value, ActualTimes) else None
    touched = with_neighbours(look, {session_id}, also)
    versions = of_sessions(look, touched)
    stands = {key: version.decision for key, version in versions.items()}
    material = gather(look, touched, (correction,))
    facts = as_closed(look, facts_of(material, look.now), versions, material.aliases)
    made = decide_all(facts, load_policies(look), look.now, material.aliases)
    would_be = {UUID(decision.session_id): decision for decision in made}
    changed = {
        key for key in stands.keys() | would_be.keys() if stands.get(key) != would_be.get(key)
    }
    months = {d.month for d in (*stands.values(), *would_be.values())}
    return Preview(
        before=stands.get(session_id),
        after=would_be.get(session_id),
        months=_months(look, months, would_be),
        others=len(changed - {session_id}),
    )


def preview_proposed(
    look: Reader, session_id: UUID, operation: CorrectionOp, stored: Any
) -> Preview:
    """Return what a proposed correction would change, were it approved now.

    Raises:
        ForbiddenError: the reader does not see every meeting, and so not every figure it moves.
    """
    if Reach.ALL not in look.actor.reaches:
        raise ForbiddenError(permission=Permission.CHECK_CORRECTION.value)
    value = from_stored(operation, stored)
    return preview(look, session_id, Correction(str(session_id), look.now, operation, value))


def _numbers(measures: Measures) -> dict[str, int]:
    # Hours are minutes told in another unit.
    figures = measures.figures()
    return {name: value for name, value in figures.items() if isinstance(value, int)}


def _months(
    look: Look, months: set[Month], would_be: Mapping[UUID, Decision]
) -> tuple[MonthChange, ...]:
    closed = closed_months(look)
    posted = next_to_close(look, closed)
    changes = []
    for month in sorted(months):
        before = {key: version.decision for key, version in of_month(look, month).items()}
        after = {**before, **would_be}
        change = MonthChange(
            month,
            posted if month in closed else None,
            tally(before.values(), month),
            tally(after.values(), month),
        )
        if change.moved:
            changes.append(change)
    return tuple(changes)
