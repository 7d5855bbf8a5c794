"""The verbs of a report file: ask, begin, go on, keep, give up, forget."""

from uuid import UUID

from sqlalchemy import delete, select

from app.domain.actor import Permission
from app.domain.calendar import Month
from app.domain.job import ClaimedJob
from app.domain.report_file import (
    KEPT,
    UNDER_WAY,
    Made,
    ReportFileStatus,
    ReportFormat,
    StretchNotBegunError,
    Wanted,
)
from app.domain.stretch import Stretch
from app.models.account import Account
from app.models.report_file import ReportFile, ReportFilePart
from app.unit_of_work import UnitOfWork

MAKE = "make_report"
FORGET = "forget_report"
# A file becomes ready or fails once, however often its job is begun anew.
ONCE = 1


def ask(uow: UnitOfWork, stretch: Stretch, wanted: ReportFormat) -> ReportFile:
    """Have a report made; while one of the same kind is being made, that one is meant.

    Raises:
        StretchNotBegunError: its first month is still to come.
    """
    uow.require(Permission.MAKE_REPORT)
    if stretch.first > Month.of(uow.today):
        raise StretchNotBegunError(stretch=str(stretch))
    under_way = uow.one(
        select(ReportFile).where(
            ReportFile.stretch == str(stretch),
            ReportFile.format == wanted,
            ReportFile.status.in_(UNDER_WAY),
        )
    )
    if under_way is not None:
        return under_way
    row = uow.add(
        ReportFile(
            stretch=str(stretch),
            format=wanted,
            status=ReportFileStatus.WAITING,
            asked_by_id=uow.actor.account_id,
            asked_at=uow.now,
        )
    )
    uow.flush()
    uow.audit("report_file.asked", row, stretch=str(stretch), format=wanted.value)
    uow.later(MAKE, f"{MAKE}:{row.id}", uow.now, subject_id=row.id)
    return row


def begin(uow: UnitOfWork, job: ClaimedJob) -> Wanted | None:
    """Return what is to be made, None when it is made already or given up."""
    row = _of(uow, job)
    if row.status not in UNDER_WAY:
        return None
    row.status = ReportFileStatus.MAKING
    account = uow.load(Account, row.asked_by_id)
    return Wanted(
        row.id, Stretch.parse(row.stretch), row.format, f"{account.name} ({account.login})"
    )


def go_on(uow: UnitOfWork, job: ClaimedJob, done: int, total: int) -> None:
    """Say how many rows are written."""
    row = _of(uow, job)
    row.done, row.total = done, total


def keep(uow: UnitOfWork, job: ClaimedJob, made: Made) -> None:
    """Keep the finished file for thirty days; whoever asked is told, once."""
    row = _of(uow, job)
    if row.status not in UNDER_WAY:
        return
    for number, content in enumerate(made.parts):
        uow.add(ReportFilePart(report_file_id=row.id, number=number, content=content))
    row.status = ReportFileStatus.READY
    row.done = row.total = made.rows
    row.size, row.sha256 = made.size, made.sha256
    row.made_at, row.kept_until = uow.now, uow.now + KEPT
    uow.audit("report_file.made", row, sha256=made.sha256, rows=made.rows)
    uow.tell("report_file.made", row, revision=ONCE)
    uow.later(FORGET, f"{FORGET}:{row.id}", row.kept_until, subject_id=row.id)


def give_up(uow: UnitOfWork, job: ClaimedJob) -> None:
    """Say that a report could not be made, also to whoever asked; it can be asked for again."""
    row = _of(uow, job)
    if row.status in UNDER_WAY:
        row.status = ReportFileStatus.FAILED
        uow.audit("report_file.failed", row)
        uow.tell("report_file.failed", row, revision=ONCE)


def forget(uow: UnitOfWork, report_file_id: UUID) -> None:
    """Take the bytes away; that the file was made, and its hash, stay known."""
    row = uow.load(ReportFile, report_file_id, lock=True)
    uow.session.execute(
        delete(ReportFilePart).where(ReportFilePart.report_file_id == report_file_id)
    )
    row.status = ReportFileStatus.FORGOTTEN


def _of(uow: UnitOfWork, job: ClaimedJob) -> ReportFile:
    if job.subject_id is None:
        raise ValueError(f"{job.kind} needs a subject")
    return uow.load(ReportFile, job.subject_id, lock=True)
