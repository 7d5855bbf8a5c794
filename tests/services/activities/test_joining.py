import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select, update

from app.domain.activity import (
    FullError,
    JoiningOverError,
    NotRegisteredError,
    OverError,
    RegistrationStatus,
    SeatsTakenError,
    SpeakerError,
)
from app.domain.actor import Actor, Role
from app.domain.errors import ForbiddenError
from app.domain.ids import PersonId
from app.models.activity import Activity, Registration
from app.models.person import IdentityLevel, Person
from app.services import activities
from app.services.activities import joining
from app.unit_of_work import UnitOfWork
from tests.builders import keep
from tests.gathering import Hall
from tests.moments import START, at
from tests.turns import on_each

CROWD = 64


def crowd(hall: Hall) -> list[Actor]:
    people = [
        Person(name=f"听众{number}", identity_level=IdentityLevel.PHONE, created_at=START)
        for number in range(CROWD)
    ]
    keep(hall.store, *people)
    return [Actor(roles=frozenset({Role.FOUNDER}), person_id=PersonId(p.id)) for p in people]


def all_at_once(hall: Hall, activity: Activity, people: list[Actor]) -> list[str]:
    """Let everybody press at the same moment; return what each was told."""
    gate = threading.Barrier(len(people))

    def press(actor: Actor) -> str:
        gate.wait(60)
        try:
            hall.store.execute(actor, activities.join, activity.id)
        except (FullError, SeatsTakenError) as refused:
            return type(refused).__name__
        return "seat"

    with ThreadPoolExecutor(len(people)) as pool:
        return list(pool.map(press, people))


@on_each
def test_sixty_four_who_press_at_once_share_exactly_the_seats_there_are(hall: Hall) -> None:
    lecture = hall.announced(seat_total=40)

    answers = all_at_once(hall, lecture, crowd(hall))

    assert (answers.count("seat"), answers.count("FullError")) == (40, 24)
    assert hall.now_of(lecture).seat_taken == 40
    assert len(hall.rows(Registration)) == 40


@pytest.mark.parametrize("dialect", ["postgresql"])
def test_without_the_condition_only_the_check_of_the_database_stands(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unconditional(uow: UnitOfWork, activity_id: object) -> None:
        uow.session.execute(
            update(Activity)
            .where(Activity.id == activity_id)
            .values(seat_taken=Activity.seat_taken + 1)
            .execution_options(synchronize_session=False)
        )

    monkeypatch.setattr(joining, "take_seat", unconditional)
    lecture = hall.announced(seat_total=4)

    answers = all_at_once(hall, lecture, crowd(hall)[:12])

    assert (answers.count("seat"), answers.count("SeatsTakenError")) == (4, 8)


@pytest.mark.parametrize("dialect", ["postgresql"])
def test_a_seat_counted_by_reading_first_is_sold_more_than_once(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: who looks first and writes then loses seats that others took meanwhile."""
    gate = threading.Barrier(12)

    def read_then_write(uow: UnitOfWork, activity_id: object) -> None:
        taken, total = uow.session.execute(
            select(Activity.seat_taken, Activity.seat_total).where(Activity.id == activity_id)
        ).one()
        gate.wait(60)
        if taken >= total:
            raise FullError
        uow.session.execute(
            update(Activity)
            .where(Activity.id == activity_id)
            .values(seat_taken=taken + 1)
            .execution_options(synchronize_session=False)
        )

    monkeypatch.setattr(joining, "take_seat", read_then_write)
    lecture = hall.announced(seat_total=4)

    answers = all_at_once(hall, lecture, crowd(hall)[:12])

    assert answers.count("seat") == 12 > hall.now_of(lecture).seat_total


@on_each
def test_who_joins_twice_has_one_seat(hall: Hall) -> None:
    founder, lecture = hall.founder(), hall.announced()

    assert hall.join(founder, lecture).id == hall.join(founder, lecture).id
    assert hall.now_of(lecture).seat_taken == 1


@on_each
def test_a_seat_given_back_is_somebody_elses_and_may_be_taken_again(hall: Hall) -> None:
    first, second = hall.founder("李晓"), hall.founder("王强")
    lecture = hall.announced(seat_total=1)
    hall.join(first, lecture)
    with pytest.raises(FullError):
        hall.join(second, lecture)

    left = hall.store.execute(first, activities.leave, lecture.id)
    assert (left.status, hall.now_of(lecture).seat_taken) == (RegistrationStatus.LEFT, 0)
    hall.join(second, lecture)

    with pytest.raises(FullError):
        hall.join(first, lecture)
    hall.store.execute(second, activities.leave, lecture.id)
    assert hall.join(first, lecture).status is RegistrationStatus.JOINED
    assert len(hall.rows(Registration)) == 2


def test_who_has_no_seat_gives_none_back(hall: Hall) -> None:
    founder, lecture = hall.founder(), hall.announced()
    with pytest.raises(NotRegisteredError):
        hall.store.execute(founder, activities.leave, lecture.id)
    hall.join(founder, lecture)
    hall.store.execute(founder, activities.leave, lecture.id)
    with pytest.raises(NotRegisteredError):
        hall.store.execute(founder, activities.leave, lecture.id)
    assert hall.now_of(lecture).seat_taken == 0


def test_from_the_start_on_seats_are_neither_taken_nor_given_back(hall: Hall) -> None:
    founder, late, lecture = hall.founder("李晓"), hall.founder("王强"), hall.announced()
    hall.join(founder, lecture)
    hall.clock.put(at("09-12 09:00"))

    with pytest.raises(JoiningOverError):
        hall.join(late, lecture)
    with pytest.raises(JoiningOverError):
        hall.store.execute(founder, activities.leave, lecture.id)


def test_a_speaker_takes_no_seat_but_another_expert_may(hall: Hall) -> None:
    lecture = hall.announced()

    with pytest.raises(SpeakerError):
        hall.join(hall.mentor(0), lecture)
    assert hall.join(hall.mentor(1), lecture).status is RegistrationStatus.JOINED


def test_nobody_joins_a_cancelled_lecture_or_a_review(hall: Hall) -> None:
    lecture = hall.announced()
    review = hall.store.execute(hall.officer, activities.announce, hall.review_plan())
    hall.store.execute(hall.officer, activities.cancel, lecture.id, "报告厅停电")

    with pytest.raises(OverError):
        hall.join(hall.founder("李晓"), lecture)
    with pytest.raises(FullError):
        hall.join(hall.founder("王强"), review)


def test_an_officer_or_an_account_of_nobody_takes_no_seat(hall: Hall) -> None:
    lecture = hall.announced()
    nobody = Actor(roles=frozenset({Role.FOUNDER}))

    for actor in (hall.officer, nobody):
        with pytest.raises(ForbiddenError):
            hall.join(actor, lecture)


def test_who_has_a_seat_is_seen_by_himself_and_by_officers_alone(hall: Hall) -> None:
    lecture = hall.announced()
    founder, other, speaker = hall.founder("李晓"), hall.founder("王强"), hall.mentor(0)
    hall.join(founder, lecture)

    def seen(actor: Actor) -> int:
        with hall.store.read(actor) as reader:
            return len(reader.session.scalars(select(Registration.id)).all())

    assert [seen(actor) for actor in (founder, other, speaker, hall.officer)] == [1, 0, 0, 1]
