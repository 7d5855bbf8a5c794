"""What may be reported by whoever asks: the indicators his department owns."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from app.domain.actor import Reach
from app.domain.plan import Source, source_of
from app.models.plan import Indicator
from app.unit_of_work import Reader

_COUNTED = frozenset({Source.PERSONS, Source.LOANS, Source.JOBS})


@dataclass(frozen=True, slots=True)
class Reportable:
    """An indicator of which figures are reported."""

    code: str
    zh: str
    en: str
    unit: str


def reportable(reader: Reader) -> Sequence[Reportable]:
    """Return the indicators a liaison's department owns, or all for the bureau; one statement.

    Those whose rows are persons or items are never reported.
    """
    statement = select(Indicator).order_by(Indicator.code)
    if Reach.ALL not in reader.actor.reaches:
        statement = statement.where(Indicator.owner == reader.actor.department)
    return [
        Reportable(row.code, row.zh, row.en, row.unit)
        for row in reader.session.scalars(statement)
        if source_of(row.code) not in _COUNTED
    ]
