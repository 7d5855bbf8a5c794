"""The nightly self-audit: the trail and the books looked over, findings kept, nothing repaired."""

import time as machine
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time

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
from app.services.audit_entries import Report
from app.services.jobs import plan_once
from app.services.periods import fingerprint
from app.services.service_records.rechecking import recheck
from app.services.service_records.standing import differing
from app.unit_of_work import Reader, UnitOfWork

LOOK = "look_over_the_books"
AT = time(3)
# How often a long look says that it goes on; a lease lasts a minute.
_PAUSE = 10.0

Tick = Callable[[], None]
Step = Callable[[int, int], None]
Prove = Callable[[Reader, Tick], Report]


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look over the books found.

    Attributes:
        entries: how many entries of the trail were proved; None where it was left out.
        found: how many findings there are; the first of them are in `findings`.
    """

    entries: int | None
    found: int
    findings: tuple[Finding, ...]


def watch(uow: UnitOfWork) -> bool:
    """Have the books looked over once each night; return whether that is new."""
    uow.require(Permission.RUN_JOBS)
    due_at = datetime.combine(uow.today, AT, ZONE)
    return uow.now >= due_at and plan_once(uow, LOOK, f"{LOOK}:{uow.today}", due_at)


def begin(uow: UnitOfWork, _job: ClaimedJob) -> date:
    """Return the day whose night it is, which `look_over` is given."""
    uow.require(Permission.RUN_JOBS)
    return uow.today


def look_over(
    reader: Reader,
    today: date,
    step: Step,
    *,
    files: KeptFiles | None = None,
    prove: Prove | None = None,
) -> Looked:
    """Ask every question of the books and write nothing: nobody has to wait meanwhile.

    Args:
        reader: a look that sees everything and has read nothing yet.
        today: the day whose night it is.
        step: told from time to time that the work goes on.
        files: where the bytes of attachments lie; without it they are not looked at.
        prove: verifies the trail, calling what it is given now and then.
    """
    tick = _seldom(step)
    report = prove(reader, tick) if prove else Report()
    findings = [*_broken(report), *_findings(reader, today, tick)]
    if files:
        findings += questions.damaged_files(reader, files)
    unnamed = report.total - len(report.faults)
    entries = report.entries if prove else None
    return Looked(entries, len(findings) + unnamed, tuple(findings))


def record(uow: UnitOfWork, looked: Looked) -> SelfAudit:
    """Keep what was found; repair nothing."""
    uow.require(Permission.RUN_JOBS)
    return uow.add(
        SelfAudit(
            looked_at=uow.now,
            found=looked.found,
            entries=looked.entries,
            findings=stored(looked.findings),
        )
    )


def _seldom(step: Step) -> Tick:
    last = machine.monotonic()

    def tick() -> None:
        nonlocal last
        if machine.monotonic() - last >= _PAUSE:
            last = machine.monotonic()
            step(0, 1)

    return tick


def _broken(report: Report) -> Iterator[Finding]:
    """Yield what is not as the trail says, by the seal, the entry or the row it is about."""
    for fault in report.faults:
        facts = {name: str(value) for name, value in fault.items()}
        subject = facts.get("row") or facts.get("entry") or facts.get("seal") or facts["kind"]
        yield Finding(Check.TRAIL_BROKEN, subject, facts)


def _findings(reader: Reader, today: date, tick: Tick) -> Iterator[Finding]:
    yield from questions.doubled_times(reader)
    yield from questions.orphaned_reminders(reader)
    yield from questions.beyond_terms(reader)
    for month in _months(reader, today):
        tick()
        yield from questions.differing_splits(reader, month)
        for session_id in differing(reader, month):
            yield Finding(Check.COLUMNS_DIFFER, str(session_id), {"month": str(month)})
        for each in recheck(reader, month):
            facts = {"month": str(month), "stands": each.stands, "would_be": each.would_be}
            yield Finding(Check.COUNT_DIFFERS, str(each.session_id), facts)
    yield from _changed_figures(reader)
    yield from _differing_points(reader, today)


def _months(reader: Reader, today: date) -> list[Month]:
    """Return the last thirteen closed months and all that are open, up to the present one."""
    closed = sorted(closed_months(reader))
    present = Month.of(today)
    month = closed[-CLOSED_MONTHS:][0] if closed else Month(present.year - 1, present.number)
    months = []
    while month <= present:
        months.append(month)
        month = month.following()
    return months


def _differing_points(reader: Reader, today: date) -> Iterator[Finding]:
    for year in (today.year - 1, today.year):
        for each in points.differences(reader, year):
            facts = {"year": str(year), "posted": str(each.posted), "worth": str(each.worth)}
            yield Finding(Check.POINTS_DIFFER, str(each.expert_id), facts)


def _changed_figures(reader: Reader) -> Iterator[Finding]:
    rows = reader.session.execute(
        select(PublishedFigure, Period).join(Period, Period.id == PublishedFigure.period_id)
    )
    for figure, period in rows:
        if fingerprint(period, figure.measure, figure.value, figure.rows) != figure.sha256:
            facts = {"month": period.month, "measure": figure.measure}
            yield Finding(Check.FIGURE_DIFFERS, str(figure.id), facts)
