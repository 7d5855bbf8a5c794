"""口径预演: past months counted anew by a change of the policy, with the rows of each figure."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from flask import Blueprint, url_for

from app.api.operations import CREATED, operation
from app.api.schemas import Count, Text, Whole
from app.domain.actor import Permission
from app.domain.calendar import Month
from app.domain.policy_preview import MOST_MONTHS, PreviewStatus, Side
from app.domain.service_record import Decision
from app.http.run import reading, run
from app.http.wire import jsonable
from app.models.policy_change import PolicyPreview
from app.queries import policy_previews as previews
from app.services import policy_previews

LONGEST_MEASURE = 40
LAST_PAGE = 100_000
Figure = int | str


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewBody:
    """On which past months the change is tried."""

    months: Annotated[tuple[Month, ...], Count(1, MOST_MONTHS)]


@dataclass(frozen=True, slots=True)
class PreviewFigure:
    """One figure as it stands and as it would be, with the addresses of its rows."""

    measure: str
    old: Figure
    new: Figure
    old_rows_url: str
    new_rows_url: str


@dataclass(frozen=True, slots=True)
class PreviewMonth:
    """The figures of a month; of all months together where `month` is null."""

    month: str | None
    items: tuple[PreviewFigure, ...]


@dataclass(frozen=True, slots=True)
class PreviewDetail:
    """Past months counted anew; no record is touched by it."""

    id: UUID
    change_id: UUID
    status: PreviewStatus
    months: tuple[str, ...]
    done: int
    changed: int
    total: PreviewMonth | None
    by_month: tuple[PreviewMonth, ...]
    changed_url: str


@dataclass(frozen=True, slots=True)
class PreviewDecision:
    """What is decided of a record, by which rule, and why it is not in the headline."""

    status: str
    rule: str
    reason: str | None
    minutes: int
    persons: int


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """A record behind a figure; `after` only where it would be decided otherwise."""

    session_id: UUID
    reference: str
    day: date
    before: PreviewDecision
    after: PreviewDecision | None
    amount: int


@dataclass(frozen=True, slots=True)
class PreviewRows:
    """A page of the rows that sum to a figure; `value` is the sum of all pages."""

    value: int
    count: int
    items: tuple[PreviewRow, ...]
    page: int
    pages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewRowsQuery:
    """Which figure of which side; without a measure the records that would change."""

    measure: Annotated[str, Text(LONGEST_MEASURE)] | None = None
    side: Side = Side.NEW
    month: Month | None = None
    page: Annotated[int, Whole(1, LAST_PAGE)] = 1


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.post("/counting-policies/<uuid:change_id>/previews")(ask_policy_preview)
    blueprint.get("/policy-previews/<uuid:preview_id>")(read_policy_preview)
    blueprint.get("/policy-previews/<uuid:preview_id>/rows")(list_policy_preview_rows)


@operation(
    Permission.PREVIEW_POLICY,
    answer=PreviewDetail,
    status=CREATED,
    kept_at="/api/v1/policy-previews",
)
def ask_policy_preview(change_id: UUID, body: PreviewBody) -> Any:
    """Have past months counted anew by the numbers of a change; no record is touched."""
    made: PolicyPreview = run(policy_previews.ask, change_id, body.months)
    with reading() as reader:
        return jsonable(_preview(previews.preview(reader, made.id)))


@operation(Permission.READ_POLICY, answer=PreviewDetail)
def read_policy_preview(preview_id: UUID) -> Any:
    """Read both figures side by side, as far as they are counted."""
    with reading() as reader:
        return jsonable(_preview(previews.preview(reader, preview_id)))


@operation(Permission.READ_POLICY, answer=PreviewRows, logged=True)
def list_policy_preview_rows(preview_id: UUID, query: PreviewRowsQuery) -> Any:
    """List the records behind a figure of a preview, or those that would be decided otherwise."""
    month = str(query.month) if query.month else None
    with reading() as reader:
        if query.measure is None:
            found = previews.changed_rows(reader, preview_id, month=month, page=query.page)
        else:
            found = previews.preview_rows(
                reader, preview_id, query.measure, query.side, month=month, page=query.page
            )
    items = (
        PreviewRow(
            row.session_id,
            row.reference,
            row.before.day,
            _decision(row.before),
            _decision(row.after) if row.after else None,
            row.amount,
        )
        for row in found.rows
    )
    return jsonable(PreviewRows(found.value, found.count, tuple(items), found.page, found.pages))


def _preview(page: previews.PreviewPage) -> PreviewDetail:
    return PreviewDetail(
        id=page.id,
        change_id=page.change_id,
        status=page.status,
        months=page.months,
        done=page.done,
        changed=page.changed,
        total=_month(page, page.total) if page.total else None,
        by_month=tuple(_month(page, each) for each in page.by_month),
        changed_url=url_for("api.list_policy_preview_rows", preview_id=page.id),
    )


def _month(page: previews.PreviewPage, figures: previews.MonthFigures) -> PreviewMonth:
    def rows(measure: str, side: Side) -> str:
        return url_for(
            "api.list_policy_preview_rows",
            preview_id=page.id,
            measure=measure,
            side=side.value,
            month=figures.month,
        )

    return PreviewMonth(
        figures.month,
        tuple(
            PreviewFigure(name, old, figures.new[name], rows(name, Side.OLD), rows(name, Side.NEW))
            for name, old in figures.old.items()
            if not name.endswith("_hours")
        ),
    )


def _decision(decision: Decision) -> PreviewDecision:
    return PreviewDecision(
        status=decision.status.value,
        rule=decision.rule.value,
        reason=decision.reason.value if decision.reason else None,
        minutes=decision.minutes,
        persons=len(decision.person_ids),
    )
