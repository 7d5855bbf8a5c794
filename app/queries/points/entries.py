"""The ledger of one expert's points: entries, reversals, and what they come to."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import aliased

from app.domain.calendar import local_day
from app.domain.errors import NotFoundError
from app.domain.point import PointEvent, PointPart, PointRule
from app.models.expert import Expert
from app.models.point import PointEntry
from app.models.service_session import ServiceSession
from app.queries.free_times import Look
from app.queries.points.rules import load_point_rules
from app.unit_of_work import Reader


@dataclass(frozen=True, slots=True)
class PointLine:
    """One entry; `reference` and `session_id` name the meeting, ratings have none.

    Attributes:
        is_reversed: a later entry has taken it back.
        reverses_id: the entry that it takes back.
    """

    id: UUID
    event: PointEvent
    part: PointPart
    points: int
    cause: str
    created_at: datetime
    session_id: UUID | None
    reference: str | None
    day: date | None
    is_reversed: bool
    reverses_id: UUID | None


@dataclass(frozen=True, slots=True)
class PartSum:
    """What an expert has of one part, against the most there is."""

    points: int
    cap: int


@dataclass(frozen=True, slots=True)
class PointLedger:
    """One expert's points of a year, the newest entry first; the lines sum to the balance."""

    expert_id: UUID
    name: str
    year: int
    lines: tuple[PointLine, ...]
    parts: Mapping[PointPart, PartSum]
    rules: tuple[PointRule, ...]

    @property
    def balance(self) -> int:
        """The sum of all entries."""
        return sum(line.points for line in self.lines)

    def lines_of(self, part: PointPart | None) -> tuple[PointLine, ...]:
        """Return the entries of one part, which sum to it; all of them for None."""
        return tuple(line for line in self.lines if part in (None, line.part))


def point_ledger(reader: Reader, expert_id: UUID, year: int | None = None) -> PointLedger:
    """Return one expert's points, by default of the present year.

    Raises:
        NotFoundError: there is no such expert.
    """
    chosen = local_day(reader.now).year if year is None else year
    name = reader.session.scalars(select(Expert.name).where(Expert.id == expert_id)).one_or_none()
    if name is None:
        raise NotFoundError("expert.not_found")
    rules = load_point_rules(reader)
    by_id = {rule.id: rule for rule in rules}
    lines: list[PointLine] = []
    parts: defaultdict[PointPart, int] = defaultdict(int)
    for entry, session_id, reference, starts_at, reversal_id in reader.session.execute(
        _entries(expert_id, chosen)
    ):
        rule = by_id[entry.rule_id]
        parts[rule.part] += entry.points
        lines.append(
            PointLine(
                entry.id,
                rule.event,
                rule.part,
                entry.points,
                entry.cause,
                entry.created_at,
                session_id,
                reference,
                local_day(starts_at) if starts_at else None,
                reversal_id is not None,
                entry.reverses_id,
            )
        )
    return PointLedger(expert_id, name, chosen, tuple(lines), _parts(parts, rules, chosen), rules)


def held(look: Look, year: int) -> dict[UUID, dict[UUID, int]]:
    """Return the sum of the entries of each expert and rule in a year; one statement."""
    found: defaultdict[UUID, dict[UUID, int]] = defaultdict(dict)
    rows = look.session.execute(
        select(PointEntry.expert_id, PointEntry.rule_id, PointEntry.points).where(
            PointEntry.year == year
        )
    )
    for expert_id, rule_id, points in rows:
        found[expert_id][rule_id] = found[expert_id].get(rule_id, 0) + points
    return dict(found)


def _entries(expert_id: UUID, year: int) -> Select[PointEntry, UUID, str, datetime | None, UUID]:
    later = aliased(PointEntry)
    reversal = (
        select(later.id).where(later.reverses_id == PointEntry.id).correlate(PointEntry)
    ).scalar_subquery()
    return (
        select(
            PointEntry,
            ServiceSession.id,
            ServiceSession.reference,
            ServiceSession.actual_start,
            reversal,
        )
        .outerjoin(ServiceSession, ServiceSession.id == PointEntry.subject_id)
        .where(PointEntry.expert_id == expert_id, PointEntry.year == year)
        .order_by(PointEntry.created_at.desc(), PointEntry.id.desc())
    )


def _parts(
    sums: Mapping[PointPart, int], rules: tuple[PointRule, ...], year: int
) -> dict[PointPart, PartSum]:
    caps: dict[PointPart, int] = {}
    for rule in rules:
        if rule.valid_from <= date(year, 12, 31):
            caps[rule.part] = rule.cap
    return {
        part: PartSum(sums.get(part, 0), caps.get(part, 0)) for part in PointPart if part in caps
    }
