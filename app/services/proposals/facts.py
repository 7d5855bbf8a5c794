"""What is true of each expert today, for one need: term, pause, load and ties."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from sqlalchemy import select

from app.domain.expert import AppointmentKind, Term, unbroken
from app.domain.recusal import Interest as DeclaredTie
from app.domain.recusal import live
from app.models.expert import Appointment, Expert
from app.models.need import Need
from app.queries.expert_loads import month_loads
from app.queries.interests import counterpart, interests_of
from app.unit_of_work import UnitOfWork
from matching import ExpertProfile, Interest

_NEVER = Term(date.max, date.max, date.max)


def with_facts(
    uow: UnitOfWork, need: Need, profiles: Mapping[str, ExpertProfile]
) -> list[ExpertProfile]:
    """Return the profiles with the facts of today that rules ask for."""
    rows = uow.session.execute(
        select(Expert.id, Expert.person_id, Expert.is_paused, Expert.monthly_limit)
    ).all()
    terms, loads = _terms(uow), month_loads(uow)
    with uow.beyond_scope("recusal check over the venture's members"):
        side = counterpart(uow, need.person_id, need.venture_id)
        declared = interests_of(uow, [row.id for row in rows])
    return [
        replace(
            profiles[str(row.id)],
            interests=(
                *_ties(live(declared[row.id], side, uow.today), need),
                # Nobody advises himself or his own venture.
                *((_himself(need),) if row.person_id in side.person_ids else ()),
            ),
            term_from_on=terms[row.id].starts_on,
            term_until_on=terms[row.id].ends_on,
            is_paused=row.is_paused,
            open_load=loads.get(row.id, 0),
            capacity=row.monthly_limit,
        )
        for row in rows
        if str(row.id) in profiles
    ]


def _himself(need: Need) -> Interest:
    return Interest(person_id=str(need.person_id), kind="")


def _ties(ties: Iterable[DeclaredTie], need: Need) -> tuple[Interest, ...]:
    """Tell the matcher the verdict of the recusal rule; it takes an unclassified tie as gravest."""
    return tuple(
        Interest(person_id=str(need.person_id), kind="" if tie.blocks else tie.conflict_type)
        for tie in ties
    )


def _terms(uow: UnitOfWork) -> Mapping[UUID, Term]:
    held: dict[UUID, list[Term]] = defaultdict(list)
    for row in uow.all(select(Appointment)):
        term = Term(row.starts_on, row.ends_on, row.approved_on, AppointmentKind(row.kind))
        held[row.expert_id].append(term)
    found: dict[UUID, Term] = defaultdict(lambda: _NEVER)
    found.update({expert_id: _present(terms, uow.today) for expert_id, terms in held.items()})
    return found


def _present(terms: Sequence[Term], today: date) -> Term:
    """Return the term that runs today; else one that does not, so that the rule names it."""
    return unbroken(terms, today) or terms[0]
