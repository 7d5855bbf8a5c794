"""Points: what counted work is worth now, what was posted, and one expert's ledger."""

from app.queries.points.entries import PointLedger, PointLine, point_ledger
from app.queries.points.rules import load_point_rules
from app.queries.points.worths import worths

__all__ = ["PointLedger", "PointLine", "load_point_rules", "point_ledger", "worths"]
