"""Seats freed, taken, waited for and passed on at the same moment: none is sold twice."""

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.domain.activity import RegistrationStatus
from app.domain.actor import SYSTEM, Actor, Role
from app.domain.errors import DomainError
from app.domain.ids import PersonId
from app.domain.waiting_list import WaitingStatus
from app.models.activity import Activity, Registration
from app.models.person import IdentityLevel, Person
from app.models.waiting_list import WaitingEntry
from app.services import activities
from app.services.activities import waiting
from tests.builders import keep
from tests.gathering import Hall
from tests.moments import START, at
from tests.turns import on_both as dialect

__all__ = ["dialect"]

SEATS, PUBLIC = 8, 48
Press = Callable[[], object]


def crowd(hall: Hall, size: int) -> list[Actor]:
    people = [
        Person(name=f"听众{number}", identity_level=IdentityLevel.PHONE, created_at=START)
        for number in range(size)
    ]
    keep(hall.store, *people)
    return [Actor(roles=frozenset({Role.FOUNDER}), person_id=PersonId(p.id)) for p in people]


def at_once(presses: Sequence[Press]) -> list[str]:
    """Let everybody press at the same moment; return what each was told."""
    gate = threading.Barrier(len(presses))

    def press(act: Press) -> str:
        gate.wait(60)
        try:
            act()
        except DomainError as refused:
            return type(refused).__name__
        return "done"

    with ThreadPoolExecutor(len(presses)) as pool:
        return list(pool.map(press, presses))


def full(hall: Hall, seats: int, line: int) -> tuple[Activity, list[Actor], list[Actor]]:
    """Return a lecture without a free seat, who sits in it, and who waits, in order."""
    lecture = hall.announced(seat_total=seats)
    people = crowd(hall, seats + line)
    for actor in people[:seats]:
        hall.join(actor, lecture)
    for actor in people[seats:]:
        hall.store.execute(actor, activities.join_line, lecture.id)
    return lecture, people[:seats], people[seats:]


def act(hall: Hall, actor: Actor, use_case: Callable[..., object], lecture: Activity) -> Press:
    return lambda: hall.store.execute(actor, use_case, lecture.id)


def statuses(hall: Hall, waits: Sequence[Actor]) -> list[WaitingStatus]:
    found = {entry.person_id: entry.status for entry in hall.rows(WaitingEntry)}
    return [found[actor.person_id] for actor in waits if actor.person_id is not None]


def counted(hall: Hall, lecture: Activity) -> tuple[int, int]:
    """Return how many seats are counted as taken, and how many people have or are kept one."""
    written = hall.rows(Registration, Registration.status == RegistrationStatus.JOINED)
    kept = hall.rows(WaitingEntry, WaitingEntry.status == WaitingStatus.OFFERED)
    return hall.now_of(lecture).seat_taken, len(written) + len(kept)


def test_sixty_four_at_once_leave_every_freed_seat_to_the_line(hall: Hall) -> None:
    lecture, seated, waits = full(hall, SEATS, 2 * SEATS)
    public = crowd(hall, PUBLIC)
    first, last = waits[:SEATS], waits[SEATS:]
    presses = [
        *(act(hall, actor, activities.leave, lecture) for actor in seated),
        *(act(hall, actor, activities.join, lecture) for actor in public),
        *(act(hall, actor, activities.join, lecture) for actor in last),
    ]
    assert len(presses) == 64

    told = at_once(presses)

    assert Counter(told[:SEATS]) == {"done": SEATS}
    assert Counter(told[SEATS : SEATS + PUBLIC]) == {"FullError": PUBLIC}
    assert Counter(told[SEATS + PUBLIC :]) == {"NothingOfferedError": SEATS}
    assert set(statuses(hall, first)) == {WaitingStatus.OFFERED}
    assert set(statuses(hall, last)) == {WaitingStatus.WAITING}
    assert counted(hall, lecture) == (SEATS, SEATS)

    # Half of what is kept is taken and half is given up, while the public presses again.
    uses = (activities.join, activities.leave_line)
    told = at_once(
        [
            *(act(hall, actor, uses[i % 2], lecture) for i, actor in enumerate(first)),
            *(act(hall, actor, activities.join, lecture) for actor in public[:SEATS]),
        ]
    )

    assert Counter(told) == {"done": SEATS, "FullError": SEATS}
    assert statuses(hall, first) == [WaitingStatus.TAKEN, WaitingStatus.LEFT] * (SEATS // 2)
    half = SEATS // 2
    assert statuses(hall, last) == [WaitingStatus.OFFERED] * half + [WaitingStatus.WAITING] * half
    assert counted(hall, lecture) == (SEATS, SEATS)


@pytest.mark.parametrize("dialect", ["postgresql"])
def test_who_joins_the_line_while_the_last_seat_is_freed_never_waits_for_a_free_seat(
    hall: Hall,
) -> None:
    lecture, seated, _ = full(hall, SEATS, 0)
    late = crowd(hall, SEATS)

    told = at_once(
        [
            *(act(hall, actor, activities.leave, lecture) for actor in seated),
            *(act(hall, actor, activities.join_line, lecture) for actor in late),
        ]
    )

    answers = Counter(told[SEATS:])
    assert answers["done"] + answers["SeatFreeError"] == SEATS
    # Who joined before a seat was free is kept one; who came after was told to take it.
    assert {entry.status for entry in hall.rows(WaitingEntry)} <= {WaitingStatus.OFFERED}
    assert counted(hall, lecture) == (answers["done"], answers["done"])


@pytest.mark.parametrize("dialect", ["postgresql"])
def test_taking_giving_up_and_lapsing_at_the_same_moment_end_in_one_of_them(hall: Hall) -> None:
    lecture, (seated,), (first, second) = full(hall, 1, 2)
    act(hall, seated, activities.leave, lecture)()
    (kept,) = hall.rows(WaitingEntry, WaitingEntry.status == WaitingStatus.OFFERED)

    def lapse() -> object:
        return hall.store.execute(SYSTEM, activities.lapse_place, kept.id)

    hall.clock.put(at("09-01 20:59"))
    told = at_once(
        [
            act(hall, first, activities.join, lecture),
            act(hall, first, activities.leave_line, lecture),
            lapse,
        ]
    )

    assert set(told) <= {"done", "FullError", "NothingOfferedError", "OutOfLineError"}
    assert statuses(hall, [first, second]) in (
        [WaitingStatus.TAKEN, WaitingStatus.WAITING],
        [WaitingStatus.LEFT, WaitingStatus.OFFERED],
    )
    assert counted(hall, lecture) == (1, 1)


def test_a_seat_that_is_offered_and_not_kept_goes_to_the_public_as_well(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: without the seat counted for the line, more have one than there are."""
    monkeypatch.setattr(waiting, "take_seat", lambda *_: None)
    lecture, seated, _ = full(hall, 4, 4)
    at_once([act(hall, actor, activities.leave, lecture) for actor in seated])

    told = at_once([act(hall, actor, activities.join, lecture) for actor in crowd(hall, 6)])

    assert Counter(told) == {"done": 4, "FullError": 2}
    assert counted(hall, lecture) == (4, 8)
