"""Reference data of the district: words, working days, targets, counting rules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from app.domain.actor import Permission
from app.domain.calendar import DayKind
from app.domain.point import PointEvent, PointPart
from app.domain.policy_number import PolicyNumber
from app.models.availability import CalendarDay
from app.models.duty import DutyPolicyRow
from app.models.plan import Indicator
from app.models.point import PointRuleRow
from app.models.policy_number import PolicyNumberRow
from app.models.service_record import CountingPolicyRow
from app.models.signal import SignalPolicyRow
from app.models.vocabulary import Term
from app.services import places
from app.unit_of_work import UnitOfWork

Rows = Sequence[Mapping[str, Any]]
_PolicyRow = CountingPolicyRow | DutyPolicyRow | SignalPolicyRow
_ACTIONS: Mapping[type[_PolicyRow], str] = {
    CountingPolicyRow: "counting_policy",
    DutyPolicyRow: "duty_policy",
    SignalPolicyRow: "signal_policy",
}
LABELS = frozenset({"code", "zh", "en"})


@dataclass(frozen=True, slots=True)
class Reference:
    """The files of seeds/reference, read."""

    vocabularies: Mapping[str, Mapping[str, Any]]
    calendar_days: Rows
    indicators: Rows
    policies: Rows
    numbers: Rows
    places: Rows
    duty_policies: Rows = ()
    signal_policies: Rows = ()
    point_rules: Rows = ()


def import_reference(uow: UnitOfWork, reference: Reference) -> int:
    """Bring reference data up to the files; a second import changes nothing.

    Returns:
        How many rows were added or changed.
    """
    uow.require(Permission.SET_CALENDAR)
    changed = sum(
        _import_terms(uow, name, vocabulary["rows"])
        for name, vocabulary in reference.vocabularies.items()
    )
    labels = [
        {"code": place["code"], "zh": place["name"], "en": place["code"], **place}
        for place in reference.places
    ]
    changed += _import_terms(uow, "place", labels)
    changed += _import_days(uow, reference.calendar_days)
    changed += places.import_places(uow, reference.places)
    changed += _import_indicators(uow, reference.indicators)
    changed += _import_numbers(uow, reference.numbers)
    changed += _import_policies(uow, CountingPolicyRow, reference.policies)
    changed += _import_policies(uow, DutyPolicyRow, reference.duty_policies)
    changed += _import_policies(uow, SignalPolicyRow, reference.signal_policies)
    return changed + _import_point_rules(uow, reference.point_rules)


def _import_terms(uow: UnitOfWork, vocabulary: str, rows: Rows) -> int:
    known = {term.code: term for term in uow.all(_terms_of(vocabulary))}
    changed = 0
    for position, row in enumerate(rows):
        attributes = {key: value for key, value in row.items() if key not in LABELS}
        values = {"zh": row["zh"], "en": row["en"], "position": position, "attributes": attributes}
        term = known.get(row["code"])
        if term is None:
            uow.add(Term(vocabulary=vocabulary, code=row["code"], is_retired=False, **values))
            changed += 1
        elif any(getattr(term, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(term, name, value)
            changed += 1
    return changed


def _terms_of(vocabulary: str) -> Any:
    return select(Term).where(Term.vocabulary == vocabulary)


def _import_days(uow: UnitOfWork, rows: Rows) -> int:
    known = set(uow.all(select(CalendarDay.day)))
    fresh = [row for row in rows if date.fromisoformat(row["date"]) not in known]
    for row in fresh:
        day = uow.add(
            CalendarDay(
                day=date.fromisoformat(row["date"]),
                kind=DayKind(row["kind"]),
                name=row["name"],
                source=row["source"],
                is_confirmed=row["confirmed"] == "true",
            )
        )
        uow.audit("calendar_day.imported", day)
    return len(fresh)


def _import_indicators(uow: UnitOfWork, rows: Rows) -> int:
    known = set(uow.all(select(Indicator.code)))
    fresh = [row for row in rows if row["code"] not in known]
    for row in fresh:
        uow.add(
            Indicator(
                code=row["code"],
                zh=row["zh"],
                en=row["en"],
                comparison=row["op"],
                target=str(row["target"]),
                unit=row["unit"],
                kind=row["kind"],
                clause=row["where"],
                owner=row["owner"],
                baseline_on=date.fromisoformat(row["baseline_start"]),
                due_on=date.fromisoformat(row["due"]) if "due" in row else None,
            )
        )
    return len(fresh)


def _import_policies(uow: UnitOfWork, model: type[_PolicyRow], rows: Rows) -> int:
    known = set(uow.all(select(model.valid_from)))
    fresh = [row for row in rows if date.fromisoformat(row["valid_from"]) not in known]
    for row in fresh:
        rules = {key: value for key, value in row.items() if key not in ("code", "valid_from")}
        policy = uow.add(
            model(
                code=row["code"],
                valid_from=date.fromisoformat(row["valid_from"]),
                rules=rules,
                entered_at=uow.now,
            )
        )
        uow.audit(f"{_ACTIONS[model]}.entered", policy)
    return len(fresh)


def _import_numbers(uow: UnitOfWork, rows: Rows) -> int:
    known = {(row.name, row.valid_from) for row in uow.all(select(PolicyNumberRow))}
    fresh = [
        row
        for row in rows
        if (PolicyNumber(row["name"]), date.fromisoformat(row["valid_from"])) not in known
    ]
    for row in fresh:
        number = uow.add(
            PolicyNumberRow(
                name=PolicyNumber(row["name"]).value,
                valid_from=date.fromisoformat(row["valid_from"]),
                value=row["value"],
                source=row["source"],
                entered_at=uow.now,
            )
        )
        uow.audit("policy_number.entered", number)
    return len(fresh)


def _import_point_rules(uow: UnitOfWork, rows: Rows) -> int:
    known = {(rule.event.value, rule.valid_from) for rule in uow.all(select(PointRuleRow))}
    fresh = [
        row for row in rows if (row["event"], date.fromisoformat(row["valid_from"])) not in known
    ]
    for row in fresh:
        rule = uow.add(
            PointRuleRow(
                event=PointEvent(row["event"]),
                part=PointPart(row["part"]),
                points=row["points"],
                cap=row["cap"],
                valid_from=date.fromisoformat(row["valid_from"]),
                valid_to=date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
                entered_at=uow.now,
            )
        )
        uow.audit("point_rule.entered", rule)
    return len(fresh)
