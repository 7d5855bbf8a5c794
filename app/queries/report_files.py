"""Report files as their desk shows them, and their bytes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app.domain.errors import NotFoundError
from app.domain.report_file import ENDINGS, ReportFileStatus, ReportFormat
from app.domain.stretch import Stretch
from app.models.account import Account
from app.models.report_file import ReportFile, ReportFilePart
from app.unit_of_work import Reader

MOST_SHOWN = 60


@dataclass(frozen=True, slots=True)
class ReportFileView:
    """One file: what it reports on, how far it has come, who asked."""

    id: UUID
    stretch: Stretch
    format: ReportFormat
    status: ReportFileStatus
    done: int
    total: int
    size: int | None
    sha256: str | None
    asked_by: str
    asked_at: datetime
    kept_until: datetime | None

    @property
    def name(self) -> str:
        """What the file is called."""
        return f"jieban-{self.stretch}.{ENDINGS[self.format]}"


def newest(reader: Reader) -> tuple[ReportFileView, ...]:
    """Return the files asked for last."""
    newest_first = (ReportFile.asked_at.desc(), ReportFile.id.desc())
    rows = reader.session.scalars(select(ReportFile).order_by(*newest_first).limit(MOST_SHOWN))
    return _views(reader, rows.all())


def one(reader: Reader, report_file_id: UUID) -> ReportFileView:
    """Return one file.

    Raises:
        NotFoundError: there is none, or the asker may not know of it.
    """
    row = reader.session.get(ReportFile, report_file_id)
    if row is None:
        raise NotFoundError("report_file.not_found")
    return _views(reader, [row])[0]


def content(reader: Reader, report_file_id: UUID) -> bytes:
    """Return the bytes of a finished file.

    Raises:
        NotFoundError: it is not made yet, or its thirty days are over.
    """
    view = one(reader, report_file_id)
    if view.status is not ReportFileStatus.READY:
        raise NotFoundError("report_file.not_kept")
    parts = reader.session.scalars(
        select(ReportFilePart.content)
        .where(ReportFilePart.report_file_id == report_file_id)
        .order_by(ReportFilePart.number)
    )
    return b"".join(parts)


def _views(reader: Reader, rows: Sequence[ReportFile]) -> tuple[ReportFileView, ...]:
    with reader.beyond_scope("who may read a report is told who had it made"):
        asked = select(Account.id, Account.name).where(
            Account.id.in_({row.asked_by_id for row in rows})
        )
        names = {key: name for key, name in reader.session.execute(asked)}
    return tuple(_view(row, names[row.asked_by_id]) for row in rows)


def _view(row: ReportFile, asked_by: str) -> ReportFileView:
    return ReportFileView(
        id=row.id,
        stretch=Stretch.parse(row.stretch),
        format=row.format,
        status=row.status,
        done=row.done,
        total=row.total,
        size=row.size,
        sha256=row.sha256,
        asked_by=asked_by,
        asked_at=row.asked_at,
        kept_until=row.kept_until,
    )
