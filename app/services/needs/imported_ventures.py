"""The ventures behind imported needs: one for each registration code, else one for each need."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select

from app.domain.errors import FieldError, InvalidInputError
from app.domain.venture import EntityType, ensure_registration
from app.models.need import Need
from app.models.person import Venture, VentureMember
from app.queries.service_counts.ventures import meetings_of
from app.services import service_records
from app.unit_of_work import UnitOfWork

_FIELDS = {
    "venture": "name",
    "entity_type": "entity_type",
    "venture_credit_code": "credit_code",
    "registered_on": "registered_on",
    "industry": "industry",
    "area": "area",
    "street": "street",
}
_OWN_FIELDS = frozenset({"venture", "entity_type", "venture_credit_code", "registered_on"})


class Ventures:
    """The ventures that rows speak of: those known, and those made on the way."""

    def __init__(self, uow: UnitOfWork, codes: Iterable[str], needs: Iterable[Need]) -> None:
        self._uow = uow
        keys = {need.venture_id for need in needs if need.venture_id}
        known = uow.all(
            select(Venture).where(or_(Venture.credit_code.in_(set(codes)), Venture.id.in_(keys)))
        )
        self._by_id = {venture.id: venture for venture in known}
        self._by_code = {venture.credit_code: venture for venture in known if venture.credit_code}
        members = uow.all(
            select(VentureMember).where(VentureMember.venture_id.in_(list(self._by_id)))
        )
        self._members = {(member.venture_id, member.person_id) for member in members}
        self._changed: set[UUID] = set()

    def faults(self, given: Mapping[str, Any], need: Need | None) -> list[FieldError]:
        """Return what forbids the venture that a row describes."""
        if not _OWN_FIELDS & given.keys() or self._is_anothers(given, need):
            return []
        own = self._own(need)
        if own is None and "venture" not in given:
            return [FieldError("venture", "input.required")]
        code = given.get("venture_credit_code", own.credit_code if own else None)
        form = given.get("entity_type", own.entity_type if own else None)
        if form is None and code is not None:
            return [FieldError("entity_type", "input.required")]
        registered_on = given.get("registered_on", own.registered_on if own else None)
        try:
            ensure_registration(
                EntityType(form or EntityType.TEAM), code, registered_on, self._uow.today
            )
        except InvalidInputError as error:
            return list(error.errors)
        return []

    def keep(self, given: Mapping[str, Any], need: Need | None) -> tuple[Venture | None, bool]:
        """Return the venture of a row as it now is, and whether the row changed anything of it."""
        other = self._by_code.get(given.get("venture_credit_code") or "")
        own = self._own(need)
        if other is not None and other is not own:
            return other, True
        if own is not None:
            return own, self._change(own, given)
        return (self._new(given), True) if "venture" in given else (None, False)

    def link(self, venture: Venture, person_id: UUID) -> None:
        """Make the person a member; the first one is the contact."""
        if (venture.id, person_id) in self._members:
            return
        is_first = all(venture_id != venture.id for venture_id, _ in self._members)
        self._members.add((venture.id, person_id))
        self._uow.add(
            VentureMember(venture_id=venture.id, person_id=person_id, is_contact=is_first)
        )

    def decide_anew(self) -> None:
        """Decide again what was held for ventures whose registration or place has changed."""
        if not self._changed:
            return
        self._uow.flush()
        held = meetings_of(self._uow, self._changed)
        if held:
            service_records.count_all(self._uow, held, cause="venture.imported")

    def _own(self, need: Need | None) -> Venture | None:
        return self._by_id.get(need.venture_id) if need and need.venture_id else None

    def _is_anothers(self, given: Mapping[str, Any], need: Need | None) -> bool:
        other = self._by_code.get(given.get("venture_credit_code") or "")
        return other is not None and other is not self._own(need)

    def _new(self, given: Mapping[str, Any]) -> Venture:
        values = {column: given.get(field) for field, column in _FIELDS.items()}
        values["entity_type"] = values["entity_type"] or EntityType.TEAM.value
        venture = self._uow.add(Venture(created_at=self._uow.now, **values))
        shown = {"credit_code": venture.credit_code, "registered_on": venture.registered_on}
        self._uow.audit("venture.imported", venture, **shown)
        self._remember(venture)
        return venture

    def _change(self, venture: Venture, given: Mapping[str, Any]) -> bool:
        values = {column: given[field] for field, column in _FIELDS.items() if field in given}
        changed = {name: each for name, each in values.items() if getattr(venture, name) != each}
        for name, value in changed.items():
            setattr(venture, name, value)
        if changed:
            shown = {"changed": sorted(changed), "registered_on": venture.registered_on}
            self._uow.audit("venture.imported", venture, **shown)
            self._remember(venture)
            self._changed.add(venture.id)
        return bool(changed)

    def _remember(self, venture: Venture) -> None:
        self._by_id[venture.id] = venture
        if venture.credit_code:
            self._by_code[venture.credit_code] = venture
