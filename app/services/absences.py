"""Unexcused absences of an expert: two within twelve months make the bureau review his term."""

from uuid import UUID

from sqlalchemy import select

from app.domain.absence import a_year_before
from app.domain.policy_number import PolicyNumber
from app.domain.task import TaskEnd, TaskKind
from app.models.expert import Expert
from app.models.task import Task
from app.queries.duty import absences, present_policy
from app.services import deadlines, tasks
from app.unit_of_work import UnitOfWork


def review(uow: UnitOfWork, expert_id: UUID) -> Task | None:
    """Open one review of an expert with two unexcused absences within twelve months.

    A late cancellation without excuse counts, of a panel or alone, and a no-show that is reported
    and not contested, or was ruled so. Fewer than two, because one is contested or excused, settle
    an open review.
    What a review has decided is not reviewed again without a new absence.

    Returns:
        The open review, None when there is no cause for one.
    """
    # Two absences that come to stand together must see each other.
    uow.session.get(Expert, expert_id, with_for_update=True)
    uow.flush()
    with uow.beyond_scope("the absences of the expert"):
        since = a_year_before(uow.today)
        days = [each.at.isoformat() for each in absences(uow, since, [expert_id])]
        decided = uow.one(
            select(Task.facts)
            .where(
                Task.kind == TaskKind.DISMISSAL_REVIEW,
                Task.subject_id == expert_id,
                Task.ending == TaskEnd.DONE,
            )
            .order_by(Task.closed_at.desc())
            .limit(1)
        )
    if len(days) < present_policy(uow).absences:
        tasks.settle(uow, TaskKind.DISMISSAL_REVIEW, expert_id)
        return None
    last = days[-1]
    if decided is not None and last <= str(decided["last"]):
        return None
    due_by = deadlines.duty(uow, PolicyNumber.ABSENCE_REVIEW)
    return tasks.open_once(
        uow,
        TaskKind.DISMISSAL_REVIEW,
        expert_id,
        due_by=due_by,
        absences=len(days),
        last=last,
    )
