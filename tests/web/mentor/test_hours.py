import re

import pytest
from sqlalchemy import select

from app.domain.actor import SYSTEM, Role
from app.domain.availability import Week, WeekSpan
from app.domain.clock import FixedClock
from app.domain.expert import ExpertCategory
from app.models.availability import AvailabilityRule
from app.models.expert import Expert
from app.models.place import Place
from app.queries.free_times import of_expert
from app.services import availability
from app.unit_of_work import Store
from tests.builders import a_mentor, an_expert, staff
from tests.founder_road import FounderRoad
from tests.moments import at, day
from tests.scenes import Plays
from tests.web.mentor.conftest import Visit

HOURS = "/mentor/availability"
ALL = frozenset({"onsite", "online", "phone"})
EVERY = "online+onsite+phone"
LIMITS = {"monthly_limit": "6", "buffer_minutes": "30", "notice_hours": "24"}
TUESDAY = {"day_1_1_starts": "14:00", "day_1_1_ends": "16:00", "day_1_1_modes": EVERY}


def with_hours(store: Store, clock: FixedClock) -> FounderRoad:
    road = FounderRoad(store, clock)
    week = Week([WeekSpan(1, 14 * 60, 16 * 60, ALL)], 8, 0, 0)
    store.execute(SYSTEM, availability.set_week, road.expert.id, week)
    return road


@pytest.fixture
def plays() -> Plays:
    return {"road": with_hours}


def spans(store) -> list[tuple[int, int, int]]:
    with store.read(SYSTEM) as reader:
        rules = reader.session.scalars(select(AvailabilityRule))
        return sorted((rule.weekday, rule.starts_minute, rule.ends_minute) for rule in rules)


def expert(store) -> Expert:
    with store.read(SYSTEM) as reader:
        return reader.session.scalars(select(Expert)).one()


def send(visit: Visit, do: str = "save", **typed: str):
    return visit.post(HOURS, **{**LIMITS, "do": do, **typed})


def text(answer) -> str:
    return answer.get_data(as_text=True)


def chosen(page: str, name: str) -> str:
    select_ = re.search(rf'<select[^>]*name="{name}".*?</select>', page, re.S)
    assert select_, name
    (value,) = re.findall(r'value="([^"]*)" selected', select_[0])
    return value


def test_the_page_shows_the_week_and_what_founders_see(visit) -> None:
    page = visit.get(HOURS)
    assert (chosen(page, "day_1_1_starts"), chosen(page, "day_1_1_ends")) == ("14:00", "16:00")
    assert chosen(page, "day_1_1_modes") == EVERY
    assert "day_0_1_starts" not in page
    assert '<p class="bignum num">15<small> 个时间' in page
    assert "放假 · 中秋节" in page


def test_adding_a_span_shows_a_row_after_the_last_and_saves_nothing(store, visit) -> None:
    answer = send(visit, "add-1", **TUESDAY)

    assert answer.status_code == 200
    assert (chosen(text(answer), "day_1_2_starts"), chosen(text(answer), "day_1_2_ends")) == (
        "16:00",
        "17:00",
    )
    assert spans(store) == [(1, 840, 960)]


def test_removing_a_span_moves_the_later_ones_up(store, visit) -> None:
    second = {"day_1_2_starts": "19:00", "day_1_2_ends": "20:30", "day_1_2_modes": "phone"}

    page = text(send(visit, "remove-1-1", **TUESDAY, **second))

    assert (chosen(page, "day_1_1_starts"), chosen(page, "day_1_1_modes")) == ("19:00", "phone")
    assert "day_1_2_starts" not in page
    assert spans(store) == [(1, 840, 960)]


def test_the_preview_follows_what_is_not_saved_yet(visit) -> None:
    page = text(send(visit, "preview", **{**TUESDAY, "day_1_1_ends": "15:00"}))
    assert '<p class="bignum num">3<small> 个时间' in page


def test_a_preview_of_what_cannot_be_read_says_so(visit) -> None:
    answer = send(visit, "preview", **{**TUESDAY, "day_1_1_ends": "15:07"})
    assert answer.status_code == 200
    assert "改好以后这里会显示" in text(answer)


def test_the_seventh_span_of_a_day_is_not_offered(visit) -> None:
    six = {
        f"day_0_{n}_{part}": value
        for n in range(1, 7)
        for part, value in (
            ("starts", f"{8 + n:02}:00"),
            ("ends", f"{8 + n:02}:30"),
            ("modes", EVERY),
        )
    }
    page = text(send(visit, "add-0", **six))
    assert "day_0_7_starts" not in page
    assert 'value="add-0"' not in page


def test_saving_replaces_the_week_and_the_limits(store, visit) -> None:
    friday = {"day_4_1_starts": "09:30", "day_4_1_ends": "24:00", "day_4_1_modes": "onsite"}

    answer = send(visit, **friday)

    assert (answer.status_code, answer.location) == (303, HOURS)
    assert spans(store) == [(4, 570, 1440)]
    saved = expert(store)
    assert (saved.monthly_limit, saved.buffer_minutes, saved.notice_hours) == (6, 30, 24)
    page = visit.get(HOURS)
    assert "已保存" in page
    assert (chosen(page, "day_4_1_ends"), chosen(page, "buffer_minutes")) == ("24:00", "30")


def test_a_second_press_saves_once(store, visit) -> None:
    typed = {**visit.hidden(HOURS), **LIMITS, **TUESDAY, "do": "save"}
    before = expert(store).version

    answers = [visit.client.post(HOURS, data=typed) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert expert(store).version == before + 1


def test_an_overlap_and_a_wrong_end_are_named_at_their_rows_and_nothing_is_lost(
    store, visit
) -> None:
    answer = send(
        visit,
        **TUESDAY,
        **{"day_1_2_starts": "15:00", "day_1_2_ends": "17:00", "day_1_2_modes": EVERY},
        **{"day_3_1_starts": "18:00", "day_3_1_ends": "17:00", "day_3_1_modes": "phone"},
    )

    page = text(answer)
    assert answer.status_code == 422
    assert "还有 2 处需要修改" in page
    assert page.count("“周二 第 2 段 开始”和第 1 段重叠") == 2
    assert 'href="#day_3_1_ends"' in page
    assert 'id="day_3_1_ends-e"' in page
    assert chosen(page, "day_3_1_starts") == "18:00"
    assert chosen(page, "notice_hours") == "24"
    assert spans(store) == [(1, 840, 960)]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"day_1_1_starts": "14:07"}, "从列出的选项里选择“周二 第 1 段 开始”"),
        ({"day_1_1_ends": ""}, "选择“周二 第 1 段 结束”"),
        ({"day_1_1_modes": "fax"}, "从列出的选项里选择“周二 第 1 段 方式”"),
        ({"monthly_limit": "many"}, "“每月最多几次”请填整数"),
        ({"monthly_limit": "99"}, "“每月最多几次”请填 0 到 30 之间的数"),
        ({"buffer_minutes": "7"}, "“两场之间至少隔”请选整 5 分钟的时间"),
        ({"notice_hours": "9" * 500}, "“最晚提前多久预约”请填整数"),
    ],
)
def test_a_faulty_field_is_named_by_its_label(store, visit, typed, words) -> None:
    answer = send(visit, **{**TUESDAY, **typed})
    assert answer.status_code == 422
    assert words in text(answer)
    assert spans(store) == [(1, 840, 960)]


def test_a_week_changed_elsewhere_is_shown_with_the_input_kept(store, road, visit) -> None:
    typed = {**visit.hidden(HOURS), **LIMITS, **TUESDAY, "day_1_1_ends": "18:00", "do": "save"}
    week = Week([WeekSpan(5, 9 * 60, 10 * 60, ALL)], 8, 0, 0)
    store.execute(road.mentor, availability.set_week, road.expert.id, week)

    answer = visit.client.post(HOURS, data=typed)

    page = text(answer)
    assert answer.status_code == 409
    assert "可约时间在别处改过" in page
    assert chosen(page, "day_1_1_ends") == "18:00"
    assert spans(store) == [(5, 540, 600)]
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version
    again = visit.client.post(HOURS, data={**typed, "version": version[1]})
    assert again.status_code == 303
    assert spans(store) == [(1, 840, 1080)]


@pytest.mark.parametrize("do", ["add-9", "remove-1-9", "remove-1", "add", "x" * 3000, "删除"])
def test_an_unknown_button_changes_nothing(store, visit, do: str) -> None:
    answer = send(visit, do, **TUESDAY)
    assert answer.status_code == 200
    assert chosen(text(answer), "day_1_1_starts") == "14:00"
    assert spans(store) == [(1, 840, 960)]


def test_an_empty_week_says_that_nobody_can_book(store, visit) -> None:
    assert send(visit).status_code == 303
    page = visit.get(HOURS)
    assert "还没有开放时间，创业者约不到您" in page
    assert spans(store) == []


def test_an_official_is_shown_his_office_hours(store, client, sign_in) -> None:
    official = an_expert(store, weekly=False, category=ExpertCategory.OFFICIAL)
    page = Visit(sign_in(client, a_mentor(store, official))).get(HOURS)
    assert "现在按工作日 09:00–12:00、13:30–17:00 开放" in page


def test_an_officer_has_no_hours_of_his_own(store, client, sign_in) -> None:
    assert sign_in(client, staff(store, Role.OFFICER)).get(HOURS).status_code == 404


def test_a_changed_choice_asks_for_the_preview_by_its_address(store, visit) -> None:
    typed = {**visit.hidden(HOURS), **LIMITS, **TUESDAY, "day_1_1_ends": "15:00"}
    answer = visit.client.post(f"{HOURS}?preview=", data=typed)
    assert answer.status_code == 200
    assert '<p class="bignum num">3<small>' in text(answer)
    assert spans(store) == [(1, 840, 960)]


SECOND_WEEK = {
    **TUESDAY,
    "day_1_1_every": "2026-09-21",
    "day_1_1_from": "2026-09-20",
    "day_1_1_until": "2026-12-31",
}
ABROAD = {
    "buffer_before_minutes": "15",
    "horizon_days": "30",
    "time_zone": "Europe/Berlin",
    "minutes_consultation": "40",
    "minutes_diagnosis": "",
    "minutes_tutoring": "",
}


def the_rule(store) -> AvailabilityRule:
    with store.read(SYSTEM) as reader:
        return reader.session.scalars(select(AvailabilityRule)).one()


def test_second_weeks_days_and_place_of_a_row_are_saved_and_shown_again(store, visit) -> None:
    with store.read(SYSTEM) as reader:
        place = reader.session.scalars(select(Place).order_by(Place.name)).first()

    answer = send(visit, **SECOND_WEEK, day_1_1_place=str(place.id))

    assert answer.status_code == 303
    rule = the_rule(store)
    assert (rule.every_weeks, rule.anchor_on) == (2, day("09-21"))
    assert (rule.valid_from, rule.valid_until) == (day("09-20"), day("12-31"))
    assert rule.place_id == place.id
    page = visit.get(HOURS)
    assert chosen(page, "day_1_1_every") == "2026-09-21"
    assert chosen(page, "day_1_1_place") == str(place.id)
    assert 'name="day_1_1_until" value="2026-12-31"' in page
    # The week of the 21st and no other of the four: the 6th of October is a holiday.
    assert '<p class="bignum num">5<small> 个时间' in page


def test_an_anchor_is_shown_as_this_week_or_the_next_whatever_the_year(store, clock, visit) -> None:
    send(visit, **SECOND_WEEK)
    clock.put(at("12-15 10:00"))
    assert chosen(visit.get(HOURS), "day_1_1_every") == "2026-12-14"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"day_1_1_every": "soon"}, "哪些周"),
        ({"day_1_1_until": "2026-09-01", "day_1_1_from": "2026-09-20"}, "到哪天止"),
        ({"day_1_1_place": "0"}, "从列出的选项里选择“周二 第 1 段 地点”"),
        ({"time_zone": "Europe/Atlantis"}, "从列出的选项里选择“您按哪里的时间填”"),
        ({"horizon_days": "61"}, "“最多提前多少天预约”请填 1 到 60 之间的数"),
        ({"minutes_consultation": "20"}, "“创业咨询每次几分钟”请填 30 到 240 之间的数"),
        ({"minutes_diagnosis": "62"}, "“专题诊断每次几分钟”请选整 5 分钟的时间"),
    ],
)
def test_faults_of_the_finer_rules_are_named_by_their_labels(store, visit, typed, words) -> None:
    answer = send(visit, **{**TUESDAY, **ABROAD, **typed})
    assert answer.status_code == 422
    assert words in text(answer)
    assert spans(store) == [(1, 840, 960)]


def test_an_expert_abroad_tells_his_own_time_and_founders_see_beijings(store, visit) -> None:
    assert send(visit, **TUESDAY, **ABROAD).status_code == 303
    saved = expert(store)
    assert (saved.time_zone, saved.horizon_days, saved.minutes) == (
        "Europe/Berlin",
        30,
        {"consultation": 40},
    )
    assert saved.buffer_before_minutes == 15
    with store.read(SYSTEM) as reader:
        times = of_expert(reader, saved.id, "consultation", ["phone"], [day("09-22")])
    # 14:00 in Berlin's summer is 20:00 in Beijing.
    assert (times[0].starts_at, times[-1].ends_at) == (at("09-22 20:00"), at("09-22 21:55"))
    assert chosen(visit.get(HOURS), "time_zone") == "Europe/Berlin"


def test_an_officer_sets_the_hours_of_any_expert(store, road, client, sign_in) -> None:
    officer = Visit(sign_in(client, staff(store, Role.OFFICER)))
    page = f"/bureau/mentors/{road.expert.id}/availability"
    assert road.expert.name in officer.get(page)

    answer = officer.post(page, **{**LIMITS, **SECOND_WEEK, "do": "save"})
    assert (answer.status_code, answer.location) == (303, page)
    assert the_rule(store).every_weeks == 2
    closed = {"kind": "off", "first_on": "2026-09-29", "reason": "开会"}
    assert officer.post(f"{page}/days", **closed).status_code == 303
    assert "开会" in officer.get(page)


def test_a_mentor_does_not_reach_the_hours_of_another(store, visit) -> None:
    other = an_expert(store, name="刘总")
    for path in ("", "/days"):
        answer = visit.client.get(f"/bureau/mentors/{other.id}/availability{path}")
        assert answer.status_code == 404


def test_a_request_names_beijing_time_and_the_experts_own_beside_it(store, road, visit) -> None:
    send(visit, **TUESDAY, **ABROAD)
    road.requested("09-22 20:00", need_id=road.a_need().id)
    page = visit.get("/mentor")
    assert '9月22日 周二 20:00–20:40</b> <span class="small muted">北京时间</span>' in page
    assert "您当地 9月22日 周二 14:00–14:40（柏林时间）" in page
