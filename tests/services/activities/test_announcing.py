from dataclasses import replace

import pytest

from app.adapters.email import Outbox
from app.domain.activity import (
    ActivityStatus,
    OverError,
    SeatsTakenError,
    SpeakerOutOfTermError,
)
from app.domain.availability import Mode
from app.domain.booking import TimeTakenError
from app.domain.errors import ForbiddenError, InvalidInputError
from app.domain.place import PlaceFacts, PlaceKind, PlaceUnfitError
from app.jobs.registry import registry
from app.jobs.worker import Worker
from app.models.activity import Activity, ActivityExpert
from app.models.booking import Booking, ResourceClaim
from app.models.job import Job
from app.models.message import Message
from app.services import activities, bookings, places
from app.services.bookings import Choice
from tests.builders import a_need, an_expert
from tests.gathering import Hall
from tests.moments import at, day
from tests.services.scene import SITE


def a_room(hall: Hall, seats: int = 100):
    facts = PlaceFacts(
        kind=PlaceKind.ROOM, name="一号报告厅", street=None, address="历城区", seats=seats
    )
    return hall.store.execute(hall.officer, places.add, facts)


def work(hall: Hall) -> None:
    Worker(hall.store, registry(Outbox(), SITE, "历城创业导师", "noreply@example.org")).work()


def told(hall: Hall, event: str) -> list[Message]:
    return hall.rows(Message, Message.event == event)


def test_an_announced_lecture_holds_its_speaker_and_its_room(hall: Hall) -> None:
    room = a_room(hall)

    lecture = hall.announced(place_id=room.id)

    assert (lecture.status, lecture.place, lecture.seat_taken) == (
        ActivityStatus.OPEN, "一号报告厅", 0,
    )  # fmt: skip
    claims = hall.rows(ResourceClaim)
    assert len(claims) == 2
    assert {(c.activity_id, c.booking_id, c.starts_at, c.ends_at, c.is_active) for c in claims} == {
        (lecture.id, None, lecture.starts_at, lecture.ends_at, True)
    }


def test_a_speaker_who_is_booked_then_is_refused_and_nothing_is_left(hall: Hall) -> None:
    founder = hall.founder()
    need = a_need(hall.store, founder.person_id)
    choice = Choice(
        need_id=need.id,
        expert_id=hall.experts[1].id,
        starts_at=at("09-12 09:30"),
        mode=Mode.ONSITE,
    )
    hall.store.execute(founder, bookings.request_now, choice)

    with pytest.raises(TimeTakenError):
        hall.announced(experts=(hall.experts[0].id, hall.experts[1].id))
    assert hall.rows(Activity) == hall.rows(ActivityExpert) == []
    assert len(hall.rows(ResourceClaim)) == 2


def test_a_speaker_cannot_be_booked_while_he_speaks(hall: Hall) -> None:
    hall.announced()
    founder = hall.founder()
    need = a_need(hall.store, founder.person_id)
    choice = Choice(
        need_id=need.id,
        expert_id=hall.experts[0].id,
        starts_at=at("09-12 10:00"),
        mode=Mode.ONSITE,
    )

    with pytest.raises(TimeTakenError):
        hall.store.execute(founder, bookings.request_now, choice)
    assert hall.rows(Booking) == []


def test_two_activities_do_not_share_a_room(hall: Hall) -> None:
    room = a_room(hall)
    hall.announced(place_id=room.id)

    with pytest.raises(TimeTakenError):
        hall.announced("09-12 10:00", place_id=room.id, experts=(hall.experts[1].id,))


def test_a_room_with_too_few_seats_is_refused(hall: Hall) -> None:
    room = a_room(hall, seats=79)

    with pytest.raises(PlaceUnfitError):
        hall.announced(place_id=room.id)


def test_an_expert_out_of_term_on_the_day_does_not_speak(hall: Hall) -> None:
    gone = an_expert(hall.store, name="郑工", term=(day("01-01"), day("09-11")))

    with pytest.raises(SpeakerOutOfTermError):
        hall.announced(experts=(hall.experts[0].id, gone.id))


@pytest.mark.parametrize(
    ("values", "fields"),
    [
        ({"title": " "}, {"title"}),
        ({"experts": ()}, {"experts"}),
        ({"seat_total": 0, "place": ""}, {"seat_total", "place"}),
        ({"department": "nobody"}, {"department"}),
        ({"topic": "nothing"}, {"topic"}),
        ({"co_departments": ("hrss",)}, {"co_departments"}),
        ({"co_departments": ("nobody",)}, {"co_departments"}),
    ],
)
def test_what_leaves_something_open_is_not_announced(hall: Hall, values, fields) -> None:
    with pytest.raises(InvalidInputError) as refused:
        hall.announced(**values)
    assert {fault.field for fault in refused.value.errors} == fields


def test_a_founder_announces_nothing(hall: Hall) -> None:
    with pytest.raises(ForbiddenError):
        hall.store.execute(hall.founder(), activities.announce, hall.plan())


def test_a_moved_lecture_frees_the_old_time_and_tells_who_has_a_seat(hall: Hall) -> None:
    founder, lecture = hall.founder(), hall.announced()
    hall.join(founder, lecture)
    plan = hall.plan("09-13 14:00", experts=(hall.experts[1].id,))

    moved = hall.store.execute(hall.officer, activities.change, lecture.id, plan)
    work(hall)

    active = hall.rows(ResourceClaim, ResourceClaim.is_active)
    assert [claim.starts_at for claim in active] == [moved.starts_at] == [at("09-13 14:00")]
    assert [row.expert_id for row in hall.rows(ActivityExpert)] == [hall.experts[1].id]
    assert [m.account_id for m in told(hall, "activity.changed")] == [founder.account_id]
    # The old speaker is free again at the old time.
    hall.announced()


def test_a_new_summary_alone_is_told_to_nobody(hall: Hall) -> None:
    lecture = hall.announced()
    hall.join(hall.founder(), lecture)
    plan = replace(hall.plan(), summary="换了一段介绍。")

    hall.store.execute(hall.officer, activities.change, lecture.id, plan)
    work(hall)

    assert told(hall, "activity.changed") == []


def test_seats_are_never_fewer_than_those_who_have_one(hall: Hall) -> None:
    lecture = hall.announced(seat_total=2)
    for name in ("李晓", "王强"):
        hall.join(hall.founder(name), lecture)

    with pytest.raises(SeatsTakenError):
        hall.store.execute(hall.officer, activities.change, lecture.id, hall.plan(seat_total=1))


def test_a_cancelled_lecture_frees_its_time_and_tells_everybody_why(hall: Hall) -> None:
    founder, left, speaker = hall.founder(), hall.founder("王强"), hall.mentor(0)
    lecture = hall.announced()
    for actor in (founder, left):
        hall.join(actor, lecture)
    hall.store.execute(left, activities.leave, lecture.id)

    hall.store.execute(hall.officer, activities.cancel, lecture.id, "报告厅停电")
    work(hall)

    assert {claim.is_active for claim in hall.rows(ResourceClaim)} == {False}
    messages = told(hall, "activity.cancelled")
    assert {m.account_id for m in messages} == {founder.account_id, speaker.account_id}
    assert all("报告厅停电" in m.text for m in messages)
    assert hall.now_of(lecture).status is ActivityStatus.CANCELLED
    with pytest.raises(OverError):
        hall.store.execute(hall.officer, activities.change, lecture.id, hall.plan())


def test_the_day_before_who_has_a_seat_and_who_speaks_are_reminded_once(hall: Hall) -> None:
    founder, speaker = hall.founder(), hall.mentor(0)
    lecture = hall.announced()
    hall.join(founder, lecture)
    work(hall)

    hall.clock.put(at("09-11 08:59"))
    work(hall)
    assert told(hall, "activity.reminded") == []
    hall.clock.put(at("09-11 09:00"))
    work(hall)
    work(hall)

    assert {m.account_id for m in told(hall, "activity.reminded")} == {
        founder.account_id, speaker.account_id,
    }  # fmt: skip
    assert len(told(hall, "activity.reminded")) == 2


def test_after_a_move_only_the_new_day_is_reminded_of(hall: Hall) -> None:
    lecture = hall.announced()
    hall.store.execute(hall.officer, activities.change, lecture.id, hall.plan("09-14 09:00"))

    jobs = hall.rows(Job, Job.kind == activities.REMIND)
    assert [(job.state.value, job.run_at) for job in jobs] == [
        ("cancelled", at("09-11 09:00")), ("ready", at("09-13 09:00")),
    ]  # fmt: skip
