"""Concentration in a period, with the names of those it speaks of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from app.domain.calendar import Month
from app.domain.concentration import Concentration, concentration
from app.models.expert import Expert
from app.models.person import Person, Venture
from app.queries.service_counts.decisions import of_months
from app.unit_of_work import Reader


@dataclass(frozen=True, slots=True)
class NamedConcentration:
    """How the advice of a period is spread, and what everybody in it is called, by id."""

    found: Concentration
    names: Mapping[str, str]


def concentrations(reader: Reader, months: Sequence[Month]) -> NamedConcentration:
    """Return how far the counted advice of the months lies with few; four statements."""
    decisions = [version.decision for version in of_months(reader, months).values()]
    found = concentration(decisions)
    experts = {pair.expert_id for pair in found.pairs} | {each.key for each in found.experts}
    persons = {pair.person_id for pair in found.pairs}
    ventures = {each.key for each in found.single}
    names = {
        **_names(reader, Expert, experts),
        **_names(reader, Person, persons),
        **_names(reader, Venture, ventures),
    }
    return NamedConcentration(found, names)


def _names(
    reader: Reader, model: type[Expert | Person | Venture], keys: set[str]
) -> dict[str, str]:
    wanted = [UUID(key) for key in keys]
    rows = reader.session.execute(select(model.id, model.name).where(model.id.in_(wanted)))
    return {str(key): name for key, name in rows}
