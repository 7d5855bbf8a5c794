"""A line for a seat: what becomes free is kept for the next before anybody else can take it."""

from dataclasses import dataclass, field

import pytest

from app.adapters.email import Outbox
from app.domain.activity import (
    AlreadyJoinedError,
    FullError,
    JoiningOverError,
    OverError,
    RegistrationStatus,
    SeatFreeError,
    SpeakerError,
)
from app.domain.actor import SYSTEM, Actor
from app.domain.errors import ForbiddenError, NotFoundError
from app.domain.waiting_list import (
    AlreadyWaitingError,
    NothingOfferedError,
    OutOfLineError,
    WaitingStatus,
)
from app.jobs.registry import registry
from app.jobs.worker import Worker
from app.models.activity import Activity, Registration
from app.models.message import Message
from app.models.waiting_list import WaitingEntry
from app.services import activities, bookings
from tests.gathering import Hall
from tests.moments import at
from tests.services.scene import SITE

OFFERED, WAITING = WaitingStatus.OFFERED, WaitingStatus.WAITING


@dataclass
class Line:
    """A lecture of one seat, which is taken, and founders who wait for it."""

    hall: Hall
    seated: Actor
    lecture: Activity
    waits: dict[str, Actor] = field(default_factory=dict)

    def join(self, *names: str) -> None:
        for name in names:
            self.waits[name] = self.hall.founder(name)
            self.act(name, activities.join_line)

    def act(self, name: str, use_case, **values):
        return self.hall.store.execute(self.waits[name], use_case, self.lecture.id, **values)

    def leave_seat(self) -> None:
        self.hall.store.execute(self.seated, activities.leave, self.lecture.id)

    def entry(self, name: str) -> WaitingEntry:
        person_id = self.waits[name].person_id
        return self.hall.rows(WaitingEntry, WaitingEntry.person_id == person_id)[-1]

    def states(self) -> list[WaitingStatus]:
        return [self.entry(name).status for name in self.waits]

    def lapse(self, name: str) -> None:
        self.hall.store.execute(SYSTEM, activities.lapse_place, self.entry(name).id)

    def seats(self) -> tuple[int, int, int]:
        """Return how many seats are counted as taken, written down, and kept."""
        written = self.hall.rows(Registration, Registration.status == RegistrationStatus.JOINED)
        kept = self.hall.rows(WaitingEntry, WaitingEntry.status == OFFERED)
        return self.hall.now_of(self.lecture).seat_taken, len(written), len(kept)

    def work(self) -> None:
        store = self.hall.store
        Worker(store, registry(Outbox(), SITE, "历城创业导师", "noreply@example.org")).work()

    def told(self, event: str) -> list[str]:
        self.work()
        found = self.hall.rows(Message, Message.event == f"waiting_entry.{event}")
        return [message.text for message in found]


@pytest.fixture
def line(hall: Hall) -> Line:
    seated = hall.founder("周涛")
    lecture = hall.announced(seat_total=1)
    hall.join(seated, lecture)
    return Line(hall, seated, lecture)


def test_a_seat_given_back_is_kept_for_the_first_in_line_and_refused_to_others(line) -> None:
    line.join("王强", "赵敏")

    line.leave_seat()

    assert line.states() == [OFFERED, WAITING]
    assert line.entry("王强").offer_until == at("09-01 21:00")
    assert line.seats() == (1, 0, 1)
    with pytest.raises(FullError):
        line.hall.join(line.hall.founder("孙丽"), line.lecture)
    with pytest.raises(NothingOfferedError):
        line.act("赵敏", activities.join)
    (text,) = line.told("seat_offered")
    assert "9月1日（周二）21:00前" in text


def test_one_press_takes_the_kept_seat_and_a_second_changes_nothing(line) -> None:
    line.join("王强")
    line.leave_seat()

    taken = line.act("王强", activities.join)

    assert taken.status is RegistrationStatus.JOINED
    assert (line.states(), line.seats()) == ([WaitingStatus.TAKEN], (1, 1, 0))
    assert line.act("王强", activities.join).id == taken.id
    assert line.seats() == (1, 1, 0)
    line.work()
    line.work()
    assert len(line.told("seat_offered")) == 1


def test_who_does_not_want_it_gives_the_seat_to_the_next(line) -> None:
    line.join("王强", "赵敏")
    line.leave_seat()
    seen = line.entry("王强").version

    line.act("王强", activities.leave_line, version=seen)

    assert (line.states(), line.seats()) == ([WaitingStatus.LEFT, OFFERED], (1, 0, 1))
    with pytest.raises(OutOfLineError):
        line.act("王强", activities.leave_line)
    with pytest.raises(FullError):
        line.act("王强", activities.join)


def test_silence_ends_the_place_and_the_next_has_the_seat_then_anybody(line) -> None:
    line.join("王强", "赵敏")
    line.leave_seat()

    line.hall.clock.put(at("09-01 20:59"))
    line.lapse("王强")
    assert line.states() == [OFFERED, WAITING]
    line.hall.clock.put(at("09-01 21:00"))
    with pytest.raises(NothingOfferedError):
        line.act("王强", activities.join)
    with pytest.raises(FullError):
        line.hall.join(line.hall.founder("孙丽"), line.lecture)
    line.work()

    assert (line.states(), line.seats()) == ([WaitingStatus.LAPSED, OFFERED], (1, 0, 1))
    assert line.entry("赵敏").offer_until == at("09-02 19:00")
    line.hall.clock.put(at("09-02 19:00"))
    line.work()
    assert line.seats() == (0, 0, 0)
    line.hall.join(line.hall.founder("孙丽"), line.lecture)
    assert len(line.told("seat_lapsed")) == 2
    # Who has lost his place may join the line again, as its last.
    line.act("王强", activities.join_line)
    assert line.entry("王强").status is WAITING


def test_seats_that_are_added_reach_the_line_in_its_order(line) -> None:
    line.join("王强", "赵敏", "孙丽")
    more = line.hall.plan(seat_total=3)

    line.hall.store.execute(line.hall.officer, activities.change, line.lecture.id, more)

    assert (line.states(), line.seats()) == ([OFFERED, OFFERED, WAITING], (3, 1, 2))


def test_at_the_start_the_whole_line_ends_wherever_the_start_is_moved_to(line) -> None:
    line.join("王强", "赵敏")
    line.leave_seat()
    sooner = line.hall.plan("09-01 15:00", seat_total=1)

    line.hall.store.execute(line.hall.officer, activities.change, line.lecture.id, sooner)

    assert line.entry("王强").offer_until == at("09-01 15:00")
    assert len(line.told("activity_changed")) == 2
    line.hall.clock.put(at("09-01 15:00"))
    line.work()
    assert line.states() == [WaitingStatus.LAPSED] * 2
    assert line.seats() == (0, 0, 0)
    # He who waited in vain is told nothing: he had nothing to answer.
    assert len(line.told("seat_lapsed")) == 1


def test_the_line_of_a_lecture_that_is_called_off_ends_and_hears_why(line) -> None:
    line.join("王强", "赵敏")
    line.leave_seat()

    line.hall.store.execute(line.hall.officer, activities.cancel, line.lecture.id, "报告厅停电")

    assert (line.states(), line.seats()) == ([WaitingStatus.LEFT] * 2, (0, 0, 0))
    texts = line.told("activity_cancelled")
    assert len(texts) == 2
    assert all("报告厅停电" in text for text in texts)
    for use_case in (activities.join_line, activities.join):
        with pytest.raises(OverError):
            line.act("王强", use_case)


def test_who_comes_to_the_door_leaves_the_line_and_his_seat_goes_on(line) -> None:
    line.join("王强", "赵敏")
    line.leave_seat()
    line.hall.clock.put(at("09-01 09:01"))
    sooner = line.hall.plan("09-01 10:00", seat_total=1)
    line.hall.store.execute(line.hall.officer, activities.change, line.lecture.id, sooner)
    code = line.hall.now_of(line.lecture).door_code

    came = line.act("王强", activities.check_in, code=code)

    assert came.status is RegistrationStatus.WALKED_IN
    assert (line.states(), line.seats()) == ([WaitingStatus.LEFT, OFFERED], (1, 0, 1))
    assert line.entry("赵敏").offer_until == at("09-01 09:31")


def test_only_who_finds_no_seat_waits_once_and_for_himself(line) -> None:
    hall = line.hall
    line.join("王强")
    with pytest.raises(AlreadyWaitingError):
        line.act("王强", activities.join_line)
    refusals = {
        hall.mentor_of(0): SpeakerError,
        line.seated: AlreadyJoinedError,
        hall.officer: ForbiddenError,
    }
    for actor, refusal in refusals.items():
        with pytest.raises(refusal):
            hall.store.execute(actor, activities.join_line, line.lecture.id)
    line.waits["刘总"] = hall.mentor_of(1)
    line.act("刘总", activities.join_line)
    other = hall.announced("09-13 09:00", seat_total=2)
    review = hall.store.execute(hall.officer, activities.announce, hall.review_plan())
    with pytest.raises(SeatFreeError):
        hall.store.execute(line.seated, activities.join_line, other.id)
    with pytest.raises(FullError):
        hall.store.execute(line.seated, activities.join_line, review.id)
    hall.clock.put(at("09-12 09:00"))
    with pytest.raises(JoiningOverError):
        hall.store.execute(hall.founder("孙丽"), activities.join_line, line.lecture.id)
    assert line.states() == [WAITING, WAITING]


def test_a_place_for_a_seat_is_no_place_for_an_expert(line) -> None:
    line.join("王强")
    line.leave_seat()
    entry, founder = line.entry("王强"), line.waits["王强"]
    for act, refusal in (
        (bookings.leave_line, NotFoundError),
        (bookings.take_place, NothingOfferedError),
        (bookings.pass_place, NothingOfferedError),
        (bookings.lapse_place, NotFoundError),
    ):
        with pytest.raises(refusal):
            line.hall.store.execute(founder, act, entry.id)
    assert line.entry("王强").status is OFFERED
    with pytest.raises(NotFoundError):
        line.hall.store.execute(SYSTEM, activities.lapse_place, founder.person_id)
