"""The board's numbers, counted from columns: those of the services themselves, expert by expert."""

from dataclasses import replace

from sqlalchemy import select

from app.models.expert import Appointment
from app.queries.duty import duties, own_services
from app.queries.duty.standing import standings, summed_standings
from tests.moments import day
from tests.turns import on_each
from tests.web.bureau.year import district, plays, year

__all__ = ["district", "plays", "year"]


@on_each
def test_a_whole_pool_stands_as_each_of_its_experts_does(year, district) -> None:
    with district.store.read(district.officer) as reader:
        terms: dict = {}
        for row in reader.session.scalars(select(Appointment)):
            terms.setdefault(row.expert_id, []).append(row)
        one_by_one = standings(reader, terms, 2026, list(terms))
        at_once = summed_standings(reader, terms, 2026)
        behind = own_services(reader, day("01-01"), day("12-31"))
        done = {key: duty.done for key, duty in duties(reader).items()}
    assert {key: replace(each, services=()) for key, each in one_by_one.items()} == at_once
    assert sorted(each.term.done for each in at_once.values()) == [115, 185]
    assert sum(each.year.done for each in at_once.values()) == len(behind) == 5
    assert done == {key: each.year.done for key, each in at_once.items()}
