from uuid import uuid4

import pytest

from app.domain.actor import SYSTEM, Actor, Role
from app.domain.errors import NotFoundError
from app.domain.service_record.slices import months_of
from app.models.proposal import MatchRound
from app.queries import bureau_desk
from app.queries.bureau_desk import Answer, QueuePart, Waiting
from app.services import bookings, needs
from tests.builders import a_need, an_expert, keep, staff
from tests.founder_road import FounderRoad, statements
from tests.journeys.district import District
from tests.moments import at
from tests.scenes import Plays

YEAR = months_of(2026)


@pytest.fixture
def plays() -> Plays:
    return {"district": District}


@pytest.fixture
def district(scene: District) -> District:
    return scene


def look(district: District, query, *args, actor: Actor | None = None, **values):
    with (
        district.store.read(actor or district.officer) as reader,
        statements(district.store) as sent,
    ):
        found = query(reader, *args, **values)
    assert len(sent) <= 8, sent
    return found


def test_meetings_wait_in_the_order_of_their_deadlines(district) -> None:
    mentor, founder = district.mentor("高源"), district.founder("王强")
    late, later = (district.held(mentor, founder, each) for each in ("09-16 14:00", "09-17 14:00"))
    district.wait_until("09-20 10:00")

    def page(**values):
        return look(district, bureau_desk.waiting_meetings, Waiting.RECORDS, **values)

    assert [row.id for row in page().items] == [late.id]
    district.wait_until("09-25 10:00")
    first = page(limit=1)
    assert ([row.id for row in first.items], first.count) == ([late.id], 2)
    second = page(limit=1, after=first.next)
    assert ([row.id for row in second.items], second.next) == ([later.id], None)
    with pytest.raises(NotFoundError):
        page(after=uuid4())


def test_the_queue_holds_needs_without_a_booking_the_oldest_first(district) -> None:
    founder = district.founder("王强")
    old, asked, young = (
        a_need(district.store, founder.person_id, submitted_at=at(each))
        for each in ("09-10 09:00", "09-15 09:00", "09-16 09:00")
    )
    district.wait_until("09-16 10:00")
    district.store.execute(founder.actor, needs.ask_bureau, asked.id, "不知道找谁")

    def queue(**values):
        page = look(district, bureau_desk.need_queue, **values)
        return page.count, [need.id for need in page.items]

    assert queue() == (3, [old.id, asked.id, young.id])
    assert queue(part=QueuePart.LONG) == (1, [old.id])
    assert queue(part=QueuePart.ASKED) == (1, [asked.id])
    assert queue(after=old.id) == (3, [asked.id, young.id])
    (found,) = look(district, bureau_desk.need_queue, part=QueuePart.ASKED).items
    assert (found.days, found.asked_at, found.founder) == (1, at("09-16 10:00"), "王强")


def test_a_need_is_shown_with_whom_the_matcher_kept_out(store, clock, district) -> None:
    road = FounderRoad(store, clock)
    kept_out = an_expert(store, name="钱宁")
    made = road.proposed()
    exclusion = {"expert_id": str(kept_out.id), "rule": "mentor_paused", "text": "暂停服务"}
    newer = MatchRound(
        need_id=road.need.id,
        number=made.number + 1,
        matcher_version="test-2",
        created_at=made.created_at,
        excluded=[exclusion],
    )
    keep(store, newer)
    page = look(district, bureau_desk.desk_need, road.need.id)
    assert ([each.name for each in page.excluded], page.proposed) == (["钱宁"], ())
    assert (page.matcher[0], page.may_book, page.topics) == (
        "test-2",
        True,
        (("registration", "营业执照"),),
    )
    liaison = staff(store, Role.STREET_LIAISON, street="tangye")
    assert look(district, bureau_desk.desk_need, road.need.id, actor=liaison).excluded == ()
    with pytest.raises(NotFoundError):
        look(district, bureau_desk.desk_need, uuid4())


def test_a_need_shows_its_shortlist_and_its_bookings(store, clock, district) -> None:
    road = FounderRoad(store, clock)
    second = an_expert(store, name="钱宁")
    road.proposed(road.expert, second)
    road.requested()
    page = look(district, bureau_desk.desk_need, road.need.id)
    assert [(each.rank, each.name) for each in page.proposed] == [(1, "张敏"), (2, "钱宁")]
    assert [(each.expert, each.status) for each in page.bookings] == [("张敏", "requested")]
    assert page.is_expired is False


def test_answers_are_listed_with_what_became_of_them(store, clock, district) -> None:
    road = FounderRoad(store, clock)
    road.accepted("09-18 14:00")
    expired = road.requested("09-28 14:00", need_id=road.a_need().id, may_pass_on=False)
    road.put("09-25 10:00")
    store.execute(SYSTEM, bookings.expire, expired.id)

    def page(answer: Answer, street: str | None = None, **values):
        which = bureau_desk.answered(YEAR, answer, street)
        return look(district, bureau_desk.answered_requests, which, **values)

    assert [row.id for row in page(Answer.NONE).items] == [expired.id]
    assert (page(Answer.IN_TIME).count, page(Answer.IN_TIME, "guodian").count) == (1, 0)
    assert page(Answer.NONE, after=expired.id).items == ()
    with pytest.raises(NotFoundError):
        page(Answer.NONE, after=uuid4())
