"""The feeds and the one event, as calendars ask for them."""

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.domain.actor import SYSTEM, Actor, Role
from app.domain.place import PlaceFacts, PlaceKind
from app.http.limits import Allowance
from app.models.account import Account
from app.models.booking import Booking
from app.models.calendar_feed import CalendarFeed
from app.models.message import Message
from app.services import bookings, calendar_feeds, places
from app.services.accounts import secret_sha256
from app.unit_of_work import UnitOfWork
from app.web.public import calendars
from tests.builders import a_founder, staff
from tests.calendar_readers import by_icalendar
from tests.calendar_rules import faults, values
from tests.founder_road import FounderRoad, plays, road
from tests.moments import at

__all__ = ["plays", "road"]

ADDRESS = re.compile(r'<code class="num hash">(http://localhost/ics/([\w-]{43})\.ics)</code>')

ROOM = PlaceFacts(
    kind=PlaceKind.ROOM, name="二楼会议室", street=None, address="世纪大道1号", seats=8
)


@pytest.fixture(autouse=True)
def allowance(monkeypatch: pytest.MonkeyPatch) -> Allowance:
    fresh = Allowance(most=60, seconds=3600)
    monkeypatch.setattr(calendars, "_ALLOWANCE", fresh)
    return fresh


def subscribe(road: FounderRoad, who: Actor) -> str:
    return f"/ics/{road.store.execute(who, calendar_feeds.renew)}.ics"


def entries(answer: Any) -> list[dict[str, Any]]:
    assert answer.status_code == 200
    assert faults(answer.data, answer.mimetype_params | {"charset": "UTF-8"}) == []
    (calendar,) = by_icalendar([answer.data])
    return list(calendar["entries"])


def rows(road: FounderRoad, model: Any) -> list[Any]:
    with road.store.read(SYSTEM) as reader:
        return list(reader.session.scalars(select(model).order_by(model.id)))


def test_the_address_is_shown_once_and_kept_as_a_hash(road, client, sign_in, csrf) -> None:
    sign_in(client, road.founder)
    made = client.post("/settings/feed", data=csrf(client, "/settings"))
    assert (made.status_code, made.location) == (303, "/settings")
    shown = ADDRESS.search(client.get("/settings").get_data(as_text=True))
    assert shown is not None
    assert ADDRESS.search(client.get("/settings").get_data(as_text=True)) is None
    (feed,) = rows(road, CalendarFeed)
    assert feed.token_sha256 == secret_sha256(shown.group(2))
    assert client.get(shown.group(1)).status_code == 200


def test_both_sides_read_their_meetings_without_signing_in(road, client: FlaskClient) -> None:
    booking = road.accepted()
    for who, title in ((road.founder, "创业咨询 · 张敏"), (road.mentor, "创业咨询 · 李*")):
        (entry,) = entries(client.get(subscribe(road, who)))
        assert entry["uid"] == f"{booking.id}@localhost"
        assert entry["title"] == title
        assert entry["place"] == "历城区创业孵化基地"
        assert (entry["starts_at"], entry["status"]) == (booking.starts_at.isoformat(), "CONFIRMED")


def test_a_feed_tells_nothing_private(road, client: FlaskClient) -> None:
    road.accepted(note="想先问商标")
    for who in (road.founder, road.mentor):
        text = client.get(subscribe(road, who)).get_data(as_text=True).replace("\r\n ", "")
        for canary in ("13800000000", road.need.text[:6], "商标", "李晓", "@example.org"):
            assert canary not in text


def test_what_was_called_off_is_told_for_thirty_days(road, client: FlaskClient) -> None:
    booking = road.accepted("09-21 14:00")
    address = subscribe(road, road.founder)
    road.store.execute(road.founder, bookings.cancel, booking.id, "f_solved")
    for when, told in (
        ("09-16 12:00", ["CANCELLED"]),
        ("10-21 14:00", ["CANCELLED"]),
        ("10-21 14:51", []),
    ):
        road.clock.put(at(when))
        assert [entry["status"] for entry in entries(client.get(address))] == told


def test_a_request_is_tentative_and_a_hold_is_not_told(road, client: FlaskClient) -> None:
    address = subscribe(road, road.founder)
    road.held("09-22 14:00")
    assert entries(client.get(address)) == []
    road.requested("09-21 14:00")
    assert [entry["status"] for entry in entries(client.get(address))] == ["TENTATIVE"]


def test_an_unchanged_feed_is_not_sent_again(road, client: FlaskClient) -> None:
    road.accepted("09-21 14:00")
    address = subscribe(road, road.founder)
    first = client.get(address)
    tag = first.headers["ETag"]
    road.clock.put(at("09-16 13:00"))
    again = client.get(address, headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    booking = rows(road, Booking)[0]
    road.store.execute(road.founder, bookings.move, booking.id, at("09-22 15:00"))
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 200


def test_a_feed_is_private_to_caches_and_search_engines(road, client: FlaskClient) -> None:
    answer = client.get(subscribe(road, road.founder))
    assert answer.headers["Cache-Control"].startswith("private")
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert answer.content_type == "text/calendar; method=PUBLISH; charset=UTF-8"
    assert "Set-Cookie" not in answer.headers


def test_wrong_revoked_renewed_and_suspended_are_told_apart_by_nobody(road, client) -> None:
    renewed = subscribe(road, road.founder)
    revoked = subscribe(road, road.founder)
    road.store.execute(road.founder, calendar_feeds.revoke)
    suspended = subscribe(road, road.mentor)

    def suspend(uow: UnitOfWork) -> None:
        uow.load(Account, road.mentor.account_id).is_active = False

    road.store.execute(SYSTEM, suspend)
    answers = [client.get(path) for path in (renewed, revoked, suspended, "/ics/nobody.ics")]
    bodies = {re.sub(r"[A-Z0-9]{10}", "", answer.get_data(as_text=True)) for answer in answers}
    assert {answer.status_code for answer in answers} == {404}
    assert len({re.sub(r'value="[^"]*"', "", body) for body in bodies}) == 1


def test_the_sixty_first_look_of_an_hour_waits(road, client, allowance: Allowance) -> None:
    address = subscribe(road, road.founder)
    secret = address.removeprefix("/ics/").removesuffix(".ics")
    for _ in range(59):
        allowance.spend(secret_sha256(secret))
    assert client.get(address).status_code == 200
    refused = client.get(address)
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 3600
    assert client.get(subscribe(road, road.mentor)).status_code == 200


def test_looking_at_a_feed_writes_nothing(road, client: FlaskClient) -> None:
    address = subscribe(road, road.founder)
    before = [(feed.id, feed.made_at, feed.revoked_at) for feed in rows(road, CalendarFeed)]
    client.get(address)
    assert [(f.id, f.made_at, f.revoked_at) for f in rows(road, CalendarFeed)] == before
    assert rows(road, Message) == []


def test_one_event_goes_to_its_own_people_alone(app: Flask, road, sign_in) -> None:
    booking = road.accepted()
    path = f"/bookings/{booking.id}/calendar.ics"
    titles = []
    for who in (road.founder, road.mentor):
        (entry,) = entries(sign_in(app.test_client(), who).get(path))
        titles.append(entry["title"])
    assert titles == ["创业咨询 · 张敏", "创业咨询 · 李*"]
    for stranger in (a_founder(road.store, name="王强"), staff(road.store)):
        assert sign_in(app.test_client(), stranger).get(path).status_code == 404
    assert app.test_client().get(path).status_code in (302, 303, 401)


def test_a_feed_can_be_stopped_and_made_anew_at_the_settings(road, client, sign_in, csrf) -> None:
    sign_in(client, road.mentor)
    old = subscribe(road, road.mentor)
    stopped = client.post("/settings/feed/revoke", data=csrf(client, "/settings"))
    assert stopped.status_code == 303
    assert "现在没有订阅地址" in client.get("/settings").get_data(as_text=True)
    assert client.get(old).status_code == 404
    assert client.post("/settings/feed/revoke", data=csrf(client, "/settings")).status_code == 404


def test_a_room_has_a_feed_that_an_officer_makes_and_another_stops(road, client) -> None:
    officer, other = staff(road.store), staff(road.store, Role.APPROVER)
    facts = PlaceFacts(
        kind=PlaceKind.ROOM, name="二楼会议室", street=None, address="世纪大道1号", seats=8
    )
    room = road.store.execute(officer, places.add, facts)
    booking = road.accepted()

    def put(uow: UnitOfWork) -> None:
        row = uow.load(Booking, booking.id)
        row.place_id = room.id
        uow.audit("test.changed", row)

    road.store.execute(SYSTEM, put)
    address = f"/ics/{road.store.execute(officer, calendar_feeds.renew, room.id)}.ics"
    answer = client.get(address)
    (entry,) = entries(answer)
    assert entry["title"] == f"创业咨询 · {booking.reference}"
    assert values(answer.data, "X-WR-CALNAME") == ["历城创业导师 · 二楼会议室"]
    for name in ("李", "张敏"):
        assert name not in answer.get_data(as_text=True)
    road.store.execute(other, calendar_feeds.revoke, room.id)
    assert client.get(address).status_code == 404


def test_the_page_of_a_rooms_feed_shows_its_address_once(road, client, sign_in, csrf) -> None:
    officer = staff(road.store)
    facts = PlaceFacts(
        kind=PlaceKind.ROOM, name="二楼会议室", street=None, address="世纪大道1号", seats=8
    )
    room = road.store.execute(officer, places.add, facts)
    page = f"/bureau/places/{room.id}/feed"
    sign_in(client, officer)
    assert client.post(page, data=csrf(client, page)).status_code == 303
    shown = ADDRESS.search(client.get(page).get_data(as_text=True))
    assert shown is not None
    assert client.get(shown.group(1)).status_code == 200
    assert ADDRESS.search(client.get(page).get_data(as_text=True)) is None
    assert client.post(f"{page}/revoke", data=csrf(client, page)).status_code == 303
    assert client.get(shown.group(1)).status_code == 404
