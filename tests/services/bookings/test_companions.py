"""Who comes with the founder learns of what is agreed, moved and called off, not of requests."""

import pytest

from app.adapters.email import Outbox
from app.domain.calendar_entry import EntryStatus
from app.domain.suspension import SuspensionCause
from app.jobs.registry import registry
from app.jobs.worker import Worker
from app.models.message import Delivery, Message
from app.models.service_session import ServiceSession
from app.queries.booking_pages import meeting_page
from app.queries.calendar_entries import feed_of
from app.services import bookings
from tests.moments import at
from tests.panel_meeting import Table, lay_table
from tests.scenes import Plays
from tests.services.scene import give_email


@pytest.fixture
def plays() -> Plays:
    return {"table": lay_table}


@pytest.fixture
def table(scene: Table) -> Table:
    return scene


def told(table: Table) -> list[Message]:
    Worker(table.store, registry(Outbox(), "https://example.org", "历城创业导师")).work()
    return table.rows(Message, Message.account_id == table.companion.account_id)


def test_companions_are_told_of_the_meeting_and_each_turn_of_it_once(table) -> None:
    booking = table.requested()
    table.store.execute(table.officer, bookings.move, booking.id, at("09-18 14:30"))
    assert told(table) == []
    for number in (0, 1, 2):
        table.accept(booking, number)
    (session,) = table.rows(ServiceSession)
    for act, said in (
        (bookings.move, (at("09-18 15:00"),)),
        (bookings.suspend, (SuspensionCause.PLACE,)),
        (bookings.resume, ()),
        (bookings.cancel, ("b_emergency",)),
    ):
        # Told after each: a message says how things stand then.
        told(table)
        table.store.execute(table.officer, act, booking.id, *said)
    messages = told(table)
    assert [row.event.removeprefix("booking.") for row in messages] == [
        "accepted",
        "moved",
        "suspended",
        "resumed",
        "cancelled",
    ]
    assert "您在同行名单里" in messages[0].text
    assert "15:00" in messages[1].title
    assert {row.href for row in messages} == {f"/sessions/{session.id}/confirm"}
    with table.store.read(table.companion) as reader:
        assert meeting_page(reader, session.id).id == session.id


def test_what_is_agreed_enters_their_calendar_and_leaves_it(table) -> None:
    def entries() -> list[EntryStatus]:
        with table.store.read(table.companion) as reader:
            return [entry.status for entry in feed_of(reader)]

    def asked_of_calendars() -> list[str]:
        told(table)
        rows = table.rows(Message, Message.account_id == table.companion.account_id)
        letters = table.rows(Delivery, Delivery.message_id.in_([row.id for row in rows]))
        return [row.invitation["method"] for row in letters if row.invitation]

    give_email(table.store, table.companion.person_id, "zhaomin@example.org")
    booking = table.requested()
    assert entries() == []
    for number in (0, 1, 2):
        table.accept(booking, number)
    assert entries() == [EntryStatus.CONFIRMED]
    assert asked_of_calendars() == ["REQUEST"]
    table.store.execute(table.officer, bookings.cancel, booking.id, "b_emergency")
    assert entries() == [EntryStatus.CANCELLED]
    assert asked_of_calendars() == ["REQUEST", "CANCEL"]
