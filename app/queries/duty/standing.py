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
from app.domain.pairing import PROJECTS_A_YEAR
from app.models.expert import Appointment
from app.queries.duty.absences import Absence, absences
from app.queries.duty.counted import OwnService, own_services
from app.queries.duty.policies import present_policy
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
        services: the counted services behind year and term, by day.
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
    expert_ids: Collection[UUID] | None = None,
) -> dict[UUID, Standing]:
    """Return how each expert stands in the year; six statements.

    The caller may know of all of them.

    Args:
        look: a reader or a unit of work.
        terms: the appointments of each expert asked about.
        year: the year of services and pairings; terms and absences are those of today.
        expert_ids: the same experts, where they are few.
    """
    today = local_day(look.now)
    policy = present_policy(look)
    known = {key: [as_term(row) for row in rows] for key, rows in terms.items()}
    spans = {key: term_of(own, today) for key, own in known.items()}
    begun = [span.first_on for span in spans.values() if span]
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
    return {
        key: _standing(
            policy,
            _Known(
                today,
                year,
                own,
                spans[key],
                services.get(key, []),
                missed.get(key, []),
                guided.get(key, frozenset()),
            ),
        )
        for key, own in known.items()
    }


def as_term(row: Appointment) -> Term:
    """Return the days of an appointment."""
    return Term(row.starts_on, row.ends_on, row.approved_on, row.kind)


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of one expert."""

    today: date
    year: int
    terms: Sequence[Term]
    span: Span | None
    services: Sequence[OwnService]
    missed: Sequence[Absence]
    projects: frozenset[UUID]


def _standing(policy: DutyPolicy, known: _Known) -> Standing:
    appointed = {term.starts_on: term.ends_on for term in known.terms}
    of_year = [row for row in known.services if row.day.year == known.year]
    span, term = known.span, None
    if span is not None:
        minutes = (
            row.minutes for row in known.services if span.first_on <= row.day <= span.last_on
        )
        term = term_meter(sum(minutes), span, known.today, policy)
    return Standing(
        policy=policy,
        year=year_meter(len(of_year), appointed, known.year, known.today, policy),
        term=term,
        absences=Limit(len(known.missed), policy.absences),
        pairings=Limit(len(known.projects), PROJECTS_A_YEAR),
        months=Counter(row.day.month for row in of_year),
        services=known.services,
        missed=known.missed,
        projects=known.projects,
    )


def _sorted(rows: Iterable[_Row]) -> dict[UUID, list[_Row]]:
    found: dict[UUID, list[_Row]] = defaultdict(list)
    for row in rows:
        found[row.expert_id].append(row)
    return found
