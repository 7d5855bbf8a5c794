"""A report written to a file from a long look at the tables."""

import csv
import hashlib
import io
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, BinaryIO, Protocol

from app.adapters.sheets import Sheet, safe_cell, write_book
from app.domain.calendar import ZONE
from app.domain.job import ClaimedJob, JobState
from app.domain.report_file import PART_BYTES, Made, ReportFormat, Wanted
from app.jobs.handling import LookingHandler, Step
from app.queries.report_tables import (
    RECORD_HEADINGS,
    Line,
    figure_tables,
    record_count,
    record_lines,
)
from app.services import report_files
from app.unit_of_work import Reader, UnitOfWork

_TELL_EVERY = 2000
_RECORDS = "明细"
_RECORD_WIDTHS = (18, 12, 10, 14, 26, 16, 16, 22, 14, 12, 12, 8, 10, 22, 12)


class _Writer(Protocol):
    """What writes lines of cells."""

    def writerow(self, row: Iterable[Any], /) -> Any:
        """Write a line."""

    def writerows(self, rows: Iterable[Iterable[Any]], /) -> None:
        """Write lines."""


def making() -> LookingHandler:
    """Return what makes a report that was asked for."""
    return LookingHandler(
        prepare=report_files.begin,
        look=make,
        step=report_files.go_on,
        record=report_files.keep,
        ended=_give_up,
    )


def make(reader: Reader, wanted: Wanted, step: Step) -> Made:
    """Return the report as a file; memory does not grow with its rows.

    Args:
        reader: a look that sees every record.
        wanted: what is to be made.
        step: told from time to time how many rows of how many are written.
    """
    total = record_count(reader, wanted.stretch)
    lines = _told(record_lines(reader, wanted.stretch), total, step)
    with tempfile.TemporaryFile() as target:
        if wanted.format is ReportFormat.WORKBOOK:
            _workbook(target, reader, wanted, lines)
        else:
            _text(target, reader, wanted, lines)
        return _in_parts(target, total)


def _workbook(target: BinaryIO, reader: Reader, wanted: Wanted, lines: Iterator[Line]) -> None:
    tables = figure_tables(reader, wanted.stretch, wanted.asked_by)
    sheets = [
        Sheet(each.title, each.headings, each.lines, each.widths, each.remarks) for each in tables
    ]
    records = Sheet(_RECORDS, RECORD_HEADINGS, lines, _RECORD_WIDTHS)
    write_book(target, [*sheets, records], _mark(reader, wanted))


def _text(target: BinaryIO, reader: Reader, wanted: Wanted, lines: Iterator[Line]) -> None:
    """Write one table below the other; each line begins with the name of its table."""
    text = io.TextIOWrapper(target, encoding="utf-8-sig", newline="", write_through=False)
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([_mark(reader, wanted)])
    for table in figure_tables(reader, wanted.stretch, wanted.asked_by):
        writer.writerows([table.title, remark] for remark in table.remarks)
        _table(writer, table.title, table.headings, table.lines)
    _table(writer, _RECORDS, RECORD_HEADINGS, lines)
    text.flush()
    text.detach()


def _table(writer: "_Writer", title: str, headings: Sequence[str], lines: Iterable[Line]) -> None:
    writer.writerow([title, *headings])
    writer.writerows([title, *(safe_cell(cell) for cell in line)] for line in lines)


def _mark(reader: Reader, wanted: Wanted) -> str:
    """Return who has the file made and when, which stands on every page of it."""
    when = reader.now.astimezone(ZONE)
    return f"创业导师服务报表 {wanted.stretch} · 导出人 {wanted.asked_by} · {when:%Y-%m-%d %H:%M}"


def _told(lines: Iterable[Line], total: int, step: Step) -> Iterator[Line]:
    for number, line in enumerate(lines, start=1):
        if number % _TELL_EVERY == 0:
            step(number, total)
        yield line


def _in_parts(target: BinaryIO, rows: int) -> Made:
    target.seek(0)
    parts = tuple(iter(lambda: target.read(PART_BYTES), b""))
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return Made(parts, rows, digest.hexdigest())


def _give_up(uow: UnitOfWork, job: ClaimedJob, _state: JobState) -> None:
    report_files.give_up(uow, job)
