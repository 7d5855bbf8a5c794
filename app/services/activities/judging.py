"""A review judged: sheets handed in, judges who stand aside, the ranking."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import select

from app.domain import prose
from app.domain.activity import (
    LONGEST_SUMMARY,
    BlockedJudgeError,
    Criterion,
    NotBegunError,
    NotJudgeError,
    SheetFrozenError,
    SheetsMissingError,
    ensure_marks,
    mean_of,
    places,
    weighted,
)
from app.domain.actor import Permission
from app.domain.errors import InvalidInputError
from app.models.activity import Activity, ReviewProject, ScoreSheet
from app.services.activities import fronts, projects
from app.services.bookings.versions import ensure_version
from app.unit_of_work import UnitOfWork

DECLARED = "declared"


def submit_sheet(
    uow: UnitOfWork, project_id: UUID, marks: Sequence[int], remark: str | None = None
) -> ScoreSheet:
    """Hand in the actor's sheet on a project; from then on the database refuses every change.

    Raises:
        NotJudgeError: the actor does not judge here.
        BlockedJudgeError: a tie keeps him from this project.
        SheetFrozenError: he has handed in a sheet on it.
        ScoringOverError: the ranking is published.
    """
    activity, project, expert_id = _at_the_table(uow, project_id)
    if uow.now < activity.starts_at:
        raise NotBegunError(from_at=activity.starts_at)
    # A tie may have become known since the list was made.
    projects.look_for_ties(uow, activity, [project])
    if any(each.expert_id == expert_id for each in projects.recusals_of(uow, [project.id])):
        raise BlockedJudgeError
    given = select(ScoreSheet.id).where(
        ScoreSheet.review_project_id == project.id, ScoreSheet.expert_id == expert_id
    )
    if uow.one(given) is not None:
        raise SheetFrozenError
    criteria = criteria_of(activity)
    ensure_marks(criteria, marks)
    sheet = uow.add(
        ScoreSheet(
            review_project_id=project.id,
            expert_id=expert_id,
            marks=list(marks),
            total=weighted(criteria, marks),
            remark=_remark(remark),
            submitted_at=uow.now,
        )
    )
    uow.flush()
    uow.audit("score_sheet.submitted", sheet, activity=activity.id)
    return sheet


def recuse(uow: UnitOfWork, project_id: UUID) -> ReviewProject:
    """Stand aside from a project by one's own word; a sheet handed in on it no longer counts.

    Raises:
        NotJudgeError: the actor does not judge here.
        ScoringOverError: the ranking is published.
    """
    _, project, expert_id = _at_the_table(uow, project_id)
    projects.note_recusal(uow, project, expert_id, DECLARED)
    return project


def publish(
    uow: UnitOfWork,
    activity_id: UUID,
    absent: Collection[UUID] = (),
    *,
    version: int | None = None,
) -> Sequence[ReviewProject]:
    """Publish the ranking: means of those who were there and free to judge, equals on one place.

    A project that no judge was free to mark has no score and no place.

    Args:
        uow: the transaction.
        activity_id: the review.
        absent: judges who did not come; none of them has handed in a sheet.
        version: that of the review when it was looked at.

    Raises:
        StaleVersionError: the review has changed since.
        SheetsMissingError: with how many sheets are still to come.
    """
    activity = projects.open_review(uow, activity_id)
    ensure_version(activity, version)
    projects.look_for_ties(uow, activity)
    rows = projects.of(uow, activity.id)
    totals = _totals(uow, rows)
    _note_absent(uow, activity, absent, totals)
    present = {row.expert_id for row in fronts.of(uow, activity.id) if not row.is_absent}
    blocked = _blocked(uow, rows)
    missing = sum(len(present - blocked[row.id] - totals[row.id].keys()) for row in rows)
    if missing:
        raise SheetsMissingError(missing=missing)
    scores = {}
    for row in rows:
        free = [total for key, total in totals[row.id].items() if key not in blocked[row.id]]
        if free:
            scores[row.id] = mean_of(free, activity.mean)
    placed = places(scores)
    for row in rows:
        if row.id in placed:
            row.score, row.place = placed[row.id].score, placed[row.id].place
            uow.audit("review_project.ranked", row, score=row.score, place=row.place)
    activity.ranked_at = uow.now
    uow.audit("activity.ranked", activity, projects=len(placed), mean=activity.mean.value)
    return rows


def criteria_of(activity: Activity) -> tuple[Criterion, ...]:
    """Return what the judges mark by."""
    return tuple(Criterion(**each) for each in activity.criteria or ())


def _at_the_table(uow: UnitOfWork, project_id: UUID) -> tuple[Activity, ReviewProject, UUID]:
    project = uow.load(ReviewProject, project_id)
    # Behind the review's row, so that no sheet comes in while the ranking is made.
    activity = uow.load(Activity, project.activity_id, lock=True)
    uow.require(Permission.JUDGE)
    expert_id = uow.actor.expert_id
    if expert_id not in {row.expert_id for row in fronts.of(uow, activity.id)}:
        raise NotJudgeError
    projects.ensure_scoring(activity)
    return activity, project, UUID(str(expert_id))


def _totals(uow: UnitOfWork, rows: Sequence[ReviewProject]) -> dict[UUID, dict[UUID, int]]:
    found: dict[UUID, dict[UUID, int]] = defaultdict(dict)
    for sheet in uow.all(
        select(ScoreSheet).where(ScoreSheet.review_project_id.in_([row.id for row in rows]))
    ):
        found[sheet.review_project_id][sheet.expert_id] = sheet.total
    return found


def _blocked(uow: UnitOfWork, rows: Sequence[ReviewProject]) -> dict[UUID, set[UUID]]:
    found: dict[UUID, set[UUID]] = defaultdict(set)
    for recusal in projects.recusals_of(uow, [row.id for row in rows]):
        found[recusal.review_project_id].add(recusal.expert_id)
    return found


def _note_absent(
    uow: UnitOfWork,
    activity: Activity,
    absent: Collection[UUID],
    totals: dict[UUID, dict[UUID, int]],
) -> None:
    marked = {key for by_judge in totals.values() for key in by_judge}
    rows = fronts.of(uow, activity.id)
    if marked & set(absent) or not set(absent) < {row.expert_id for row in rows}:
        raise InvalidInputError.at("absent", "activity.absent")
    for row in rows:
        row.is_absent = row.expert_id in absent


def _remark(remark: str | None) -> str | None:
    return prose.ensure("remark", remark, LONGEST_SUMMARY) if remark and remark.strip() else None
