"""The nightly self-audit: the books looked over, findings kept, nothing repaired."""

from collections.abc import Iterator
from datetime import datetime, time

from sqlalchemy import select

from app.domain.actor import Permission
from app.domain.attachment import KeptFiles
from app.domain.calendar import ZONE, Month
from app.domain.job import ClaimedJob
from app.domain.self_audit import CLOSED_MONTHS, Check, Finding, stored
from app.models.period import Period, PublishedFigure
from app.models.self_audit import SelfAudit
from app.queries import self_audits as questions
from app.queries.service_counts.closed import closed_months
from app.services import points
from app.services.jobs import plan_once
from app.services.periods import fingerprint
from app.services.service_records.rechecking import recheck
from app.services.service_records.standing import differing
from app.unit_of_work import UnitOfWork

LOOK = "look_over_the_books"
AT = time(3)


def watch(uow: UnitOfWork) -> bool:
    """Have the books looked over once each night; return whether that is new."""
    uow.require(Permission.RUN_JOBS)
    due_at = datetime.combine(uow.today, AT, ZONE)
    return uow.now >= due_at and plan_once(uow, LOOK, f"{LOOK}:{uow.today}", due_at)


def look_over(uow: UnitOfWork, _job: ClaimedJob, *, files: KeptFiles | None = None) -> SelfAudit:
    """Ask every question of the books and keep what was found; repair nothing.

    `files` is where the bytes of attachments lie; without it they are not looked at.
    """
    uow.require(Permission.RUN_JOBS)
    findings = [*_findings(uow), *(questions.damaged_files(uow, files) if files else ())]
    return uow.add(SelfAudit(looked_at=uow.now, found=len(findings), findings=stored(findings)))


def _findings(uow: UnitOfWork) -> Iterator[Finding]:
    yield from questions.doubled_times(uow)
    yield from questions.orphaned_reminders(uow)
    yield from questions.beyond_terms(uow)
    for month in _months(uow):
        yield from questions.differing_splits(uow, month)
        for session_id in differing(uow, month):
            yield Finding(Check.COLUMNS_DIFFER, str(session_id), {"month": str(month)})
        for each in recheck(uow, month):
            facts = {"month": str(month), "stands": each.stands, "would_be": each.would_be}
            yield Finding(Check.COUNT_DIFFERS, str(each.session_id), facts)
    yield from _changed_figures(uow)
    yield from _differing_points(uow)


def _months(uow: UnitOfWork) -> list[Month]:
    """Return the last thirteen closed months and all that are open, up to the present one."""
    closed = sorted(closed_months(uow))
    present = Month.of(uow.today)
    month = closed[-CLOSED_MONTHS:][0] if closed else Month(present.year - 1, present.number)
    months = []
    while month <= present:
        months.append(month)
        month = month.following()
    return months


def _differing_points(uow: UnitOfWork) -> Iterator[Finding]:
    for year in (uow.today.year - 1, uow.today.year):
        for each in points.differences(uow, year):
            facts = {"year": str(year), "posted": str(each.posted), "worth": str(each.worth)}
            yield Finding(Check.POINTS_DIFFER, str(each.expert_id), facts)


def _changed_figures(uow: UnitOfWork) -> Iterator[Finding]:
    rows = uow.session.execute(
        select(PublishedFigure, Period).join(Period, Period.id == PublishedFigure.period_id)
    )
    for figure, period in rows:
        if fingerprint(period, figure.measure, figure.value, figure.rows) != figure.sha256:
            facts = {"month": period.month, "measure": figure.measure}
            yield Finding(Check.FIGURE_DIFFERS, str(figure.id), facts)
