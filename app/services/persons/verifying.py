"""A founder group verified: an officer has seen what shows it."""

from uuid import UUID

from sqlalchemy import select

from app.domain.actor import Permission
from app.domain.errors import NotFoundError
from app.domain.person import GroupProof, ensure_separate_consent, with_doubles
from app.models.person import FounderGroup, Person
from app.models.vocabulary import Term
from app.services import service_records
from app.services.persons.registering import recount
from app.services.persons.withdrawing import standing_sheets
from app.unit_of_work import UnitOfWork


def verify_group(uow: UnitOfWork, person_id: UUID, code: str, proof: GroupProof) -> FounderGroup:
    """Note that a group was shown; what the person attended is counted by it from now on.

    A group that is verified already stays as it is.

    Raises:
        NotFoundError: the person has named no such group.
        SeparateConsentError: the group is sensitive, and no sheet of its own was signed.
    """
    person = uow.load(Person, person_id, lock=True)
    uow.require(Permission.VERIFY_GROUP)
    group = uow.one(
        select(FounderGroup).where(FounderGroup.person_id == person.id, FounderGroup.code == code)
    )
    if group is None:
        raise NotFoundError("person.group_not_found")
    if group.verified_at is not None:
        return group
    ensure_separate_consent(
        is_sensitive=_is_sensitive(uow, code), has_sheet=_has_sheet(uow, person.id)
    )
    group.verified_by_id, group.verified_at = uow.actor.account_id, uow.now
    uow.audit("person.group_verified", group, proof=proof)
    same = with_doubles([person.id], service_records.load_aliases(uow))
    recount(uow, same, "person.group_verified")
    return group


def _is_sensitive(uow: UnitOfWork, code: str) -> bool:
    terms = select(Term).where(Term.vocabulary == "founder_group", Term.code == code)
    return any(term.attributes["sensitive"] == "yes" for term in uow.all(terms))


def _has_sheet(uow: UnitOfWork, person_id: UUID) -> bool:
    return bool(uow.all(standing_sheets([person_id]).limit(1)))
