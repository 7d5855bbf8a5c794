"""解聘: proposed on a ground of the closed list, heard by the mentor, decided by another."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from flask import Blueprint

from app.api.operations import operation
from app.api.schemas import Named, Text
from app.domain.actor import Permission
from app.domain.dismissal import LONGEST_STATEMENT, LONGEST_WORDS, DismissalStatus, Ground
from app.http.run import reading, run
from app.http.wire import jsonable
from app.models.dismissal import Dismissal
from app.queries import renewals as queries
from app.queries.renewals import RenewalRow
from app.services import dismissals

LONGEST_DOCUMENT = 200
BOTH_SIDES = (Permission.READ_DUTY, Permission.READ_OWN_DUTY)


@dataclass(frozen=True, slots=True)
class DismissalEvidence:
    """The figures of the day of the proposal; minutes are his own, of counted services.

    Attributes:
        appraisal_average: to one decimal; empty where there were none, or they were not kept yet.
    """

    policy: str
    services: int
    services_owed: int
    minutes: int
    minutes_owed: int
    absences: tuple[str, ...]
    appraisals: int
    appraisal_average: str


@dataclass(frozen=True, slots=True)
class DismissalDetail:
    """A proposal to dismiss an expert, with his own words and what was decided.

    Attributes:
        hear_by: until when he may answer; without an answer nobody decides before.
    """

    id: UUID
    expert_id: UUID
    version: int
    ground: Ground
    statement: str
    evidence: DismissalEvidence
    status: DismissalStatus
    proposed_at: datetime
    hear_by: datetime
    words: str | None
    heard_at: datetime | None
    decided_at: datetime | None
    document: str | None


@dataclass(frozen=True, slots=True)
class DismissalList:
    """The proposals to dismiss an expert, the newest first."""

    items: tuple[DismissalDetail, ...]
    next: str | None = None


@dataclass(frozen=True, slots=True)
class ReviewLine:
    """An expert with the figures that a dismissal or a renewal rests on.

    Attributes:
        is_short: his term lacks hours.
        ratings: of his term; null while fewer than five people rated.
        dismissal: the proposal that waits for its decision.
    """

    expert_id: UUID
    name: str
    term_ends_on: date
    term_minutes: int
    term_minutes_owed: int
    is_short: bool
    absences: int
    absences_most: int
    ratings: int | None
    good_ratings: int | None
    appraisals: int
    appraisal_average: str
    points: int
    dismissal: DismissalDetail | None


@dataclass(frozen=True, slots=True)
class ReviewList:
    """Experts about whose appointment the bureau has to decide."""

    items: tuple[ReviewLine, ...]
    next: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DismissalBody:
    """On which ground, and what happened; the mentor reads it."""

    ground: Ground
    statement: Annotated[str, Text(LONGEST_STATEMENT)]


@dataclass(frozen=True, slots=True, kw_only=True)
class HearingBody:
    """What the mentor says to it, once."""

    words: Annotated[str, Text(LONGEST_WORDS)]


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionBody:
    """By which document he is dismissed."""

    document: Annotated[str, Text(LONGEST_DOCUMENT), Named(says="Its number or name.")]


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    one = "/dismissals/<uuid:dismissal_id>"
    blueprint.get("/renewals")(list_renewals)
    blueprint.get("/dismissals")(list_dismissals)
    blueprint.get("/experts/<uuid:expert_id>/dismissals")(list_own_dismissals)
    blueprint.post("/experts/<uuid:expert_id>/dismissals")(propose_dismissal)
    blueprint.get(one)(read_dismissal)
    blueprint.post(f"{one}/hear")(hear_dismissal)
    blueprint.post(f"{one}/approve")(approve_dismissal)
    blueprint.post(f"{one}/refuse")(refuse_dismissal)


@operation(Permission.READ_DUTY, answer=ReviewList)
def list_renewals() -> Any:
    """List whose last term ends soon or has ended of late, the first first."""
    with reading() as reader:
        rows = queries.renewals(reader).rows
    return jsonable(ReviewList(tuple(map(_line, rows))))


@operation(Permission.READ_DUTY, answer=ReviewList)
def list_dismissals() -> Any:
    """List who is proposed for dismissal, and who has come to a limit that asks for a review."""
    with reading() as reader:
        rows = queries.dismissal_list(reader)
    return jsonable(ReviewList(tuple(map(_line, rows))))


@operation(*BOTH_SIDES, answer=DismissalList)
def list_own_dismissals(expert_id: UUID) -> Any:
    """List the proposals to dismiss an expert; a mentor reads his own."""
    with reading() as reader:
        rows = queries.dismissals_of(reader, expert_id)
    return jsonable(DismissalList(tuple(map(_detail, rows))))


@operation(Permission.PROPOSE_DISMISSAL, answer=DismissalDetail)
def propose_dismissal(expert_id: UUID, body: DismissalBody) -> Any:
    """Propose to dismiss an expert; he is told and may answer, nothing else happens yet."""
    row: Dismissal = run(dismissals.propose, expert_id, body.ground, body.statement)
    return _read(row.id)


@operation(*BOTH_SIDES, answer=DismissalDetail)
def read_dismissal(dismissal_id: UUID) -> Any:
    """Read one proposal; a mentor reads his own."""
    return _read(dismissal_id)


@operation(Permission.READ_OWN_DUTY, answer=DismissalDetail)
def hear_dismissal(dismissal_id: UUID, body: HearingBody, version: int | None) -> Any:
    """Answer a proposal, once and for oneself; the approver reads it before he decides."""
    run(dismissals.hear, dismissal_id, body.words, version=version)
    return _read(dismissal_id)


@operation(Permission.APPOINT_EXPERT, answer=DismissalDetail)
def approve_dismissal(dismissal_id: UUID, body: DecisionBody, version: int | None) -> Any:
    """Dismiss the expert by a document; not by who proposed it, nor before he was heard.

    His terms end today, bookings to come are suspended, what was counted stays.
    """
    run(dismissals.approve, dismissal_id, body.document, version=version)
    return _read(dismissal_id)


@operation(Permission.APPOINT_EXPERT, answer=DismissalDetail)
def refuse_dismissal(dismissal_id: UUID, version: int | None) -> Any:
    """Leave the expert in the pool; the proposal stays in the file."""
    run(dismissals.refuse, dismissal_id, version=version)
    return _read(dismissal_id)


def _read(dismissal_id: UUID) -> Any:
    with reading() as reader:
        return jsonable(_detail(queries.dismissal(reader, dismissal_id)))


def _line(row: RenewalRow) -> ReviewLine:
    own = row.standing
    return ReviewLine(
        expert_id=row.id,
        name=row.name,
        term_ends_on=row.ends_on,
        term_minutes=own.term.done if own.term else 0,
        term_minutes_owed=own.policy.term_minutes,
        is_short=row.is_short,
        absences=own.absences.count,
        absences_most=own.absences.most,
        ratings=row.ratings.given if row.ratings.is_told else None,
        good_ratings=row.ratings.good if row.ratings.is_told else None,
        appraisals=len(row.marks.scores),
        appraisal_average=row.marks.average,
        points=row.points,
        dismissal=_detail(row.dismissal) if row.dismissal else None,
    )


def _detail(row: Dismissal) -> DismissalDetail:
    said = row.evidence
    return DismissalDetail(
        id=row.id,
        expert_id=row.expert_id,
        version=row.version,
        ground=row.ground,
        statement=row.statement,
        evidence=DismissalEvidence(
            policy=said["policy"],
            services=said["services"],
            services_owed=said["services_owed"],
            minutes=said["minutes"],
            minutes_owed=said["minutes_owed"],
            absences=tuple(said["absences"]),
            appraisals=said.get("appraisals", 0),
            appraisal_average=said.get("appraisal_average", ""),
        ),
        status=row.status,
        proposed_at=row.proposed_at,
        hear_by=row.hear_by,
        words=row.words,
        heard_at=row.heard_at,
        decided_at=row.decided_at,
        document=row.document,
    )
