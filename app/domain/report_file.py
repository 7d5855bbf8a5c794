"""Reports as files 报表文件: made once for whoever asks, kept thirty days."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from app.domain.errors import InvalidInputError
from app.domain.stretch import Stretch

KEPT = timedelta(days=30)
PART_BYTES = 1 << 20


class ReportFormat(StrEnum):
    """What a report is written as: a workbook of all its tables, or the same as text."""

    WORKBOOK = "workbook"
    TEXT = "text"


ENDINGS = {ReportFormat.WORKBOOK: "xlsx", ReportFormat.TEXT: "csv"}


class ReportFileStatus(StrEnum):
    """How far a file has come."""

    WAITING = "waiting"
    MAKING = "making"
    READY = "ready"
    FAILED = "failed"
    FORGOTTEN = "forgotten"


UNDER_WAY = (ReportFileStatus.WAITING, ReportFileStatus.MAKING)


class StretchNotBegunError(InvalidInputError):
    """Nothing can be reported of months to come."""

    default_code: ClassVar[str] = "stretch.not_begun"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be made, and for whom: his name and sign-in stand on it."""

    report_file_id: UUID
    stretch: Stretch
    format: ReportFormat
    asked_by: str


@dataclass(frozen=True, slots=True)
class Made:
    """A finished file in parts of at most a mebibyte."""

    parts: tuple[bytes, ...]
    rows: int
    sha256: str

    @property
    def size(self) -> int:
        """Its length in bytes."""
        return sum(map(len, self.parts))
