"""Where somebody is reached: his own mail address and telephone, kept by himself."""

from uuid import UUID

from sqlalchemy import or_, select

from app.domain.actor import STAFF_ROLES, Permission, Role
from app.domain.errors import ForbiddenError
from app.domain.person import Contact, ContactOfStaffError, ensure_contact, phone_digits
from app.models.account import Account, AccountRole
from app.models.person import Person
from app.unit_of_work import UnitOfWork

_WORKS_HERE = frozenset({Role.MENTOR, *STAFF_ROLES})


def set_contact(uow: UnitOfWork, contact: Contact) -> Person:
    """Keep where the actor is reached; who has no person's record yet, as staff, gets one.

    Raises:
        InvalidInputError: naming what cannot be an address or a telephone.
        ContactOfStaffError: a founder gives what belongs to an expert or to staff, who would then
            confirm his own services.
    """
    uow.require(Permission.USE_OWN_ACCOUNT)
    if uow.actor.account_id is None:
        raise ForbiddenError(permission=Permission.USE_OWN_ACCOUNT.value)
    kept = ensure_contact(contact)
    with uow.beyond_scope("where the actor is reached, and whose address it is"):
        account = uow.load(Account, uow.actor.account_id, lock=True)
        if uow.actor.has(Role.FOUNDER) and _is_of_staff(uow, kept, account.person_id):
            raise ContactOfStaffError
        person = _person(uow, account)
        changed = [
            name
            for name, value in (("email", kept.email), ("phone", kept.phone))
            if getattr(person, name) != value
        ]
        person.email, person.phone = kept.email, kept.phone
        uow.flush()
    if changed:
        uow.audit("person.contact_changed", person, changed=changed)
    return person


def _person(uow: UnitOfWork, account: Account) -> Person:
    if account.person_id is not None:
        return uow.load(Person, account.person_id, lock=True)
    person = uow.add(Person(name=account.name, created_at=uow.now))
    uow.flush()
    account.person_id = person.id
    uow.audit("account.person_kept", account)
    return person


def _is_of_staff(uow: UnitOfWork, contact: Contact, own: UUID | None) -> bool:
    wanted = phone_digits(contact.phone)
    rows = uow.session.execute(
        select(Person.id, Person.email, Person.phone)
        .join(Account, Account.person_id == Person.id)
        .join(AccountRole, AccountRole.account_id == Account.id)
        .where(
            AccountRole.role.in_(_WORKS_HERE),
            or_(Person.email.is_not(None), Person.phone.is_not(None)),
        )
        .distinct()
    )
    return any(
        (contact.email is not None and email is not None and contact.email == email.lower())
        or (bool(wanted) and phone_digits(phone) == wanted)
        for key, email, phone in rows
        if key != own
    )
