"""What is true of each expert today, for one need: all that rules ask for."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.domain.calendar import ZONE
from app.domain.expert import AppointmentKind, Term, unbroken
from app.domain.pairing import PAIRING_SERVICES
from app.domain.recusal import Effect, Tie
from app.domain.waiver import WaiverRule
from app.models.expert import Appointment, Expert
from app.models.need import Need
from app.queries.common_times import CommonTime, Wish, common_times
from app.queries.duty_policies import duty_policy_on
from app.queries.expert_loads import CalendarLoad, calendar_loads
from app.queries.interests import Matter, Recusal, recusals
from app.queries.pairings import projects_of
from app.queries.stand_downs import takes_no_requests
from app.queries.waivers import approved
from app.unit_of_work import Reader, UnitOfWork
from matching import ExpertProfile, Interest, Load

_NEVER = Term(date.min, date.min, date.min)
_NOTHING = CalendarLoad()

Sight = UnitOfWork | Reader


@dataclass(frozen=True, slots=True)
class _Guided:
    """Which projects experts guide this year, how many they may, for whom that is waived."""

    projects: Mapping[UUID, frozenset[UUID]]
    waived: Collection[UUID]
    most: int | None


def with_facts(
    sight: Sight, need: Need, profiles: Mapping[str, ExpertProfile]
) -> list[ExpertProfile]:
    """Return the profiles with the facts of today; a fixed number of statements."""
    rows = [row for row in _experts(sight) if str(row.id) in profiles]
    keys = [row.id for row in rows]
    terms, loads = _terms(sight), calendar_loads(sight)
    with sight.beyond_scope("what stands between the founder and each expert"):
        matter = Matter(need.person_id, need.venture_id, need.session_type, need.id)
        held = recusals(sight, keys, matter, sight.today)
        guided = _guided(sight, need, keys)
    known = [
        replace(
            profiles[str(row.id)],
            interests=tuple(_interests(held[row.id], need)),
            term_from_on=terms[row.id].starts_on,
            term_until_on=terms[row.id].ends_on,
            is_paused=row.is_paused,
            loads=_loads(row, loads.get(row.id, _NOTHING)),
            paired_projects=tuple(sorted(map(str, guided.projects.get(row.id, ())))),
            most_projects=None if row.id in guided.waived else guided.most,
        )
        for row in rows
    ]
    return _with_times(sight, need, known)


def _experts(sight: Sight) -> Sequence[Any]:
    return sight.session.execute(
        select(
            Expert.id,
            takes_no_requests(sight.today).label("is_paused"),
            Expert.weekly_limit,
            Expert.monthly_limit,
            Expert.yearly_limit,
        )
    ).all()


def _interests(held: Recusal, need: Need) -> Iterable[Interest]:
    """Tell the matcher the verdict of the recusal rule on this need."""
    for tie in held.ties:
        yield Interest(
            person_id=str(need.person_id),
            kind=tie.kind,
            until_on=tie.ends_on,
            effect=_effect(tie, held),
        )


def _effect(tie: Tie, held: Recusal) -> Any:
    # What two officers have waived is to be told, as what needs no waiver is.
    is_waived = tie.is_waivable and tie not in held.forbidding
    return Effect.DECLARED.value if is_waived else tie.effect.value


def _loads(row: Any, load: CalendarLoad) -> tuple[Load, ...]:
    limits: Any = (
        ("week", load.week, row.weekly_limit),
        ("month", load.month, row.monthly_limit),
        ("year", load.year, row.yearly_limit),
    )
    return tuple(
        Load(period, booked, limit) for period, booked, limit in limits if limit is not None
    )


def _guided(sight: Sight, need: Need, keys: Collection[UUID]) -> _Guided:
    if need.session_type not in PAIRING_SERVICES:
        return _Guided({}, (), None)
    waivers = approved(sight, WaiverRule.PAIRINGS, [need.id])[need.id]
    most = duty_policy_on(sight, sight.today).pairings_a_year
    return _Guided(projects_of(sight, keys, sight.today.year), waivers.keys(), most)


def _with_times(sight: Sight, need: Need, known: Sequence[ExpertProfile]) -> list[ExpertProfile]:
    """Add whether there is a common time; who can be met by nobody today is not asked."""
    able = [UUID(each.expert_id) for each in known if _may_meet(each, sight.today)]
    wish = Wish(need.person_id, need.session_type, tuple(need.modes))
    times = common_times(sight, able, wish)
    return [_with_time(each, times.get(UUID(each.expert_id))) for each in known]


def _may_meet(expert: ExpertProfile, today: date) -> bool:
    begins, ends = expert.term_from_on, expert.term_until_on
    in_term = begins is not None and ends is not None and begins <= today <= ends
    return in_term and not expert.is_paused


def _with_time(expert: ExpertProfile, time: CommonTime | None) -> ExpertProfile:
    if time is None:
        return expert
    at = time.taken_at
    taken_at = at.astimezone(ZONE) if at else None
    return replace(expert, has_common_time=time.exists, taken_at=taken_at)


def _terms(sight: Sight) -> Mapping[UUID, Term]:
    held: dict[UUID, list[Term]] = defaultdict(list)
    own = Appointment.kind == AppointmentKind.TERM
    # An extension takes nobody new, so that the matcher knows of none.
    for row in sight.session.scalars(select(Appointment).where(own)):
        term = Term(row.starts_on, row.ends_on, row.approved_on, AppointmentKind(row.kind))
        held[row.expert_id].append(term)
    found: dict[UUID, Term] = defaultdict(lambda: _NEVER)
    found.update({expert_id: _present(terms, sight.today) for expert_id, terms in held.items()})
    return found


def _present(terms: Sequence[Term], today: date) -> Term:
    """Return the term that runs today; else the next to come, else the last that was."""
    coming = [term for term in terms if term.starts_on > today]
    if coming:
        later = min(coming, key=lambda term: term.starts_on)
    else:
        later = max(terms, key=lambda term: term.ends_on)
    return unbroken(terms, today) or later
