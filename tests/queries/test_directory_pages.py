from uuid import uuid4

import pytest

from app.domain.errors import InvalidInputError, NotFoundError
from app.domain.expert import ExpertCategory
from app.queries.directory_pages import PAGE, directory_page, mentor_page
from tests.builders import a_founder, an_expert, staff
from tests.founder_road import plays, road, statements
from tests.moments import at, day

__all__ = ["plays", "road"]


def look(road, query, *args, actor=None, **options):
    with road.store.read(actor or road.founder) as reader, statements(road.store) as sent:
        found = query(reader, *args, **options)
    assert len(sent) <= 8, sent
    return found


def test_the_directory_shows_when_each_mentor_is_first_free(road) -> None:
    busy = an_expert(road.store, name="许言", weekly=False)
    page = look(road, directory_page)
    assert {card.name for card in page.directory.items} == {"张敏", "许言"}
    assert page.first_free[road.expert.id] == at("09-16 10:15")
    assert busy.id not in page.first_free


def test_the_directory_is_read_page_by_page(road) -> None:
    for number in range(PAGE):
        an_expert(road.store, name=f"专家{number:02}", weekly=False)
    first = look(road, directory_page)
    second = look(road, directory_page, after=first.directory.next)
    assert (len(first.directory.items), len(second.directory.items)) == (PAGE, 1)
    assert second.directory.next is None


def test_a_search_finds_by_word_and_category(road) -> None:
    an_expert(road.store, name="许言", category=ExpertCategory.SCHOLAR, expertise=["专利布局"])
    page = look(road, directory_page, "专利")
    assert [card.name for card in page.directory.items] == ["许言"]
    assert look(road, directory_page, "", ExpertCategory.INVESTOR).directory.total == 0


def test_a_search_longer_than_anybody_means_is_refused(road) -> None:
    with pytest.raises(InvalidInputError):
        look(road, directory_page, "长" * 101)


def test_a_mentors_page_tells_term_record_and_nearest_times(road) -> None:
    road.confirmed()
    page = look(road, mentor_page, road.expert.id)
    assert (page.ends_on, page.counted_services) == (day("06-30").replace(year=2028), 1)
    starts = [slot.starts_at for slot in page.free]
    assert len(starts) == 4
    assert starts == sorted(starts)


def test_times_lead_to_the_newest_need_that_waits(road) -> None:
    assert look(road, mentor_page, road.expert.id).open_need_id == road.need.id
    assert look(road, mentor_page, road.expert.id, actor=staff(road.store)).open_need_id is None
    stranger = a_founder(road.store, name="王强")
    assert look(road, mentor_page, road.expert.id, actor=stranger).open_need_id is None


def test_an_expert_out_of_term_or_unknown_is_not_found(road) -> None:
    left = an_expert(road.store, name="许言", term=None)
    for key in (left.id, uuid4()):
        with pytest.raises(NotFoundError):
            look(road, mentor_page, key)
