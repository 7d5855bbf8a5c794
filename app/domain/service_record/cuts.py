"""Figures of a part of a period that no single record tells by its own labels."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.domain.service_record.behind import Distinct, UnknownMeasureError
from app.domain.service_record.decision import Decision
from app.domain.service_record.slices import LONGEST_NAME, Addend
from app.domain.service_record.tally import UNASSIGNED, SplitBy, label_of, served_ventures


@dataclass(frozen=True, slots=True)
class LastLabel:
    """A label that a venture's last counted service in the period carries."""

    by: SplitBy
    label: str


def addends_of_last(
    decisions: Iterable[Decision], name: str, last: LastLabel
) -> tuple[Addend, ...]:
    """Return the last services of the enterprises or teams of one label, each adding its venture.

    Raises:
        UnknownMeasureError: only ventures are told by their last service.
    """
    if name not in (Distinct.ENTERPRISES, Distinct.TEAMS):
        raise UnknownMeasureError(measure=name[:LONGEST_NAME])
    are_enterprises = name == Distinct.ENTERPRISES
    found = (
        decision
        for decision, is_enterprise in served_ventures(decisions).values()
        if is_enterprise is are_enterprises
        and (label_of(decision, last.by) or UNASSIGNED) == last.label
    )
    return tuple(Addend(d, 1) for d in sorted(found, key=lambda d: (d.started_at, d.session_id)))
