"""What times and days of services tell: overlaps, long days, the same two daily, late records."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from app.domain.calendar import Month, local_day
from app.domain.signal.policy import SignalPolicy


class Kind(StrEnum):
    """What is worth a look."""

    OVERLAP = "overlap"
    LONG_DAY = "long_day"
    SAME_PAIR = "same_pair"
    LATE_RECORD = "late_record"
    SAME_TEXT = "same_text"
    CERTIFIED_SHARE = "certified_share"
    SHARED_DEVICE = "shared_device"


@dataclass(frozen=True, slots=True)
class Found:
    """One thing worth a look.

    Attributes:
        kind: what it is.
        subject: the expert, pair or device and the day or month; by it one is known again.
        month: the month it belongs to.
        session_ids: the meetings behind it, in order of their start.
        facts: numbers that say why; never names.
        expert_id: whose services they are, None where it is several people's.
    """

    kind: Kind
    subject: str
    month: str
    session_ids: tuple[str, ...]
    facts: Mapping[str, int | str] = field(default_factory=dict)
    expert_id: str | None = None


@dataclass(frozen=True, slots=True)
class Served:
    """The part of one expert in one meeting that was held.

    Attributes:
        founders: the persons of the founder's side who were there.
        filed_at: when its record was first sent, None while there is none.
    """

    session_id: str
    expert_id: str
    starts_at: datetime
    ends_at: datetime
    founders: frozenset[str]
    filed_at: datetime | None = None

    @property
    def day(self) -> date:
        """The district's day on which it began."""
        return local_day(self.starts_at)

    @property
    def minutes(self) -> int:
        """How long the expert was there."""
        return int((self.ends_at - self.starts_at).total_seconds()) // 60


def overlapping(served: Iterable[Served], policy: SignalPolicy) -> Iterator[Found]:
    """Yield for each expert and day the meetings whose times overlap by some minutes."""
    for (expert_id, day), rows in _by_day(served).items():
        least = timedelta(minutes=max(policy.overlap_minutes, 1))
        behind: set[str] = set()
        most = timedelta(0)
        for place, one in enumerate(rows):
            for other in rows[place + 1 :]:
                shared = min(one.ends_at, other.ends_at) - other.starts_at
                if shared >= least:
                    behind |= {one.session_id, other.session_id}
                    most = max(most, shared)
        if behind:
            minutes = int(most.total_seconds()) // 60
            yield _found(Kind.OVERLAP, f"{expert_id}:{day}", rows, behind, {"minutes": minutes})


def long_days(served: Iterable[Served], policy: SignalPolicy) -> Iterator[Found]:
    """Yield the days on which one expert served longer than is usual."""
    for (expert_id, day), rows in _by_day(served).items():
        minutes = sum(row.minutes for row in rows)
        if minutes > policy.day_minutes:
            keys = {row.session_id for row in rows}
            facts = {"minutes": minutes, "most": policy.day_minutes}
            yield _found(Kind.LONG_DAY, f"{expert_id}:{day}", rows, keys, facts)


def daily_pairs(served: Iterable[Served], policy: SignalPolicy) -> Iterator[Found]:
    """Yield by month the experts and founders who met on many days within a short time."""
    pairs: dict[tuple[str, str], list[Served]] = defaultdict(list)
    for row in served:
        for founder in row.founders:
            pairs[row.expert_id, founder].append(row)
    for (expert_id, founder), rows in pairs.items():
        close = _crowded({row.day for row in rows}, policy)
        by_month: dict[str, set[date]] = defaultdict(set)
        for day in sorted(close):
            by_month[str(Month.of(day))].add(day)
        for month, days in by_month.items():
            behind = [row for row in rows if row.day in days]
            keys = {row.session_id for row in behind}
            facts = {"days": len(close), "window": policy.pair_window_days}
            yield _found(Kind.SAME_PAIR, f"{expert_id}:{founder}:{month}", behind, keys, facts)


def late_filed(served: Iterable[Served], policy: SignalPolicy) -> Iterator[Found]:
    """Yield by expert and month the records that were sent long after the meeting."""
    months: dict[tuple[str, str], list[tuple[int, Served]]] = defaultdict(list)
    for row in served:
        days = (local_day(row.filed_at) - row.day).days if row.filed_at else 0
        if days > policy.late_days:
            months[row.expert_id, str(Month.of(row.day))].append((days, row))
    for (expert_id, month), late in months.items():
        rows = [row for _, row in late]
        facts = {"records": len(rows), "days": max(days for days, _ in late)}
        keys = {row.session_id for row in rows}
        yield _found(Kind.LATE_RECORD, f"{expert_id}:{month}", rows, keys, facts)


def _by_day(served: Iterable[Served]) -> dict[tuple[str, date], list[Served]]:
    days: dict[tuple[str, date], list[Served]] = defaultdict(list)
    for row in sorted(served, key=lambda row: (row.starts_at, row.session_id)):
        days[row.expert_id, row.day].append(row)
    return days


def _crowded(days: set[date], policy: SignalPolicy) -> set[date]:
    """Return the days of every window that holds at least so many of them."""
    ordered, close = sorted(days), set[date]()
    need, reach = max(policy.pair_days, 2), policy.pair_window_days
    for place in range(len(ordered) - need + 1):
        window = ordered[place : place + need]
        if (window[-1] - window[0]).days < reach:
            close |= set(window)
    return close


def _found(
    kind: Kind,
    subject: str,
    rows: Iterable[Served],
    keys: set[str],
    facts: Mapping[str, int | str],
) -> Found:
    behind = sorted((row for row in rows if row.session_id in keys), key=lambda r: r.starts_at)
    ids = tuple(dict.fromkeys(row.session_id for row in behind))
    month = str(Month.of(behind[0].day))
    return Found(kind, subject, month, ids, facts, behind[0].expert_id)
