"""Decisions on what counts: one version a change, in the transaction of the change."""

from app.services.service_records.adjusting import News, post
from app.services.service_records.counting import count, count_all
from app.services.service_records.gathering import load_aliases
from app.services.service_records.locking import lock_closing
from app.services.service_records.previewing import (
    MonthChange,
    Preview,
    preview,
    preview_proposed,
)
from app.services.service_records.rechecking import facts_of_month

__all__ = [
    "MonthChange",
    "News",
    "Preview",
    "count",
    "count_all",
    "facts_of_month",
    "load_aliases",
    "lock_closing",
    "post",
    "preview",
    "preview_proposed",
]
