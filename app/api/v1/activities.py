"""活动: what is on, seats, the door, closing, and the sheets of judges."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from flask import Blueprint

from app.api.operations import operation
from app.api.schemas import Count, Named, Text, Whole
from app.domain.activity import (
    HIGHEST_MARK,
    LONGEST_SUMMARY,
    MOST_CRITERIA,
    MOST_EXPERTS,
    ActivityKind,
    ActivityStatus,
    Criterion,
    MeanKind,
    RegistrationStatus,
)
from app.domain.actor import Permission
from app.domain.availability import Mode
from app.http.run import reading, run
from app.http.wire import jsonable
from app.queries.activities import EventPage, SeatPlace, event_page, event_pages
from app.services import activities
from app.services.activities import Closing
from app.unit_of_work import UnitOfWork

ACTIVITY = "/activities/<uuid:activity_id>"
PROJECT = "/review-projects/<uuid:project_id>"
LONGEST_CODE = 24


@dataclass(frozen=True, slots=True)
class ActivityFront:
    """A speaker, or a judge of a review; the first leads."""

    id: UUID
    name: str
    category: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityDetail:
    """An activity as everybody may see it, with the asker's own seat or place in line.

    Seats that are kept for who waits are taken; `waiting` says how many stand in line.
    """

    id: UUID
    version: int
    kind: ActivityKind
    status: ActivityStatus
    title: str
    summary: str
    topic: str | None
    starts_at: datetime
    ends_at: datetime
    mode: Mode
    place: str
    place_id: UUID | None
    department: str
    co_departments: tuple[str, ...]
    is_promotion: bool
    seat_total: int
    seat_taken: int
    experts: tuple[ActivityFront, ...]
    criteria: tuple[Criterion, ...]
    mean: MeanKind
    seat: RegistrationStatus | None
    checked_in_at: datetime | None
    waiting: int
    place_in_line: SeatPlace | None


@dataclass(frozen=True, slots=True)
class ActivityList:
    """What lies ahead, the next first."""

    items: tuple[ActivityDetail, ...]


@dataclass(frozen=True, slots=True)
class CheckInBody:
    """The code at the door."""

    code: Annotated[str, Text(LONGEST_CODE)]


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityClosing:
    """What really happened."""

    actual_start: datetime
    actual_end: datetime
    note: Annotated[str, Text(LONGEST_SUMMARY)]
    absent: Annotated[
        tuple[UUID, ...], Count(0, MOST_EXPERTS), Named(says="Speakers who did not come.")
    ] = ()


@dataclass(frozen=True, slots=True)
class ClosedActivity:
    """The meeting that counts, made of the closed list."""

    service_session_id: UUID
    reference: str


@dataclass(frozen=True, slots=True)
class ScoreSheetBody:
    """A mark from 0 to 100 for each criterion, in their order."""

    marks: Annotated[tuple[Annotated[int, Whole(0, HIGHEST_MARK)], ...], Count(1, MOST_CRITERIA)]


@dataclass(frozen=True, slots=True)
class HandedIn:
    """A sheet that was handed in; `total` is in hundredths of a mark."""

    id: UUID
    total: int
    submitted_at: datetime


@dataclass(frozen=True, slots=True)
class RankingBody:
    """The judges who did not come."""

    absent: Annotated[tuple[UUID, ...], Count(0, MOST_EXPERTS)] = ()


@dataclass(frozen=True, slots=True)
class RankedProject:
    """A project with its mean in hundredths of a mark, and its place; null where nobody could."""

    id: UUID
    name: str
    score: int | None
    place: int | None


@dataclass(frozen=True, slots=True)
class Ranking:
    """The projects in the order in which they were heard."""

    items: tuple[RankedProject, ...]


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.get("/activities")(list_activities)
    blueprint.get(ACTIVITY)(read_activity)
    blueprint.post(f"{ACTIVITY}/join")(join_activity)
    blueprint.post(f"{ACTIVITY}/leave")(leave_activity)
    blueprint.post(f"{ACTIVITY}/check-in")(check_in_at_door)
    blueprint.post(f"{ACTIVITY}/close")(close_activity)
    blueprint.post(f"{ACTIVITY}/ranking")(publish_ranking)
    blueprint.post(f"{PROJECT}/sheet")(submit_sheet)


@operation(answer=ActivityList)
def list_activities() -> Any:
    """List the activities that lie ahead; everybody may."""
    with reading() as reader:
        return jsonable(ActivityList(tuple(_detail(page) for page in event_pages(reader))))


@operation(answer=ActivityDetail)
def read_activity(activity_id: UUID) -> Any:
    """Read one activity; everybody may."""
    return read(activity_id)


@operation(Permission.JOIN_ACTIVITY, answer=ActivityDetail)
def join_activity(activity_id: UUID) -> Any:
    """Take a seat, or the one kept for the asker; who has one keeps it.

    409 `activity.full`: there is none; `waiting_list.nothing_offered`: he stands in line.
    """
    run(activities.join, activity_id)
    return read(activity_id)


@operation(Permission.JOIN_ACTIVITY, answer=ActivityDetail)
def leave_activity(activity_id: UUID) -> Any:
    """Give the seat back, before the start; who waits comes before anybody else."""
    run(activities.leave, activity_id)
    return read(activity_id)


@operation(Permission.JOIN_ACTIVITY, answer=ActivityDetail)
def check_in_at_door(activity_id: UUID, body: CheckInBody) -> Any:
    """Sign in with the code at the door, until 30 minutes after the end."""
    run(activities.check_in, activity_id, body.code)
    return read(activity_id)


@operation(Permission.MANAGE_ACTIVITY, answer=ClosedActivity)
def close_activity(activity_id: UUID, body: ActivityClosing, version: int | None) -> Any:
    """Close the list of a held activity; with it the meeting counts."""
    facts = Closing(
        actual_start=body.actual_start,
        actual_end=body.actual_end,
        note=body.note,
        absent=frozenset(body.absent),
    )

    def act(uow: UnitOfWork) -> ClosedActivity:
        session = activities.close(uow, activity_id, facts, version=version)
        return ClosedActivity(session.id, session.reference)

    return run(act, answer=jsonable)


@operation(Permission.MANAGE_ACTIVITY, answer=Ranking)
def publish_ranking(activity_id: UUID, body: RankingBody, version: int | None) -> Any:
    """Publish the ranking of a review; no mark changes any more."""

    def act(uow: UnitOfWork) -> Ranking:
        rows = activities.publish(uow, activity_id, body.absent, version=version)
        return Ranking(tuple(RankedProject(row.id, row.name, row.score, row.place) for row in rows))

    return run(act, answer=jsonable)


@operation(Permission.JUDGE, answer=HandedIn, status=201)
def submit_sheet(project_id: UUID, body: ScoreSheetBody) -> Any:
    """Hand in the asker's sheet on a project; it is never changed."""

    def act(uow: UnitOfWork) -> HandedIn:
        sheet = activities.submit_sheet(uow, project_id, body.marks)
        return HandedIn(sheet.id, sheet.total, sheet.submitted_at)

    return run(act, answer=jsonable)


def read(activity_id: UUID) -> Any:
    """Return the activity as the asker sees it now."""
    with reading() as reader:
        return jsonable(_detail(event_page(reader, activity_id)))


def _detail(page: EventPage) -> ActivityDetail:
    event = page.event
    return ActivityDetail(
        id=event.id,
        version=event.version,
        kind=event.kind,
        status=event.status,
        title=event.title,
        summary=event.summary,
        topic=event.topic,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        mode=event.mode,
        place=event.place,
        place_id=event.place_id,
        department=event.department,
        co_departments=event.co_departments,
        is_promotion=event.is_promotion,
        seat_total=event.seat_total,
        seat_taken=event.seat_taken,
        experts=tuple(
            ActivityFront(each.id, each.name, each.category, each.title) for each in event.fronts
        ),
        criteria=event.criteria,
        mean=event.mean,
        seat=page.seat,
        checked_in_at=page.checked_in_at,
        waiting=page.line.length,
        place_in_line=page.line.own,
    )
