"""Clinics 坐诊: the half-day as one page, and the rota of a month."""

from app.queries.clinics.half_day import HalfDay, Slot, Visit, half_day
from app.queries.clinics.rota import Rota, RotaClinic, rota

__all__ = ["HalfDay", "Rota", "RotaClinic", "Slot", "Visit", "half_day", "rota"]
