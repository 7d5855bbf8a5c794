"""Scenario 7, and 12 step 7: a lecture with registered and anonymous listeners, a plan's event.

By pages and by the API.
"""

from typing import Any

from app.domain.actor import SYSTEM, Actor
from app.domain.calendar import Month
from app.models.activity import Activity
from app.models.service_session import ServiceSession
from app.models.waiting_list import WaitingEntry
from app.queries import service_counts
from app.queries.plan import headline
from app.services import activities
from tests.api.asking import faults
from tests.builders import a_venture
from tests.gathering import LECTURE, Hall
from tests.moments import at, day
from tests.web.activities.test_plans import body

SEPTEMBER = Month(2026, 9)


def ensure_scenario(hall: Hall) -> None:
    with hall.store.read(hall.officer) as reader:
        counts = service_counts.measures(reader, SEPTEMBER)
        plan = {goal.code: goal.value for goal in headline(reader, SEPTEMBER.year)}
    assert counts.not_counted == {}
    shown = counts.own.figures()
    names = ("sessions", "lecture_sessions", "person_times", "lecture_person_times")
    assert [shown[name] for name in names] == [1, 1, 42, 42]
    assert (shown["session_minutes"], shown["anonymous_heads"]) == (90, 11)
    assert (shown["enterprises"], shown["distinct_persons"]) == (0, 42)
    # Scenario 12, step 7: two departments hold it, the plan's twenty a year have it once.
    assert plan["T08"] == 1


def two_founders(hall: Hall) -> tuple[Actor, Actor]:
    """Return F1, and F2 whose registered company is the speaker's own: who listens is no matter."""
    first = hall.founder("李晓", phone="13900000001")
    second = hall.founder("王强", phone="13900000002")
    assert second.person_id is not None
    a_venture(hall.store, second.person_id, name="历城某公司", registered_on=day("09-01"))
    return first, second


def fields(hall: Hall) -> dict[str, str]:
    return {
        "kind": "lecture",
        "title": "创业补贴怎么申请",
        "summary": "讲清条件与材料。",
        "on": f"2026-{LECTURE[:5]}",
        "starts": "09:00",
        "ends": "10:30",
        "place": "报告厅",
        "seat_total": "80",
        "expert_0": str(hall.experts[0].id),
        "department": "hrss",
        "co_departments": "tqw",
        "is_promotion": "1",
    }


def test_by_pages(hall: Hall, browser) -> None:
    desk, founders = browser(hall.officer), two_founders(hall)
    untitled = desk.post("/bureau/activities/new", status=422, **{**fields(hall), "title": ""})
    assert "讲清条件与材料。" in untitled
    page = desk.post("/bureau/activities/new", **fields(hall))
    event = f"/events/{hall.rows(Activity)[0].id}"
    assert "登录并报名" in browser().get(event)
    for founder in founders:
        own = browser(founder)
        own.post(event, f"{event}/join")
        assert "座位给您留着" in own.get(event)
        assert "创业补贴怎么申请" in own.get("/events/mine")

    come_in(hall, browser, founders)
    for _ in range(12):
        desk.post(f"{page}/door", f"{page}/door/heads", by="more")
    desk.post(f"{page}/door", f"{page}/door/heads", by="less")
    assert "听" in desk.get(f"{page}/door?digits=1007")
    hall.clock.put(at("09-12 11:01"))
    late = {"code": hall.rows(Activity)[0].door_code, "name": "来晚了", "phone": "13900009999"}
    refused = browser().post(f"{event}/door", status=422, **late)
    assert "30 分钟以后不能再签到" in refused
    told = {"starts": "09:00", "ends": "10:30", "note": "讲完了，答了八个问题。"}
    desk.post(page, f"{page}/close", **told)

    ensure_scenario(hall)
    names = desk.get(f"{page}/certificates")
    assert "0001" in names
    assert "李晓" not in names
    assert "13900000001" not in names
    assert "听众0" in desk.get(f"{page}/sheet")
    assert "这场活动已经结束" in browser().get(event)


def come_in(hall: Hall, browser, founders: tuple[Actor, ...]) -> None:
    """Have the founders, forty others and one of them twice sign in at the door."""
    hall.clock.put(at("09-12 08:55"))
    (lecture,) = hall.rows(Activity)
    door, code = f"/events/{lecture.id}/door", lecture.door_code
    assert code in browser(hall.officer).get(f"/bureau/activities/{lecture.id}/door")
    for founder in founders:
        browser(founder).post(door, code=code)
    visitor = browser()
    wrong = {"code": "AAAAAA", "name": "孙丽", "phone": "13900000100"}
    assert "签到码不对" in visitor.post(door, status=422, **wrong)
    for number in range(40):
        visitor.post(door, code=code, name=f"听众{number}", phone=f"1390000{1000 + number}")
    visitor.post(door, code=code, name="又是我", phone="139 0000 1000")


def test_by_the_api(hall: Hall, as_) -> None:
    desk, founders = as_(hall.officer), two_founders(hall)
    plan = body(hall, seat_total=80, co_departments=["tqw"], is_promotion=True)
    unseated = desk.post("/activities", {**plan, "seat_total": 0})
    assert faults(unseated) == {"seat_total": "activity.seats"}
    lecture = desk.post("/activities", plan)
    assert (lecture.status_code, lecture.json["seat_total"]) == (201, 80)
    path = f"/activities/{lecture.json['id']}"
    listed = as_(founders[0]).get("/activities").json["items"]
    assert [each["id"] for each in listed] == [lecture.json["id"]]
    for who in founders:
        assert as_(who).post(f"{path}/join").json["seat"] == "joined"
    assert as_(hall.founder("孙丽")).get(path).json["seat_taken"] == 2

    sign_in_all(hall, as_, path, founders)
    for _ in range(12):
        desk.post(f"{path}/heads", {"by": 1})
    counted = desk.post(f"{path}/heads", {"by": -1}).json
    assert (counted["signed_in"], counted["anonymous_heads"]) == (42, 11)
    hall.clock.put(at("09-12 11:01"))
    refused = as_(hall.founder("赵敏")).post(f"{path}/check-in", {"code": counted["door_code"]})
    assert (refused.status_code, refused.json["code"]) == (422, "activity.door_closed")

    facts = {
        "actual_start": lecture.json["starts_at"],
        "actual_end": lecture.json["ends_at"],
        "note": "讲完了。",
    }
    closed = desk.post(f"{path}/close", facts).json
    assert closed["service_session_id"] == str(hall.rows(ServiceSession)[0].id)
    ensure_scenario(hall)
    listed = desk.get(f"{path}/certificates")
    came = listed.json["items"]
    assert (came[0]["number"], len(came), listed.json["anonymous_heads"]) == (1, 42, 11)
    assert not [name for name in ("李晓", "13900000001") if name in listed.text]
    meeting = desk.get(f"/service-sessions/{closed['service_session_id']}").json
    assert (meeting["booking_id"], meeting["activity_id"]) == (None, lecture.json["id"])


def sign_in_all(hall: Hall, as_, path: str, founders: tuple[Actor, ...]) -> None:
    """Have the founders, forty others and one of them twice sign in by the code at the door."""
    hall.clock.put(at("09-12 08:55"))
    desk = as_(hall.officer)
    code = desk.get(f"{path}/door").json["door_code"]
    for who in founders:
        assert as_(who).get(f"{path}/door").status_code == 403
        assert as_(who).post(f"{path}/check-in", {"code": code}).json["checked_in_at"]
    someone = {"code": "AAAAAA", "name": "孙丽", "phone": "13900000100"}
    assert faults(desk.post(f"{path}/sign-ins", someone)) == {"code": "activity.wrong_code"}
    for number in range(40):
        listener = {"code": code, "name": f"听众{number}", "phone": f"1390000{1000 + number}"}
        assert desk.post(f"{path}/sign-ins", listener).status_code == 200
    again = {"code": code, "name": "又是我", "phone": "139 0000 1000"}
    assert desk.post(f"{path}/sign-ins", again).json["signed_in"] == 42


def test_a_seat_is_given_back_by_the_api_and_a_full_list_says_so(hall: Hall, as_) -> None:
    lecture = hall.announced(seat_total=1)
    first, second = as_(hall.founder("李晓")), as_(hall.founder("王强"))
    first.post(f"/activities/{lecture.id}/join")
    full = second.post(f"/activities/{lecture.id}/join")
    assert (full.status_code, full.json["code"]) == (409, "activity.full")
    assert first.post(f"/activities/{lecture.id}/leave").json["seat"] == "left"
    assert second.post(f"/activities/{lecture.id}/join").json["seat"] == "joined"


def test_a_full_a_cancelled_and_an_empty_list_say_so(hall: Hall, browser) -> None:
    assert "现在没有活动" in browser().get("/events")
    lecture = hall.announced(seat_total=1)
    hall.join(hall.founder("李晓"), lecture)
    second = browser(hall.founder("王强"))
    assert "座位已经报满" in second.get(f"/events/{lecture.id}")
    page = f"/bureau/activities/{lecture.id}"
    browser(hall.officer).post(page, f"{page}/cancel", reason="停电")
    assert "停电" in second.get(f"/events/{lecture.id}")
    assert "已取消" in browser(hall.officer).get("/bureau/activities")


def in_line(hall: Hall, browser, *names: str) -> tuple[str, list[Any]]:
    """Return the page of a lecture of one seat, who has it, and who joined its line, in order."""
    lecture = hall.announced(seat_total=1)
    event = f"/events/{lecture.id}"
    seated, *waits = (browser(hall.founder(name)) for name in ("李晓", *names))
    seated.post(event, f"{event}/join")
    for who in waits:
        assert "加入候补" in who.get(event)
        assert who.post(event, f"{event}/wait") == event
    return event, [seated, *waits]


def test_a_full_lecture_is_waited_for_and_its_freed_seat_taken_with_one_press(
    hall: Hall, browser
) -> None:
    event, (seated, first, second) = in_line(hall, browser, "王强", "赵敏")
    assert "登录并候补" in browser().get(event)
    assert "已有 2 人在候补" in browser(hall.founder("孙丽")).get(event)
    assert "您排在第 2 位" in second.get(event)
    assert "候补第 1 位" in first.get("/events/mine")
    assert "2 人在候补" in browser(hall.officer).get(f"/bureau/activities/{event[8:]}")

    seated.post(event, f"{event}/leave")

    assert "座位已经报满" in seated.get(event)
    for page, words in {
        "/bookings": "一个座位为您留到 9月1日 21:00",
        "/me": "要不要“创业补贴怎么申请”的座位",
        event: "要这个座位",
    }.items():
        assert words in first.get(page)
    first.post(event, f"{event}/join")
    assert "座位给您留着" in first.get(event)
    assert "您排在第 1 位" in second.get(event)
    second.post(event, f"{event}/wait/leave")
    assert "加入候补" in second.get(event)
    assert "候补" not in second.get("/events/mine")


def test_an_offer_that_ran_out_says_so_and_the_line_stays_open_until_the_start(
    hall: Hall, browser
) -> None:
    event, (seated, first, second) = in_line(hall, browser, "王强", "赵敏")
    seated.post(event, f"{event}/leave")
    hall.clock.put(at("09-01 21:00"))
    assert "为您留的座位已经放开" in first.get(event)
    # The page was open when its time ran out: the press is refused and the page says why.
    first.post(event, f"{event}/join")
    assert "已经过了答复期限" in first.get(event)
    (entry, _) = hall.rows(WaitingEntry)
    hall.store.execute(SYSTEM, activities.lapse_place, entry.id)
    second.post(event, f"{event}/join")

    # At the open door one signs in, and may still wait for a seat or give it back.
    hall.clock.put(at("09-12 08:30"))
    page = first.get(event)
    assert "我到了，签到" in page
    assert "加入候补" in page
    assert "取消报名" in second.get(event)
    hall.clock.put(at("09-12 09:00"))
    assert "候补" not in first.get(event)


def test_a_stale_page_and_a_taken_speaker_are_told_and_input_is_kept(hall: Hall, browser) -> None:
    lecture = hall.announced()
    desk = browser(hall.officer)
    edit = f"/bureau/activities/{lecture.id}/edit"
    assert "创业补贴怎么申请" in desk.get(edit)
    stale = {**fields(hall), "title": "新名称", "version": "99"}
    assert "新名称" in desk.post(edit, status=409, **stale)
    taken = {**fields(hall), "title": "另一场"}
    assert "另一场" in desk.post("/bureau/activities/new", status=409, **taken)
    desk.post(edit, **{**fields(hall), "title": "新名称"})
    assert "新名称" in desk.get(f"/bureau/activities/{lecture.id}")
