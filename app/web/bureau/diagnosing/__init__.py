"""Diagnoses as the bureau reads and supports them, and what is to be done after meetings."""

from app.web.bureau.diagnosing import action_items, diagnoses

GROUPS = (diagnoses, action_items)
