"""考评: marks of experts after their meetings, given once and corrected with a reason."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from flask import Blueprint

from app.api.operations import operation
from app.api.schemas import Text, Whole
from app.domain.actor import Permission
from app.domain.appraisal import BEST, LONGEST_REASON, LONGEST_WORDS, Grade
from app.domain.errors import NotFoundError
from app.http.run import reading, run
from app.http.wire import jsonable
from app.models.appraisal import Appraisal
from app.queries import appraisals as queries
from app.queries.appraisals import AppraisalView, WaitingAppraisal
from app.services import appraisals

Score = Annotated[int, Whole(0, BEST)]
Words = Annotated[str, Text(LONGEST_WORDS)]


@dataclass(frozen=True, slots=True)
class AppraisalVersion:
    """A mark as it stood before it was corrected."""

    version: int
    score: int
    grade: Grade
    words: str
    reason: str | None
    made_at: datetime


@dataclass(frozen=True, slots=True)
class AppraisalDetail:
    """The mark of an expert for one meeting.

    Attributes:
        reason: why the version before was wrong; null for the first.
        is_late: it was given after its last day.
        earlier: the versions before it, the newest first.
    """

    id: UUID
    version: int
    service_session_id: UUID
    reference: str
    expert_id: UUID
    expert: str
    score: int
    grade: Grade
    words: str
    reason: str | None
    made_at: datetime
    is_late: bool
    earlier: tuple[AppraisalVersion, ...]


@dataclass(frozen=True, slots=True)
class AppraisalLines:
    """The marks of an expert, the latest meeting first.

    Attributes:
        years: how many years of meetings the average looks at.
        count: marks in them.
        average: of them, to one decimal; empty without any.
        is_low: the average is below the pass mark.
        is_senior: there are enough, and every one is excellent.
    """

    items: tuple[AppraisalDetail, ...]
    years: int
    count: int
    average: str
    is_low: bool
    is_senior: bool
    next: str | None = None


@dataclass(frozen=True, slots=True)
class WaitingLines:
    """Who waits for a mark, the longest first; `count` and `overdue` are of all."""

    items: tuple[WaitingAppraisal, ...]
    count: int
    overdue: int
    next: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AppraisalBody:
    """Whom, how many points out of a hundred, and on what they rest; he reads it."""

    expert_id: UUID
    score: Score
    words: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class AppraisalCorrectionBody:
    """The mark that takes the place of the one before, and why that was wrong."""

    score: Score
    words: Words
    reason: Annotated[str, Text(LONGEST_REASON)]


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.get("/appraisals")(list_waiting_appraisals)
    blueprint.get("/experts/<uuid:expert_id>/appraisals")(list_appraisals)
    blueprint.post("/service-sessions/<uuid:session_id>/appraisals")(appraise_expert)
    blueprint.post("/appraisals/<uuid:appraisal_id>/correct")(correct_appraisal)


@operation(Permission.READ_DUTY, answer=WaitingLines)
def list_waiting_appraisals() -> Any:
    """List who was at a meeting that was held and has no mark for it, the longest first."""
    with reading() as reader:
        found = queries.waiting_appraisals(reader)
    return jsonable(WaitingLines(found.items, found.count, found.overdue))


@operation(Permission.READ_DUTY, Permission.READ_OWN_DUTY, answer=AppraisalLines)
def list_appraisals(expert_id: UUID) -> Any:
    """List the marks of an expert with their average; a mentor reads his own."""
    with reading() as reader:
        if not (reader.actor.is_staff or reader.actor.expert_id == expert_id):
            raise NotFoundError("expert.not_found")
        rows, marks = queries.appraisal_sheet(reader, expert_id)
    return jsonable(
        AppraisalLines(
            tuple(map(_detail, rows)),
            marks.policy.years,
            len(marks.scores),
            marks.average,
            marks.is_low,
            marks.is_senior,
        )
    )


@operation(Permission.APPRAISE, answer=AppraisalDetail)
def appraise_expert(session_id: UUID, body: AppraisalBody) -> Any:
    """Give an expert his mark for a meeting he was at; once."""
    row: Appraisal = run(appraisals.appraise, session_id, body.expert_id, body.score, body.words)
    return _read(row.id)


@operation(Permission.APPRAISE, answer=AppraisalDetail)
def correct_appraisal(
    appraisal_id: UUID, body: AppraisalCorrectionBody, version: int | None
) -> Any:
    """Replace a mark by a new version that says why; the earlier ones stay."""
    run(appraisals.correct, appraisal_id, body.score, body.words, body.reason, version=version)
    return _read(appraisal_id)


def _read(appraisal_id: UUID) -> Any:
    with reading() as reader:
        found = queries.appraisal(reader, appraisal_id)
    if found is None:
        raise NotFoundError("appraisal.not_found")
    return jsonable(_detail(found))


def _detail(row: AppraisalView) -> AppraisalDetail:
    return AppraisalDetail(
        id=row.id,
        version=row.version,
        service_session_id=row.session_id,
        reference=row.reference,
        expert_id=row.expert_id,
        expert=row.expert,
        score=row.score,
        grade=row.grade,
        words=row.words,
        reason=row.reason,
        made_at=row.made_at,
        is_late=row.is_late,
        earlier=tuple(
            AppraisalVersion(
                each.version, each.score, each.grade, each.words, each.reason, each.made_at
            )
            for each in row.earlier
        ),
    )
