"""服务总览 gathered: a year's figures, its months, the pool, what waits, how well it goes."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from statistics import median
from typing import Any
from uuid import UUID

from sqlalchemy import Select, String, cast, func, literal, null, select, union_all

from app.db import UTCDateTime
from app.domain.actor import Reach
from app.domain.calendar import Month, WorkingCalendar, local_day
from app.domain.expert import ExpertCategory
from app.domain.service_record import (
    Additive,
    Decision,
    Reason,
    SessionType,
    Status,
    contribution,
    tally_period,
)
from app.domain.service_record.slices import Labels, Share, addends, months_of
from app.models.availability import CalendarDay
from app.models.booking import Booking
from app.models.expert import Appointment, Expert
from app.models.period import Period, PublishedFigure
from app.queries import vocabularies
from app.queries.bureau_desk.answers import Answer, answered
from app.queries.bureau_desk.waiting import counts
from app.queries.bureau_desk.waits import first_meetings
from app.queries.overview.page import (
    CategoryLoad,
    MonthBar,
    Overview,
    Pile,
    Quality,
    Reported,
)
from app.queries.service_counts.decisions import of_months
from app.unit_of_work import Reader

# The services shown each by itself; all others of the headline stand together.
SHOWN_TYPES = (SessionType.CONSULTATION, SessionType.DIAGNOSIS, SessionType.TUTORING)
OTHER = "other"
COMPARED = ("sessions", "person_times", "session_minutes")


def overview(
    reader: Reader, month: Month, street: str | None = None, *, locale: vocabularies.Locale = "zh"
) -> Overview:
    """Return the figures of the month and of its year; eight statements."""
    labels = Labels(street=street)
    year = months_of(month.year)
    stored = of_months(reader, year).values()
    decisions = labels.choose(version.decision for version in stored)
    calendar = WorkingCalendar(
        {
            day: kind
            for day, kind in reader.session.execute(
                select(CalendarDay.day, CalendarDay.kind).where(~CalendarDay.is_withdrawn)
            )
        }
    )
    piles = _piles(reader, calendar, year, street)
    shown = tuple(each for each in year if each <= max(month, Month.of(local_day(reader.now))))
    is_whole = street is None and Reach.ALL in reader.actor.reaches
    measures = tally_period(decisions, year)
    return Overview(
        now=reader.now,
        month=month,
        months=shown,
        labels=labels,
        year=measures,
        of_month=tally_period(decisions, [month]),
        bars=_bars(decisions, shown),
        categories=_categories(decisions, piles),
        piles=piles,
        unidentified=_unidentified(decisions),
        quality=_quality(decisions, piles, first_meetings(reader, year)),
        reported=_reported(reader, year, decisions) if is_whole else (),
        names=vocabularies.labels(reader, "street", locale=locale),
    )


def _bars(decisions: Sequence[Decision], months: Iterable[Month]) -> tuple[MonthBar, ...]:
    counted = Counter(
        (d.month, d.session_type.value if d.session_type in SHOWN_TYPES else OTHER)
        for d in decisions
        if d.status is Status.COUNTED
    )
    types = (*(each.value for each in SHOWN_TYPES), OTHER)
    return tuple(
        MonthBar(month, {code: counted[month, code] for code in types}) for month in months
    )


def _categories(
    decisions: Iterable[Decision], piles: Mapping[str, Pile]
) -> tuple[CategoryLoad, ...]:
    carried = Counter(d.expert_category for d in decisions if d.status is Status.COUNTED)
    return tuple(
        CategoryLoad(category, piles[category].count, carried[category])
        for category in ExpertCategory
    )


def _unidentified(decisions: Iterable[Decision]) -> int:
    return sum(d.reason is Reason.IDENTITY_UNVERIFIED for d in decisions)


def _quality(
    decisions: Sequence[Decision], piles: Mapping[str, Pile], waits: Mapping[UUID, int]
) -> Quality:
    held = addends(decisions, Share.HELD)
    keys = (UUID(row.decision.session_id) for row in held)
    days = [waits[key] for key in keys if key in waits]
    in_time = piles[Answer.IN_TIME].count
    return Quality(
        median_wait=median(days) if days else None,
        first_meetings=len(days),
        in_time=in_time,
        answered=in_time + piles[Answer.NONE].count,
        confirmed=len(addends(decisions, Share.CONFIRMED)),
        held=len(held),
    )


def _piles(
    reader: Reader, calendar: WorkingCalendar, year: Sequence[Month], street: str | None
) -> Mapping[str, Pile]:
    """Return every count that needs no stored decision in one statement."""
    parts = [*counts(reader.now, calendar), *(_answers(each, year, street) for each in Answer)]
    found = reader.session.execute(union_all(*parts, _pool(reader.now))).all()
    piles = {kind: Pile(count, at) for kind, count, at in found}
    return {**{category.value: Pile(0, None) for category in ExpertCategory}, **piles}


def _answers(answer: Answer, year: Sequence[Month], street: str | None) -> Select[Any]:
    label = literal(answer.value).label("kind")
    oldest: Any = func.min(Booking.answer_by)
    return select(label, func.count(Booking.id), oldest).where(*answered(year, answer, street))


def _pool(now: datetime) -> Select[Any]:
    day = local_day(now)
    kind = cast(Expert.category, String(40)).label("kind")
    in_term = select(Appointment.expert_id).where(
        Appointment.starts_on <= day, Appointment.ends_on >= day
    )
    since: Any = cast(null(), UTCDateTime())
    count = select(kind, func.count(Expert.id), since).where(Expert.id.in_(in_term))
    return count.group_by(Expert.category)


def _reported(
    reader: Reader, year: Sequence[Month], decisions: Iterable[Decision]
) -> tuple[Reported, ...]:
    published: dict[str, dict[str, int]] = defaultdict(dict)
    rows = reader.session.execute(
        select(Period.month, PublishedFigure.measure, PublishedFigure.value)
        .join(PublishedFigure, PublishedFigure.period_id == Period.id)
        .where(Period.month.in_([str(each) for each in year]))
        .where(PublishedFigure.measure.in_(COMPARED))
    )
    for month, measure, value in rows:
        published[month][measure] = value
    now = _by_month(decisions)
    return tuple(
        Reported(Month.parse(month), figures, _compared(now[month]))
        for month, figures in sorted(published.items())
    )


def _compared(figures: Additive) -> dict[str, int]:
    return {name: getattr(figures, name) for name in COMPARED}


def _by_month(decisions: Iterable[Decision]) -> Mapping[str, Additive]:
    parts: dict[str, list[Additive]] = defaultdict(list)
    for decision in decisions:
        parts[str(decision.month)].append(contribution(decision))
    totals = {month: Additive.total(each) for month, each in parts.items()}
    return defaultdict(Additive, totals)
