"""Samples: what may be drawn from which published head, and what was drawn and found."""

from app.queries.samples.lists import Drawn, Found, SamplePage, SampleRow, sample_list, sample_page
from app.queries.samples.lots import Head, Lot, find_lot, told_heads
from app.queries.samples.people import CallTold, RecordPage, call_told, callable_ids, record_page
from app.queries.samples.redrawing import Line, Redraw, list_lines, redraw

__all__ = [
    "CallTold",
    "Drawn",
    "Found",
    "Head",
    "Line",
    "Lot",
    "RecordPage",
    "Redraw",
    "SamplePage",
    "SampleRow",
    "call_told",
    "callable_ids",
    "find_lot",
    "list_lines",
    "record_page",
    "redraw",
    "sample_list",
    "sample_page",
    "told_heads",
]
