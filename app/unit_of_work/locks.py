"""What is under lock: records of meetings of people who had their data deleted.

Nobody who acts for somebody sees these rows; the service itself does, to prove and to count.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, select

from app.models.attachment import Attachment
from app.models.base import Base
from app.models.diagnosis import Diagnosis
from app.models.erasure import ArchivedSession, Erasure
from app.models.log_line import LogLine
from app.models.outcome import Confirmation, Outcome, OutcomeVersion
from app.models.written_answer import WrittenAnswer

Criterion = ColumnElement[bool]

_archived = ArchivedSession.__table__.c
_outcome = Outcome.__table__.c


def _of_session(model: type[Base]) -> Callable[[], Criterion]:
    column = model.__table__.c.service_session_id
    return lambda: column.not_in(select(_archived.service_session_id))


def _of_outcome(model: type[Base]) -> Callable[[], Criterion]:
    column = model.__table__.c.outcome_id
    locked: Any = select(_outcome.id).join(
        ArchivedSession.__table__, _archived.service_session_id == _outcome.service_session_id
    )
    return lambda: column.not_in(locked)


def _of_person() -> Criterion:
    column = WrittenAnswer.__table__.c.person_id
    return column.not_in(select(Erasure.__table__.c.person_id))


LOCKS: dict[type[Base], Callable[[], Criterion]] = {
    OutcomeVersion: _of_outcome(OutcomeVersion),
    Confirmation: _of_outcome(Confirmation),
    Attachment: _of_session(Attachment),
    LogLine: _of_session(LogLine),
    Diagnosis: _of_session(Diagnosis),
    WrittenAnswer: _of_person,
}
