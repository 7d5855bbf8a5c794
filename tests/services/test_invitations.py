"""What letters ask the calendars of both sides to do."""

from dataclasses import dataclass, field
from email.headerregistry import Address
from email.message import EmailMessage
from typing import Any

import pytest
from sqlalchemy import update

from app.adapters.email import compose
from app.domain.actor import SYSTEM
from app.domain.job import DeliveryState
from app.domain.message import Letter, Receipt
from app.jobs.registry import registry
from app.jobs.worker import Worker
from app.models.booking import Booking, BookingExpert, PanelAnswer
from app.models.expert import Expert
from app.models.person import Person
from app.queries.calendar_entries import as_mentor
from app.services import bookings
from app.unit_of_work import UnitOfWork
from tests.calendar_readers import by_icalendar
from tests.calendar_rules import faults, values
from tests.moments import at
from tests.scenes import Plays
from tests.services.scene import SITE, Scene, set_scene

SENDER = Address("历城创业导师", "service", "example.org")
FOUNDER, MENTOR = "founder@example.org", "mentor@example.org"
CANARIES = ("13800000000", "办个体户还是公司", "王府花园3号楼2单元")


@pytest.fixture
def plays() -> Plays:
    return {"scene": set_scene}


@dataclass
class Post:
    """Keeps what is sent; fails as often as told, after the letter has left."""

    letters: list[Letter] = field(default_factory=list)
    failures: int = 0

    def send(self, letter: Letter) -> Receipt:
        self.letters.append(letter)
        if self.failures:
            self.failures -= 1
            raise OSError("the line broke")
        return Receipt(DeliveryState.ACCEPTED, letter.key)


def deliver(scene: Scene, post: Post | None = None) -> list[Letter]:
    post = post or Post()
    Worker(scene.store, registry(post, SITE, "历城创业导师", "service@example.org")).work()
    return post.letters


def calendars(letters: list[Letter]) -> dict[str, bytes]:
    return {each.address: each.attachment.content for each in letters if each.attachment}


def read(document: bytes) -> Any:
    (calendar,) = by_icalendar([document])
    (entry,) = calendar["entries"]
    return calendar["method"], entry


def accepted(scene: Scene) -> tuple[Booking, dict[str, bytes]]:
    booking = scene.accepted("09-21 14:00")
    return booking, calendars(deliver(scene))


def test_an_accepted_meeting_enters_both_calendars(scene: Scene) -> None:
    booking, found = accepted(scene)
    assert found.keys() == {FOUNDER, MENTOR}
    for address, document in found.items():
        method, entry = read(document)
        assert method == "REQUEST"
        assert entry["uid"] == f"{booking.id}@example.org"
        assert entry["sequence"] == 0
        assert entry["starts_at"] == booking.starts_at.isoformat()
        assert values(document, "ATTENDEE") == [f"mailto:{address}"]
        assert values(document, "ORGANIZER") == ["mailto:service@example.org"]
    assert read(found[FOUNDER])[1]["title"] == "创业咨询 · 张敏"
    assert read(found[MENTOR])[1]["title"] == "创业咨询 · 李*"


def test_the_same_entry_moves_and_ends_with_a_rising_sequence(scene: Scene) -> None:
    booking, first = accepted(scene)
    scene.store.execute(scene.founder, bookings.move, booking.id, at("09-22 15:00"))
    moved = calendars(deliver(scene))
    scene.store.execute(scene.founder, bookings.cancel, booking.id, "f_solved")
    ended = calendars(deliver(scene))
    for address in (FOUNDER, MENTOR):
        told = [read(found[address]) for found in (first, moved, ended)]
        assert [method for method, _ in told] == ["REQUEST", "REQUEST", "CANCEL"]
        assert [entry["sequence"] for _, entry in told] == [0, 1, 2]
        assert len({entry["uid"] for _, entry in told}) == 1
        assert told[1][1]["starts_at"] == at("09-22 15:00").isoformat()
        assert told[2][1]["status"] == "CANCELLED"


def test_accepting_and_reminding_leave_the_sequence(scene: Scene) -> None:
    booking = scene.accepted("09-21 14:00")
    assert booking.ics_sequence == 0
    scene.clock.put(at("09-20 14:00"))
    letters = deliver(scene)
    assert any("提醒" in letter.title for letter in letters)
    assert all(letter.attachment is None for letter in letters if "提醒" in letter.title)
    assert scene.rows(Booking)[0].ics_sequence == 0


def test_a_request_that_moves_is_in_nobodys_calendar(scene: Scene) -> None:
    booking = scene.request("09-21 14:00")
    scene.store.execute(scene.founder, bookings.move, booking.id, at("09-22 15:00"))
    letters = deliver(scene)
    assert any("改到" in letter.title for letter in letters)
    assert calendars(letters) == {}


def test_a_letter_tried_again_carries_the_same_bytes_though_the_booking_moved(scene: Scene) -> None:
    booking = scene.accepted("09-21 14:00")
    post = Post(failures=2)
    deliver(scene, post)
    first = calendars(post.letters)
    assert first.keys() == {FOUNDER, MENTOR}
    post.letters.clear()
    scene.store.execute(scene.founder, bookings.move, booking.id, at("09-22 15:00"))
    scene.clock.put(at("09-16 11:00"))
    deliver(scene, post)
    again = [each for each in post.letters if "改到" not in each.title]
    assert calendars(again) == first


def test_the_mail_names_the_method_and_keeps_the_bytes(scene: Scene) -> None:
    scene.accepted("09-21 14:00")
    for letter in deliver(scene):
        if letter.attachment is None:
            continue
        mail = compose(letter, SENDER)
        parts = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
        assert len(parts) == 2
        for part in parts:
            assert isinstance(part, EmailMessage)
            assert part.get_payload(decode=True) == letter.attachment.content
            given = {name: str(part.get_param(name)) for name in ("method", "charset")}
            assert given == {"method": "REQUEST", "charset": "UTF-8"}
            assert faults(letter.attachment.content, given) == []
        assert mail.get_content_type() == "multipart/mixed"
        assert parts[1].get_filename() == "invite.ics"


def test_nothing_private_is_in_anybodys_calendar(scene: Scene) -> None:
    def seed(uow: UnitOfWork) -> None:
        uow.session.execute(update(Person).values(phone=CANARIES[0]))

    scene.store.execute(SYSTEM, seed)
    booking = scene.request("09-21 14:00")

    def put(uow: UnitOfWork) -> None:
        row = uow.load(Booking, booking.id)
        row.place, row.note = CANARIES[2], CANARIES[1]
        uow.audit("test.changed", row)

    scene.store.execute(SYSTEM, put)
    scene.store.execute(scene.mentor, bookings.accept, booking.id)
    found = calendars(deliver(scene))
    assert len(found) == 2
    for address, document in found.items():
        text = document.decode().replace("\r\n ", "")
        other = ({FOUNDER, MENTOR} - {address}).pop()
        for canary in (*CANARIES, other, "李晓"):
            assert canary not in text


def test_an_expert_who_was_replaced_keeps_the_entry_as_called_off(scene: Scene) -> None:
    booking = scene.accepted("09-21 14:00")

    def replaced(uow: UnitOfWork) -> None:
        uow.session.execute(update(BookingExpert).values(answer=PanelAnswer.REPLACED))

    scene.store.execute(SYSTEM, replaced)
    with scene.store.read(scene.mentor) as reader:
        assert scene.mentor.person_id is not None
        (entry,) = as_mentor(reader, scene.mentor.person_id, Booking.id == booking.id)
    assert entry.status == "CANCELLED"


def test_times_name_their_zone_and_an_expert_abroad_reads_them_on_his_own_clock_too(scene) -> None:
    def move_abroad(uow: UnitOfWork) -> None:
        key = Expert.id == scene.expert.id
        uow.session.execute(update(Expert).where(key).values(time_zone="Europe/Berlin"))

    scene.accepted()
    scene.store.execute(SYSTEM, move_abroad)
    sent = calendars(deliver(scene))
    [asked] = scene.told(scene.mentor, "booking.requested")
    [agreed] = scene.told(scene.founder, "booking.accepted")
    assert asked.text.endswith(
        "时间是北京时间；按您当地的柏林时间，依次是9月18日（周五）08:00–08:50、9月18日（周五）04:00。"
    )
    assert agreed.text.endswith("时间是北京时间。")
    notes = {who: sent[who].decode().replace("\r\n ", "") for who in (FOUNDER, MENTOR)}
    assert "柏林时间是9月18日（周五）08:00" in notes[MENTOR]
    assert "柏林" not in notes[FOUNDER]
    assert "北京时间" in notes[FOUNDER]
