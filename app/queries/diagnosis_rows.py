"""Which rows of a diagnosis belong to a meeting, down to the last word on its report."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from app.models.base import Base
from app.models.diagnosis import (
    Diagnosis,
    DiagnosisFinding,
    DiagnosisMaterial,
    DiagnosisNote,
    DiagnosisPresentation,
    DiagnosisRecusal,
    DiagnosisReport,
    DiagnosisSignature,
    DiagnosisWord,
)

_OF_DIAGNOSIS: tuple[Any, ...] = (
    DiagnosisMaterial,
    DiagnosisNote,
    DiagnosisFinding,
    DiagnosisReport,
    DiagnosisRecusal,
    DiagnosisPresentation,
)


def diagnosis_keys(session_ids: Collection[UUID]) -> dict[type[Base], Select[Any]]:
    """Return by table the statement of the keys of all rows about diagnoses of these meetings."""
    own = select(Diagnosis.id).where(Diagnosis.service_session_id.in_(session_ids))
    found: dict[type[Base], Select[Any]] = {Diagnosis: own}
    for model in _OF_DIAGNOSIS:
        found[model] = select(model.id).where(model.diagnosis_id.in_(own))
    found[DiagnosisSignature] = select(DiagnosisSignature.id).where(
        DiagnosisSignature.report_id.in_(found[DiagnosisReport])
    )
    found[DiagnosisWord] = select(DiagnosisWord.id).where(
        DiagnosisWord.presentation_id.in_(found[DiagnosisPresentation])
    )
    return found
