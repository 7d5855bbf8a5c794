"""The use cases: what is open is called off, what is kept is locked, the rest is forgotten."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from sqlalchemy import select

from app.domain.account import WrongPasswordError
from app.domain.actor import Permission, Role
from app.domain.calendar import local_day
from app.domain.consent import PaperConsent, WithdrawalKind, ensure_sheet
from app.domain.erasure import ErasedError, ErasedOfStaffError, MeetingRunningError, kept_until
from app.domain.errors import FieldError, NotFoundError
from app.domain.ids import PersonId
from app.domain.person import with_doubles
from app.domain.policy_number import PolicyNumber
from app.domain.service_session import Party, ServiceSessionStatus
from app.models.account import Account, AccountRole
from app.models.erasure import ArchivedSession, Erasure
from app.models.expert import Expert
from app.models.person import Person
from app.models.service_session import Attendance, ServiceSession
from app.queries.policy_numbers import policy_number
from app.services import service_records
from app.services.accounts import has_password
from app.services.erasures.closing import close_accounts
from app.services.erasures.ending import call_off
from app.services.erasures.forgetting import forget
from app.unit_of_work import UnitOfWork

REASON = "everything about a person who has his data deleted"


@dataclass(frozen=True, slots=True)
class _Word:
    """How and when the person asked for it."""

    kind: WithdrawalKind
    asked_on: date
    filed_at: str | None


def erase_oneself(uow: UnitOfWork, password: str) -> Erasure:
    """Delete the actor's own data and close his account; nobody signs in to it any more.

    Raises:
        WrongPasswordError: it is not the account's password.
        ErasedOfStaffError: the account serves or works here too.
        MeetingRunningError: a meeting with him is being held.
    """
    uow.require(Permission.USE_OWN_DATA)
    if uow.actor.account_id is None or uow.actor.person_id is None:
        raise NotFoundError("person.not_found")
    account = uow.load(Account, uow.actor.account_id, lock=True)
    if not has_password(account.password_hash, password):
        raise WrongPasswordError(errors=[FieldError("password", "account.password_wrong")])
    word = _Word(WithdrawalKind.ONLINE, uow.today, None)
    return _erase(uow, uow.load(Person, uow.actor.person_id, lock=True), word)


def erase_on_paper(uow: UnitOfWork, person_id: UUID, sheet: PaperConsent) -> Erasure:
    """Delete the data of somebody at the desk, who has signed that he wants it.

    Raises:
        InvalidInputError: naming each field of the sheet at fault.
        ErasedError: it was done before.
        ErasedOfStaffError, MeetingRunningError: as for himself.
    """
    person = uow.load(Person, person_id, lock=True)
    uow.require(Permission.ENTER_ON_PAPER)
    ensure_sheet(sheet, uow.today)
    word = _Word(WithdrawalKind(sheet.kind.value), sheet.given_on, sheet.filed_at.strip())
    return _erase(uow, person, word)


def _erase(uow: UnitOfWork, person: Person, word: _Word) -> Erasure:
    with uow.beyond_scope(REASON):
        same = with_doubles([person.id], service_records.load_aliases(uow))
        _ensure_may(uow, same)
        _in_his_name(uow, person.id, same)
        rows = [uow.add(_row(uow, key, word)) for key in sorted(same)]
        uow.flush()
        for row in rows:
            uow.audit("person.erased", row)
        own = next(row for row in rows if row.person_id == person.id)
        _lock(uow, own, same)
        close_accounts(uow, same)
        forget(uow, same)
        uow.flush()
    return own


def _ensure_may(uow: UnitOfWork, same: Collection[UUID]) -> None:
    if uow.all(select(Erasure.id).where(Erasure.person_id.in_(same))):
        raise ErasedError
    other = (
        select(AccountRole.id)
        .join(Account, Account.id == AccountRole.account_id)
        .where(Account.person_id.in_(same), AccountRole.role != Role.FOUNDER)
    )
    if uow.all(other) or uow.all(select(Expert.id).where(Expert.person_id.in_(same))):
        raise ErasedOfStaffError
    running = select(ServiceSession.id).where(
        ServiceSession.founder_person_id.in_(same),
        ServiceSession.status == ServiceSessionStatus.IN_PROGRESS,
    )
    if uow.all(running):
        raise MeetingRunningError


def _in_his_name(uow: UnitOfWork, person_id: UUID, same: Collection[UUID]) -> None:
    """Call off what is open as the founder would, whoever types it in; the trail names who did."""
    own = uow.actor
    for key in sorted({person_id, *same}):
        uow.actor = replace(
            own,
            roles=frozenset({Role.FOUNDER}),
            person_id=PersonId(key),
            expert_id=None,
            street=None,
            department=None,
        )
        try:
            call_off(uow, key)
        finally:
            uow.actor = own


def _lock(uow: UnitOfWork, erasure: Erasure, same: Collection[UUID]) -> None:
    """Put the records of his meetings under lock, each until the end of its term.

    Where somebody else came with him the record is that person's too, and stays open.
    """
    others = select(Attendance.service_session_id).where(
        Attendance.side == Party.FOUNDER,
        Attendance.is_present,
        Attendance.voided_at.is_(None),
        Attendance.person_id.not_in(same),
    )
    his = ServiceSession.founder_person_id.in_(same)
    alone = ServiceSession.id.not_in(others)
    locked = select(ArchivedSession.service_session_id)
    for session in uow.all(
        select(ServiceSession).where(his, alone, ServiceSession.id.not_in(locked))
    ):
        day = local_day(session.actual_start or session.planned_starts_at)
        years = policy_number(uow, PolicyNumber.RECORD_RETENTION, uow.today)
        row = uow.add(
            ArchivedSession(
                service_session_id=session.id,
                erasure_id=erasure.id,
                kept_until=kept_until(day, years),
            )
        )
        uow.audit("service_session.archived", row)
    uow.flush()


def _row(uow: UnitOfWork, person_id: UUID, word: _Word) -> Erasure:
    return Erasure(
        person_id=person_id,
        kind=word.kind,
        asked_on=word.asked_on,
        filed_at=word.filed_at,
        made_by_id=uow.actor.account_id,
        created_at=uow.now,
    )
