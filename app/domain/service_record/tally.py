"""From decisions to the figures of a month, and to splits that add up to them."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.domain.calendar import Month
from app.domain.errors import RuleError
from app.domain.service_record.codes import ADVICE_TYPES, Column, SessionType, Status
from app.domain.service_record.decision import Decision
from app.domain.service_record.facts import Key, VentureFacts
from app.domain.service_record.measures import Additive, Measures

UNASSIGNED = "unassigned"
UNVERIFIED = "unverified"


class SplitMismatchError(RuleError):
    """An exclusive split does not add up to its total, so that the report is not built."""

    default_code = "service_record.split_mismatch"


class SplitBy(StrEnum):
    """An exclusive split of the additive measures."""

    TYPE = "type"
    DEPARTMENT = "department"
    AREA = "area"
    STREET = "street"
    INDUSTRY = "industry"
    EXPERT_CATEGORY = "expert_category"
    CONFIRMATION = "confirmation"


@dataclass(frozen=True, slots=True)
class PersonFigures:
    """Persons of one primary group 重点群体."""

    person_times: int = 0
    distinct_persons: int = 0


@dataclass(frozen=True, slots=True)
class VentureFigures:
    """Ventures of one area, street or industry."""

    enterprises: int = 0
    teams: int = 0


@dataclass(frozen=True, slots=True)
class Amounts:
    """What one record, or many alike in status, column and type, bring to a sum."""

    records: int
    persons: int
    minutes: int
    mentor_minutes: int
    anonymous_heads: int
    review_projects: int


def contribution(decision: Decision) -> Additive:
    """Return what one record adds to the additive measures of its month."""
    amounts = Amounts(
        records=1,
        persons=len(decision.person_ids),
        minutes=decision.minutes,
        mentor_minutes=decision.mentor_minutes,
        anonymous_heads=decision.anonymous_heads,
        review_projects=decision.review_projects,
    )
    return contribution_of(decision.status, decision.column, decision.session_type, amounts)


def contribution_of(
    status: Status, column: Column | None, session_type: SessionType, amounts: Amounts
) -> Additive:
    """Return what records of one status, column and type add to the additive measures."""
    if status is Status.NOT_COUNTED:
        return Additive()
    if column is None:
        return _in_headline(session_type, amounts)
    return _APART[column](amounts)


def tally(decisions: Iterable[Decision], month: Month) -> Measures:
    """Return the figures of the month; one without services has zeros."""
    return tally_period(decisions, [month])


def tally_period(decisions: Iterable[Decision], months: Collection[Month]) -> Measures:
    """Return the figures of several months; persons and ventures are recomputed, never summed."""
    counted = [d for d in decisions if d.month in months]
    ventures = [is_enterprise for _, is_enterprise in served_ventures(counted).values()]
    return Measures(
        additive=Additive.total(contribution(decision) for decision in counted),
        distinct_persons=len({person for d in headline(counted) for person in d.person_ids}),
        enterprises=ventures.count(True),
        teams=ventures.count(False),
    )


def split(decisions: Iterable[Decision], month: Month, by: SplitBy) -> dict[str, Additive]:
    """Return the additive measures of the month by exclusive labels.

    Raises:
        SplitMismatchError: when the labels do not add up to the total.
    """
    counted = [d for d in decisions if d.month == month and d.status is not Status.NOT_COUNTED]
    parts: dict[str, Additive] = {}
    for decision in counted:
        label = _LABELS[by](decision) or UNASSIGNED
        parts[label] = parts.get(label, Additive()) + contribution(decision)
    ensure_adds_up(parts, tally(counted, month).additive)
    return parts


def ensure_adds_up(parts: Mapping[str, Additive], total: Additive) -> None:
    """Refuse a split whose parts are not the whole.

    Raises:
        SplitMismatchError: when the sum of the parts differs from the total.
    """
    if Additive.total(parts.values()) != total:
        raise SplitMismatchError(labels=sorted(parts))


def split_persons(decisions: Iterable[Decision], month: Month) -> dict[str, PersonFigures]:
    """Return person-times and persons by primary group; a person is of his latest group."""
    times: dict[str, int] = {}
    latest: dict[Key, str] = {}
    for decision in by_time(headline(d for d in decisions if d.month == month)):
        for person, group in decision.groups:
            label = group or UNVERIFIED
            times[label] = times.get(label, 0) + 1
            latest[person] = label
    heads = list(latest.values())
    return {label: PersonFigures(count, heads.count(label)) for label, count in times.items()}


def split_ventures(
    decisions: Iterable[Decision], month: Month, by: SplitBy
) -> dict[str, VentureFigures]:
    """Return ventures by the label of their last counted service of the month."""
    served = served_ventures(d for d in decisions if d.month == month)
    parts: dict[str, VentureFigures] = {}
    for last, is_enterprise in served.values():
        label = _LABELS[by](last) or UNASSIGNED
        known = parts.get(label, VentureFigures())
        parts[label] = VentureFigures(
            known.enterprises + is_enterprise, known.teams + (not is_enterprise)
        )
    return parts


def label_of(decision: Decision, by: SplitBy) -> str | None:
    """Return the label by which an exclusive split takes the record, None without one."""
    return _LABELS[by](decision)


def headline(decisions: Iterable[Decision]) -> list[Decision]:
    """Return the decisions that are counted and not apart."""
    return [d for d in decisions if d.status is Status.COUNTED]


def by_time(decisions: Iterable[Decision]) -> list[Decision]:
    """Return the decisions in the order in which the services began."""
    return sorted(decisions, key=lambda d: (d.started_at, d.session_id))


def served_ventures(decisions: Iterable[Decision]) -> dict[Key, tuple[Decision, bool]]:
    """Return each served venture with its last service and whether it counts as an enterprise.

    A team and the enterprise it becomes are one lineage: never neither, never both.
    """
    served: dict[Key, tuple[Decision, bool]] = {}
    for decision in by_time(headline(decisions)):
        venture = venture_served(decision)
        if venture is None:
            continue
        _, was_enterprise = served.get(venture.venture_id, (decision, False))
        is_enterprise = was_enterprise or venture.is_enterprise_on(decision.day)
        served[venture.venture_id] = (decision, is_enterprise)
    return served


def venture_served(decision: Decision) -> VentureFacts | None:
    """Return the venture served; lectures, reviews and the like serve none."""
    return decision.venture if decision.session_type in ADVICE_TYPES else None


def _in_headline(session_type: SessionType, amounts: Amounts) -> Additive:
    is_lecture = session_type is SessionType.LECTURE
    is_roundtable = session_type is SessionType.ROUNDTABLE
    return Additive(
        sessions=amounts.records,
        person_times=amounts.persons,
        session_minutes=amounts.minutes,
        mentor_minutes=amounts.mentor_minutes,
        anonymous_heads=amounts.anonymous_heads,
        lecture_sessions=amounts.records * is_lecture,
        lecture_person_times=amounts.persons * is_lecture,
        lecture_minutes=amounts.minutes * is_lecture,
        roundtable_sessions=amounts.records * is_roundtable,
        roundtable_person_times=amounts.persons * is_roundtable,
        roundtable_minutes=amounts.minutes * is_roundtable,
    )


def _review(amounts: Amounts) -> Additive:
    return Additive(
        review_sessions=amounts.records,
        review_projects=amounts.review_projects,
        review_mentor_minutes=amounts.mentor_minutes,
    )


def _outside_district(amounts: Amounts) -> Additive:
    return Additive(
        outside_district_sessions=amounts.records,
        outside_district_person_times=amounts.persons,
        outside_district_minutes=amounts.minutes,
    )


def _waived_conflict(amounts: Amounts) -> Additive:
    return Additive(
        waived_conflict_sessions=amounts.records,
        waived_conflict_person_times=amounts.persons,
        waived_conflict_minutes=amounts.minutes,
    )


_APART: Mapping[Column, Callable[[Amounts], Additive]] = {
    Column.OUTSIDE_DISTRICT: _outside_district,
    Column.WAIVED_CONFLICT: _waived_conflict,
    Column.TEXT: lambda amounts: Additive(text_answers=amounts.records),
    Column.FOLLOW_UP: lambda amounts: Additive(follow_ups=amounts.records),
    Column.REVIEW: _review,
}

_LABELS: Mapping[SplitBy, Callable[[Decision], str | None]] = {
    SplitBy.TYPE: lambda d: d.session_type,
    SplitBy.DEPARTMENT: lambda d: d.dimensions.department,
    SplitBy.AREA: lambda d: d.dimensions.area,
    SplitBy.STREET: lambda d: d.dimensions.street,
    SplitBy.INDUSTRY: lambda d: d.dimensions.industry,
    SplitBy.EXPERT_CATEGORY: lambda d: d.expert_category,
    SplitBy.CONFIRMATION: lambda d: d.confirmation,
}
