"""Form small groups of experts that together cover the facets of a need."""

from matching.panel.forming import form_panel, rank_panels
from matching.panel.values import (
    Facet,
    FreeTimes,
    NoPanelError,
    Panel,
    PanelLists,
    PanelWish,
    Quota,
)

__all__ = [
    "Facet",
    "FreeTimes",
    "NoPanelError",
    "Panel",
    "PanelLists",
    "PanelWish",
    "Quota",
    "form_panel",
    "rank_panels",
]
