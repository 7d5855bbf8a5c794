"""Busy calendars and the asker's own feed by the API."""

from flask.testing import FlaskClient

from app.models.busy_calendar import BusyCalendar, BusySource
from app.models.calendar_feed import CalendarFeed
from app.models.job import IdempotencyKey
from tests.api.conftest import As
from tests.builders import a_mentor, an_expert, staff
from tests.founder_road import FounderRoad

ADDRESS = "https://calendar.example.org/u/secret-of-his/basic.ics"
FILE = {"name": "mine.ics", "content": "BEGIN:VCALENDAR\nEND:VCALENDAR\n"}


def test_a_mentor_names_his_calendars_and_forgets_them(road: FounderRoad, as_: As) -> None:
    path = f"/experts/{road.expert.id}/busy-calendars"
    mentor = as_(road.mentor)
    (added,) = mentor.post(path, {"address": ADDRESS}).json["items"]
    assert (added["source"], added["name"], added["is_unknown"]) == (
        "address", "calendar.example.org/…", True,
    )  # fmt: skip
    again = mentor.post(path, {"address": ADDRESS})
    assert (again.status_code, again.json["code"]) == (409, "busy_calendar.added_already")
    plain = mentor.post(path, {"address": "ftp://example.org/a.ics"})
    assert (plain.status_code, plain.json["errors"][0]["field"]) == (422, "address")
    officer = as_(staff(road.store))
    assert len(officer.post(f"{path}/file", FILE).json["items"]) == 2
    (source,) = road.rows(BusySource, BusySource.content.is_not(None))
    assert source.content == FILE["content"].encode()

    stranger = as_(a_mentor(road.store, an_expert(road.store, name="徐总")))
    assert stranger.get(path).status_code == 404
    assert stranger.post(path, {"address": ADDRESS}).status_code == 403
    remove = f"/busy-calendars/{added['id']}/remove"
    assert stranger.post(remove).status_code == 404
    assert as_(road.founder).get(path).status_code == 403

    (left,) = mentor.post(remove).json["items"]
    assert mentor.get(path).json["items"] == [left]
    assert len(road.rows(BusyCalendar)) == 1


def test_a_feed_tells_its_address_once_and_is_stopped(
    road: FounderRoad, as_: As, client: FlaskClient
) -> None:
    founder, path = as_(road.founder), "/calendar-feed"
    assert founder.get(path).json == {"made_at": None, "address": None}

    pressed = {"Idempotency-Key": "feed-1"}
    made = founder.post(path, headers=pressed).json

    assert made["made_at"] == founder.get(path).json["made_at"]
    feed = made["address"].removeprefix("https://").partition("/")[2]
    assert client.get(f"/{feed}").status_code == 200
    assert founder.get(path).json["address"] is None
    # Asked again, it is not made again, and its address is kept nowhere to be told.
    again = founder.post(path, headers=pressed).json
    assert again == {**made, "address": None}
    assert len(road.rows(CalendarFeed)) == 1
    kept = [key.answer for key in road.rows(IdempotencyKey)]
    assert made["address"].rpartition("/")[2].removesuffix(".ics") not in str(kept)

    assert founder.post(f"{path}/revoke").json == {"made_at": None, "address": None}
    assert client.get(f"/{feed}").status_code == 404
    assert founder.post(f"{path}/revoke").status_code == 404
    # Whose account is nobody's has no meetings.
    assert as_(staff(road.store)).post(path).status_code == 403
