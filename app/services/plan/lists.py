"""Opening lists 期初名单: who was supported before there was a service, checked by another."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from app.domain import prose
from app.domain.actor import Permission
from app.domain.checking import ensure_another
from app.domain.import_row import SourceRow
from app.domain.plan import LONGEST_GROUNDS, CheckStatus, SameHandsError, ensure_waits
from app.domain.plan.people import folded, phone_mac
from app.domain.service_record import canonical
from app.models.person import Person
from app.models.support_item import OpeningList, OpeningRow
from app.queries.aliases import load_aliases
from app.services.bookings.versions import ensure_version
from app.services.plan.checks import decide
from app.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningSheet:
    """A file as it came, with the number of the paper it repeats."""

    document: str
    file_name: str
    content_sha256: str
    rows: Sequence[SourceRow]


def approve_list(uow: UnitOfWork, list_id: UUID, *, version: int | None = None) -> OpeningList:
    """Let the rows of a list count.

    Raises:
        SameHandsError: the actor brought it in.
        CheckedError: it has been decided.
    """
    found = decide(uow, OpeningList, list_id, CheckStatus.APPROVED, version)
    uow.audit("opening_list.approved", found)
    return found


def refuse_list(
    uow: UnitOfWork, list_id: UUID, answer: str, *, version: int | None = None
) -> OpeningList:
    """Send a list back with the reason; its rows stay in the file and count nothing.

    Raises:
        SameHandsError: the actor brought it in.
        CheckedError: it has been decided.
    """
    found = decide(uow, OpeningList, list_id, CheckStatus.REFUSED, version, answer)
    uow.audit("opening_list.refused", found)
    return found


def withdraw_list(
    uow: UnitOfWork, list_id: UUID, answer: str, *, version: int | None = None
) -> OpeningList:
    """Take a list that counted back, so that a right one can take its place.

    Raises:
        SameHandsError: the actor brought it in.
        CheckedError: it does not count.
    """
    uow.require(Permission.CHECK_PLAN)
    found = uow.load(OpeningList, list_id, lock=True)
    ensure_waits(found.status, CheckStatus.APPROVED)
    ensure_version(found, version)
    ensure_another(found.made_by_id, uow.actor.account_id, SameHandsError)
    found.answer = prose.ensure("answer", answer, LONGEST_GROUNDS)
    found.status, found.withdrawn_at = CheckStatus.WITHDRAWN, uow.now
    uow.audit("opening_list.withdrawn", found)
    return found


def match_list(uow: UnitOfWork, list_id: UUID, key: bytes) -> int:
    """Match the rows that are nobody yet with who has been registered since.

    Returns:
        How many found their person.
    """
    uow.require(Permission.ENTER_PLAN)
    found = uow.load(OpeningList, list_id, lock=True)
    waiting = uow.all(
        select(OpeningRow)
        .where(OpeningRow.opening_list_id == found.id, OpeningRow.person_id.is_(None))
        .order_by(OpeningRow.number)
    )
    people = people_by_mark(uow, key)
    matched = [row for row in waiting if match(uow, row, people)]
    if matched:
        uow.audit("opening_row.matched", *matched)
    return len(matched)


Marked = Mapping[tuple[str, str], frozenset[str]]


def people_by_mark(uow: UnitOfWork, key: bytes) -> Marked:
    """Return as whom persons count, by the mark of a telephone and the folded name."""
    aliases = load_aliases(uow)
    rows = uow.session.execute(
        select(Person.id, Person.name, Person.phone).where(
            Person.phone.is_not(None), Person.voided_at.is_(None)
        )
    )
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for person_id, name, phone in rows:
        mark = phone_mac(key, phone)
        if mark is not None:
            found[mark, folded(name)].add(canonical(str(person_id), aliases))
    return {mark: frozenset(persons) for mark, persons in found.items()}


def match(uow: UnitOfWork, row: OpeningRow, people: Marked) -> bool:
    """Note whom a row is; nobody where none or several bear that telephone and that name."""
    if row.phone_mac is None:
        return False
    persons = people.get((row.phone_mac, folded(row.name)), frozenset())
    if len(persons) != 1:
        return False
    row.person_id, row.matched_at = UUID(next(iter(persons))), uow.now
    return True
