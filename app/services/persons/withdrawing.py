"""A consent taken back: the group it was given for is erased, closed months stay as they are."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Select, select

from app.domain.actor import Permission
from app.domain.consent import (
    NothingToWithdrawError,
    PaperConsent,
    Purpose,
    WithdrawalKind,
    ensure_sheet,
)
from app.domain.errors import NotFoundError
from app.domain.person import with_doubles
from app.models.consent import Consent, ConsentWithdrawal
from app.models.person import FounderGroup, Person
from app.models.vocabulary import Term
from app.services import service_records
from app.services.persons.registering import recount
from app.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class _Word:
    """How and when the person said so."""

    kind: WithdrawalKind
    asked_on: date
    filed_at: str | None


def withdraw_group_consent(uow: UnitOfWork) -> ConsentWithdrawal:
    """Take back the actor's own consent for his sensitive groups; they are erased at once.

    Raises:
        NothingToWithdrawError: no such group is kept of him, or not any more.
    """
    uow.require(Permission.USE_OWN_DATA)
    if uow.actor.person_id is None:
        raise NotFoundError("person.not_found")
    person = uow.load(Person, uow.actor.person_id, lock=True)
    return _withdraw(uow, person, _Word(WithdrawalKind.ONLINE, uow.today, None))


def withdraw_group_consent_on_paper(
    uow: UnitOfWork, person_id: UUID, sheet: PaperConsent
) -> ConsentWithdrawal:
    """Take it back for somebody at the desk, who has signed that he wants it.

    Raises:
        InvalidInputError: naming each field of the sheet at fault.
        NothingToWithdrawError: no such group is kept of the person, or not any more.
    """
    person = uow.load(Person, person_id, lock=True)
    uow.require(Permission.ENTER_ON_PAPER)
    ensure_sheet(sheet, uow.today)
    word = _Word(WithdrawalKind(sheet.kind.value), sheet.given_on, sheet.filed_at.strip())
    return _withdraw(uow, person, word)


def standing_sheets(person_ids: Collection[UUID]) -> Select[UUID]:
    """Return the statement for the sheets for a sensitive group that were not taken back."""
    taken_back = select(ConsentWithdrawal.consent_id).where(
        ConsentWithdrawal.consent_id.is_not(None)
    )
    return select(Consent.id).where(
        Consent.person_id.in_(person_ids),
        Consent.purpose == Purpose.SENSITIVE_GROUP,
        Consent.id.not_in(taken_back),
    )


def _withdraw(uow: UnitOfWork, person: Person, word: _Word) -> ConsentWithdrawal:
    with uow.beyond_scope("every record of the person, for a consent taken back"):
        same = with_doubles([person.id], service_records.load_aliases(uow))
        sheets = uow.all(standing_sheets(same))
        sensitive = _sensitive_groups(uow, same)
        if not sheets and not sensitive:
            raise NothingToWithdrawError
        taken_back: list[UUID | None] = [*sheets] or [None]
        rows = [_kept(uow, person, word, consent_id) for consent_id in taken_back]
        for group in sensitive:
            uow.session.delete(group)
        uow.audit("consent.withdrawn", *rows)
        uow.flush()
    recount(uow, same, "consent.withdrawn")
    return rows[0]


def _sensitive_groups(uow: UnitOfWork, person_ids: Collection[UUID]) -> list[FounderGroup]:
    terms = uow.all(select(Term).where(Term.vocabulary == "founder_group"))
    codes = [term.code for term in terms if term.attributes["sensitive"] == "yes"]
    return list(
        uow.all(
            select(FounderGroup).where(
                FounderGroup.person_id.in_(person_ids), FounderGroup.code.in_(codes)
            )
        )
    )


def _kept(
    uow: UnitOfWork, person: Person, word: _Word, consent_id: UUID | None
) -> ConsentWithdrawal:
    return uow.add(
        ConsentWithdrawal(
            person_id=person.id,
            consent_id=consent_id,
            purpose=Purpose.SENSITIVE_GROUP,
            kind=word.kind,
            asked_on=word.asked_on,
            filed_at=word.filed_at,
            made_by_id=uow.actor.account_id,
            created_at=uow.now,
        )
    )
