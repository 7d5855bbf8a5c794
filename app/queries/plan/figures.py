"""The plan gathered: each indicator from its base to a day, and the rows behind one of them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import and_, select

from app.domain.actor import Permission, may
from app.domain.errors import NotFoundError
from app.domain.plan import Comparison, IndicatorKind, Source, elapsed, source_of, target_of
from app.domain.plan.progress import BUREAU
from app.domain.privacy import mask_name
from app.domain.vocabulary import Label
from app.models.person import Person
from app.models.plan import Indicator, IndicatorBase
from app.models.vocabulary import Term
from app.queries.plan.page import (
    Asked,
    Base,
    Evidence,
    IndicatorFigure,
    IndicatorPage,
    PlanPage,
    PlanRow,
    Proof,
    ShownRow,
    months_of,
)
from app.queries.plan.sources import Material
from app.unit_of_work import Reader

PAGE = 100
# The seed's own base is that of the plan itself.
PLAN_DOCUMENT = "济历城政办字〔2025〕3号"
_HEADLINE = frozenset({Source.PERSONS, Source.JOBS, Source.PROJECTS, Source.ACTIVITIES})


def plan_page(reader: Reader, year: int | None = None) -> PlanPage:
    """Return every indicator in a year, by default the present one; at most eight statements.

    Raises:
        NotFoundError: the year has not begun, or lies before every base.
    """
    by = _by(reader, year)
    indicators = _indicators(reader)
    years = _years(reader, [each.base for each in indicators])
    if indicators and by.year not in years:
        raise NotFoundError("plan.no_such_year")
    material = Material(reader, by)
    figures = tuple(_figure(material, each) for each in indicators)
    return PlanPage(by.year, years, figures)


def headline(reader: Reader, year: int) -> tuple[IndicatorFigure, ...]:
    """Return the bureau's own targets that the service itself adds to, sums of money aside.

    None where the plan had not begun; at most eight statements.
    """
    by = reader.today if year >= reader.today.year else date(year, 12, 31)
    material = Material(reader, by)
    return tuple(
        _figure(material, each)
        for each in _indicators(reader)
        if each.row.owner == BUREAU
        and source_of(each.row.code) in _HEADLINE
        and each.base.baseline_on <= by
    )


def indicator_page(
    reader: Reader, code: str, asked: Asked, *, after: UUID | None = None
) -> IndicatorPage:
    """Return one indicator with a page of the rows asked for.

    Raises:
        NotFoundError: there is no such indicator, year or row.
    """
    by = _by(reader, asked.year)
    found = next((each for each in _indicators(reader) if each.row.code == code), None)
    if found is None:
        raise NotFoundError("indicator.not_found")
    years = _years(reader, [found.base])
    if by.year not in years:
        raise NotFoundError("plan.no_such_year")
    material = Material(reader, by)
    figure = _figure(material, found)
    rows = [row for row in figure.shown_rows if asked.takes(row)]
    first = _place(rows, after)
    shown = rows[first : first + PAGE]
    services = material.first_services(shown, figure.base.baseline_on)
    return IndicatorPage(
        figure=figure,
        asked=asked,
        years=years,
        months=months_of(figure),
        total=sum(row.amount for row in rows),
        count=len(rows),
        rows=_shown(reader, [_with_service(row, services) for row in shown]),
        next=shown[-1].key if first + PAGE < len(rows) else None,
        may_check=may(reader.actor, Permission.CHECK_PLAN),
    )


def _by(reader: Reader, year: int | None) -> date:
    if year is None or year == reader.today.year:
        return reader.today
    if year > reader.today.year:
        raise NotFoundError("plan.no_such_year")
    return date(year, 12, 31)


def _years(reader: Reader, bases: Sequence[Base]) -> tuple[int, ...]:
    first = min((base.baseline_on.year for base in bases), default=reader.today.year)
    return tuple(range(reader.today.year, first - 1, -1))


class _Known(NamedTuple):
    """An indicator, the base that holds today, and what its owner is called."""

    row: Indicator
    base: Base
    owner: Label


def _indicators(reader: Reader) -> list[_Known]:
    """Return the indicators with the base that holds today, whatever year is asked for."""
    rows = reader.session.execute(
        select(Indicator, IndicatorBase, Term.zh, Term.en)
        .outerjoin(
            IndicatorBase,
            and_(
                IndicatorBase.indicator_id == Indicator.id,
                IndicatorBase.valid_from <= reader.today,
            ),
        )
        .outerjoin(Term, and_(Term.vocabulary == "department", Term.code == Indicator.owner))
        .order_by(Indicator.code, IndicatorBase.valid_from)
    ).all()
    # The last of each indicator is the one that holds.
    return list(
        {
            row.code: _Known(row, _base(row, changed), Label("department", row.owner, zh, en))
            for row, changed, zh, en in rows
        }.values()
    )


def _base(indicator: Indicator, changed: IndicatorBase | None) -> Base:
    if changed is None:
        return Base(indicator.baseline_on, indicator.due_on, None, PLAN_DOCUMENT)
    return Base(changed.baseline_on, changed.due_on, changed.valid_from, changed.document)


def _figure(material: Material, known: _Known) -> IndicatorFigure:
    row, base = known.row, known.base
    kind, comparison = IndicatorKind(row.kind), Comparison(row.comparison)
    source = source_of(row.code)
    return IndicatorFigure(
        code=row.code,
        zh=row.zh,
        en=row.en,
        kind=kind,
        comparison=comparison,
        written=row.target,
        unit=row.unit,
        clause=row.clause,
        owner=row.owner,
        owner_zh=known.owner.zh or row.owner,
        owner_en=known.owner.en or row.owner,
        base=base,
        source=source,
        target=target_of(comparison, row.target, row.unit),
        time=elapsed(kind, base.baseline_on, base.due_on, material.by),
        rows=material.rows(source, row.id, base.baseline_on),
    )


def _place(rows: Sequence[PlanRow], after: UUID | None) -> int:
    if after is None:
        return 0
    place = next((at for at, row in enumerate(rows, start=1) if row.key == after), None)
    if place is None:
        raise NotFoundError("plan.row_not_found")
    return place


def _with_service(row: PlanRow, services: Mapping[UUID, Proof]) -> PlanRow:
    first = services.get(row.key)
    return replace(row, proofs=(first, *row.proofs)) if first else row


def _shown(reader: Reader, rows: Sequence[PlanRow]) -> tuple[ShownRow, ...]:
    wanted = [row.person_id for row in rows if row.person_id]
    names: dict[UUID, str] = {}
    if wanted:
        found = reader.session.execute(select(Person.id, Person.name).where(Person.id.in_(wanted)))
        names = {key: mask_name(name) for key, name in found}
    return tuple(ShownRow(row, _name(row, names)) for row in rows)


def _name(row: PlanRow, names: dict[UUID, str]) -> str:
    if row.person_id:
        return names.get(row.person_id, "")
    is_person = any(proof.evidence is Evidence.LIST for proof in row.proofs)
    return mask_name(row.label) if is_person else row.label
