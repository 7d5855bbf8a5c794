"""How one expert stands: his meters of year and term, his absences, his pairings."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar
from uuid import UUID

from app.domain.absence import a_year_before
from app.domain.calendar import local_day
from app.domain.duty import (
    Colour,
    DutyPolicy,
    Limit,
    Meter,
    Span,
    term_meter,
    term_of,
    worst,
    year_meter,
)
from app.domain.expert import Term
from app.models.expert import Appointment
from app.queries.duty.absences import Absence, absences
from app.queries.duty.counted import (
    OwnService,
    done_by_month,
    own_services,
)
from app.queries.duty_policies import present_policy
from app.queries.free_times import Look
from app.queries.pairings import projects_of

_Row = TypeVar("_Row", OwnService, Absence)
REASON = "what is counted of the experts asked for"


@dataclass(frozen=True, slots=True)
class Standing:
    """How an expert stands with every duty, and the rows that say so.

    Attributes:
        policy: by whose thresholds.
        year: services of the year, against least and target.
        term: minutes of the present term, or of the one that ended last; None before the first.
        absences: within the twelve months before today.
        pairings: projects guided in the year, against the cap.
        months: counted services by the number of the month.
        services: the counted services behind year and term, by day; none on the board.
        missed: the absences themselves.
        projects: ventures, or founders without one, that he guides in the year.
    """

    policy: DutyPolicy
    year: Meter
    term: Meter | None
    absences: Limit
    pairings: Limit
    months: Mapping[int, int]
    services: Sequence[OwnService]
    missed: Sequence[Absence]
    projects: frozenset[UUID]

    @property
    def colours(self) -> Mapping[str, Colour]:
        """The colour of each duty; a full list of pairings is no fault."""
        found = {"year": self.year.colour(self.policy), "absences": self.absences.colour}
        if self.term is not None:
            found["term"] = self.term.colour(self.policy)
        return found

    @property
    def colour(self) -> Colour:
        """The worst of them."""
        return worst(self.colours.values())

    def within(self, span: Span) -> tuple[OwnService, ...]:
        """Return the counted services of the days."""
        return tuple(row for row in self.services if span.first_on <= row.day <= span.last_on)


def standings(
    look: Look,
    terms: Mapping[UUID, Sequence[Appointment]],
    year: int,
    expert_ids: Collection[UUID],
) -> dict[UUID, Standing]:
    """Return how each expert stands in the year, with the services that say so; six statements.

    The caller may know of all of them.

    Args:
        look: a reader or a unit of work.
        terms: the appointments of each expert asked about.
        year: the year of services and pairings; terms and absences are those of today.
        expert_ids: the same experts.
    """
    today = local_day(look.now)
    asked = _asked(terms, today)
    begun = [span.first_on for span in asked.spans.values()]
    with look.beyond_scope(REASON):
        services = _sorted(
            own_services(
                look,
                min([*begun, date(year, 1, 1)]),
                max(today, date(year, 12, 31)),
                expert_ids,
            )
        )
        missed = _sorted(absences(look, a_year_before(today), expert_ids))
        guided = projects_of(look, list(terms), year)
    policy = present_policy(look)
    return {
        key: _standing(
            policy,
            own,
            _Known(
                today,
                year,
                asked.spans.get(key),
                Counter(row.day.month for row in services[key] if row.day.year == year),
                _minutes_of(services[key], asked.spans.get(key)),
                services[key],
                missed[key],
                guided.get(key, frozenset()),
            ),
        )
        for key, own in asked.terms.items()
    }


def summed_standings(
    look: Look, terms: Mapping[UUID, Sequence[Appointment]], year: int
) -> dict[UUID, Standing]:
    """Return how each expert of a whole pool stands, counted by the database; six statements.

    As `standings`, but without the services themselves.
    """
    today = local_day(look.now)
    asked = _asked(terms, today)
    with look.beyond_scope(REASON):
        done = done_by_month(look, year, asked.spans)
        missed = _sorted(absences(look, a_year_before(today)))
        guided = projects_of(look, list(terms), year)
    policy = present_policy(look)
    return {
        key: _standing(
            policy,
            own,
            _Known(
                today,
                year,
                asked.spans.get(key),
                {m.number: each.services for m, each in done.get(key, {}).items() if each.services},
                sum(each.minutes for each in done.get(key, {}).values()),
                (),
                missed[key],
                guided.get(key, frozenset()),
            ),
        )
        for key, own in asked.terms.items()
    }


@dataclass(frozen=True, slots=True)
class _Asked:
    """The terms of each expert asked about, and the days of the one that his minutes are for."""

    terms: Mapping[UUID, Sequence[Term]]
    spans: Mapping[UUID, Span]


def _asked(terms: Mapping[UUID, Sequence[Appointment]], today: date) -> _Asked:
    known = {key: [as_term(row) for row in rows] for key, rows in terms.items()}
    spans = {key: term_of(own, today) for key, own in known.items()}
    return _Asked(known, {key: span for key, span in spans.items() if span})


def _minutes_of(services: Iterable[OwnService], span: Span | None) -> int:
    if span is None:
        return 0
    return sum(row.minutes for row in services if span.first_on <= row.day <= span.last_on)


def as_term(row: Appointment) -> Term:
    """Return the days of an appointment."""
    return Term(row.starts_on, row.ends_on, row.approved_on, row.kind)


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of one expert; `minutes` are those of the days of his term."""

    today: date
    year: int
    span: Span | None
    months: Mapping[int, int]
    minutes: int
    services: Sequence[OwnService]
    missed: Sequence[Absence]
    projects: frozenset[UUID]


def _standing(policy: DutyPolicy, terms: Sequence[Term], known: _Known) -> Standing:
    appointed = {term.starts_on: term.ends_on for term in terms}
    done = sum(known.months.values())
    span = known.span
    return Standing(
        policy=policy,
        year=year_meter(done, appointed, known.year, known.today, policy),
        term=term_meter(known.minutes, span, known.today, policy) if span else None,
        absences=Limit(len(known.missed), policy.absences),
        pairings=Limit(len(known.projects), policy.pairings_a_year),
        months=known.months,
        services=known.services,
        missed=known.missed,
        projects=known.projects,
    )


def _sorted(rows: Iterable[_Row]) -> defaultdict[UUID, list[_Row]]:
    found: defaultdict[UUID, list[_Row]] = defaultdict(list)
    for row in rows:
        found[row.expert_id].append(row)
    return found
