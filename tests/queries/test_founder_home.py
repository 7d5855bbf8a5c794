from app.queries.founder_home import founder_home
from tests.builders import a_founder, a_venture
from tests.founder_road import plays, road, statements
from tests.moments import at

__all__ = ["plays", "road"]


def home(road, actor=None):
    with road.store.read(actor or road.founder) as reader, statements(road.store) as sent:
        found = founder_home(reader)
    assert len(sent) <= 8, sent
    return found


def test_a_new_founder_sees_an_empty_home(road) -> None:
    page = home(road, a_founder(road.store, name="王强"))
    assert (page.next, page.has_tasks, page.ventures, page.steps) == (
        None,
        False,
        (),
        (),
    )


def test_the_nearest_meeting_comes_first(road) -> None:
    road.accepted("09-22 14:00", need_id=road.a_need().id)
    road.accepted("09-18 14:00")
    page = home(road)
    assert [view.starts_at for view in page.upcoming] == [at("09-18 14:00"), at("09-22 14:00")]
    assert page.next.starts_at == at("09-18 14:00")


def test_what_waits_for_the_founder_is_told_by_kind(road) -> None:
    road.recorded()
    road.held("09-22 14:00", need_id=road.a_need().id)
    page = home(road)
    assert [view.starts_at for view in page.to_confirm] == [at("09-18 14:00")]
    assert [view.starts_at for view in page.holds] == [at("09-22 14:00")]
    assert len(page.open_needs) == 1
    assert page.has_tasks


def test_messages_and_own_acts_stand_in_one_row_of_time(road) -> None:
    road.requested()
    road.told("张敏接受了您的预约", when="09-16 11:00")
    page = home(road)
    assert [(step.kind, step.at) for step in page.steps] == [
        ("told", at("09-16 11:00")),
        ("requested", at("09-16 10:00")),
    ]


def test_messages_of_others_are_not_shown(road) -> None:
    road.told("张敏接受了您的预约")
    page = home(road, a_founder(road.store, name="王强"))
    assert page.steps == ()


def test_ventures_are_named_with_their_street(road) -> None:
    a_venture(road.store, road.founder.person_id)
    (venture,) = home(road).ventures
    assert (venture.name, venture.registered, venture.street.zh) == (
        "李晓工作室",
        False,
        "唐冶街道",
    )
