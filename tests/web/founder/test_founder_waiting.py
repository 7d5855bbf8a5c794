import pytest

from app.domain.waiting_list import WaitingStatus
from app.models.waiting_list import WaitingEntry
from app.services import bookings
from tests.builders import a_founder, a_rule, an_expert, keep
from tests.moments import at


@pytest.fixture
def full(road):
    """An expert with one hour a month that another founder has taken, and that booking."""
    expert = an_expert(road.store, name="刘总", weekly=False, monthly_limit=1)
    keep(road.store, a_rule(expert.id, 0, 14 * 60, 14 * 60 + 50))
    other = a_founder(road.store, name="王强")
    taken = []
    for when in ("09-21 14:00", "10-12 14:00", "11-02 14:00"):
        choice = road.choice(when, need_id=road.a_need(other).id, expert_id=expert.id)
        taken.append(road.store.execute(other, bookings.request_now, choice))
    return expert, other, taken[0]


def wish(expert, **values):
    usual = {"modes": ["onsite"], "earliest_on": "2026-09-16", "latest_on": "2026-09-26"}
    return {"mentor": str(expert.id), **usual, **values}


def test_who_finds_a_mentor_full_joins_the_line_and_sees_his_place(road, desk, full) -> None:
    expert, *_ = full
    page = desk.get(f"/needs/{road.need.id}/book?mentor={expert.id}")
    path = f"/needs/{road.need.id}/wait"
    assert f"{path}?mentor={expert.id}" in page
    assert "加入候补" in desk.get(f"{path}?mentor={expert.id}")

    answer = desk.post(path, **wish(expert))

    (entry,) = road.rows(WaitingEntry)
    assert answer.location == f"/waiting/{entry.id}"
    assert "您排在第 1 位" in desk.get(f"/waiting/{entry.id}")
    assert "候补刘总" in desk.get("/bookings")


def test_the_kept_time_stands_on_the_page_until_it_is_sent_or_passed_on(road, desk, full) -> None:
    expert, other, taken = full
    desk.post(f"/needs/{road.need.id}/wait", **wish(expert))
    (entry,) = road.rows(WaitingEntry)
    road.store.execute(other, bookings.withdraw, taken.id, "f_solved")

    page = desk.get(f"/waiting/{entry.id}")
    assert "9月21日 周一 14:00–14:50" in page
    assert "这个时间为您留到" in page
    entry = road.row(WaitingEntry)
    assert "候补轮到您了" in desk.get(f"/bookings/new?hold={entry.reservation_id}")
    desk.post("/bookings", hold=str(entry.reservation_id), consent="yes")
    assert road.row(WaitingEntry).status is WaitingStatus.TAKEN
    assert road.now(entry.reservation_id).starts_at == at("09-21 14:00")
    assert "您已经提交了预约" in desk.get(f"/waiting/{entry.id}")


def test_passing_keeps_the_place_and_leaving_ends_it(road, desk, full) -> None:
    expert, other, taken = full
    desk.post(f"/needs/{road.need.id}/wait", **wish(expert))
    road.store.execute(other, bookings.withdraw, taken.id, "f_solved")
    entry = road.row(WaitingEntry)
    desk.post(f"/waiting/{entry.id}/pass", version=entry.version)
    assert "您排在第 1 位" in desk.get(f"/waiting/{entry.id}")
    stale = desk.post(f"/waiting/{entry.id}/leave", 409, version=entry.version)
    assert "别人改过" in stale.get_data(as_text=True)
    desk.post(f"/waiting/{entry.id}/leave", version=road.row(WaitingEntry).version)
    assert "这次候补已经结束" in desk.get(f"/waiting/{entry.id}")
    desk.post(f"/waiting/{entry.id}/pass", 409, version=road.row(WaitingEntry).version)


def test_a_free_time_is_booked_and_not_waited_for(road, desk) -> None:
    page = desk.post(f"/needs/{road.need.id}/wait", 422, **wish(road.expert))
    assert "可以直接约，不用候补" in page.get_data(as_text=True)


def test_a_faulty_wish_is_told_at_its_fields_and_kept(road, desk, full) -> None:
    expert, *_ = full
    faulty = wish(expert, modes=[], latest_on="2027-09-30")
    page = desk.post(f"/needs/{road.need.id}/wait", 422, **faulty).get_data(as_text=True)
    assert "还有" in page
    assert 'value="2027-09-30"' in page


def test_somebody_elses_place_is_not_found(road, desk, enter, full) -> None:
    expert, *_ = full
    desk.post(f"/needs/{road.need.id}/wait", **wish(expert))
    stranger = enter(a_founder(road.store, name="周涛"))
    stranger.get(f"/waiting/{road.row(WaitingEntry).id}", 404)
