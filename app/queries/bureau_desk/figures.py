"""Which figure is asked for, and the stored decisions it is made of."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from app.domain.calendar import Month
from app.domain.founder_group import WITHDRAWN
from app.domain.service_record import Decision, Listing
from app.domain.service_record.cuts import LastLabel, addends_of_holders, addends_of_last
from app.domain.service_record.slices import (
    Addend,
    Labels,
    Share,
    UnknownFilterError,
    addends,
    addends_of_group,
    total,
)
from app.queries.bureau_desk.waits import FIRST_MEETINGS, first_meetings
from app.queries.free_times import Look
from app.queries.service_counts.closed import closed_months
from app.queries.service_counts.decisions import of_months
from app.queries.service_counts.frozen import load_frozen
from app.queries.service_counts.group_labels import holders_of
from app.queries.service_counts.seals import by_group

EVERY_RECORD = Labels()


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A figure as the address of a page names it.

    Attributes:
        months: the period, one month or a year.
        group: a primary group of founders, for figures of persons.
        label: a group of founders that need not be their primary one, for figures of persons.
        last: the label of the last counted service, for figures of ventures.
        as_reported: of closed months the decisions frozen at their closing, of others none.
    """

    months: tuple[Month, ...]
    labels: Labels = EVERY_RECORD
    measure: str = "sessions"
    group: str | None = None
    label: str | None = None
    last: LastLabel | None = None
    as_reported: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether the figure is that of everything in the period."""
        return self.labels == EVERY_RECORD and not self.is_cut

    @property
    def is_cut(self) -> bool:
        """Whether persons or ventures are told by what no record tells by itself."""
        return (self.group, self.label, self.last) != (None, None, None)


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with the records that sum to it, and how many records stand beside it.

    Attributes:
        waits: for first meetings, the days from the need to the meeting.
    """

    rows: tuple[Addend, ...]
    not_counted: int
    apart: int
    waits: dict[UUID, int]

    @property
    def value(self) -> int:
        """The sum of the records."""
        return total(self.rows)


def figure(look: Look, asked: Asked) -> Figure:
    """Return the figure asked for; at most six statements.

    Raises:
        UnknownMeasureError: when there is no such figure.
    """
    chosen = chosen_decisions(look, asked)
    waits = first_meetings(look, asked.months) if asked.measure == FIRST_MEETINGS else {}
    return Figure(
        rows=_rows(look, chosen, asked, waits),
        not_counted=len(addends(chosen, Listing.NOT_COUNTED)),
        apart=len(addends(chosen, Share.APART)),
        waits=waits,
    )


def chosen_decisions(look: Look, asked: Asked) -> tuple[Decision, ...]:
    """Return the decisions of the period that carry the labels asked for, counted or not."""
    return asked.labels.choose(_decisions(look, asked))


def addends_asked(look: Look, chosen: Sequence[Decision], asked: Asked) -> tuple[Addend, ...]:
    """Return what the chosen decisions add to the figure asked for.

    Raises:
        UnknownMeasureError: when there is no such figure.
        UnknownFilterError: when it is one of no group that may be listed.
    """
    if asked.group is not None:
        # Whose consent was withdrawn is nobody's to list.
        if asked.group == WITHDRAWN:
            raise UnknownFilterError(value=asked.group)
        told = by_group(look, chosen, as_reported=asked.as_reported)
        return addends_of_group(told, asked.measure, asked.group)
    if asked.label is not None:
        return addends_of_holders(chosen, asked.measure, holders_of(look, asked.label))
    if asked.last is not None:
        return addends_of_last(chosen, asked.measure, asked.last)
    return addends(chosen, asked.measure)


def _rows(
    look: Look, chosen: Sequence[Decision], asked: Asked, waits: dict[UUID, int]
) -> tuple[Addend, ...]:
    if asked.measure != FIRST_MEETINGS or asked.is_cut:
        return addends_asked(look, chosen, asked)
    return tuple(row for row in addends(chosen, Share.HELD) if _key(row) in waits)


def _key(row: Addend) -> UUID:
    return UUID(row.decision.session_id)


def _decisions(look: Look, asked: Asked) -> Iterable[Decision]:
    if not asked.as_reported:
        return [version.decision for version in of_months(look, asked.months).values()]
    closed = closed_months(look)
    periods = [closed[month].id for month in asked.months if month in closed]
    frozen = load_frozen(look, periods, [])
    return [decision for period_id in periods for decision in frozen.reported(period_id)]
