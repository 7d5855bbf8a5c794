from datetime import date
from typing import Any

import pytest

from app.domain.actor import Actor
from app.domain.errors import InvalidInputError, NotFoundError
from app.domain.expert import AppointmentKind, ExpertCategory
from app.domain.ids import new_id
from app.queries.expert_search import directory, profile
from app.services import bookings
from app.services.bookings import Choice
from app.unit_of_work import Store
from tests.builders import a_founder, a_need, an_appointment, an_expert, keep
from tests.founder_road import FounderRoad, statements
from tests.moments import at, day


@pytest.fixture
def founder(store: Store) -> Actor:
    return a_founder(store)


def look(store: Store, actor: Actor, query: Any, *args: Any, **options: Any) -> Any:
    with store.read(actor) as reader:
        return query(reader, *args, **options)


def names(page: Any) -> list[str]:
    return [card.name for card in page.items]


def test_only_those_in_term_today_are_shown(store, founder, clock) -> None:
    an_expert(store, name="在聘")
    an_expert(store, name="届满", term=(date(2023, 1, 1), day("09-15")))
    an_expert(store, name="未聘", term=None)
    an_expert(store, name="将聘", term=(day("09-17"), date(2029, 9, 16)))

    assert names(look(store, founder, directory)) == ["在聘"]
    clock.put(at("09-17 00:00"))
    assert names(look(store, founder, directory)) == ["在聘", "将聘"]


def test_a_word_is_looked_for_in_every_field_and_names_come_first(store, founder) -> None:
    an_expert(store, name="甲", bio="顺带讲过专利。", expertise=[])
    an_expert(store, name="乙", expertise=["专利布局"])
    an_expert(store, name="专利明", expertise=[])
    an_expert(store, name="丙", title="专利代理师")
    an_expert(store, name="丁", organisation="专利事务所")
    an_expert(store, name="戊")

    page = look(store, founder, directory, " 专利 ")
    assert names(page)[:2] == ["专利明", "乙"]
    assert set(names(page)[2:4]) == {"丙", "丁"}
    assert names(page)[4:] == ["甲"]
    assert page.total == 5


def test_several_words_must_all_be_met_in_any_width_and_case(store, founder) -> None:
    an_expert(store, name="甲", expertise=["IP 保护"], organisation="驻区高校")
    an_expert(store, name="乙", expertise=["IP 保护"], organisation="事务所")

    assert names(look(store, founder, directory, "ｉｐ 高校")) == ["甲"]
    assert look(store, founder, directory, "不存在的词").items == ()


def test_a_search_nobody_means_is_refused(store, founder) -> None:
    with pytest.raises(InvalidInputError):
        look(store, founder, directory, "x" * 101)


def test_categories_are_counted_with_their_zeros_and_filter(store, founder) -> None:
    for category in ("scholar", "scholar", "official"):
        an_expert(store, category=ExpertCategory(category))

    page = look(store, founder, directory, category=ExpertCategory.SCHOLAR)
    assert (len(page.items), page.total) == (2, 2)
    assert page.by_category == {
        ExpertCategory.SCHOLAR: 2,
        ExpertCategory.ENTREPRENEUR: 0,
        ExpertCategory.OFFICIAL: 1,
        ExpertCategory.INVESTOR: 0,
    }


def test_pages_follow_each_other_without_gap_or_double(store, founder) -> None:
    made = {an_expert(store, name=f"专家{number}", weekly=False).id for number in range(5)}
    seen, after = [], None
    while True:
        page = look(store, founder, directory, after=after, limit=2)
        seen += [card.id for card in page.items]
        after = page.next
        if after is None:
            break
    assert (len(seen), set(seen)) == (5, made)
    assert look(store, founder, directory, after=new_id()).items == ()


@pytest.mark.parametrize("size", [1, 6])
def test_a_page_costs_two_statements_whatever_its_length(store, founder, size) -> None:
    for _ in range(size):
        an_expert(store, weekly=False)
    with store.read(founder) as reader, statements(store) as sent:
        assert len(directory(reader).items) == size
    assert len(sent) == 2, sent


def test_a_full_month_shows(store, founder) -> None:
    expert = an_expert(store, monthly_limit=1)
    choice = Choice(
        need_id=a_need(store, founder.person_id).id,
        expert_id=expert.id,
        starts_at=at("09-18 14:00"),
        mode="onsite",
    )
    assert not look(store, founder, profile, expert.id).card.is_full
    store.execute(founder, bookings.request_now, choice)
    assert look(store, founder, profile, expert.id).card.is_full
    assert look(store, founder, directory).items[0].is_full


def test_a_profile_tells_the_unbroken_term(store, founder) -> None:
    expert = an_expert(store, term=(date(2023, 9, 1), day("09-10")))
    extension = an_appointment(
        expert.id, day("09-11"), day("10-10"), AppointmentKind.EXTENSION, day("09-01")
    )
    keep(store, extension)

    page = look(store, founder, profile, expert.id)
    assert (page.starts_on, page.ends_on, page.is_extended) == (
        date(2023, 9, 1),
        day("10-10"),
        True,
    )
    assert page.counted_services == 0


def test_counted_meetings_are_a_public_number(store, clock) -> None:
    road = FounderRoad(store, clock)
    stranger = a_founder(store, name="王强")
    session = road.confirmed()
    road.finished("09-21 14:00", need_id=road.a_need().id)

    with store.read(stranger) as reader, statements(store) as sent:
        page = profile(reader, road.expert.id)

    assert session.lead_expert_id == road.expert.id
    assert page.counted_services == 1
    assert len(sent) <= 4, sent


def test_who_is_not_of_the_pool_has_no_profile(store, founder) -> None:
    for expert_id in (an_expert(store, term=None).id, new_id()):
        with pytest.raises(NotFoundError):
            look(store, founder, profile, expert_id)
