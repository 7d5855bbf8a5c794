"""导师缺口: needs that nobody fitted, by what was missing: which experts to recruit."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from app.domain.calendar import day_starts_at, local_day
from app.domain.need import NeedStatus
from app.domain.vocabulary import Label
from app.models.need import Need
from app.models.proposal import MatchRound
from app.queries.lacks import Lacking, Matter, is_newest_round, lacking
from app.unit_of_work import Reader

PAGE = 20
_UNNAMED = Matter("", "", Label("concept", "", "", ""), "", ())


class SupplyPart(StrEnum):
    """Which of the needs of a group; those left over by full experts are a part of the rest."""

    ALL = ""
    OPEN = "open"
    PAST = "past"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class SupplyNeed:
    """A need that nobody fitted when it was last matched.

    Attributes:
        days: how long it has waited, None when it waits no more.
    """

    id: UUID
    reference: str
    text: str
    status: NeedStatus
    submitted_at: datetime
    days: int | None
    lack: Lacking

    @property
    def is_open(self) -> bool:
        """Tell whether it still waits for somebody."""
        return self.days is not None

    @property
    def is_left_over(self) -> bool:
        """Tell whether somebody would fit, and has no place or no time left."""
        return self.lack.is_for_want_of_places

    def is_in(self, part: SupplyPart) -> bool:
        """Tell whether the need belongs to the part."""
        if part == SupplyPart.FULL:
            return self.is_left_over
        return part == SupplyPart.ALL or self.is_open == (part == SupplyPart.OPEN)


@dataclass(frozen=True, slots=True)
class SupplyGroup:
    """The needs for which one matter was missing; no label where nothing was understood."""

    topic: str
    concept: str
    label: Label
    categories: tuple[str, ...]
    needs: tuple[SupplyNeed, ...]

    def count(self, part: SupplyPart) -> int:
        """Return how many needs of the group belong to the part."""
        return sum(need.is_in(part) for need in self.needs)

    @property
    def longest_days(self) -> int | None:
        """Return how long the oldest open need has waited, None without one."""
        return max((need.days for need in self.needs if need.days is not None), default=None)


@dataclass(frozen=True, slots=True)
class SupplyReport:
    """The needs of a year that nobody fitted, the greatest gap first; a need may be in several."""

    year: int
    years: tuple[int, ...]
    groups: tuple[SupplyGroup, ...]
    needs: tuple[SupplyNeed, ...]

    def count(self, part: SupplyPart) -> int:
        """Return how many needs there are in all, each once."""
        return sum(need.is_in(part) for need in self.needs)


@dataclass(frozen=True, slots=True)
class SupplyRows:
    """A page of the needs behind a number, the oldest first; `next` asks for the following one."""

    group: SupplyGroup | None
    count: int
    items: tuple[SupplyNeed, ...]
    next: UUID | None


def supply_report(reader: Reader, year: int) -> SupplyReport:
    """Return the report of the needs sent in a year; two statements."""
    needs = _needs(reader, year)
    since = reader.session.scalar(select(func.min(Need.submitted_at)))
    this_year = local_day(reader.now).year
    first = local_day(since).year if since else this_year
    years = tuple(range(this_year, min(first, this_year) - 1, -1))
    return SupplyReport(year, years, _groups(needs), needs)


def supply_rows(
    reader: Reader,
    year: int,
    part: SupplyPart = SupplyPart.ALL,
    group: tuple[str, str] | None = None,
    *,
    after: UUID | None = None,
) -> SupplyRows:
    """Return a page of the needs behind a number of the report; one statement.

    Args:
        reader: the look.
        year: of the report.
        part: which column.
        group: topic and concept of the line, None for the line of all.
        after: the last need of the page before.
    """
    needs: Sequence[SupplyNeed] = _needs(reader, year)
    found = None
    if group is not None:
        found = next((each for each in _groups(needs) if (each.topic, each.concept) == group), None)
        needs = found.needs if found else ()
    behind = [need for need in needs if need.is_in(part)]
    keys = [need.id for need in behind]
    begin = keys.index(after) + 1 if after in keys else 0
    page = behind[begin : begin + PAGE]
    has_more = begin + len(page) < len(behind)
    return SupplyRows(found, len(behind), tuple(page), page[-1].id if has_more else None)


def _needs(reader: Reader, year: int) -> tuple[SupplyNeed, ...]:
    rows = reader.session.execute(
        select(Need, MatchRound.lack.label("lack"))
        .join(MatchRound, is_newest_round())
        .where(
            MatchRound.lack.is_not(None),
            Need.submitted_at >= day_starts_at(date(year, 1, 1)),
            Need.submitted_at < day_starts_at(date(year + 1, 1, 1)),
        )
        .order_by(Need.submitted_at, Need.id)
    )
    today = local_day(reader.now)
    return tuple(_need(need, kept, today) for need, kept in rows)


def _need(need: Need, kept: Mapping[str, Any], today: date) -> SupplyNeed:
    submitted_at = need.submitted_at or need.created_at
    is_open = need.status is NeedStatus.SUBMITTED
    return SupplyNeed(
        id=need.id,
        reference=need.reference,
        text=need.text,
        status=need.status,
        submitted_at=submitted_at,
        days=(today - local_day(submitted_at)).days if is_open else None,
        lack=lacking(kept) or Lacking((), {}),
    )


def _groups(needs: Iterable[SupplyNeed]) -> tuple[SupplyGroup, ...]:
    found: dict[tuple[str, str], list[SupplyNeed]] = defaultdict(list)
    matters: dict[tuple[str, str], Matter] = {}
    for need in needs:
        for matter in need.lack.missing or (_UNNAMED,):
            key = matter.topic, matter.concept
            matters[key] = matter
            found[key].append(need)
    groups = [
        SupplyGroup(*key, matters[key].label, matters[key].categories, tuple(some))
        for key, some in found.items()
    ]
    groups.sort(key=lambda g: (-g.count(SupplyPart.OPEN), -len(g.needs), g.topic, g.concept))
    return tuple(groups)
