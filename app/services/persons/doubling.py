"""Two records found to be one person: proposed by one officer, checked by another."""

from uuid import UUID

from sqlalchemy import Select, and_, or_, select

from app.domain import prose
from app.domain.actor import Permission
from app.domain.person import (
    LONGEST_GROUNDS,
    DoubleWaitsError,
    SamePersonsError,
    with_doubles,
)
from app.domain.service_record import canonical
from app.models.person import DoubleStatus, Person, PersonAlias, PersonDouble
from app.services import service_records
from app.services.checks import check
from app.services.persons.registering import recount
from app.unit_of_work import UnitOfWork


def propose_double(uow: UnitOfWork, alias_id: UUID, person_id: UUID, grounds: str) -> PersonDouble:
    """Propose that two records are one person; nothing changes before the check.

    A record that counts as another one already is proposed by that one.

    Raises:
        SamePersonsError: they count as one already.
        DoubleWaitsError: somebody has proposed it, and it waits for its check.
    """
    alias, person = uow.load(Person, alias_id), uow.load(Person, person_id)
    uow.require(Permission.MAKE_CORRECTION)
    one, other = _two(uow, alias.id, person.id)
    if uow.all(_waiting(one, other)):
        raise DoubleWaitsError
    double = uow.add(
        PersonDouble(
            alias_id=one,
            person_id=other,
            grounds=prose.ensure("grounds", grounds, LONGEST_GROUNDS),
            status=DoubleStatus.PROPOSED,
            made_by_id=uow.actor.account_id,
            made_at=uow.now,
        )
    )
    uow.audit("person.double_proposed", double)
    return double


def approve_double(uow: UnitOfWork, double_id: UUID, *, version: int | None = None) -> PersonAlias:
    """Make the two records count as one person, in every month, from now on.

    Everything that any record of the person attended is decided anew, as what ties a mentor to
    one of them ties him to all.

    Raises:
        DoubleCheckerError: who proposed it does not check it.
        DoubleCheckedError: it has been approved or refused.
        SamePersonsError: they have come to count as one since.
    """
    double = _decide(uow, double_id, DoubleStatus.APPROVED, version)
    one, other = _two(uow, double.alias_id, double.person_id)
    alias = uow.add(
        PersonAlias(
            alias_id=one,
            person_id=other,
            made_by_id=double.made_by_id,
            checked_by_id=double.checked_by_id,
            created_at=uow.now,
        )
    )
    uow.audit("person.linked", alias, double)
    uow.flush()
    same = with_doubles([other], service_records.load_aliases(uow))
    recount(uow, same, "person.linked")
    return alias


def refuse_double(uow: UnitOfWork, double_id: UUID, *, version: int | None = None) -> PersonDouble:
    """Leave the two records apart; the proposal stays in the file."""
    double = _decide(uow, double_id, DoubleStatus.REFUSED, version)
    uow.audit("person.double_refused", double)
    return double


def _waiting(one: UUID, other: UUID) -> Select[UUID]:
    ways = ((one, other), (other, one))
    return select(PersonDouble.id).where(
        PersonDouble.status == DoubleStatus.PROPOSED,
        or_(*(and_(PersonDouble.alias_id == a, PersonDouble.person_id == b) for a, b in ways)),
    )


def _decide(
    uow: UnitOfWork, double_id: UUID, status: DoubleStatus, version: int | None
) -> PersonDouble:
    return check(uow, PersonDouble, double_id, status, Permission.CHECK_CORRECTION, version)


def _two(uow: UnitOfWork, alias_id: UUID, person_id: UUID) -> tuple[UUID, UUID]:
    """Return the persons as whom the two records count, which are not the same yet."""
    aliases = service_records.load_aliases(uow)
    one, other = (UUID(canonical(str(key), aliases)) for key in (alias_id, person_id))
    if one == other:
        raise SamePersonsError
    return one, other
