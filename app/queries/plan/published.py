"""The plan as everybody may read it: sums without rows, and none that tells of a few people."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.domain.plan import Course, IndicatorKind, Source, Target
from app.queries.plan.figures import plan_page
from app.queries.plan.page import IndicatorFigure
from app.unit_of_work import Reader

# Requirements I8: public pages keep back what stands for one to four.
FEWEST = 5
_OF_PEOPLE = frozenset({Source.PERSONS, Source.LOANS, Source.JOBS})


@dataclass(frozen=True, slots=True)
class PublishedFigure:
    """An indicator in a year; `course` is None where it stands for too few to be told."""

    zh: str
    en: str
    kind: IndicatorKind
    unit: str
    target: Target
    written: str
    baseline_on: date
    course: Course | None


@dataclass(frozen=True, slots=True)
class PublishedPlan:
    """The plan of the present year as far as it has come."""

    by: date
    figures: Sequence[PublishedFigure]


def published_plan(reader: Reader) -> PublishedPlan:
    """Return the plan without rows; at most eight statements."""
    with reader.beyond_scope("sums of the plan, which are told without names"):
        page = plan_page(reader)
    return PublishedPlan(reader.today, tuple(map(_published, page.figures)))


def is_told(figure: IndicatorFigure) -> bool:
    """Tell whether a figure stands for enough, or for none at all."""
    count = len(figure.shown_rows) if figure.source in _OF_PEOPLE else figure.value
    return count == 0 or count >= FEWEST


def _published(figure: IndicatorFigure) -> PublishedFigure:
    return PublishedFigure(
        zh=figure.zh,
        en=figure.en,
        kind=figure.kind,
        unit=figure.unit,
        target=figure.target,
        written=figure.written,
        baseline_on=figure.base.baseline_on,
        course=figure.course if is_told(figure) else None,
    )
