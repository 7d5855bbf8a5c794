"""服务总览: the figures of a year, each of which opens to its rows."""

from app.queries.overview.gathering import OTHER, SHOWN_TYPES, overview
from app.queries.overview.page import MonthBar, Overview

__all__ = ["OTHER", "SHOWN_TYPES", "MonthBar", "Overview", "overview"]
