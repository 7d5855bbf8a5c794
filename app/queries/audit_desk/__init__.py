"""What the auditor's desk reads: closed months, changes of the rules, concentration, one figure."""

from app.queries.audit_desk.changes import ChangeGroup, Changes, changes
from app.queries.audit_desk.concentrations import NamedConcentration, concentrations
from app.queries.audit_desk.figures import FigureProof, figure_proof
from app.queries.audit_desk.months import SHOWN, ClosedLine, closed_lines
from app.queries.audit_desk.originals import Original, OriginalPage, originals

__all__ = [
    "SHOWN",
    "ChangeGroup",
    "Changes",
    "ClosedLine",
    "FigureProof",
    "NamedConcentration",
    "Original",
    "OriginalPage",
    "changes",
    "closed_lines",
    "concentrations",
    "figure_proof",
    "originals",
]
