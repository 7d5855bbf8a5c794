"""Where the rows of the plan's figures come from: services, items, lists, activities, reports."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.orm import aliased

from app.domain.activity import ActivityStatus
from app.domain.calendar import day_ends_at, day_starts_at, local_day
from app.domain.person import with_doubles
from app.domain.plan import (
    FOUNDER_KINDS,
    CheckStatus,
    Counted,
    Founder,
    Line,
    Listed,
    ReportPeriod,
    Source,
    Supported,
    SupportKind,
    founders,
)
from app.domain.plan.people import folded
from app.domain.service_record import canonical
from app.models.activity import Activity, ReviewProject
from app.models.plan import ReportedFigure
from app.models.standing_record import StandingPerson
from app.models.support_item import OpeningList, OpeningRow, SupportItem
from app.queries.aliases import load_aliases
from app.queries.free_times import Look
from app.queries.plan.page import Evidence, PlanRow, Proof

_KINDS = {Source.LOANS: SupportKind.LOAN, Source.JOBS: SupportKind.JOBS}


@dataclass(frozen=True)
class Material:
    """What lies behind the figures, each read once when it is first asked for; seven statements."""

    look: Look
    by: date

    def rows(self, source: Source, indicator_id: UUID, base_on: date) -> tuple[PlanRow, ...]:
        """Return the rows of a figure from its base to the day, the earliest first.

        A year in which the service has rows of its own takes none that were reported for it.
        """
        if source is Source.PERSONS:
            return self._founders(base_on)
        if source in _KINDS:
            return self._within(self._sums(_KINDS[source]), base_on)
        own = self._within(self._own(source), base_on)
        years = {row.on.year for row in own}
        told = self._within(self._reported[indicator_id, base_on], base_on)
        return _sorted([*own, *(row for row in told if row.on.year not in years)])

    def _founders(self, base_on: date) -> tuple[PlanRow, ...]:
        found = founders(
            self._counted(base_on),
            (
                Supported(str(item.person_id), item.done_on, item.id)
                for item in self._items
                if item.kind in FOUNDER_KINDS and base_on <= item.done_on <= self.by
            ),
            (
                _listed(row)
                for row in self._opening
                if row.kind in FOUNDER_KINDS and base_on <= row.done_on <= self.by
            ),
            self._aliases,
        )
        lines = {row.id: row for row in self._opening}
        return tuple(_of_founder(each, lines) for each in found)

    def _sums(self, kind: SupportKind) -> Iterable[PlanRow]:
        for item in self._items:
            if item.kind is kind:
                proof = Proof(Evidence.ITEM, item.id)
                yield PlanRow(
                    item.id, item.done_on, item.quantity or 0, (proof,), person_id=item.person_id
                )
        for row in self._opening:
            if row.kind is kind:
                yield PlanRow(
                    row.id,
                    row.done_on,
                    row.quantity or 0,
                    (_line_of(row),),
                    person_id=row.person_id,
                    label=row.name,
                )

    def _own(self, source: Source) -> Iterable[PlanRow]:
        if source is Source.ACTIVITIES:
            return self._activities
        return self._projects if source is Source.PROJECTS else ()

    def _within(self, rows: Iterable[PlanRow], base_on: date) -> tuple[PlanRow, ...]:
        return _sorted(row for row in rows if base_on <= row.on <= self.by)

    @cached_property
    def _aliases(self) -> Mapping[str, str]:
        return load_aliases(self.look)

    def _counted(self, base_on: date) -> Sequence[Counted]:
        rows = self.look.session.execute(
            select(StandingPerson.person_id, func.min(StandingPerson.started_at))
            .where(*_served_within(base_on, self.by))
            .group_by(StandingPerson.person_id)
        )
        return [Counted(str(person_id), local_day(first_at)) for person_id, first_at in rows]

    def first_services(self, rows: Iterable[PlanRow], base_on: date) -> Mapping[UUID, Proof]:
        """Return the first service of each founder among the rows who was served, by his key."""
        served = {row.person_id for row in rows if row.is_served and row.person_id}
        if not served:
            return {}
        same = with_doubles(served, self._aliases)
        found: dict[UUID, Proof] = {}
        for person_id, session_id in self.look.session.execute(
            select(StandingPerson.person_id, StandingPerson.service_session_id)
            .where(StandingPerson.person_id.in_(same), *_served_within(base_on, self.by))
            .order_by(StandingPerson.started_at, StandingPerson.service_session_id)
        ):
            key = UUID(canonical(str(person_id), self._aliases))
            found.setdefault(key, Proof(Evidence.SESSION, session_id))
        return found

    @cached_property
    def _items(self) -> Sequence[SupportItem]:
        return self.look.session.scalars(counting_items()).all()

    @cached_property
    def _opening(self) -> Sequence[OpeningRow]:
        approved = select(OpeningList.id).where(OpeningList.status == CheckStatus.APPROVED)
        rows = select(OpeningRow).where(OpeningRow.opening_list_id.in_(approved))
        return self.look.session.scalars(rows).all()

    @cached_property
    def _activities(self) -> Sequence[PlanRow]:
        rows = self.look.session.execute(
            select(Activity.id, Activity.starts_at, Activity.title).where(*_held(self.by))
        )
        return [
            PlanRow(key, local_day(starts_at), 1, (Proof(Evidence.ACTIVITY, key),), label=title)
            for key, starts_at, title in rows
        ]

    @cached_property
    def _projects(self) -> Sequence[PlanRow]:
        # A project heard twice in one year is one project of that year.
        first: dict[tuple[UUID, int], PlanRow] = {}
        for key, venture_id, name, activity_id, starts_at in self.look.session.execute(
            _projects_heard(self.by)
        ):
            on = local_day(starts_at)
            row = PlanRow(key, on, 1, (Proof(Evidence.ACTIVITY, activity_id),), label=name)
            first.setdefault((venture_id, on.year), row)
        return list(first.values())

    @cached_property
    def _reported(self) -> "_Reports":
        found: dict[UUID, list[ReportedFigure]] = defaultdict(list)
        for row in self.look.session.scalars(counting_reports()):
            found[row.indicator_id].append(row)
        return _Reports(found)


@dataclass(frozen=True, slots=True)
class _Reports:
    """Signed-off figures by indicator."""

    by_indicator: Mapping[UUID, Sequence[ReportedFigure]]

    def __getitem__(self, which: tuple[UUID, date]) -> Iterable[PlanRow]:
        indicator_id, base_on = which
        return [
            PlanRow(
                row.id,
                row.last_on,
                row.amount,
                (Proof(Evidence.REPORT, row.id),),
                label=f"{row.department} {row.period}",
            )
            for row in self.by_indicator.get(indicator_id, ())
            if row.first_on >= base_on
        ]


def counting_items() -> Select[SupportItem]:
    """Return the support items that count: checked, and not put right by another that was."""
    later = aliased(SupportItem)
    is_replaced = exists().where(
        later.replaces_id == SupportItem.id, later.status == CheckStatus.APPROVED
    )
    return select(SupportItem).where(
        SupportItem.status == CheckStatus.APPROVED, ~SupportItem.is_void, ~is_replaced
    )


def counting_reports() -> Select[ReportedFigure]:
    """Return the reported figures that count: signed off, and not put right by another."""
    later = aliased(ReportedFigure)
    is_replaced = exists().where(
        later.replaces_id == ReportedFigure.id, later.status == CheckStatus.APPROVED
    )
    return select(ReportedFigure).where(
        ReportedFigure.status == CheckStatus.APPROVED, ~ReportedFigure.is_void, ~is_replaced
    )


def may_be_reported(look: Look, source: Source, period: ReportPeriod) -> bool:
    """Tell whether a department reports it: the service has no rows of its own in that year."""
    if source is Source.REPORTS:
        return True
    if source not in (Source.ACTIVITIES, Source.PROJECTS):
        return False
    year = period.first_on.year
    of_year = Activity.starts_at >= day_starts_at(date(year, 1, 1))
    held = [*_held(date(year, 12, 31)), of_year]
    if source is Source.ACTIVITIES:
        return not look.session.scalars(select(Activity.id).where(*held).limit(1)).all()
    return not look.session.execute(_projects_heard(date(year, 12, 31)).where(of_year)).all()


def _served_within(base_on: date, by: date) -> list[ColumnElement[bool]]:
    return [
        StandingPerson.started_at >= day_starts_at(base_on),
        StandingPerson.started_at < day_ends_at(by),
    ]


def _held(by: date) -> list[ColumnElement[bool]]:
    """Return what makes an activity a 创业促进活动 that was held; helpers have no part of it."""
    return [
        Activity.is_promotion.is_(True),
        Activity.status == ActivityStatus.CLOSED,
        Activity.starts_at < day_ends_at(by),
    ]


def _projects_heard(by: date) -> Select[UUID, UUID, str, UUID, datetime]:
    return (
        select(
            ReviewProject.id,
            ReviewProject.venture_id,
            ReviewProject.name,
            Activity.id,
            Activity.starts_at,
        )
        .join(Activity, Activity.id == ReviewProject.activity_id)
        .where(*_held(by), ReviewProject.score.is_not(None))
        .order_by(Activity.starts_at, ReviewProject.id)
    )


def _listed(row: OpeningRow) -> Listed:
    return Listed(
        row.id,
        str(row.person_id) if row.person_id else None,
        row.done_on,
        row.number_mac,
        row.phone_mac,
        folded(row.name),
    )


def _line_of(row: OpeningRow) -> Proof:
    return Proof(Evidence.LIST, row.opening_list_id, row.number)


def _of_founder(founder: Founder, lines: Mapping[UUID, OpeningRow]) -> PlanRow:
    row = lines[founder.row_id] if founder.row_id else None
    is_known = founder.line is not Line.UNMATCHED
    proofs = [Proof(Evidence.ITEM, founder.item_id)] if founder.item_id else []
    return PlanRow(
        founder.key,
        founder.on,
        1,
        (*proofs, _line_of(row)) if row else tuple(proofs),
        line=founder.line,
        is_served=founder.is_served,
        person_id=founder.key if is_known else None,
        label=row.name if row and not is_known else "",
    )


def _sorted(rows: Iterable[PlanRow]) -> tuple[PlanRow, ...]:
    return tuple(sorted(rows, key=lambda row: (row.on, row.key)))
