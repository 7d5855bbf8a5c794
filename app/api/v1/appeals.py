"""申诉: a mentor appeals against a decision; somebody else of the bureau answers in words."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from flask import Blueprint

from app.api.operations import CREATED, operation
from app.api.schemas import Text
from app.domain.actor import Permission
from app.domain.appeal import LONGEST_TEXT, AppealStatus, Remedy
from app.http.run import reading, run
from app.http.wire import jsonable
from app.models.appeal import Appeal
from app.queries import appeals as queries
from app.queries.appeals import AppealFilter
from app.services import appeals


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealBody:
    """What is not as it was, in the mentor's words."""

    statement: Annotated[str, Text(LONGEST_TEXT)]


@dataclass(frozen=True, slots=True, kw_only=True)
class UpholdBody:
    """What the mentor is answered, and the correction proposed since; none after a call-back."""

    answer: Annotated[str, Text(LONGEST_TEXT)]
    correction_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainBody:
    """Why the decision stands."""

    answer: Annotated[str, Text(LONGEST_TEXT)]


@dataclass(frozen=True, slots=True)
class AppealDetail:
    """An appeal with its answer; it is never held against the mentor."""

    id: UUID
    version: int
    service_session_id: UUID
    service_record_id: UUID
    status: AppealStatus
    statement: str
    opened_at: datetime
    answer_by: datetime
    answer: str | None
    remedy: Remedy | None
    correction_id: UUID | None
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class AppealLine:
    """An appeal with the meeting, and the decision of then."""

    id: UUID
    version: int
    service_session_id: UUID
    reference: str
    mentor: str
    status: AppealStatus
    decided: str
    reason: str | None
    statement: str
    opened_at: datetime
    answer_by: datetime
    is_overdue: bool
    answer: str | None
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class AppealPage:
    """A page of appeals; `open` and `overdue` count all."""

    items: tuple[AppealLine, ...]
    open: int
    overdue: int
    next: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealsQuery:
    """Which appeals."""

    state: AppealFilter = AppealFilter.OPEN
    cursor: UUID | None = None


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.get("/appeals")(list_appeals)
    blueprint.post("/service-sessions/<uuid:session_id>/appeal")(open_appeal)
    blueprint.post("/appeals/<uuid:appeal_id>/uphold")(uphold_appeal)
    blueprint.post("/appeals/<uuid:appeal_id>/explain")(explain_appeal)


@operation(Permission.READ_APPEALS, answer=AppealPage, logged=True)
def list_appeals(query: AppealsQuery) -> Any:
    """Read the appeals of mentors: open ones by deadline, answered ones the newest first."""
    with reading() as reader:
        page = queries.appeal_list(reader, query.state, after=query.cursor)
    items = (
        AppealLine(
            id=row.id,
            version=row.version,
            service_session_id=row.session_id,
            reference=row.reference,
            mentor=row.mentor,
            status=row.status,
            decided=row.decision.status.value,
            reason=row.decision.reason.value if row.decision.reason else None,
            statement=row.statement,
            opened_at=row.opened_at,
            answer_by=row.answer_by,
            is_overdue=row.is_overdue,
            answer=row.answer,
            answered_at=row.answered_at,
        )
        for row in page.items
    )
    return jsonable(AppealPage(tuple(items), page.open, page.overdue, page.next))


@operation(Permission.APPEAL, answer=AppealDetail, status=CREATED)
def open_appeal(session_id: UUID, body: AppealBody) -> Any:
    """Appeal against the decision by which one's own service is not counted."""
    return run(appeals.open_appeal, session_id, body.statement, answer=_detail)


@operation(Permission.ANSWER_APPEAL, answer=AppealDetail)
def uphold_appeal(appeal_id: UUID, body: UpholdBody, version: int | None) -> Any:
    """Answer that the mentor is right, with what puts the record right."""
    return run(
        appeals.uphold,
        appeal_id,
        body.answer,
        body.correction_id,
        version=version,
        answer=_detail,
    )


@operation(Permission.ANSWER_APPEAL, answer=AppealDetail)
def explain_appeal(appeal_id: UUID, body: ExplainBody, version: int | None) -> Any:
    """Answer that the decision stands, and why."""
    return run(appeals.explain, appeal_id, body.answer, version=version, answer=_detail)


def _detail(row: Appeal) -> AppealDetail:
    return AppealDetail(
        id=row.id,
        version=row.version,
        service_session_id=row.service_session_id,
        service_record_id=row.service_record_id,
        status=row.status,
        statement=row.statement,
        opened_at=row.opened_at,
        answer_by=row.answer_by,
        answer=row.answer,
        remedy=row.remedy,
        correction_id=row.correction_id,
        answered_at=row.answered_at,
    )
