"""The founder's word on an answer: that he has read it, and whether it helped."""

from uuid import UUID

from sqlalchemy import select

from app.domain.actor import Permission
from app.domain.errors import ForbiddenError
from app.domain.need import NeedStatus
from app.domain.outcome import ConfirmationKind, OutcomeEvent
from app.domain.outcome import next_status as next_outcome
from app.domain.written_answer import AlreadySaidError, IllegalStepError, WrittenAnswerStatus
from app.models.need import Need
from app.models.outcome import Confirmation, Outcome
from app.models.written_answer import WrittenAnswer
from app.services import service_records
from app.services.bookings.versions import ensure_version
from app.services.jobs import cancel_open
from app.services.written_answers.answering import REMIND
from app.unit_of_work import UnitOfWork


def say(
    uow: UnitOfWork, answer_id: UUID, *, helped: bool, version: int | None = None
) -> WrittenAnswer:
    """Confirm that the answer came and say whether it helped; either way it counts as a piece.

    Where it helped, the need is served; where not, it stays open for a meeting. A meeting can
    still be asked for in both cases.

    Raises:
        AlreadySaidError: he has said so before.
        IllegalStepError: there is no answer yet.
    """
    row = uow.load(WrittenAnswer, answer_id, lock=True)
    uow.require(Permission.CONFIRM_OUTCOME)
    if uow.actor.person_id != row.person_id:
        raise ForbiddenError(permission=Permission.CONFIRM_OUTCOME.value)
    ensure_version(row, version)
    if row.status is not WrittenAnswerStatus.ANSWERED or row.service_session_id is None:
        raise IllegalStepError(status=row.status.value, event="say")
    if row.said_at is not None:
        raise AlreadySaidError
    row.helped, row.said_at = helped, uow.now
    cancel_open(uow, row.id, {REMIND})
    _confirm(uow, row.service_session_id, row.person_id)
    need = uow.load(Need, row.need_id, lock=True)
    if helped and need.status is NeedStatus.SUBMITTED:
        need.status = NeedStatus.SERVED
        uow.audit("need.served", need)
    uow.audit("written_answer.read", row)
    uow.tell("written_answer.read", row)
    uow.flush()
    service_records.count(uow, row.service_session_id, cause="written_answer.read")
    return row


def _confirm(uow: UnitOfWork, session_id: UUID, person_id: UUID) -> None:
    found = select(Outcome).where(Outcome.service_session_id == session_id).with_for_update()
    outcome = uow.session.scalars(found).one()
    outcome.status = next_outcome(outcome.status, OutcomeEvent.CONFIRM)
    outcome.confirmed_at, outcome.confirmation_kind = uow.now, ConfirmationKind.SIGNED_IN
    outcome.is_late = outcome.confirm_by is not None and uow.now >= outcome.confirm_by
    said = uow.add(
        Confirmation(
            outcome_id=outcome.id,
            person_id=person_id,
            agrees=True,
            kind=ConfirmationKind.SIGNED_IN,
            outcome_version=1,
            created_at=uow.now,
        )
    )
    uow.audit("outcome.confirmed", outcome, said)
