"""How the pool stands with its duties: meters, the rows behind each number, the board."""

from app.queries.duty.absences import Absence, AbsenceKind, absences
from app.queries.duty.board import Board, BoardFilter, BoardOrder, BoardRow, duty_board
from app.queries.duty.counted import OwnService, own_services
from app.queries.duty.sheet import DutyRows, DutySheet, Part, duty_rows, duty_sheet
from app.queries.duty.standing import Standing
from app.queries.duty.yearly import duties
from app.queries.duty_policies import load_duty_policies, present_policy

__all__ = [
    "Absence",
    "AbsenceKind",
    "Board",
    "BoardFilter",
    "BoardOrder",
    "BoardRow",
    "DutyRows",
    "DutySheet",
    "OwnService",
    "Part",
    "Standing",
    "absences",
    "duties",
    "duty_board",
    "duty_rows",
    "duty_sheet",
    "load_duty_policies",
    "own_services",
    "present_policy",
]
