"""The action plan: its figures and their rows, what is entered for them and checked."""

from app.web.bureau.plan import (
    indicators,
    items,
    lists,
    progress,
    reported,
)

GROUPS = (indicators, items, lists, progress, reported)
