"""A tie found behind a service: the bureau has a task, the mentor is told."""

from uuid import UUID

from app.domain.service_record import Decision, Reason
from app.domain.task import TaskKind
from app.models.service_session import ServiceSession
from app.services import tasks
from app.unit_of_work import UnitOfWork


def follow(uow: UnitOfWork, before: Decision | None, after: Decision, number: int) -> None:
    """Open a task and tell the mentor when a tie is why it does not count; settle it when not.

    Args:
        uow: the transaction.
        before: what was decided last, None for the first decision.
        after: what is decided now.
        number: of the version that says so; the mentor is told once for each.
    """
    session_id, was_tied, is_tied = UUID(after.session_id), _is_tied(before), _is_tied(after)
    if is_tied and not was_tied:
        session = uow.load(ServiceSession, session_id)
        tasks.open_once(uow, TaskKind.TIE_FOUND, session)
        uow.tell("service_session.tie_found", session, revision=number)
    elif was_tied and not is_tied:
        tasks.settle(uow, TaskKind.TIE_FOUND, session_id)


def _is_tied(decision: Decision | None) -> bool:
    return decision is not None and decision.reason is Reason.CONFLICT_OF_INTEREST
