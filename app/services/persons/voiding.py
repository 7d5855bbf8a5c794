"""A registration taken back: what it said is gone, the row and its consent stay."""

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import Select, select

from app.domain.actor import Permission
from app.domain.desk_entry import BuiltUponError
from app.domain.need import NeedStatus
from app.models.account import Account
from app.models.need import Need
from app.models.person import FounderGroup, Person, VentureMember
from app.models.service_session import Attendance
from app.unit_of_work import UnitOfWork

NOBODY = "（登记已撤回）"


def void(uow: UnitOfWork, person_id: UUID) -> Person:
    """Take back a registration; name, telephone, year of birth and groups are forgotten.

    Raises:
        BuiltUponError: the person has a need, an account or a meeting.
    """
    person = uow.load(Person, person_id, lock=True)
    uow.require(Permission.ENTER_ON_PAPER)
    _ensure_alone(uow, person)
    for group in uow.all(select(FounderGroup).where(FounderGroup.person_id == person.id)):
        uow.session.delete(group)
    for member in uow.all(select(VentureMember).where(VentureMember.person_id == person.id)):
        uow.session.delete(member)
    person.name, person.phone, person.email, person.birth_year = NOBODY, None, None, None
    person.voided_at = uow.now
    uow.audit("person.voided", person)
    uow.flush()
    return person


def _ensure_alone(uow: UnitOfWork, person: Person) -> None:
    with uow.beyond_scope("whether anything stands on the registration"):
        for what, found in _ties(person.id):
            if uow.session.execute(found.limit(1)).first() is not None:
                raise BuiltUponError(by=what)


def _ties(person_id: UUID) -> Iterator[tuple[str, Select[UUID]]]:
    yield (
        "need",
        select(Need.id).where(Need.person_id == person_id, Need.status != NeedStatus.WITHDRAWN),
    )
    on_list = Attendance.voided_at.is_(None)
    yield "meeting", select(Attendance.id).where(Attendance.person_id == person_id, on_list)
    yield "account", select(Account.id).where(Account.person_id == person_id)
