"""The other side's word: confirmation, call-back, silence."""

from uuid import UUID

from sqlalchemy import select

from app.domain.actor import Permission
from app.domain.errors import FieldError, InvalidInputError
from app.domain.need import NeedStatus
from app.domain.outcome import (
    CertifierError,
    ConfirmationKind,
    IllegalStepError,
    OutcomeEvent,
    OutcomeStatus,
    ensure_may_confirm,
    next_status,
    spokespersons,
)
from app.domain.service_session import Party
from app.domain.task import TaskKind
from app.models.need import Need
from app.models.outcome import Confirmation, Outcome, Rating
from app.models.person import VentureMember
from app.models.service_session import ServiceSession
from app.services import action_items, deadlines, follow_ups, service_records, tasks, tickets
from app.services.jobs import cancel_open
from app.services.outcomes.recording import ensure_seen
from app.services.outcomes.signing import OwnWord, confirmation, ensure_own_name
from app.services.service_sessions import (
    asker_of,
    attendances,
    has_hand_in,
    need_id_of,
    open_dispute,
    speaker,
)
from app.unit_of_work import UnitOfWork


def confirm(
    uow: UnitOfWork,
    outcome_id: UUID,
    *,
    agrees: bool,
    rating: int | None = None,
    remark: str | None = None,
    version: int | None = None,
) -> Outcome:
    """Take the founder's own word on the facts; the rating is kept apart from it.

    Disagreement opens a dispute. Silence never comes here. Who only came along vouches for his
    own presence, which settles nothing for the others. `version` is the number of the record read.

    Raises:
        ConfirmationOverError: the days after the service in which it may be said are over.
        StaleVersionError: the mentor has written another record since.
    """
    word = OwnWord(agrees=agrees, rating=rating, remark=remark, version=version)
    return say(uow, outcome_id, word, ConfirmationKind.SIGNED_IN)


def say(uow: UnitOfWork, outcome_id: UUID, word: OwnWord, kind: ConfirmationKind) -> Outcome:
    """Take the actor's own word as `confirm` does; `kind` is how it is known that it is his."""
    outcome = uow.load(Outcome, outcome_id, lock=True)
    uow.require(Permission.CONFIRM_OUTCOME)
    session = uow.load(ServiceSession, outcome.service_session_id)
    ensure_seen(uow, outcome.id, word.version)
    person_id = speaker(uow)
    ensure_may_confirm(deadlines.late_word(uow, session), uow.today)
    if kind is ConfirmationKind.SIGNED_IN:
        ensure_own_name(uow, word.signed_name)
    said = confirmation(uow, outcome, person_id, word, kind)
    if word.rating is not None:
        rate(uow, outcome, person_id, word.rating)
    return _take(uow, session, outcome, said)


def confirm_on_paper(
    uow: UnitOfWork, outcome_id: UUID, remark: str, *, person_id: UUID | None = None
) -> Outcome:
    """Take a signature on the printed record, which a second clerk has compared.

    Args:
        uow: the transaction.
        outcome_id: the record that was printed.
        remark: where the signed sheet is filed.
        person_id: who signed; who asked for the meeting when not given.

    Raises:
        CertifierError: the clerk entered the meeting or wrote the record.
    """
    outcome, session = _by_another(uow, outcome_id, Permission.ENTER_ON_PAPER, remark)
    ensure_may_confirm(deadlines.late_word(uow, session), uow.today)
    word = OwnWord(agrees=True, remark=remark)
    signer = person_id or asker_of(session)
    said = confirmation(uow, outcome, signer, word, ConfirmationKind.PAPER_SIGNATURE)
    return _take(uow, session, outcome, said)


def certify(uow: UnitOfWork, outcome_id: UUID, remark: str) -> Outcome:
    """Certify the facts after calling the founder back; the officer is not the author.

    Raises:
        CertifierError: the officer wrote the record or entered the session.
    """
    outcome, session = _by_another(uow, outcome_id, Permission.CERTIFY_OUTCOME, remark)
    ensure_may_confirm(deadlines.late_word(uow, session), uow.today)
    late = _is_late(uow, outcome)
    outcome.status = next_status(outcome.status, OutcomeEvent.CERTIFY)
    word = OwnWord(agrees=True, remark=remark)
    kind = ConfirmationKind.CALL_BACK
    said = uow.add(confirmation(uow, outcome, asker_of(session), word, kind))
    _settle(uow, outcome, ConfirmationKind.CALL_BACK, late=late)
    uow.audit("outcome.certified", outcome, said)
    _close(uow, session, outcome, "outcome.certified")
    return outcome


def lapse(uow: UnitOfWork, outcome_id: UUID) -> Outcome:
    """Mark a record nobody confirmed in time; silence is never consent.

    An outcome that is no longer waiting, or has time left, is left alone.
    """
    outcome = uow.load(Outcome, outcome_id, lock=True)
    waiting = outcome.status is OutcomeStatus.RECORDED
    if not waiting or outcome.confirm_by is None or uow.now < outcome.confirm_by:
        return outcome
    outcome.status = next_status(outcome.status, OutcomeEvent.LAPSE)
    session = uow.load(ServiceSession, outcome.service_session_id)
    uow.audit("outcome.lapsed", outcome)
    _close(uow, session, outcome, "outcome.unconfirmed")
    return outcome


def rate(uow: UnitOfWork, outcome: Outcome, person_id: UUID, score: int) -> Rating:
    """Keep one attendee's rating, once; a bad one opens a ticket in the same transaction.

    Raises:
        InvalidInputError: outside 1 to 5.
    """
    if score not in range(1, 6):
        raise InvalidInputError.at("rating", "outcome.rating_range")
    row = uow.add(
        Rating(outcome_id=outcome.id, person_id=person_id, score=score, created_at=uow.now)
    )
    tickets.open_for(uow, row)
    return row


def _take(
    uow: UnitOfWork, session: ServiceSession, outcome: Outcome, said: Confirmation
) -> Outcome:
    """Keep somebody's word; it settles the facts if he speaks for the founder's side."""
    uow.add(said)
    if said.person_id not in _speakers(uow, session):
        return _vouch(uow, session, outcome, said)
    event = OutcomeEvent.CONFIRM if said.agrees else OutcomeEvent.DISPUTE
    late = _is_late(uow, outcome)
    outcome.status = next_status(outcome.status, event)
    if said.agrees:
        _settle(uow, outcome, said.kind, late=late)
    else:
        open_dispute(uow, session, said.remark or "")
    uow.audit("outcome.confirmed" if said.agrees else "outcome.disputed", outcome, said)
    _close(uow, session, outcome, "outcome.confirmed" if said.agrees else None)
    return outcome


def _vouch(
    uow: UnitOfWork, session: ServiceSession, outcome: Outcome, said: Confirmation
) -> Outcome:
    if outcome.status is OutcomeStatus.AWAITING_RECORD:
        raise IllegalStepError(status=outcome.status.value, event=OutcomeEvent.CONFIRM.value)
    uow.audit("outcome.vouched", said)
    uow.flush()
    service_records.count(uow, session.id, cause="outcome.vouched")
    return outcome


def _speakers(uow: UnitOfWork, session: ServiceSession) -> frozenset[UUID]:
    with uow.beyond_scope("who speaks for the venture"):
        contacts = uow.all(
            select(VentureMember.person_id).where(
                VentureMember.venture_id == session.venture_id, VentureMember.is_contact
            )
        )
    came = [
        row.person_id
        for row in attendances(uow, session.id)
        if row.side is Party.FOUNDER and row.is_present
    ]
    return spokespersons(contacts, session.founder_person_id, came)


def _by_another(
    uow: UnitOfWork, outcome_id: UUID, permission: Permission, remark: str
) -> tuple[Outcome, ServiceSession]:
    """Return the record for an officer who neither served nor wrote it, and says what he saw."""
    outcome = uow.load(Outcome, outcome_id, lock=True)
    uow.require(permission)
    session = uow.load(ServiceSession, outcome.service_session_id)
    if has_hand_in(uow, session, outcome.id):
        raise CertifierError
    if not remark.strip():
        raise InvalidInputError(errors=[FieldError("remark", "input.required")])
    return outcome, session


def _is_late(uow: UnitOfWork, outcome: Outcome) -> bool:
    return outcome.confirm_by is not None and uow.now >= outcome.confirm_by


def _settle(uow: UnitOfWork, outcome: Outcome, kind: ConfirmationKind, *, late: bool) -> None:
    outcome.confirmed_at = uow.now
    outcome.confirmation_kind = kind
    outcome.is_late = late


def _close(uow: UnitOfWork, session: ServiceSession, outcome: Outcome, event: str | None) -> None:
    cancel_open(uow, outcome.id)
    if outcome.status is not OutcomeStatus.UNCONFIRMED:
        tasks.settle(uow, TaskKind.WORD_IN_DOUBT, session)
    if event is not None:
        uow.tell(event, session)
    if outcome.status in (OutcomeStatus.CONFIRMED, OutcomeStatus.CERTIFIED):
        with uow.beyond_scope("the need is served"):
            need = uow.load(Need, need_id_of(session))
            if need.status is NeedStatus.BOOKED:
                need.status = NeedStatus.SERVED
        follow_ups.plan(uow, outcome, session)
        action_items.follow_record(uow, outcome, session)
    uow.flush()
    service_records.count(uow, session.id, cause=f"outcome.{outcome.status.value}")
