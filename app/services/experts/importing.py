"""Experts taken over from a file: all rows or none, and the same file twice changes nothing."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.domain.actor import Permission
from app.domain.availability import Mode
from app.domain.expert import AppointmentKind, ExpertCategory, default_term
from app.domain.import_row import (
    Column,
    ImportReport,
    RowReader,
    SourceRow,
    code,
    code_or_name,
    day,
    each,
    key,
    line,
    text,
    whole_number,
)
from app.models.expert import Appointment, DeclaredInterest, Expert
from app.models.person import Person
from app.queries.vocabularies import words
from app.services.experts.deciding import decide_anew
from app.services.rehearsal import perform
from app.unit_of_work import UnitOfWork

DOCUMENT = "导入"
# A file names the companies an expert holds or advises, not how; holding is the graver tie.
INTEREST = "ci4_equity"
VOCABULARIES = ("expert_category", "need_topic", "industry", "venture_stage", "area")

COLUMNS: Mapping[str, Column] = {
    "id": Column(key, is_required=True),
    "name": Column(line(80), is_required=True),
    "category": Column(code("expert_category"), is_required=True),
    "organisation": Column(line(200), empty=""),
    "title": Column(line(200), empty=""),
    "bio": Column(text(4000), is_required=True),
    "expertise": Column(each(line(40)), empty=()),
    "topics": Column(each(code("need_topic")), empty=()),
    "industries": Column(each(code_or_name("industry")), empty=()),
    "stages": Column(each(code("venture_stage")), empty=()),
    "areas": Column(each(code("area")), empty=()),
    "modes": Column(each(code("mode")), empty=()),
    "languages": Column(each(code("language")), empty=()),
    "organisation_interests": Column(each(line(200)), empty=()),
    "monthly_limit": Column(whole_number(0, 200), empty=0),
    "appointed_from": Column(day),
    "appointed_until": Column(day),
    "appointment_document": Column(line(200), empty=DOCUMENT),
}
_DEFAULTS: Mapping[str, Any] = {
    "organisation": "",
    "title": "",
    "expertise": [],
    "topics": [],
    "industries": [],
    "stages": [],
    "areas": [],
    "modes": [mode.value for mode in Mode],
    "languages": ["zh"],
}
_OF_EXPERT = frozenset({"name", "category", "bio", "monthly_limit", *_DEFAULTS})


@dataclass(slots=True)
class _Entry:
    """A row understood, beside what is known of its expert."""

    source: SourceRow
    given: dict[str, Any]
    expert: Expert | None
    terms: list[Appointment] = field(default_factory=list)
    organisations: set[str] = field(default_factory=set)
    is_changed: bool = False


def import_rows(
    uow: UnitOfWork, rows: Sequence[SourceRow], *, dry_run: bool = False
) -> ImportReport:
    """Bring the pool up to the rows; a blank cell keeps what is there.

    New experts are appointed for the row's term, or for the usual one. Interests are only ever
    added: a row that names fewer companies releases nobody from recusal.

    Raises:
        ImportRefusedError: rows have faults; nothing is taken.
    """
    uow.require(Permission.IMPORT_EXPERTS)
    entries = _understood(uow, rows)
    return perform(uow, lambda: _apply(uow, entries), for_good=not dry_run)


def _understood(uow: UnitOfWork, rows: Sequence[SourceRow]) -> list[_Entry]:
    reader = RowReader(COLUMNS, words(uow, *VOCABULARIES))
    given = reader.read_all(rows)
    known = _known(uow, [each["id"] for each in given if "id" in each])
    terms, organisations = _terms(uow, known), _organisations(uow, known)
    entries = []
    for source, values in zip(rows, given, strict=True):
        expert = known.get(values.get("id", ""))
        entry = _Entry(source, values, expert)
        if expert is None:
            reader.require(source, values)
        else:
            entry.terms, entry.organisations = terms[expert.id], organisations[expert.id]
        _check_term(reader, entry)
        entries.append(entry)
    reader.ensure_faultless()
    return entries


def _known(uow: UnitOfWork, refs: Sequence[str]) -> dict[str, Expert]:
    found = uow.all(select(Expert).where(Expert.source_ref.in_(refs)))
    return {expert.source_ref: expert for expert in found if expert.source_ref}


def _terms(uow: UnitOfWork, known: Mapping[str, Expert]) -> dict[UUID, list[Appointment]]:
    found: dict[UUID, list[Appointment]] = defaultdict(list)
    ids = [expert.id for expert in known.values()]
    for row in uow.all(select(Appointment).where(Appointment.expert_id.in_(ids))):
        found[row.expert_id].append(row)
    return found


def _organisations(uow: UnitOfWork, known: Mapping[str, Expert]) -> dict[UUID, set[str]]:
    found: dict[UUID, set[str]] = defaultdict(set)
    ids = [expert.id for expert in known.values()]
    for row in uow.all(select(DeclaredInterest).where(DeclaredInterest.expert_id.in_(ids))):
        found[row.expert_id].add(row.organisation)
    return found


def _check_term(reader: RowReader, entry: _Entry) -> None:
    starts_on, ends_on = entry.given.get("appointed_from"), entry.given.get("appointed_until")
    if starts_on is None and ends_on is None:
        return
    if starts_on is None:
        reader.fault(entry.source, "appointed_from", "input.required")
    elif ends_on is None:
        reader.fault(entry.source, "appointed_until", "input.required")
    elif ends_on < starts_on:
        reader.fault(entry.source, "appointed_until", "input.too_early", first=starts_on)
    elif any(_overlaps(term, starts_on, ends_on) for term in entry.terms):
        reader.fault(entry.source, "appointed_from", "expert.already_appointed")


def _overlaps(term: Appointment, starts_on: date, ends_on: date) -> bool:
    is_other = term.starts_on != starts_on
    return is_other and term.starts_on <= ends_on and starts_on <= term.ends_on


def _apply(uow: UnitOfWork, entries: Sequence[_Entry]) -> ImportReport:
    fresh = _create(uow, [entry for entry in entries if entry.expert is None])
    for entry in entries:
        expert = entry.expert or fresh[entry.given["id"]]
        if entry.expert is not None:
            _change(uow, entry, expert)
        _keep_term(uow, entry, expert)
        _keep_interests(uow, entry, expert)
        if entry.expert is not None and entry.is_changed:
            decide_anew(uow, expert.id, "expert.imported")
    updated = sum(entry.is_changed for entry in entries if entry.expert is not None)
    return ImportReport(len(fresh), updated, len(entries) - len(fresh) - updated)


def _create(uow: UnitOfWork, entries: Sequence[_Entry]) -> Mapping[str, Expert]:
    persons = [uow.add(Person(name=entry.given["name"], created_at=uow.now)) for entry in entries]
    uow.flush()
    made = {}
    for entry, person in zip(entries, persons, strict=True):
        name, values = entry.given["id"], {**_DEFAULTS, **_of_expert(entry.given)}
        made[name] = uow.add(
            Expert(source_ref=name, person_id=person.id, created_at=uow.now, **values)
        )
        uow.audit("expert.imported", made[name])
    uow.flush()
    return made


def _change(uow: UnitOfWork, entry: _Entry, expert: Expert) -> None:
    changed = {
        name: value
        for name, value in _of_expert(entry.given).items()
        if getattr(expert, name) != value
    }
    if not changed:
        return
    for name, value in changed.items():
        setattr(expert, name, value)
    if "name" in changed:
        uow.load(Person, expert.person_id).name = expert.name
    uow.audit("expert.imported", expert, changed=sorted(changed))
    entry.is_changed = True


def _of_expert(given: Mapping[str, Any]) -> dict[str, Any]:
    values = {name: value for name, value in given.items() if name in _OF_EXPERT}
    if "category" in values:
        values["category"] = ExpertCategory(values["category"])
    return {name: list(v) if isinstance(v, tuple) else v for name, v in values.items()}


def _keep_term(uow: UnitOfWork, entry: _Entry, expert: Expert) -> None:
    starts_on, ends_on = entry.given.get("appointed_from"), entry.given.get("appointed_until")
    if starts_on is None and entry.terms:
        return
    if starts_on is None or ends_on is None:
        usual = default_term(uow.today)
        starts_on, ends_on = usual.starts_on, usual.ends_on
    held = next((term for term in entry.terms if term.starts_on == starts_on), None)
    document = entry.given.get("appointment_document") or (held.document if held else DOCUMENT)
    if held is None:
        held = uow.add(
            Appointment(
                expert_id=expert.id,
                kind=AppointmentKind.TERM,
                starts_on=starts_on,
                approved_on=min(starts_on, uow.today),
                approved_by_id=uow.actor.account_id,
                ends_on=ends_on,
                document=document,
            )
        )
    elif (held.ends_on, held.document) == (ends_on, document):
        return
    held.ends_on, held.document = ends_on, document
    uow.audit("appointment.imported", held)
    entry.is_changed = True


def _keep_interests(uow: UnitOfWork, entry: _Entry, expert: Expert) -> None:
    for organisation in entry.given.get("organisation_interests", ()):
        if organisation in entry.organisations:
            continue
        interest = uow.add(
            DeclaredInterest(expert_id=expert.id, conflict_type=INTEREST, organisation=organisation)
        )
        uow.audit("interest.imported", interest)
        entry.is_changed = True
