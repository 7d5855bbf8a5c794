"""The tables of a report as they are written to a file: figures, splits, changes, every record."""

from app.queries.report_tables.figures import figure_tables
from app.queries.report_tables.records import RECORD_HEADINGS, record_count, record_lines
from app.queries.report_tables.table import Line, ReportTable

__all__ = [
    "RECORD_HEADINGS",
    "Line",
    "ReportTable",
    "figure_tables",
    "record_count",
    "record_lines",
]
