"""Terms of appointment, pauses and declared interests of an expert."""

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select

from app.domain.actor import Permission
from app.domain.errors import FieldError, InvalidInputError, RuleError
from app.domain.expert import (
    Term,
    ensure_appointment,
    ensure_extension,
)
from app.domain.policy_number import PolicyNumber
from app.domain.recusal import CONFLICT_TYPES, Interest
from app.domain.venture import parse_credit_code
from app.models.expert import Appointment, DeclaredInterest, Expert
from app.models.person import Person
from app.queries.policy_numbers import policy_number
from app.services.experts.deciding import decide_anew
from app.services.experts.documents import ensure_document, load_for_term
from app.services.experts.following import follow_terms
from app.unit_of_work import UnitOfWork

LONGEST_NAME = 200


class AlreadyAppointedError(RuleError):
    """A term of the expert covers some of these days already."""

    default_code = "expert.already_appointed"


def appoint(
    uow: UnitOfWork,
    expert_id: UUID,
    document: str,
    starts_on: date,
    ends_on: date,
    *,
    version: int | None = None,
) -> Appointment:
    """Appoint an expert from today or a later day on.

    Raises:
        InvalidInputError: no document is named, or the term ends before it begins.
        AppointmentBackDatedError: the term begins in the past.
        AlreadyAppointedError: it overlaps another term.
    """
    expert = load_for_term(uow, expert_id, version)
    term = ensure_appointment(starts_on, ends_on, uow.today)
    if any(held.starts_on <= ends_on and starts_on <= held.ends_on for held in _held(uow, expert)):
        raise AlreadyAppointedError
    return _keep(uow, expert, term, document, "appointment.made")


def extend(
    uow: UnitOfWork, expert_id: UUID, document: str, until: date, *, version: int | None = None
) -> Appointment:
    """Extend the last term of an expert provisionally, for the days of the policy at the most.

    Raises:
        OutOfTermError: the expert was never appointed.
        ExtensionTooLateError: the term has ended, or the extension is too long.
    """
    expert = load_for_term(uow, expert_id, version)
    terms = [
        Term(held.starts_on, held.ends_on, held.approved_on, held.kind)
        for held in _held(uow, expert)
    ]
    longest = timedelta(days=policy_number(uow, PolicyNumber.EXTENSION, uow.today))
    term = ensure_extension(terms, uow.today, until, longest)
    return _keep(uow, expert, term, document, "appointment.extended")


def pause(uow: UnitOfWork, expert_id: UUID) -> Expert:
    """Offer no more times of an expert; what is agreed stays agreed."""
    return _set_paused(uow, expert_id, True, "expert.paused")


def resume(uow: UnitOfWork, expert_id: UUID) -> Expert:
    """Offer the times of an expert again."""
    return _set_paused(uow, expert_id, False, "expert.resumed")


def declare_interest(uow: UnitOfWork, expert_id: UUID, interest: Interest) -> DeclaredInterest:
    """Keep a tie of an expert to a company or a person, by himself or by the bureau.

    Raises:
        InvalidInputError: naming each field that cannot be taken.
    """
    expert = uow.load(Expert, expert_id)
    uow.require(Permission.DECLARE_INTEREST, experts=frozenset({expert.id}))
    organisation = interest.organisation.strip()
    _ensure_meaningful(interest, organisation)
    code = parse_credit_code(interest.credit_code, "credit_code") if interest.credit_code else None
    if interest.person_id is not None:
        uow.load(Person, interest.person_id)
    row = uow.add(
        DeclaredInterest(
            expert_id=expert.id,
            conflict_type=interest.conflict_type,
            organisation=organisation,
            credit_code=code,
            person_id=interest.person_id,
            starts_on=interest.starts_on,
            ends_on=interest.ends_on,
        )
    )
    uow.audit("interest.declared", row)
    decide_anew(uow, expert.id, "interest.declared")
    return row


def _held(uow: UnitOfWork, expert: Expert) -> list[Appointment]:
    return list(uow.all(select(Appointment).where(Appointment.expert_id == expert.id)))


def _keep(uow: UnitOfWork, expert: Expert, term: Term, document: str, action: str) -> Appointment:
    name = ensure_document(document)
    appointment = uow.add(
        Appointment(
            expert_id=expert.id,
            kind=term.kind,
            document=name,
            starts_on=term.starts_on,
            ends_on=term.ends_on,
            approved_on=term.approved_on,
            approved_by_id=uow.actor.account_id,
        )
    )
    uow.audit(action, appointment)
    decide_anew(uow, expert.id, action)
    follow_terms(uow, expert.id)
    return appointment


def _set_paused(uow: UnitOfWork, expert_id: UUID, is_paused: bool, action: str) -> Expert:
    expert = uow.load(Expert, expert_id, lock=True)
    uow.require(Permission.SET_AVAILABILITY, experts=frozenset({expert.id}))
    if expert.is_paused != is_paused:
        expert.is_paused = is_paused
        uow.audit(action, expert)
    return expert


def _ensure_meaningful(interest: Interest, organisation: str) -> None:
    errors = []
    if interest.conflict_type not in CONFLICT_TYPES:
        errors.append(FieldError("conflict_type", "input.unknown_code"))
    if not organisation and interest.person_id is None:
        errors.append(FieldError("organisation", "input.required"))
    if len(organisation) > LONGEST_NAME:
        facts = {"longest": LONGEST_NAME, "length": len(organisation)}
        errors.append(FieldError("organisation", "input.too_long", facts))
    if interest.starts_on and interest.ends_on and interest.ends_on < interest.starts_on:
        errors.append(FieldError("ends_on", "input.too_early", {"first": interest.starts_on}))
    if errors:
        raise InvalidInputError(errors=errors)
