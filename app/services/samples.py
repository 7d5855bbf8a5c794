"""The verbs of a sample: drawn once and frozen, its records called about."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from app.domain.actor import Permission
from app.domain.calendar import Month
from app.domain.errors import InvalidInputError, NotFoundError
from app.domain.privacy import mask_name, mask_phone
from app.domain.sample import (
    AlreadyAnsweredError,
    Basis,
    Call,
    CallerHadHandError,
    HeadNotPublishedError,
    NotClosedError,
    NothingToDrawError,
    SampleResult,
    ensure_call,
    ensure_number,
    ensure_size,
    list_hash,
    quotas_of,
    seed_of,
)
from app.domain.sample import draw as drawn_from
from app.domain.task import TaskKind
from app.models.outcome import Outcome
from app.models.person import Person
from app.models.sample import Sample, SampleCall
from app.models.service_session import ServiceSession
from app.queries.samples import callable_ids, find_lot
from app.queries.service_counts.closed import closed_months
from app.services import tasks
from app.services.service_sessions import has_hand_in
from app.unit_of_work import UnitOfWork

NOBODY_LISTED = "-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """What is asked for.

    Attributes:
        first: the first month.
        last: the last month; the same for one month.
        size: how many records.
        number: the auditor's own, of digits; empty where he gives none.
        basis: from which published head.
        is_by_kind: whether each kind of service has its share.
    """

    first: Month
    last: Month
    size: int
    number: str = ""
    basis: Basis = Basis.FIRST
    is_by_kind: bool = False


def draw(uow: UnitOfWork, asked: Draw) -> Sample:
    """Draw a sample of all records of closed months and freeze it.

    Raises:
        NotClosedError: one of the months is open.
        HeadNotPublishedError: nobody has been told a head that covers their closing.
        NothingToDrawError: they hold no record.
        InvalidInputError: at `last`, `size` or `number`.
    """
    uow.require(Permission.DRAW_SAMPLE)
    _ensure_closed(uow, asked)
    number = ensure_number(asked.number)
    lot = find_lot(uow, asked.first, asked.last, asked.basis)
    if lot is None:
        raise HeadNotPublishedError(month=str(asked.last))
    if not lot.records:
        raise NothingToDrawError
    size = ensure_size(asked.size, len(lot.records))
    seed = seed_of(lot.head.digest, number)
    quotas = quotas_of(lot.records, size) if asked.is_by_kind else None
    sample = uow.add(
        Sample(
            reference=uow.reference("sample"),
            first_month=str(asked.first),
            last_month=str(asked.last),
            basis=asked.basis,
            head_number=lot.head.number,
            head_digest=lot.head.digest,
            number=number,
            seed=seed,
            size=size,
            quotas=quotas,
            population=len(lot.records),
            list_sha256=list_hash(lot.records),
            session_ids=drawn_from(lot.records, seed, size, quotas),
            drawn_by_id=uow.actor.account_id,
            drawn_at=uow.now,
        )
    )
    uow.audit("sample.drawn", sample)
    return sample


def note_call(
    uow: UnitOfWork, sample_id: UUID, session_id: UUID, person_id: UUID | None, call: Call
) -> SampleCall:
    """Keep what came of a call about a record drawn; who was not reached may be called again.

    A difference opens a task for the bureau; nothing of the record changes by it.

    Args:
        uow: the transaction.
        sample_id: the sample.
        session_id: one of the meetings drawn.
        person_id: who was called of those served; None for somebody who is on no list.
        call: what came of it.

    Raises:
        CallerHadHandError: the caller served, entered or recorded it.
        AlreadyAnsweredError: somebody has been reached about it.
        InvalidInputError: something of the call is missing or cannot be so.
    """
    sample = uow.load(Sample, sample_id)
    uow.require(Permission.CALL_SAMPLE)
    if str(session_id) not in sample.session_ids:
        raise NotFoundError("sample.not_drawn")
    session = uow.load(ServiceSession, session_id, lock=True)
    _ensure_may_ask(uow, sample, session)
    kept = ensure_call(call, sample.drawn_at, uow.now)
    row = uow.add(
        SampleCall(
            sample_id=sample.id,
            service_session_id=session.id,
            person_id=person_id,
            called=_called(uow, session, person_id),
            called_at=kept.called_at,
            result=kept.result,
            differs=" ".join(kept.differs),
            said=kept.said or None,
            officer_id=uow.actor.account_id,
            created_at=uow.now,
        )
    )
    uow.audit("sample.called", row)
    if kept.result is SampleResult.DIFFERS:
        tasks.open_once(uow, TaskKind.SAMPLE_DIFFERS, session, sample=sample.reference)
    return row


def _ensure_closed(uow: UnitOfWork, asked: Draw) -> None:
    if asked.last < asked.first:
        raise InvalidInputError.at("last", "sample.last_before_first")
    closed = closed_months(uow)
    month = asked.first
    while month <= asked.last:
        if month not in closed:
            raise NotClosedError(month=str(month))
        month = month.following()


def _ensure_may_ask(uow: UnitOfWork, sample: Sample, session: ServiceSession) -> None:
    answered = select(SampleCall.id).where(
        SampleCall.sample_id == sample.id,
        SampleCall.service_session_id == session.id,
        SampleCall.result != SampleResult.NOT_REACHED,
    )
    if uow.one(answered) is not None:
        raise AlreadyAnsweredError
    outcome_id = uow.one(select(Outcome.id).where(Outcome.service_session_id == session.id))
    if has_hand_in(uow, session, outcome_id or session.id):
        raise CallerHadHandError


def _called(uow: UnitOfWork, session: ServiceSession, person_id: UUID | None) -> str:
    if person_id is None:
        return NOBODY_LISTED
    if person_id not in callable_ids(uow, session):
        raise InvalidInputError.at("person", "sample.not_there")
    person = uow.load(Person, person_id)
    return f"{mask_name(person.name)} {mask_phone(person.phone) if person.phone else ''}".strip()
