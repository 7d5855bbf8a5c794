from app.models.message import Message
from app.queries.inbox import PAGE
from tests.builders import a_founder
from tests.moments import at


def test_without_messages_the_page_says_what_will_be_here(desk) -> None:
    assert "还没有消息" in desk.get("/inbox")


def test_messages_are_shown_with_those_not_yet_read(road, desk) -> None:
    road.told("张敏接受了您的预约")
    page = desk.get("/inbox")
    assert "1 条没有看过" in page
    assert "张敏接受了您的预约。" in page


def test_looking_alone_marks_nothing(road, desk) -> None:
    road.told("张敏接受了您的预约")
    desk.get("/inbox")
    assert road.row(Message).read_at is None


def test_a_message_is_marked_and_leads_on(road, desk) -> None:
    message = road.told("张敏接受了您的预约", href="/bookings")
    answer = desk.post(f"/inbox/{message.id}/read", then="open")
    assert answer.headers["Location"] == "/bookings"
    assert road.row(Message).read_at == at("09-16 10:00")
    assert "没有看过" not in desk.get("/inbox")


def test_a_message_marked_twice_keeps_its_first_time(road, desk) -> None:
    message = road.told("张敏接受了您的预约")
    desk.post(f"/inbox/{message.id}/read")
    road.put("09-17 10:00")
    answer = desk.post(f"/inbox/{message.id}/read")
    assert answer.headers["Location"] == "/inbox"
    assert road.row(Message).read_at == at("09-16 10:00")


def test_a_message_never_leads_off_the_site(road, desk) -> None:
    message = road.told("看这里", href="//evil.example/")
    answer = desk.post(f"/inbox/{message.id}/read", then="open")
    assert answer.headers["Location"] == "/inbox"


def test_older_messages_are_on_the_next_page(road, desk) -> None:
    for number in range(PAGE + 1):
        road.told(f"消息{number:02}")
    page = desk.get("/inbox")
    assert "消息00" not in page
    assert "下一页" in page
    after = page.partition("/inbox?after=")[2].partition('"')[0]
    assert "消息00" in desk.get(f"/inbox?after={after}")
    assert "消息30" in desk.get("/inbox?after=nonsense")


def test_somebody_elses_message_is_not_found(road, enter) -> None:
    message = road.told("张敏接受了您的预约")
    stranger = enter(a_founder(road.store, name="王强"))
    stranger.post(f"/inbox/{message.id}/read", 404)
    assert road.row(Message).read_at is None


def test_everybody_signed_in_has_an_inbox(road, enter) -> None:
    assert "还没有消息" in enter(road.mentor).get("/inbox")
