"""Figures of a part of a period that no single record tells by its own labels."""

from collections.abc import Container, Iterable
from dataclasses import dataclass

from app.domain.service_record.behind import Distinct, UnknownMeasureError
from app.domain.service_record.decision import Decision
from app.domain.service_record.facts import Key
from app.domain.service_record.slices import LONGEST_NAME, Addend
from app.domain.service_record.tally import (
    UNASSIGNED,
    SplitBy,
    by_time,
    headline,
    label_of,
    served_ventures,
)


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


def addends_of_holders(
    decisions: Iterable[Decision], name: str, holders: Container[Key]
) -> tuple[Addend, ...]:
    """Return the records behind the person-times or persons who hold one label 可重叠.

    To persons a record adds those who are new in the period, 0 when each was served before.

    Raises:
        UnknownMeasureError: only persons are told by the groups they hold.
    """
    if name not in ("person_times", Distinct.PERSONS):
        raise UnknownMeasureError(measure=name[:LONGEST_NAME])
    seen: set[Key] = set()
    found = []
    for decision in by_time(headline(decisions)):
        mine = {person for person in decision.person_ids if person in holders}
        if mine:
            new = mine - seen if name == Distinct.PERSONS else mine
            found.append(Addend(decision, len(new)))
            seen |= mine
    return tuple(found)
