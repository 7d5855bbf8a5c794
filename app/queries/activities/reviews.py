"""Reviews: the projects with their slots, who stands aside, what was marked, who stands where."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app.domain.activity import Criterion, slot_of
from app.domain.errors import NotFoundError
from app.models.activity import (
    Activity,
    ActivityExpert,
    ReviewProject,
    ReviewRecusal,
    ScoreSheet,
)
from app.queries.activities.events import Event, event_of, fronts_of
from app.queries.free_times import Look
from app.unit_of_work import Reader


@dataclass(frozen=True, slots=True)
class Project:
    """A project on the list of a review.

    Attributes:
        aside: the judges who stand aside from it.
        marked: the judges who have handed in a sheet on it.
        score: its mean in hundredths of a mark, once the ranking is published.
    """

    id: UUID
    position: int
    name: str
    starts_at: datetime
    ends_at: datetime
    aside: frozenset[UUID]
    marked: frozenset[UUID]
    score: int | None
    place: int | None


@dataclass(frozen=True, slots=True)
class JudgedProject:
    """A project before one judge: his own sheet, or that he stands aside."""

    id: UUID
    position: int
    name: str
    starts_at: datetime
    ends_at: datetime
    is_aside: bool
    marks: tuple[int, ...] | None


@dataclass(frozen=True, slots=True)
class Judging:
    """A review before one judge."""

    event: Event
    criteria: tuple[Criterion, ...]
    projects: tuple[JudgedProject, ...]
    is_ranked: bool
    now: datetime


def projects_of(look: Look, activity: Activity) -> tuple[Project, ...]:
    """Return the projects in their order, in three statements."""
    rows = look.session.scalars(
        select(ReviewProject)
        .where(ReviewProject.activity_id == activity.id)
        .order_by(ReviewProject.position, ReviewProject.id)
    ).all()
    keys = [row.id for row in rows]
    aside: dict[UUID, set[UUID]] = defaultdict(set)
    marked: dict[UUID, set[UUID]] = defaultdict(set)
    for model, found in ((ReviewRecusal, aside), (ScoreSheet, marked)):
        pairs = select(model.review_project_id, model.expert_id).where(
            model.review_project_id.in_(keys)
        )
        for key, expert_id in look.session.execute(pairs):
            found[key].add(expert_id)
    return tuple(
        Project(
            row.id,
            row.position,
            row.name,
            *slot_of(activity.starts_at, row.position),
            frozenset(aside[row.id]),
            frozenset(marked[row.id]),
            row.score,
            row.place,
        )
        for row in rows
    )


def judge_page(reader: Reader, activity_id: UUID) -> Judging:
    """Return a review before the judge who looks, in six statements.

    Raises:
        NotFoundError: there is none, or the viewer does not judge in it.
    """
    expert_id = reader.actor.expert_id
    activity = reader.session.scalars(
        select(Activity)
        .join(ActivityExpert, ActivityExpert.activity_id == Activity.id)
        .where(
            Activity.id == activity_id,
            ActivityExpert.expert_id == expert_id,
            Activity.kind == "review",
        )
    ).first()
    if activity is None or expert_id is None:
        raise NotFoundError("activity.not_found")
    projects = projects_of(reader, activity)
    sheets = {
        key: tuple(marks)
        for key, marks in reader.session.execute(
            select(ScoreSheet.review_project_id, ScoreSheet.marks).where(
                ScoreSheet.review_project_id.in_([each.id for each in projects]),
                ScoreSheet.expert_id == expert_id,
            )
        )
    }
    return Judging(
        event=event_of(activity, fronts_of(reader, [activity.id])[activity.id]),
        criteria=tuple(Criterion(**each) for each in activity.criteria or ()),
        projects=tuple(
            JudgedProject(
                each.id,
                each.position,
                each.name,
                each.starts_at,
                each.ends_at,
                expert_id in each.aside,
                sheets.get(each.id),
            )
            for each in projects
        ),
        is_ranked=activity.ranked_at is not None,
        now=reader.now,
    )


def reviews_of_judge(reader: Reader) -> tuple[Event, ...]:
    """Return the reviews in which the viewer judges, the newest first."""
    rows = reader.session.scalars(
        select(Activity)
        .join(ActivityExpert, ActivityExpert.activity_id == Activity.id)
        .where(ActivityExpert.expert_id == reader.actor.expert_id, Activity.kind == "review")
        .order_by(Activity.starts_at.desc())
        .limit(20)
    ).all()
    fronts = fronts_of(reader, [row.id for row in rows])
    return tuple(event_of(row, fronts[row.id]) for row in rows)
