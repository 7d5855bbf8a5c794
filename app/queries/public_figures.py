"""What everybody may read: figures of closed months as they were published, small cells merged."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.calendar import Month
from app.domain.service_record import Decision, Measures, SplitBy, split
from app.domain.small_cells import Cells, merged
from app.queries import vocabularies
from app.queries.service_counts.closed import closed_months
from app.queries.service_counts.frozen import load_frozen, published_measures
from app.queries.vocabularies import Labels, Locale
from app.unit_of_work import Reader

MOST_MONTHS = 12
SPLITS = (SplitBy.TYPE, SplitBy.STREET, SplitBy.INDUSTRY)
_SHOWN = ("sessions", "person_times")


@dataclass(frozen=True, slots=True)
class PublicMonth:
    """A closed month and its policy, with the figures it was published with."""

    month: Month
    policy: str
    measures: Measures


@dataclass(frozen=True, slots=True)
class PublicFigures:
    """The closed months, the newest first, and how the newest splits.

    Attributes:
        splits: services and person-times by label, small ones merged into `rest`.
    """

    months: tuple[PublicMonth, ...]
    splits: Mapping[SplitBy, Mapping[str, Cells]]
    names: Labels


def public_figures(reader: Reader, locale: Locale) -> PublicFigures:
    """Return the figures for everybody; no row of a person or a meeting is among them."""
    with reader.beyond_scope("published figures are for everybody"):
        closed = list(closed_months(reader).values())[-MOST_MONTHS:]
        months = [
            PublicMonth(each.month, each.policy_code, published_measures(reader, each.id))
            for each in reversed(closed)
        ]
        newest = closed[-1] if closed else None
        frozen = load_frozen(reader, [newest.id], []).reported(newest.id) if newest else []
        names = vocabularies.labels(reader, "session_type", "street", "industry", locale=locale)
    splits = {by: _split(frozen, newest.month, by) for by in SPLITS} if newest else {}
    return PublicFigures(tuple(months), splits, names)


def _split(decisions: list[Decision], month: Month, by: SplitBy) -> dict[str, Cells]:
    parts = split(decisions, month, by).items()
    cells = {label: tuple(getattr(part, name) for name in _SHOWN) for label, part in parts}
    return merged({label: values for label, values in cells.items() if any(values)})
