"""Links of letters in a real browser: each page and state, on a telephone and on a desk."""

from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Page, expect

from app.domain.booking import BookingStatus
from app.domain.outcome import ConfirmationKind, OutcomeStatus
from app.models.booking import Booking
from app.models.outcome import Confirmation, Outcome
from app.services import bookings
from tests.browser.conftest import DESK, PHONE, EnsureAccessible, Site
from tests.letter_links import Mailbox
from tests.moments import at
from tests.scenes import Plays
from tests.services.scene import Scene, give_email, set_scene

MENTOR, FOUNDER = "mentor@example.org", "founder@example.org"


@pytest.fixture
def plays() -> Plays:
    return {"scene": set_scene}


@pytest.fixture
def mailbox(scene: Scene) -> Mailbox:
    return Mailbox(scene.store)


def heading(page: Page, text: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(text)


@dataclass
class Reader:
    """Somebody with a telephone, who opens links and is signed in nowhere."""

    page: Page
    ensure_accessible: EnsureAccessible
    has_scripts: bool
    referers: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("request", lambda each: self.referers.append(each.headers.get("referer", "")))

    def sees(self, title: str = "") -> None:
        """The page fits, and a machine finds no barrier in it."""
        if title:
            heading(self.page, title)
        if self.has_scripts:
            self.ensure_accessible(self.page, PHONE, DESK)

    def presses(self, name: str) -> None:
        self.page.get_by_role("button", name=name).click()

    def is_asked(self, name: str) -> None:
        expect(self.page.get_by_role("link", name=name)).to_be_visible()
        self.sees()


@pytest.fixture(params=[True, False], ids=["scripts", "no_scripts"])
def reader(
    request: pytest.FixtureRequest, site: Site, ensure_accessible: EnsureAccessible
) -> Reader:
    return Reader(site.visit(PHONE, scripts=request.param), ensure_accessible, request.param)


def test_a_request_is_answered_with_one_press(
    scene: Scene, mailbox: Mailbox, reader: Reader
) -> None:
    scene.request()
    asked = mailbox.link(MENTOR, "想约您")
    reader.page.goto(asked)
    reader.sees("李晓想约您见面")
    reader.page.get_by_text("这次不方便").click()
    reader.presses("答复“不方便”")
    reader.is_asked("选择“什么原因？”")
    reader.presses("接受这个时间")
    reader.sees("您已接受这次预约")
    assert reader.page.url.endswith(asked)
    assert scene.rows(Booking)[0].status is BookingStatus.ACCEPTED


def test_a_record_is_written_with_two_answers_and_one_press(
    scene: Scene, mailbox: Mailbox, reader: Reader
) -> None:
    scene.accepted()
    scene.clock.put(at("09-18 14:50"))
    reader.page.goto(mailbox.link(MENTOR, "填写与李晓见面的记录"))
    reader.sees("填写与李晓见面的记录")
    reader.page.get_by_role("radio", name="已给方案").check()
    reader.presses("提交，请对方确认")
    reader.is_asked("您的建议")
    expect(reader.page.get_by_role("radio", name="已给方案")).to_be_checked()
    reader.page.get_by_label("您的建议").fill("先核名，再到大厅提交。")
    reader.presses("提交，请对方确认")
    reader.sees("记录已提交")
    assert [row.status for row in scene.rows(Outcome)] == [OutcomeStatus.RECORDED]


def test_a_record_is_confirmed_with_one_answer_the_surname_and_one_press(
    scene: Scene, mailbox: Mailbox, reader: Reader
) -> None:
    scene.recorded()
    reader.page.goto(mailbox.link(FOUNDER, "写好了服务记录"))
    reader.sees("核对服务记录")
    reader.page.get_by_role("radio", name="情况属实，我确认").check()
    reader.page.get_by_label("您的姓").fill("王")
    reader.presses("提交核对结果")
    reader.is_asked("请填您自己的姓")
    expect(reader.page.get_by_role("radio", name="情况属实，我确认")).to_be_checked()
    reader.page.get_by_label("您的姓").fill("李")
    reader.presses("提交核对结果")
    reader.sees("您已确认")
    reader.page.get_by_role("link", name="登录查看").click()
    heading(reader.page, "登录")
    assert [row.kind for row in scene.rows(Confirmation)] == [ConfirmationKind.LINK]
    assert [each for each in reader.referers if "/links/" in each] == []


def test_an_offered_time_is_taken_with_one_answer_and_one_press(
    scene: Scene, mailbox: Mailbox, reader: Reader
) -> None:
    times = [at("09-21 15:00"), at("09-22 10:00")]
    scene.store.execute(scene.mentor, bookings.offer_times, scene.request().id, times)
    reader.page.goto(mailbox.link(FOUNDER, "时间"))
    reader.sees("张敏提出的时间")
    reader.presses("提交选择")
    reader.is_asked("选择“哪个时间合适？”")
    reader.page.get_by_role("radio", name="9月22日 周二 10:00").check()
    reader.presses("提交选择")
    reader.sees("约好了")
    assert scene.rows(Booking)[0].starts_at == times[1]


def test_every_other_state_is_told_calmly(
    site: Site, scene: Scene, mailbox: Mailbox, ensure_accessible: EnsureAccessible
) -> None:
    page = site.visit(PHONE)

    def shows(path: str, title: str) -> None:
        page.goto(path)
        heading(page, title)
        expect(page.get_by_role("link", name="登录查看")).to_be_visible()
        ensure_accessible(page, PHONE, DESK)

    shows("/links/unknown", "没有这个链接")
    booking = scene.request()
    asked = mailbox.link(MENTOR, "想约您")
    give_email(scene.store, scene.mentor.person_id, "other@example.org")
    shows(asked, "这个链接已停用")
    give_email(scene.store, scene.mentor.person_id, MENTOR)
    scene.store.execute(scene.mentor, bookings.accept, booking.id)
    shows(asked, "这次预约已经接受")
    scene.clock.put(at("09-18 14:50"))
    record = mailbox.link(MENTOR, "填写与李晓见面的记录")
    shows(asked, "这个链接已经过期")
    assert scene.rows(Booking)[0].status is BookingStatus.ACCEPTED
    page.goto(record)
    page.get_by_label("您的建议").fill("先核名。")
    page.get_by_role("radio", name="已给方案").check()
    page.get_by_role("button", name="提交，请对方确认").click()
    confirm = mailbox.link(FOUNDER, "写好了服务记录")
    page.goto(confirm)
    page.get_by_role("radio", name="与事实不符").check()
    page.get_by_label("哪里不符").fill("只谈了 20 分钟")
    page.get_by_label("您的姓").fill("李")
    page.get_by_role("button", name="提交核对结果").click()
    shows(confirm, "已收到您的不同意见")
    shows(record, "记录已提交")
