"""Signals: what is looked at, and what was found, as officers read it."""

from app.queries.signals.gathering import Material, gather
from app.queries.signals.pages import Behind, Said, SignalList, SignalRow, signal_list, signal_row

__all__ = [
    "Behind",
    "Material",
    "Said",
    "SignalList",
    "SignalRow",
    "gather",
    "signal_list",
    "signal_row",
]
