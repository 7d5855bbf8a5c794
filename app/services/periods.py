"""The verb of a reporting month: close it, once, in order, for ever."""

from collections.abc import Mapping, Sequence
from dataclasses import astuple
from uuid import UUID

from sqlalchemy import select

from app.domain.actor import Permission
from app.domain.audit_entry import digest
from app.domain.calendar import Month
from app.domain.errors import ConflictError
from app.domain.published_report import Stated, hash_of, report_text
from app.domain.report_words import SPLITS
from app.domain.service_record import (
    FIGURE_NAMES,
    CountingPolicy,
    Decision,
    behind,
    closing_opens_at,
    cut_instant,
    ensure_may_close,
    figure,
    policy_on,
    split_persons,
)
from app.models.period import Period, PublishedFigure, PublishedGroups, PublishedReport
from app.queries.service_counts.closed import closed_months, next_to_close
from app.queries.service_counts.decisions import Version, known_at, of_month, of_sessions
from app.queries.service_counts.policies import load_policies
from app.queries.service_counts.seals import by_group
from app.queries.vocabularies import labels
from app.services import points, service_records
from app.unit_of_work import UnitOfWork


def close(uow: UnitOfWork, month: Month) -> Period:
    """Freeze the figures of the month with the rows behind each; there is no reopening.

    The cut is now, at the latest 24:00 of the closing day; what became known between the cut and
    a late closing is posted as an adjustment to the next month. Reporting begins with the first
    month that has a record.

    Raises:
        ConflictError: `period.already_closed`.
        MonthOutOfOrderError: another month is next.
        TooEarlyToCloseError: before 00:00 of the closing day.
    """
    uow.require(Permission.CLOSE_PERIOD)
    service_records.lock_closing(uow)
    policy = policy_on(load_policies(uow), month.first_on)
    _ensure_next(uow, month, policy)
    with uow.beyond_scope("a month is closed with all its records"):
        period = _open_row(uow, month, policy)
        frozen = known_at(uow, month, period.cut_at)
        _publish(uow, period, month, frozen)
        _keep_report(uow, period, policy, [each.decision for each in frozen.values()])
        _post_what_came_late(uow, month, frozen)
        # Ratings weigh from a closing on.
        for year in (month.year - 1, month.year):
            points.settle(uow, year, cause="period.closed")
    return period


def _ensure_next(uow: UnitOfWork, month: Month, policy: CountingPolicy) -> None:
    closed = closed_months(uow)
    if month in closed:
        raise ConflictError("period.already_closed", month=str(month))
    opens_at = closing_opens_at(month, uow.calendar, policy.close_working_day)
    ensure_may_close(month, next_to_close(uow, closed) or month, opens_at, uow.now)


def _open_row(uow: UnitOfWork, month: Month, policy: CountingPolicy) -> Period:
    period = uow.add(
        Period(
            month=str(month),
            cut_at=cut_instant(month, uow.calendar, policy.close_working_day, uow.now),
            closed_at=uow.now,
            closed_by_id=uow.actor.account_id,
            policy_code=policy.code,
        )
    )
    uow.audit("period.closed", period)
    uow.flush()
    return period


def _publish(uow: UnitOfWork, period: Period, month: Month, frozen: Mapping[UUID, Version]) -> None:
    decisions = [version.decision for version in frozen.values()]
    for name in FIGURE_NAMES:
        value = figure(decisions, month, name)
        rows = _row_ids(behind(decisions, month, name), frozen)
        published = uow.add(
            PublishedFigure(
                period_id=period.id,
                measure=name,
                value=value,
                rows=rows,
                sha256=fingerprint(period, name, value, rows),
            )
        )
        uow.audit("figure.published", published)
    told = split_persons(by_group(uow, decisions, as_reported=True), month)
    groups = uow.add(
        PublishedGroups(
            period_id=period.id,
            figures={code: list(astuple(figures)) for code, figures in sorted(told.items())},
        )
    )
    uow.audit("groups.published", groups)


def _keep_report(
    uow: UnitOfWork, period: Period, policy: CountingPolicy, decisions: Sequence[Decision]
) -> None:
    """Keep the file of the month as it is published; every later copy is of these bytes."""
    uow.flush()
    figures = uow.all(select(PublishedFigure).where(PublishedFigure.period_id == period.id))
    names = labels(uow, *{vocabulary for _, vocabulary in SPLITS.values()})
    text = report_text(
        Stated(
            month=Month.parse(period.month),
            policy=policy,
            closed_at=period.closed_at,
            cut_at=period.cut_at,
            decisions=decisions,
            prints={row.measure: row.sha256 for row in figures},
            named=names.of,
        )
    )
    row = uow.add(
        PublishedReport(
            period_id=period.id,
            content=text,
            size=len(text.encode()),
            sha256=hash_of(text),
        )
    )
    uow.audit("report.published", row)


def fingerprint(period: Period, measure: str, value: int, rows: Sequence[str]) -> str:
    """Return the SHA-256 over a figure with all it rests on."""
    return digest(
        {
            "month": period.month,
            "cut_at": period.cut_at,
            "policy": period.policy_code,
            "measure": measure,
            "value": value,
            "rows": rows,
        }
    )


def _row_ids(decisions: Sequence[Decision], frozen: Mapping[UUID, Version]) -> list[str]:
    return [str(frozen[UUID(decision.session_id)].record_id) for decision in decisions]


def _post_what_came_late(uow: UnitOfWork, month: Month, frozen: Mapping[UUID, Version]) -> None:
    touched = {*frozen, *of_month(uow, month)}
    news = service_records.News(frozen, of_sessions(uow, touched))
    service_records.post(uow, month, news)
