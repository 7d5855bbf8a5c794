"""The mentor's report in one step: the meeting closed and its record written, both or neither."""

from collections.abc import Callable
from uuid import UUID

from app.domain.actor import Permission
from app.domain.errors import FieldError, InvalidInputError, NotFoundError
from app.domain.mail_link import Hand
from app.domain.service_session import ensure_actual
from app.models.mail_link import RecordHand
from app.models.outcome import Outcome
from app.models.service_session import ServiceSession
from app.services.outcomes.recording import (
    Record,
    ensure_complete,
    last_number,
    of_session,
    record,
)
from app.services.service_sessions import Finish, finish
from app.unit_of_work import UnitOfWork


def report(
    uow: UnitOfWork,
    session_id: UUID,
    facts: Finish,
    written: Record,
    *,
    version: int | None = None,
    hand: Hand | None = None,
) -> Outcome:
    """Close the meeting with its actual times and write the first record of it.

    `hand` is from where it comes, kept to be compared with that of the founder's word.

    Raises:
        InvalidInputError: naming the faults of the times and of the record together.
    """
    _require(uow, session_id)
    _ensure(
        lambda: ensure_actual(facts.actual_start, facts.actual_end, facts.break_minutes, uow.now),
        lambda: ensure_complete(written),
    )
    finish(uow, session_id, facts, version=version)
    uow.flush()
    _note_hand(uow, session_id, hand)
    return record(uow, session_id, written)


def revise(
    uow: UnitOfWork,
    session_id: UUID,
    written: Record,
    *,
    version: int | None = None,
    hand: Hand | None = None,
) -> Outcome:
    """Write the record of a meeting that is closed; a later version says why it is needed.

    `hand` is from where it comes, as with the first.

    Raises:
        InvalidInputError: naming each field at fault.
    """
    _require(uow, session_id)
    outcome = of_session(uow, session_id)
    if outcome is None:
        raise NotFoundError("outcome.not_found")
    is_later = last_number(uow, outcome.id) > 0
    _ensure(
        lambda: _ensure_reason(written) if is_later else None,
        lambda: ensure_complete(written),
    )
    _note_hand(uow, session_id, hand)
    return record(uow, session_id, written, version=version)


def _note_hand(uow: UnitOfWork, session_id: UUID, hand: Hand | None) -> None:
    if hand is not None and uow.actor.account_id is not None:
        uow.add(
            RecordHand(
                account_id=uow.actor.account_id,
                service_session_id=session_id,
                device=hand.device,
                address=hand.address,
                sent_at=uow.now,
            )
        )


def _require(uow: UnitOfWork, session_id: UUID) -> None:
    session = uow.load(ServiceSession, session_id, lock=True)
    uow.require(Permission.RECORD_OUTCOME, experts=frozenset({session.lead_expert_id}))


def _ensure_reason(written: Record) -> None:
    if not (written.reason or "").strip():
        raise InvalidInputError.at("reason", "input.required")


def _ensure(*rules: Callable[[], None]) -> None:
    errors: list[FieldError] = []
    for rule in rules:
        try:
            rule()
        except InvalidInputError as error:
            errors += error.errors
    if errors:
        raise InvalidInputError(errors=errors)
