"""The copy 个人信息副本 somebody gets of all that is kept about himself."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select

from app.domain.errors import NotFoundError
from app.domain.person import with_doubles
from app.models.account import Account, AccountRole
from app.models.activity import Activity
from app.models.attachment import Attachment
from app.models.audit_entry import AccessEntry
from app.models.booking import Booking
from app.models.diagnosis import Diagnosis
from app.models.expert import Expert
from app.models.message import Message
from app.models.need import Need
from app.models.outcome import Outcome, Rating
from app.models.person import Person, VentureMember
from app.models.service_session import Attendance, ServiceSession
from app.queries.aliases import load_aliases
from app.queries.own_data.parts import PARTS, Keys, Part, Section, column_of
from app.unit_of_work import Reader

LOOK = "access_entries"
_AT_ONCE = 200

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of one kind."""

    kind: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class OwnCopy:
    """All that is kept about somebody, by heading; `made_at` is when it was read."""

    name: str
    made_at: datetime
    sections: Mapping[Section, tuple[Rows, ...]]

    @property
    def count(self) -> int:
        """How many rows there are."""
        return sum(len(each.rows) for kinds in self.sections.values() for each in kinds)


def own_copy(reader: Reader, person_id: UUID) -> OwnCopy:
    """Return everything about the person, under every record that counts as him.

    Raises:
        NotFoundError: there is no such person, or the actor may not know of him.
    """
    person = reader.session.scalar(select(Person).where(Person.id == person_id))
    if person is None:
        raise NotFoundError("person.not_found")
    with reader.beyond_scope("everything about a person, for the copy of his own data"):
        keys = _keys(reader, with_doubles([person_id], load_aliases(reader)))
        names = _names(reader, keys)
        sections: dict[Section, list[Rows]] = {section: [] for section in Section}
        for part in PARTS:
            found = tuple(_told(row, names) for row in _rows(reader, part, keys))
            if found:
                sections[part.section].append(Rows(part.kind, found))
        looks = tuple(_looks(reader, keys))
        if looks:
            sections[Section.LOOKS].append(Rows(LOOK, looks))
    kept = {section: tuple(kinds) for section, kinds in sections.items() if kinds}
    return OwnCopy(person.name, reader.now, kept)


def _keys(reader: Reader, persons: Collection[UUID]) -> Keys:
    def ask(column: Any, *where: Any) -> list[UUID]:
        return list(reader.session.scalars(select(column).where(*where).order_by(column)))

    accounts = ask(Account.id, Account.person_id.in_(persons))
    attended = select(Attendance.service_session_id).where(Attendance.person_id.in_(persons))
    sessions = ask(
        ServiceSession.id,
        or_(ServiceSession.founder_person_id.in_(persons), ServiceSession.id.in_(attended)),
    )
    return Keys(
        persons=persons,
        accounts=accounts,
        ventures=ask(VentureMember.venture_id, VentureMember.person_id.in_(persons)),
        needs=ask(Need.id, Need.person_id.in_(persons)),
        bookings=ask(Booking.id, Booking.founder_person_id.in_(persons)),
        sessions=sessions,
        outcomes=ask(Outcome.id, Outcome.service_session_id.in_(sessions)),
        ratings=ask(Rating.id, Rating.person_id.in_(persons)),
        diagnoses=ask(Diagnosis.id, Diagnosis.service_session_id.in_(sessions)),
        messages=ask(Message.id, Message.account_id.in_(accounts)),
    )


def _rows(reader: Reader, part: Part, keys: Keys) -> Iterator[Row]:
    columns = [column_of(part, name) for name in part.columns]
    statement = select(*columns).where(column_of(part, part.by).in_(getattr(keys, part.keys)))
    if part.model is Attachment:
        # What others put in for themselves is theirs.
        own = Attachment.added_by_id.in_(keys.accounts)
        statement = statement.where(or_(Attachment.is_for_both, own))
    for row in reader.session.execute(statement.order_by(part.model.id)):
        yield dict(zip(part.columns, row, strict=True))


def _names(reader: Reader, keys: Keys) -> dict[UUID, str]:
    """Return what people call the things that rows lead to."""
    told: dict[UUID, str] = {}
    for model, own in ((Need, keys.needs), (Booking, keys.bookings)):
        rows = reader.session.execute(select(model.id, model.reference).where(model.id.in_(own)))
        told.update({key: reference for key, reference in rows})
    sessions = reader.session.execute(
        select(ServiceSession.id, ServiceSession.reference, Outcome.id)
        .outerjoin(Outcome, Outcome.service_session_id == ServiceSession.id)
        .where(ServiceSession.id.in_(keys.sessions))
    )
    for session_id, reference, outcome_id in sessions:
        told[session_id] = reference
        if outcome_id is not None:
            told[outcome_id] = reference
    for statement in (select(Expert.id, Expert.name), select(Activity.id, Activity.title)):
        told.update({key: name for key, name in reader.session.execute(statement)})
    return told


def _told(row: Row, names: Mapping[UUID, str]) -> Row:
    return {
        name.removesuffix("_id"): names.get(value) if isinstance(value, UUID) else value
        for name, value in row.items()
        if value is not None
    }


def _looks(reader: Reader, keys: Keys) -> Iterator[Row]:
    """Yield who looked at what of him, and when; of officials the role is told, not the name."""
    about = [*keys.persons, *keys.needs, *keys.bookings, *keys.sessions]
    own = frozenset(keys.accounts)
    roles = _roles(reader)
    for begin in range(0, len(about), _AT_ONCE):
        some = [AccessEntry.subject.contains(str(key)) for key in about[begin : begin + _AT_ONCE]]
        found = reader.session.execute(
            select(AccessEntry.at, AccessEntry.account_id, AccessEntry.subject)
            .where(or_(*some))
            .order_by(AccessEntry.at, AccessEntry.id)
        )
        for at, account_id, subject in found:
            who = ["self"] if account_id in own else roles.get(account_id, [])
            yield {"at": at, "who": who, "subject": subject}


def _roles(reader: Reader) -> dict[UUID, list[str]]:
    held: dict[UUID, list[str]] = {}
    rows = reader.session.execute(
        select(AccountRole.account_id, AccountRole.role).order_by(AccountRole.role)
    )
    for account_id, role in rows:
        held.setdefault(account_id, []).append(role.value)
    return held
