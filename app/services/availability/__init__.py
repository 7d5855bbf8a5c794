"""The verbs of an expert's time: the plain week, days that differ from it, and clinics."""

from app.services.availability.clinics import remove_clinic, repeat_clinics, set_clinic
from app.services.availability.special_days import close_day, open_day, remove_days
from app.services.availability.week import set_week

__all__ = [
    "close_day",
    "open_day",
    "remove_clinic",
    "remove_days",
    "repeat_clinics",
    "set_clinic",
    "set_week",
]
