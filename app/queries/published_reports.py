"""The report of a closed month as it was published."""

from dataclasses import dataclass

from sqlalchemy import select

from app.domain.calendar import Month
from app.domain.errors import NotFoundError
from app.models.period import Period, PublishedReport
from app.unit_of_work import Reader


@dataclass(frozen=True, slots=True)
class KeptReport:
    """The very bytes of a report, and their hash as it was sealed."""

    month: str
    content: bytes
    sha256: str


def report_hash(reader: Reader, month: Month) -> str | None:
    """Return the hash of the month's report, None where none was kept."""
    return reader.session.scalar(
        select(PublishedReport.sha256)
        .join(Period, Period.id == PublishedReport.period_id)
        .where(Period.month == str(month))
    )


def published_report(reader: Reader, month: Month) -> KeptReport:
    """Return the report of a closed month.

    Raises:
        NotFoundError: the month is open, or was closed before reports were kept.
    """
    row = reader.session.execute(
        select(PublishedReport.content, PublishedReport.sha256)
        .join(Period, Period.id == PublishedReport.period_id)
        .where(Period.month == str(month))
    ).one_or_none()
    if row is None:
        raise NotFoundError("period.no_report", month=str(month))
    return KeptReport(str(month), row.content.encode(), row.sha256)
