"""Who stands behind a post, and whom it may interest."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import exists, select

from app.domain.calendar import local_day
from app.domain.expert import AppointmentKind
from app.models.account import Account
from app.models.expert import Appointment, Expert
from app.models.need import Need
from app.models.person import Person, Venture, VentureMember
from app.queries.free_times import Look
from app.queries.stand_downs import takes_no_requests
from app.unit_of_work import unscoped


def private_names(look: Look, need: Need) -> tuple[str, ...]:
    """Return the names of the people and ventures of the founder's side; two statements."""
    own = select(VentureMember.venture_id).where(VentureMember.person_id == need.person_id)
    is_his = (VentureMember.venture_id == need.venture_id) | VentureMember.venture_id.in_(own)
    members = select(VentureMember.person_id).where(is_his)
    ventures = look.session.scalars(
        select(Venture.name).where((Venture.id == need.venture_id) | Venture.id.in_(own))
    ).all()
    people = look.session.scalars(
        select(Person.name).where((Person.id == need.person_id) | Person.id.in_(members))
    ).all()
    return (*people, *ventures)


def interested(look: Look, topics: Collection[str]) -> tuple[UUID, ...]:
    """Return the persons of appointed experts who serve one of the topics and take requests."""
    day = local_day(look.now)
    in_term = exists().where(
        Appointment.expert_id == Expert.id,
        Appointment.kind == AppointmentKind.TERM,
        Appointment.starts_on <= day,
        Appointment.ends_on >= day,
    )
    rows = look.session.execute(
        select(Expert.person_id, Expert.topics)
        .where(in_term, ~takes_no_requests(day))
        .order_by(Expert.id)
    )
    return tuple(person_id for person_id, served in rows if {*served} & {*topics})


def has_account(look: Look, person_id: UUID) -> bool:
    """Tell whether the person can sign in, and so answer for himself."""
    holder = select(Account.id).where(Account.person_id == person_id, Account.is_active)
    # Accounts are hidden from who asks; whether there is one he has to know.
    with unscoped():
        return look.session.connection().execute(holder).first() is not None
