"""The projects of a review: who is heard when, and which judge stands aside from whom."""

from collections.abc import Collection, Sequence
from dataclasses import asdict
from uuid import UUID

from sqlalchemy import func, select

from app.db import insert_new
from app.domain.activity import (
    ActivityKind,
    NotReviewError,
    Plan,
    ScoringOverError,
    SheetFrozenError,
    ensure_open,
    ensure_slots,
)
from app.domain.actor import Permission
from app.domain.calendar import local_day
from app.domain.errors import RuleError
from app.domain.ids import new_id
from app.domain.recusal import REVIEW
from app.models.activity import Activity, ReviewProject, ReviewRecusal, ScoreSheet
from app.models.person import Venture, VentureMember
from app.queries.interests import Matter, recusals
from app.services.activities import fronts
from app.unit_of_work import UnitOfWork


class NoContactError(RuleError):
    """Nobody speaks for the venture, so that nobody could be heard or recused from."""

    default_code = "activity.no_contact"


def add(uow: UnitOfWork, activity_id: UUID, venture_id: UUID) -> ReviewProject:
    """Put a venture on the list of a review, in the next slot.

    Raises:
        NotReviewError: the activity is no review.
        SlotsOverrunError: there is no time for one more.
        ProjectTwiceError: it is on the list already.
    """
    activity = open_review(uow, activity_id)
    venture = uow.load(Venture, venture_id)
    rows = of(uow, activity.id)
    ensure_slots(activity.starts_at, activity.ends_at, len(rows) + 1)
    contact = uow.session.scalars(
        select(VentureMember.person_id)
        .where(VentureMember.venture_id == venture.id)
        .order_by(VentureMember.is_contact.desc(), VentureMember.id)
        .limit(1)
    ).first()
    if contact is None:
        raise NoContactError
    project = uow.add(
        ReviewProject(
            activity_id=activity.id,
            venture_id=venture.id,
            person_id=contact,
            name=venture.name,
            position=len(rows) + 1,
        )
    )
    uow.flush()
    uow.audit("review_project.added", project, activity=activity.id, venture=venture.id)
    look_for_ties(uow, activity, [project])
    return project


def drop(uow: UnitOfWork, project_id: UUID) -> None:
    """Take a project off the list; those after it move up by one slot.

    Raises:
        SheetFrozenError: a judge has handed in a sheet on it.
    """
    found = uow.load(ReviewProject, project_id)
    activity = open_review(uow, found.activity_id)
    if _has_sheets(uow, [found.id]):
        raise SheetFrozenError
    for recusal in recusals_of(uow, [found.id]):
        uow.session.delete(recusal)
    uow.flush()
    uow.session.delete(found)
    uow.audit("review_project.dropped", activity, project=found.id, venture=found.venture_id)
    rest = (project for project in of(uow, activity.id) if project.id != found.id)
    for position, project in enumerate(rest, start=1):
        project.position = position


def ensure_fits(uow: UnitOfWork, activity: Activity, plan: Plan) -> None:
    """Refuse a change of a review under the feet of its judges, or with too little time.

    Raises:
        SlotsOverrunError: the projects need more time.
        SheetFrozenError: a sheet was handed in by other criteria, or by a judge left out.
        ScoringOverError: the ranking is published.
    """
    if activity.kind is not ActivityKind.REVIEW:
        return
    if activity.ranked_at is not None:
        raise ScoringOverError
    rows = of(uow, activity.id)
    ensure_slots(plan.starts_at, plan.ends_at, len(rows))
    judges = set(
        uow.all(
            select(ScoreSheet.expert_id).where(
                ScoreSheet.review_project_id.in_([row.id for row in rows])
            )
        )
    )
    is_same = activity.criteria == [asdict(each) for each in plan.criteria]
    if judges and not (is_same and judges <= set(plan.experts)):
        raise SheetFrozenError


def look_for_ties(
    uow: UnitOfWork, activity: Activity, projects: Sequence[ReviewProject] | None = None
) -> None:
    """Note every judge whom a rule of recusal keeps from a project, as is known today.

    Any tie blocks a judge, and nobody can waive it (requirements E7).
    """
    if activity.kind is not ActivityKind.REVIEW:
        return
    judges = [row.expert_id for row in fronts.of(uow, activity.id)]
    for project in of(uow, activity.id) if projects is None else projects:
        matter = Matter(project.person_id, project.venture_id, REVIEW)
        with uow.beyond_scope("recusal of judges over the venture's members"):
            found = recusals(uow, judges, matter, local_day(activity.starts_at))
        for expert_id, recusal in found.items():
            for tie in recusal.forbidding[:1]:
                note_recusal(uow, project, expert_id, tie.kind)


def note_recusal(uow: UnitOfWork, project: ReviewProject, expert_id: UUID, kind: str) -> None:
    """Note that a judge stands aside from a project, once."""
    is_new = insert_new(
        uow.session,
        ReviewRecusal,
        id=new_id(),
        review_project_id=project.id,
        expert_id=expert_id,
        kind=kind,
        declared_at=uow.now,
    )
    if is_new:
        uow.audit("review_project.recused", project, expert=expert_id, kind=kind)


def of(uow: UnitOfWork, activity_id: UUID) -> Sequence[ReviewProject]:
    """Return the projects in their order."""
    return uow.all(
        select(ReviewProject)
        .where(ReviewProject.activity_id == activity_id)
        .order_by(ReviewProject.position, ReviewProject.id)
    )


def recusals_of(uow: UnitOfWork, project_ids: Collection[UUID]) -> Sequence[ReviewRecusal]:
    """Return who stands aside from the projects."""
    return uow.all(
        select(ReviewRecusal)
        .where(ReviewRecusal.review_project_id.in_(project_ids))
        .order_by(ReviewRecusal.id)
    )


def open_review(uow: UnitOfWork, activity_id: UUID) -> Activity:
    """Return the review, locked, while its list and its marks may still change.

    Raises:
        NotReviewError, OverError, ScoringOverError: with why not.
    """
    activity = uow.load(Activity, activity_id, lock=True)
    uow.require(Permission.MANAGE_ACTIVITY)
    ensure_scoring(activity)
    return activity


def ensure_scoring(activity: Activity) -> None:
    """Refuse what is no review, is over, or has its ranking published.

    Raises:
        NotReviewError, OverError, ScoringOverError: with why not.
    """
    if activity.kind is not ActivityKind.REVIEW:
        raise NotReviewError
    ensure_open(activity.status)
    if activity.ranked_at is not None:
        raise ScoringOverError


def _has_sheets(uow: UnitOfWork, project_ids: Collection[UUID]) -> bool:
    count = select(func.count(ScoreSheet.id)).where(ScoreSheet.review_project_id.in_(project_ids))
    return bool(uow.session.execute(count).scalar_one())
