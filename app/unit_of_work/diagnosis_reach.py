"""Which rows of diagnoses and of what is to be done each reach shows: those of its meetings.

The founder's side sees the data list, what was presented, and what is to be done; the draft, the
notes and who stood aside are the experts' and the bureau's.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, false, select

from app.domain.actor import Actor, Reach
from app.models.action_item import ActionItem
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
from app.models.service_session import ServiceSession

Criterion = ColumnElement[bool]
Rule = Callable[[Actor, Reach], Criterion]

_session = ServiceSession.__table__.c
_diagnosis = Diagnosis.__table__.c
_report = DiagnosisReport.__table__.c
_presentation = DiagnosisPresentation.__table__.c


def rules(of_sessions: Rule) -> dict[type[Base], Rule]:
    """Return the rules, given which meetings each reach shows."""

    def through(child: Any, parent: Any, rule: Rule) -> Rule:
        return lambda actor, reach: child.in_(select(parent).where(rule(actor, reach)))

    of_diagnoses = through(_diagnosis.service_session_id, _session.id, of_sessions)

    def shared(model: type[Base]) -> Rule:
        return through(model.__table__.c.diagnosis_id, _diagnosis.id, of_diagnoses)

    def inside(model: type[Base]) -> Rule:
        rule = shared(model)
        return lambda actor, reach: false() if reach is Reach.OWN else rule(actor, reach)

    def of_reports(actor: Actor, reach: Reach) -> Criterion:
        own = shared(DiagnosisReport)(actor, reach)
        return own & _report.id.in_(select(_presentation.report_id)) if reach is Reach.OWN else own

    signature, word = DiagnosisSignature.__table__.c, DiagnosisWord.__table__.c
    return {
        Diagnosis: of_diagnoses,
        DiagnosisMaterial: shared(DiagnosisMaterial),
        DiagnosisNote: inside(DiagnosisNote),
        DiagnosisFinding: inside(DiagnosisFinding),
        DiagnosisReport: of_reports,
        DiagnosisSignature: through(signature.report_id, _report.id, of_reports),
        DiagnosisRecusal: inside(DiagnosisRecusal),
        DiagnosisPresentation: shared(DiagnosisPresentation),
        DiagnosisWord: through(
            word.presentation_id, _presentation.id, shared(DiagnosisPresentation)
        ),
        ActionItem: through(ActionItem.__table__.c.service_session_id, _session.id, of_sessions),
    }
