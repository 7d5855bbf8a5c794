"""Needs taken over from a file: all rows or none, and the same file twice changes nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from app.domain.actor import Permission
from app.domain.availability import Mode
from app.domain.import_row import ImportReport, RowReader, SourceRow
from app.domain.need import EDITABLE, Channel, NeedStatus
from app.models.need import Need
from app.models.person import FounderGroup, Person
from app.queries.vocabularies import words
from app.services.needs.import_columns import COLUMNS, VOCABULARIES
from app.services.needs.imported_ventures import Ventures
from app.services.needs.topics import understand_anew
from app.services.rehearsal import perform
from app.unit_of_work import UnitOfWork

_OF_NEED = {
    "text": "text",
    "session_type": "session_type",
    "industry": "industry",
    "stage": "stage",
    "area": "area",
    "street": "street",
    "mode": "modes",
}
_OF_PERSON = {"founder_name": "name", "phone": "phone"}


@dataclass(slots=True)
class _Entry:
    """A row understood, beside what is known of its need."""

    source: SourceRow
    given: dict[str, Any]
    need: Need | None
    person: Person | None
    changed: dict[str, Any] = field(default_factory=dict)
    is_changed: bool = False


def import_rows(
    uow: UnitOfWork, rows: Sequence[SourceRow], *, dry_run: bool = False
) -> ImportReport:
    """Bring the needs up to the rows; a blank cell keeps what is there.

    A new row makes its founder, the venture and a submitted need. Nobody is told: the founders
    of a file have spoken to the bureau before.

    Raises:
        ImportRefusedError: rows have faults; nothing is taken.
    """
    uow.require(Permission.IMPORT_NEEDS)
    reader = RowReader(COLUMNS, words(uow, *VOCABULARIES))
    entries = _understood(uow, reader, rows)
    codes = [each.given.get("venture_credit_code", "") for each in entries]
    ventures = Ventures(uow, codes, [each.need for each in entries if each.need])
    for entry in entries:
        _check(reader, ventures, entry)
    reader.ensure_faultless()
    return perform(uow, lambda: _apply(uow, ventures, entries), for_good=not dry_run)


def _understood(uow: UnitOfWork, reader: RowReader, rows: Sequence[SourceRow]) -> list[_Entry]:
    given = reader.read_all(rows)
    refs = [each["id"] for each in given if "id" in each]
    needs = {need.source_ref: need for need in uow.all(_by_ref(refs))}
    keys = {need.person_id for need in needs.values()}
    persons = {each.id: each for each in uow.all(select(Person).where(Person.id.in_(keys)))}
    entries = []
    for source, values in zip(rows, given, strict=True):
        need = needs.get(values.get("id"))
        entry = _Entry(source, values, need, persons[need.person_id] if need else None)
        if need is not None:
            entry.changed = _differing(need, values, _OF_NEED)
        entries.append(entry)
    return entries


def _by_ref(refs: Sequence[str]) -> Any:
    return select(Need).where(Need.source_ref.in_(refs))


def _check(reader: RowReader, ventures: Ventures, entry: _Entry) -> None:
    if entry.need is None:
        reader.require(entry.source, entry.given)
    elif entry.changed and entry.need.status not in EDITABLE:
        name = next(each for each, column in _OF_NEED.items() if column in entry.changed)
        reader.fault(entry.source, name, "need.in_service", status=entry.need.status.value)
    for error in ventures.faults(entry.given, entry.need):
        reader.fault(entry.source, error.field, error.code, **error.facts)


def _apply(uow: UnitOfWork, ventures: Ventures, entries: Sequence[_Entry]) -> ImportReport:
    persons = [_person(uow, entry) for entry in entries]
    uow.flush()
    kept = [
        _need(uow, ventures, entry, person) for entry, person in zip(entries, persons, strict=True)
    ]
    uow.flush()
    _keep_groups(uow, entries, persons)
    for entry, need in zip(entries, kept, strict=True):
        _finish(uow, entry, need)
    ventures.decide_anew()
    created = sum(entry.need is None for entry in entries)
    updated = sum(entry.is_changed for entry in entries if entry.need is not None)
    return ImportReport(created, updated, len(entries) - created - updated)


def _person(uow: UnitOfWork, entry: _Entry) -> Person:
    if entry.person is None:
        values = _named(entry.given, _OF_PERSON)
        person = Person(street=entry.given.get("street"), created_at=uow.now, **values)
        return uow.add(person)
    for name, value in _differing(entry.person, entry.given, _OF_PERSON).items():
        setattr(entry.person, name, value)
        entry.is_changed = True
    return entry.person


def _need(uow: UnitOfWork, ventures: Ventures, entry: _Entry, person: Person) -> Need:
    venture, has_changed = ventures.keep(entry.given, entry.need)
    entry.is_changed |= has_changed or bool(entry.changed)
    if venture is not None:
        uow.flush()
        ventures.link(venture, person.id)
    need = entry.need or _new(uow, entry.given, person)
    for name, value in entry.changed.items():
        setattr(need, name, value)
    need.venture_id = venture.id if venture else need.venture_id
    return need


def _new(uow: UnitOfWork, given: Mapping[str, Any], person: Person) -> Need:
    values = {name: given.get(field) for field, name in _OF_NEED.items()}
    values["modes"] = list(values["modes"] or (mode.value for mode in Mode))
    return uow.add(
        Need(
            reference=uow.reference("need"),
            source_ref=given["id"],
            person_id=person.id,
            status=NeedStatus.SUBMITTED,
            channel=Channel.IMPORT,
            created_at=uow.now,
            submitted_at=uow.now,
            **values,
        )
    )


def _keep_groups(uow: UnitOfWork, entries: Sequence[_Entry], persons: Sequence[Person]) -> None:
    keys = [person.id for person in persons]
    held = uow.all(select(FounderGroup).where(FounderGroup.person_id.in_(keys)))
    known = {(group.person_id, group.code) for group in held}
    for entry, person in zip(entries, persons, strict=True):
        code = entry.given.get("group")
        if code and (person.id, code) not in known:
            uow.add(FounderGroup(person_id=person.id, code=code))
            entry.is_changed = True


def _finish(uow: UnitOfWork, entry: _Entry, need: Need) -> None:
    is_new = entry.need is None
    if is_new or "text" in entry.changed:
        understand_anew(uow, need, (), ())
    if is_new or entry.is_changed:
        uow.audit("need.imported", need, changed=sorted(entry.changed))


def _named(given: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    return {column: given[field] for field, column in names.items() if field in given}


def _differing(row: object, given: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in _named(given, names).items()
        if getattr(row, name) != (list(value) if isinstance(value, tuple) else value)
    }
