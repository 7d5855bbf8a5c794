"""Month reports: which months there are, and how the figures of one split."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.domain.actor import Permission, may
from app.domain.calendar import Month, WorkingCalendar, local_day
from app.domain.service_record import (
    Additive,
    PersonFigures,
    Reason,
    SplitBy,
    VentureFigures,
    closing_opens_at,
    policy_on,
    split,
    split_persons,
    split_ventures,
)
from app.models.availability import CalendarDay
from app.models.period import PublishedFigure
from app.queries.bureau_desk.late_changes import LateChange, month_changes
from app.queries.service_counts import MonthCounts, measures
from app.queries.service_counts.closed import closed_months, next_to_close
from app.queries.service_counts.group_labels import by_every_label
from app.queries.service_counts.policies import load_policies
from app.queries.service_counts.seals import by_group, published_groups
from app.unit_of_work import Reader

SPLITS = (
    SplitBy.TYPE,
    SplitBy.EXPERT_CATEGORY,
    SplitBy.AREA,
    SplitBy.STREET,
    SplitBy.INDUSTRY,
    SplitBy.DEPARTMENT,
    SplitBy.CONFIRMATION,
)

OF_VENTURES = (SplitBy.AREA, SplitBy.STREET, SplitBy.INDUSTRY)


@dataclass(frozen=True, slots=True)
class MonthLine:
    """A month with its state; the services as published once it is closed."""

    month: Month
    closed_at: datetime | None
    sessions: int | None


@dataclass(frozen=True, slots=True)
class ReportList:
    """Every month from the first recorded to the present one, the newest first.

    Attributes:
        next: the month to close next, and from when that is possible.
        may_close: whether it can be closed now, by the reader.
    """

    months: tuple[MonthLine, ...]
    next: Month | None
    opens_at: datetime | None
    may_close: bool


@dataclass(frozen=True, slots=True)
class MonthReport:
    """The report of one month.

    Attributes:
        splits: the additive measures known now, by exclusive labels that add up.
        ventures: enterprises and teams by the label of their last counted service.
        groups: person-times and persons by verified primary group.
        published_groups: the same as the month was closed with; None while it is open, of months
            closed before these were kept, and for who does not see every record.
        labels: the same by every verified label; a person with several is in each.
        reasons: how many records do not count, by the reason shown.
        changes: what became known of a closed month, as posted in later ones.
        posted: what this month tells of closed ones, by the month it is about.
        has_ended: whether the month is over.
    """

    month: Month
    counts: MonthCounts
    splits: Mapping[SplitBy, Mapping[str, Additive]]
    ventures: Mapping[SplitBy, Mapping[str, VentureFigures]]
    groups: Mapping[str, PersonFigures]
    published_groups: Mapping[str, PersonFigures] | None
    labels: Mapping[str, PersonFigures]
    reasons: Mapping[str, int]
    changes: tuple[LateChange, ...]
    posted: Mapping[str, Sequence[LateChange]]
    has_ended: bool
    may_close: bool
    printed_at: datetime


def report_list(reader: Reader) -> ReportList:
    """Return the months; five statements."""
    closed = closed_months(reader)
    following = next_to_close(reader, closed)
    rows = reader.session.execute(
        select(PublishedFigure.period_id, PublishedFigure.value).where(
            PublishedFigure.measure == "sessions"
        )
    )
    published = {period_id: value for period_id, value in rows}
    present = Month.of(local_day(reader.now))
    first = min(closed, default=following or present)
    lines = []
    month = min(first, present)
    while month <= present:
        period = closed.get(month)
        value = published.get(period.id) if period else None
        lines.append(MonthLine(month, period.closed_at if period else None, value))
        month = month.following()
    opens_at = _opens_at(reader, following) if following else None
    is_open = opens_at is not None and opens_at <= reader.now
    may_close = is_open and may(reader.actor, Permission.CLOSE_PERIOD)
    return ReportList(tuple(reversed(lines)), following, opens_at, may_close)


def month_report(reader: Reader, month: Month) -> MonthReport:
    """Return the report of the month; at most twelve statements.

    Raises:
        SplitMismatchError: a split does not add up, so that no report is built.
    """
    counts = measures(reader, month)
    decisions = counts.decisions
    has_ended = month.following().first_on <= local_day(reader.now)
    changes, posted = month_changes(reader, month)
    reasons = Counter(counts.not_counted.values())
    return MonthReport(
        month=month,
        counts=counts,
        splits={by: split(decisions, month, by) for by in SPLITS},
        ventures={by: split_ventures(decisions, month, by) for by in OF_VENTURES},
        groups=split_persons(by_group(reader, decisions), month),
        published_groups=published_groups(reader, month) if counts.is_closed else None,
        labels=by_every_label(reader, month, month),
        reasons={each.value: reasons[each.value] for each in Reason if reasons[each.value]},
        has_ended=has_ended,
        changes=changes,
        posted=posted,
        may_close=has_ended and not counts.is_closed and may(reader.actor, Permission.CLOSE_PERIOD),
        printed_at=reader.now,
    )


def _opens_at(reader: Reader, month: Month) -> datetime:
    policy = policy_on(load_policies(reader), month.first_on)
    rows = reader.session.execute(
        select(CalendarDay.day, CalendarDay.kind).where(~CalendarDay.is_withdrawn)
    )
    calendar = WorkingCalendar({day: kind for day, kind in rows})
    return closing_opens_at(month, calendar, policy.close_working_day)
