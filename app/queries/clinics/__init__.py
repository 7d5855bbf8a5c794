"""Clinics 坐诊: the half-day as one page, the rota of a month, what is free at the counter."""

from app.queries.clinics.counter import Counter, OpenClinic, at_counter
from app.queries.clinics.half_day import HalfDay, Slot, Visit, half_day
from app.queries.clinics.rota import Rota, RotaClinic, rota

__all__ = [
    "Counter",
    "HalfDay",
    "OpenClinic",
    "Rota",
    "RotaClinic",
    "Slot",
    "Visit",
    "at_counter",
    "half_day",
    "rota",
]
