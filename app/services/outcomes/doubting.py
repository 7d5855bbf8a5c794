"""A founder's word of which nobody knows whether it is his own."""

from collections.abc import Sequence
from uuid import UUID

from app.domain.actor import Permission
from app.domain.outcome import ConfirmationKind, OutcomeEvent, ensure_may_confirm, next_status
from app.domain.task import TaskKind
from app.models.outcome import Confirmation, Outcome
from app.models.service_session import ServiceSession
from app.services import deadlines, tasks
from app.services.jobs import cancel_open
from app.services.outcomes.recording import ensure_seen
from app.services.outcomes.signing import OwnWord, confirmation
from app.services.service_sessions import speaker
from app.unit_of_work import UnitOfWork


def doubt(uow: UnitOfWork, outcome_id: UUID, word: OwnWord, reasons: Sequence[str]) -> Confirmation:
    """Keep a yes by link that may be somebody else's; an officer has to call before it settles.

    Args:
        uow: the transaction.
        outcome_id: the record.
        word: what was said.
        reasons: codes of what speaks against it.
    """
    outcome = uow.load(Outcome, outcome_id, lock=True)
    uow.require(Permission.CONFIRM_OUTCOME)
    session = uow.load(ServiceSession, outcome.service_session_id)
    ensure_seen(uow, outcome.id, word.version)
    ensure_may_confirm(deadlines.late_word(uow, session), uow.today)
    # Asked as if it settled the facts, so that what is settled already stays as it is.
    next_status(outcome.status, OutcomeEvent.CONFIRM)
    said = uow.add(confirmation(uow, outcome, speaker(uow), word, ConfirmationKind.LINK))
    cancel_open(uow, outcome.id, ["remind_confirm"])
    uow.audit("outcome.doubted", said, reasons=list(reasons))
    tasks.open_once(uow, TaskKind.WORD_IN_DOUBT, session, reasons=" ".join(reasons))
    return said
