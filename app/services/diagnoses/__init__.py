"""Diagnoses: the data list, notes and findings, the signed report, its presentation."""

from app.services.diagnoses.findings import change, drop, move, write
from app.services.diagnoses.materials import Wanted, answer, ask, ask_again, withdraw
from app.services.diagnoses.notes import note, strike
from app.services.diagnoses.presenting import REMIND as REMIND_PRESENTED
from app.services.diagnoses.presenting import present, say
from app.services.diagnoses.recusing import recuse
from app.services.diagnoses.reporting import REMIND as REMIND_SIGNING
from app.services.diagnoses.reporting import issue, revise
from app.services.diagnoses.signing import sign
from app.services.diagnoses.workspace import find, set_scope

__all__ = [
    "REMIND_PRESENTED",
    "REMIND_SIGNING",
    "Wanted",
    "answer",
    "ask",
    "ask_again",
    "change",
    "drop",
    "find",
    "issue",
    "move",
    "note",
    "present",
    "recuse",
    "revise",
    "say",
    "set_scope",
    "sign",
    "strike",
    "withdraw",
    "write",
]
