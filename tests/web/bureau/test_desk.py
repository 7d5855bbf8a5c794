"""The service desk: finding, registering, hearing, the slip, changing who sits there."""

import re
from typing import Any

import pytest

from app.domain.account import Holding
from app.domain.actor import SYSTEM, Role
from app.domain.booking import BookingStatus
from app.models.account import SignInSession
from app.models.booking import Booking
from app.models.consent import Consent
from app.models.desk_entry import DeskEntry
from app.models.need import Need
from app.models.person import FounderGroup, Person
from app.services import accounts, bookings
from app.services.accounts import NewAccount
from tests.builders import staff
from tests.desk import WORDS, ServiceDesk, a_desk
from tests.moments import at
from tests.scenes import Plays
from tests.web.bureau.conftest import Desk

PASSWORD = "三号窗口的雨伞 twelve green umbrellas"
SIGNED = {
    "kind": "signature",
    "given_on": "2026-09-16",
    "filed_at": "档案柜 3-12",
    "agreed": "yes",
    "group_kind": "signature",
}
MA = {"name": "钱大妈", "phone": "138 0000 1234", "birth_year": "1963", **SIGNED}
NEW = "/bureau/desk/people/new"


@pytest.fixture
def plays() -> Plays:
    return {"place": a_desk}


@pytest.fixture
def place(scene: ServiceDesk) -> ServiceDesk:
    return scene


@pytest.fixture
def clerk(place: ServiceDesk, enter: Any) -> Desk:
    return enter(place.clerk)


def test_the_desk_finds_while_typing_and_as_a_plain_form(place, clerk, enter) -> None:
    person = place.registers()
    whole = clerk.get("/bureau/desk?q=1234")
    assert f'href="/bureau/desk/people/{person.id}"' in whole
    assert "钱* · 138 **** 1234" in whole
    for secret in ("钱大妈", "13800001234"):
        assert secret not in whole.replace("登记 钱*", "")
    part = clerk.client.get("/bureau/desk?q=1234", headers={"HX-Request": "true"}).text
    assert "钱* · 138 **** 1234" in part
    assert "<html" not in part
    assert "刚才录入的" not in part
    other = enter(place.stranger)
    assert "没有找到“1234”" in other.get("/bureau/desk?q=1234")
    other.get(f"/bureau/desk/people/{person.id}", 404)


def test_the_field_has_the_focus_and_asks_only_after_a_pause(clerk) -> None:
    page = clerk.get("/bureau/desk")
    (field,) = re.findall(r'<input[^>]*id="q"[^>]*>', page)
    for attribute in ("autofocus", "delay:300ms", 'hx-sync="this:replace"', 'accesskey="f"'):
        assert attribute in field


def test_somebody_is_registered_with_his_consent_and_heard(place, clerk) -> None:
    answer = clerk.post(NEW, **MA, document="居民身份证")
    person = place.district.one(Person, Person.name == "钱大妈")
    assert answer.location == f"/bureau/desk/people/{person.id}"
    page = clerk.get(answer.location)
    for words in ("钱大妈", "138 **** 1234", "已核验", "档案柜 3-12", "签名"):
        assert words in page
    assert "13800001234" not in page

    heard = {"text": WORDS, "session_type": "suggested", "channel": "community_station"}
    answer = clerk.post(answer.location, f"{answer.location}/needs", **heard)
    need = place.district.one(Need)
    assert answer.location == f"/bureau/needs/{need.id}"
    assert (need.person_id, need.channel) == (person.id, "community_station")
    assert "张敏" in clerk.get(answer.location)


def test_what_is_missing_is_said_at_each_field_and_the_input_is_kept(place, clerk) -> None:
    sent = {"name": "钱大妈", "phone": "abc", "kind": "signature", "group_kind": "signature"}
    page = clerk.post(NEW, status=422, **sent).text
    for field in ("given_on", "filed_at", "agreed"):
        assert f'id="{field}-e"' in page
    assert 'value="钱大妈"' in page
    page = clerk.post(NEW, status=422, **{**MA, "phone": "abc"}).text
    assert 'id="phone-e"' in page
    assert place.district.rows(Consent) == []


def test_a_sensitive_group_has_a_sheet_of_its_own(place, clerk) -> None:
    page = clerk.post(NEW, status=422, **MA, group="hardship_employment").text
    assert "要有本人另外签的同意书" in page
    sheet = {"group_given_on": "2026-09-16", "group_filed_at": "档案柜 3-13"}
    clerk.post(NEW, **MA, group="hardship_employment", group_seen="yes", **sheet)
    assert place.district.one(FounderGroup).code == "hardship_employment"
    assert len(place.district.rows(Consent)) == 2


def test_those_much_alike_are_shown_before_anything_is_saved(place, clerk) -> None:
    known = place.registers()
    answer = clerk.post(NEW, status=409, **{**MA, "phone": ""})
    assert "可能已经登记过，还没有保存" in answer.text
    assert "同名、同年出生" in answer.text
    assert f'href="/bureau/desk/people/{known.id}"' in answer.text
    assert len(place.district.rows(Person, Person.name == "钱大妈")) == 1

    clerk.post(NEW, **{**MA, "phone": ""}, others=str(known.id))
    assert len(place.district.rows(Person, Person.name == "钱大妈")) == 2


def test_the_slip_says_when_where_and_whom_and_nothing_that_is_nobodys_business(
    place, clerk
) -> None:
    person = place.registers(group="veteran")
    booking = place.books(place.hears(person))
    page = clerk.get(f"/bureau/bookings/{booking.id}/slip")
    slip = page[page.index('class="slip"') : page.index("</article>")]
    for words in (
        booking.reference,
        "钱大妈",
        "张敏",
        "9月18日 周五 14:00–14:50",
        "0531-0000 0000",
    ):
        assert words in slip
    for secret in ("退役军人", "13800001234", WORDS):
        assert secret not in slip
    place.store.execute(place.mentor.actor, bookings.accept, booking.id)
    assert "导师已答应" in clerk.get(f"/bureau/bookings/{booking.id}/slip")


def test_a_slip_stops_at_the_reach_and_at_what_was_never_asked_for(place, clerk, enter) -> None:
    booking = place.books(place.hears(place.registers()))
    enter(place.stranger).get(f"/bureau/bookings/{booking.id}/slip", 404)
    clerk.get(f"/bureau/bookings/{booking.need_id}/slip", 404)


def test_one_press_takes_back_what_was_just_entered(place, clerk) -> None:
    booking = place.books(place.hears(place.registers()))
    entry = place.district.one(DeskEntry, DeskEntry.subject_id == booking.id)
    page = clerk.get("/bureau/desk")
    assert f"预约 {booking.reference}" in page
    clerk.post("/bureau/desk", f"/bureau/desk/entries/{entry.id}/undo")
    page = clerk.get("/bureau/desk")
    assert "已撤回预约，导师会收到通知" in page
    assert place.district.one(Booking).status is BookingStatus.WITHDRAWN


def test_what_somebody_built_on_stays_and_the_desk_says_why(place, clerk) -> None:
    booking = place.books(place.hears(place.registers()))
    entry = place.district.one(DeskEntry, DeskEntry.subject_id == booking.id)
    place.store.execute(place.mentor.actor, bookings.accept, booking.id)
    clerk.post("/bureau/desk", f"/bureau/desk/entries/{entry.id}/undo")
    assert "已经有人接着办了" in clerk.get("/bureau/desk")
    assert place.district.one(Booking).status is BookingStatus.ACCEPTED


def a_second_clerk(place: ServiceDesk) -> None:
    new = NewAccount(
        login="xiaotian",
        name="小田",
        password=PASSWORD,
        holdings=(Holding(Role.STREET_LIAISON, None, "tangye"),),
    )
    place.store.execute(SYSTEM, accounts.register, new)


def test_one_post_changes_who_sits_at_the_desk(place, clerk) -> None:
    """Two pages and one form: 换人值班, login and password, the desk of the next."""
    a_second_clerk(place)
    place.registers()
    before = clerk.get("/bureau/desk?q=1234")
    assert "刚才录入的" in before
    left_open = clerk.hidden(NEW)
    empty = clerk.get("/bureau/desk/switch")
    assert "钱*" not in empty
    assert "小唐" not in empty.partition("<main")[2].partition("</main>")[0]

    answer = clerk.post("/bureau/desk/switch", login="xiaotian", password=PASSWORD)
    assert answer.location == "/bureau/desk"
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    page = clerk.get("/bureau/desk")
    assert "小田" in page
    for trace in ("钱*", "登记 ", "小唐"):
        assert trace not in page.partition("<main")[2]

    # The first one's sign-in has ended, and a form he left open is nobody's.
    ended = place.district.one(SignInSession, SignInSession.account_id == place.clerk.account_id)
    assert ended.revoked_at is not None
    clerk.send(NEW, 400, **left_open, **MA)
    assert len(place.district.rows(Person, Person.name == "钱大妈")) == 1


def test_a_wrong_password_changes_nobody(place, clerk) -> None:
    a_second_clerk(place)
    page = clerk.post("/bureau/desk/switch", status=422, login="xiaotian", password="no").text
    assert 'id="password-e"' in page
    clerk.post("/bureau/desk/switch", status=422, login="", password="")
    assert "小唐" in clerk.get("/bureau/desk")


def test_who_has_no_desk_has_none_of_its_pages(place, enter) -> None:
    for actor in (place.mentor.actor, staff(place.store, Role.AUDITOR)):
        other = enter(actor)
        for path in ("/bureau/desk", NEW, "/bureau/desk/switch"):
            other.get(path, 403)


def test_a_founder_prints_the_slip_of_his_own_booking(place, enter) -> None:
    founder = place.district.founder("李晓")
    session = place.district.accepted(place.mentor, founder, "09-18 15:00")
    own = enter(founder.actor)
    assert f"/bookings/{session.booking_id}/slip" in own.get(f"/bookings/{session.booking_id}")
    page = own.get(f"/bookings/{session.booking_id}/slip")
    assert "导师已答应" in page
    assert at("09-18 15:00") == session.planned_starts_at
    stranger = enter(place.district.founder("王强").actor)
    stranger.get(f"/bookings/{session.booking_id}/slip", 404)
