from datetime import date
from typing import Any

import pytest

from app.domain.actor import SYSTEM, Actor, Role
from app.domain.errors import NotFoundError
from app.domain.ids import new_id
from app.domain.proposal import LIFETIME
from app.http.wire import jsonable
from app.models.need import Need
from app.queries.proposals import ProposalPage, document, list_for_need
from app.services import experts, proposals
from app.unit_of_work import Store
from tests.builders import a_founder, a_mentor, a_need, an_expert, staff
from tests.founder_road import statements
from tests.moments import START, at, day

MOST_STATEMENTS = 8


@pytest.fixture
def founder(store: Store) -> Actor:
    return a_founder(store)


def matched(store: Store, founder: Actor, **values: Any) -> Need:
    need = a_need(store, founder.person_id, **values)
    with store.read(SYSTEM) as reader:
        pool = proposals.fit_matcher(reader)
    store.execute(SYSTEM, proposals.refresh, need.id, pool)
    return need


def look(store: Store, actor: Actor, need: Need, **options: Any) -> ProposalPage:
    with store.read(actor) as reader:
        return list_for_need(reader, need.id, **options)


def test_each_expert_stands_with_reasons_and_the_nearest_three_times(store, founder) -> None:
    expert = an_expert(store)
    page = look(store, founder, matched(store, founder))

    (row,) = page.items
    assert (row.rank, row.expert.id, row.expert.title) == (1, expert.id, "创始人")
    assert row.can_be_asked
    assert len(row.first_free) == 3
    assert min(time.starts_at for time in row.first_free) >= START
    assert (page.number, page.proposed_at, page.is_expired) == (1, START, False)


def test_the_list_can_be_cut_shorter(store, founder) -> None:
    for _ in range(4):
        an_expert(store)
    need = matched(store, founder)
    assert [row.rank for row in look(store, founder, need, limit=2).items] == [1, 2]


@pytest.mark.parametrize("size", [1, 5])
def test_a_page_costs_eight_statements_whatever_its_length(store, founder, size) -> None:
    for _ in range(size):
        an_expert(store)
    need = matched(store, founder)
    with store.read(founder) as reader, statements(store) as sent:
        page = list_for_need(reader, need.id)
    assert len(page.items) == size
    assert len(sent) <= MOST_STATEMENTS, sent


def test_a_need_without_a_round_has_an_empty_page(store, founder) -> None:
    need = a_need(store, founder.person_id)
    page = look(store, founder, need)
    assert (page.number, page.matcher_version, page.items, page.excluded) == (0, "", (), ())


def test_only_the_newest_round_is_shown(store, founder) -> None:
    expert = an_expert(store)
    need = matched(store, founder)
    store.execute(SYSTEM, experts.pause, expert.id)
    with store.read(SYSTEM) as reader:
        pool = proposals.fit_matcher(reader)
    store.execute(SYSTEM, proposals.refresh, need.id, pool)

    page = look(store, founder, need)
    assert (page.number, page.items) == (2, ())


def test_who_left_since_is_shown_as_not_to_be_asked(store, founder, clock) -> None:
    pausing = an_expert(store)
    ending = an_expert(store, term=(date(2023, 9, 1), day("09-17")))
    need = matched(store, founder)
    store.execute(SYSTEM, experts.pause, pausing.id)
    clock.put(at("09-18 09:00"))

    rows = {row.expert.id: row for row in look(store, founder, need).items}
    assert [rows[each.id].can_be_asked for each in (pausing, ending)] == [False, False]
    assert [len(rows[each.id].first_free) for each in (pausing, ending)] == [0, 0]


def test_an_old_list_says_so(store, founder, clock) -> None:
    an_expert(store)
    need = matched(store, founder)
    clock.put(START + LIFETIME)
    assert look(store, founder, need).is_expired


@pytest.mark.parametrize(
    ("role", "knows"),
    [(Role.OFFICER, True), (Role.AUDITOR, True), (Role.STREET_LIAISON, False)],
)
def test_who_was_kept_out_is_for_the_bureau(store, founder, role, knows) -> None:
    paused = an_expert(store, is_paused=True)
    need = matched(store, founder)
    held = {"street": "tangye"} if role is Role.STREET_LIAISON else {}

    assert look(store, founder, need).excluded == ()
    found = look(store, staff(store, role, **held), need).excluded
    assert [each["expert_id"] for each in found] == ([str(paused.id)] if knows else [])


def test_a_need_of_another_is_not_there(store, founder) -> None:
    expert = an_expert(store)
    need = matched(store, founder)
    for stranger in (a_founder(store, name="王强"), a_mentor(store, expert)):
        with pytest.raises(NotFoundError):
            look(store, stranger, need)
    with pytest.raises(NotFoundError):
        look(store, founder, Need(id=new_id()))


def test_the_document_has_the_promised_form(store, founder) -> None:
    an_expert(store)
    told: Any = jsonable(document(look(store, founder, matched(store, founder))))

    assert set(told) == {"matcher_version", "items", "excluded"}
    (item,) = told["items"]
    assert set(item) == {
        "id",
        "rank",
        "score",
        "parts",
        "reasons",
        "cautions",
        "expert",
        "first_free",
    }
    assert sum(part["value"] for part in item["parts"]) == pytest.approx(item["score"], abs=1e-9)
    assert set(item["reasons"][0]) == {"code", "text", "evidence"}
    assert set(item["cautions"][0]) == {"code", "text"}
    assert set(item["expert"]) == {"id", "name", "category", "title"}
    assert set(item["first_free"][0]) == {"starts_at", "ends_at"}
    assert item["first_free"][0]["starts_at"].endswith("+08:00")
