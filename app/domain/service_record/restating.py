"""What news after the cut does to a closed month: adjustments beside figures that stay."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.domain.calendar import Month
from app.domain.service_record.codes import Reason, Status
from app.domain.service_record.decision import Decision
from app.domain.service_record.facts import Key
from app.domain.service_record.measures import Additive, Measures
from app.domain.service_record.tally import contribution

_Records = Mapping[Key, Decision]


class AdjustmentKind(StrEnum):
    """What kind of news changed a closed month."""

    LATE_ENTRY = "late_entry"
    LATE_CONFIRMATION = "late_confirmation"
    DISPUTE = "dispute"
    RULING = "ruling"
    CORRECTION = "correction"


@dataclass(frozen=True, slots=True)
class Adjustment:
    """What news about one record adds to a closed month, told in the next open one."""

    session_id: Key
    month: Month
    kind: AdjustmentKind
    change: Additive
    persons_added: tuple[Key, ...]
    persons_removed: tuple[Key, ...]
    reason_before: Reason | None
    reason_after: Reason | None


@dataclass(frozen=True, slots=True)
class Restatement:
    """The change of the figures that are recomputed and never adjusted 更正影响."""

    distinct_persons: int
    enterprises: int
    teams: int


def adjustments(
    as_reported: Iterable[Decision], restated: Iterable[Decision], month: Month
) -> tuple[Adjustment, ...]:
    """Return what turns the reported additive figures of a month into the restated ones."""
    before = {d.session_id: d for d in as_reported if d.month == month}
    after = {d.session_id: d for d in restated if d.month == month}
    return tuple(
        Adjustment(
            session_id=key,
            month=month,
            kind=_kind(key, before, after),
            change=_contribution(after.get(key)) - _contribution(before.get(key)),
            persons_added=_missing(_persons(after.get(key)), _persons(before.get(key))),
            persons_removed=_missing(_persons(before.get(key)), _persons(after.get(key))),
            reason_before=_reason(before.get(key)),
            reason_after=_reason(after.get(key)),
        )
        for key in sorted({*before, *after})
        if _counted_facts(before.get(key)) != _counted_facts(after.get(key))
    )


def restatement(as_reported: Measures, restated: Measures) -> Restatement:
    """Return the printed change of persons, enterprises and teams."""
    return Restatement(
        restated.distinct_persons - as_reported.distinct_persons,
        restated.enterprises - as_reported.enterprises,
        restated.teams - as_reported.teams,
    )


def _kind(key: Key, before: _Records, after: _Records) -> AdjustmentKind:
    now = after.get(key)
    family = _family(now, after)
    earlier = {before[part].reason for part in family if part in before}
    if now is not None and now.reason is Reason.DISPUTED:
        return AdjustmentKind.DISPUTE
    if Reason.DISPUTED in earlier:
        return AdjustmentKind.RULING
    if Reason.UNCONFIRMED in earlier:
        return AdjustmentKind.LATE_CONFIRMATION
    if any(part not in before for part in family):
        return AdjustmentKind.LATE_ENTRY
    return AdjustmentKind.CORRECTION


def _family(decision: Decision | None, records: _Records) -> tuple[Key, ...]:
    """Return all parts of the service the record belongs to, since news of one moves all."""
    if decision is None:
        return ()
    return records[decision.merged_into].parts if decision.merged_into else decision.parts


def _contribution(decision: Decision | None) -> Additive:
    return contribution(decision) if decision else Additive()


def _persons(decision: Decision | None) -> tuple[Key, ...]:
    return decision.person_ids if decision and decision.status is Status.COUNTED else ()


def _reason(decision: Decision | None) -> Reason | None:
    return decision.reason if decision else None


def _missing(these: tuple[Key, ...], those: tuple[Key, ...]) -> tuple[Key, ...]:
    return tuple(person for person in these if person not in those)


def _counted_facts(decision: Decision | None) -> object:
    is_headline = decision is not None and decision.status is Status.COUNTED
    venture = decision.venture if decision and is_headline else None
    return _contribution(decision), _persons(decision), venture
