from datetime import timedelta
from typing import Any

import pytest

from app.domain.actor import Actor, Role
from app.domain.errors import NotFoundError
from app.domain.ids import new_id
from app.domain.need import Channel, NeedStatus
from app.queries import need_lists
from app.queries.need_lists import NeedRow
from app.services import needs
from app.unit_of_work import Store
from tests.builders import a_founder, a_mentor, a_need, a_venture, an_expert, staff
from tests.founder_road import FounderRoad, statements
from tests.moments import START, at


@pytest.fixture
def founder(store: Store) -> Actor:
    return a_founder(store)


def look(store: Store, actor: Actor, query: Any, *args: Any, **options: Any) -> Any:
    with store.read(actor) as reader:
        return query(reader, *args, **options)


def test_a_need_stands_with_founder_venture_and_topics(store, founder) -> None:
    venture = a_venture(store, founder.person_id)
    need = a_need(store, founder.person_id, venture_id=venture.id)
    store.execute(founder, needs.add_topic, need.id, "marketing")
    store.execute(founder, needs.strike_topic, need.id, "registration")

    row: NeedRow = look(store, founder, need_lists.detail, need.id)

    assert (row.founder_name, row.venture_name) == ("李晓", "李晓工作室")
    assert (row.status, row.channel, row.submitted_at) == (
        NeedStatus.SUBMITTED,
        Channel.WEB,
        START,
    )
    assert [topic.code for topic in row.topics] == ["registration", "marketing"]
    assert [topic.code for topic in row.asked] == ["marketing"]


def test_a_need_of_another_is_not_there(store, founder) -> None:
    need = a_need(store, founder.person_id)
    with pytest.raises(NotFoundError):
        look(store, a_founder(store, name="王强"), need_lists.detail, need.id)
    with pytest.raises(NotFoundError):
        look(store, a_mentor(store, an_expert(store)), need_lists.detail, need.id)
    with pytest.raises(NotFoundError):
        look(store, founder, need_lists.detail, new_id())


def test_a_founder_sees_his_needs_newest_first_and_nobody_elses(store, founder) -> None:
    older = a_need(store, founder.person_id, created_at=START - timedelta(days=1))
    newer = a_need(store, founder.person_id, status=NeedStatus.WITHDRAWN)
    other = a_need(store, a_founder(store).person_id)

    own = look(store, founder, need_lists.of_founder, founder.person_id)
    assert [row.id for row in own] == [newer.id, older.id]
    assert look(store, founder, need_lists.of_founder, other.person_id) == ()


def test_needs_without_a_booking_wait_the_oldest_first_with_their_age(store, clock) -> None:
    road = FounderRoad(store, clock)
    waiting = road.a_need(submitted_at=START - timedelta(hours=3))
    road.a_need(status=NeedStatus.DRAFT, submitted_at=None)
    road.a_need(status=NeedStatus.WITHDRAWN)
    clock.put(at("09-16 11:00"))

    queue = look(store, staff(store), need_lists.waiting)
    assert [(item.need.id, item.age) for item in queue.items] == [
        (waiting.id, timedelta(hours=4)),
        (road.need.id, timedelta(hours=1)),
    ]
    road.requested()
    queue = look(store, staff(store), need_lists.waiting)
    assert [item.need.id for item in queue.items] == [waiting.id]


def test_a_street_sees_its_own_queue(store, founder) -> None:
    need = a_need(store, founder.person_id)
    a_need(store, founder.person_id, street="quanfu")
    clerk = staff(store, Role.STREET_LIAISON, street="tangye")

    queue = look(store, clerk, need_lists.waiting)
    assert [item.need.id for item in queue.items] == [need.id]


def test_pages_of_the_queue_follow_each_other_without_gap_or_double(store, founder) -> None:
    made = [a_need(store, founder.person_id).id for _ in range(5)]
    officer, seen, after = staff(store), [], None
    while True:
        queue = look(store, officer, need_lists.waiting, after=after, limit=2)
        seen += [item.need.id for item in queue.items]
        after = queue.next
        if after is None:
            break
    assert seen == sorted(made)
    assert look(store, officer, need_lists.waiting, after=new_id()).items == ()


@pytest.mark.parametrize("size", [1, 6])
def test_lists_cost_the_same_whatever_their_length(store, founder, size) -> None:
    first, *_ = [a_need(store, founder.person_id) for _ in range(size)]
    officer = staff(store)
    for actor, query, args, most in (
        (founder, need_lists.detail, (first.id,), 2),
        (founder, need_lists.of_founder, (founder.person_id,), 2),
        (officer, need_lists.waiting, (), 2),
    ):
        with store.read(actor) as reader, statements(store) as sent:
            query(reader, *args)
        assert len(sent) == most, sent
    with store.read(officer) as reader, statements(store) as sent:
        need_lists.waiting(reader, after=first.id)
    assert len(sent) == 2, sent
