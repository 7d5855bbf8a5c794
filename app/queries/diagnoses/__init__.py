"""Diagnoses as the panel, the founder and the bureau read them."""

from app.queries.diagnoses.rows import (
    DiagnosisPage,
    Finding,
    Heard,
    Material,
    Note,
    Panelist,
    Presentation,
    Report,
    Signer,
)
from app.queries.diagnoses.workspace import workspace

__all__ = [
    "DiagnosisPage",
    "Finding",
    "Heard",
    "Material",
    "Note",
    "Panelist",
    "Presentation",
    "Report",
    "Signer",
    "workspace",
]
