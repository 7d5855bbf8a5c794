"""A free slot of today's clinic, given to whoever stands at its counter."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.domain.actor import SYSTEM, Role
from app.domain.availability import (
    ClinicChangedError,
    Closing,
    NotFreeError,
    NotTodayError,
)
from app.domain.booking import BookingStatus, TimeTakenError
from app.domain.desk_entry import BuiltUponError
from app.domain.errors import ForbiddenError, NotFoundError
from app.domain.expert import RecusalError
from app.domain.leave import Leave
from app.domain.need import Channel, NeedClosedError, NeedStatus
from app.domain.service_session import Evidence, ServiceSessionStatus
from app.models.booking import Booking, ResourceClaim
from app.models.expert import Appointment, DeclaredInterest, Expert
from app.models.job import Job
from app.models.message import Message
from app.models.need import Need
from app.models.person import Person
from app.models.service_session import Attendance, ServiceSession
from app.queries.clinics import at_counter
from app.services import (
    availability,
    desk_entries,
    experts,
    leaves,
    messages,
    needs,
    service_sessions,
)
from app.services.bookings import Choice, timing
from tests.builders import a_founder, a_need, keep, staff
from tests.counter import TODAY, Counter, a_counter
from tests.moments import at, day
from tests.scenes import Plays
from tests.services.bookings.test_caps import together


@pytest.fixture
def plays() -> Plays:
    return {"counter": a_counter}


@pytest.fixture
def counter(scene: Counter) -> Counter:
    return scene


def free(counter: Counter, need: Need, actor: Any = None) -> list[str]:
    with counter.store.read(actor or counter.clerk) as reader:
        found = at_counter(reader, need.id).clinics
    return [f"{slot.starts_at + timedelta(hours=8):%H:%M}" for each in found for slot in each.slots]


def nothing_booked(counter: Counter) -> bool:
    return not counter.district.rows(Booking) and not counter.district.rows(ResourceClaim)


def test_a_slot_is_given_without_notice_or_answer_and_both_are_told(counter) -> None:
    need = counter.comes()
    ordinary = Choice(
        need_id=need.id,
        expert_id=counter.mentor.expert.id,
        starts_at=at(f"{TODAY} 14:00"),
        mode="onsite",
    )
    with pytest.raises(NotFreeError) as refused:
        counter.store.execute(counter.clerk, desk_entries.book, ordinary)
    assert refused.value.code == "availability.too_soon"

    booking = counter.gives(need)

    assert (booking.status, booking.answer_by) == (BookingStatus.ACCEPTED, None)
    assert booking.ends_at - booking.starts_at == timedelta(minutes=20)
    assert (booking.place_id, booking.place) == (counter.place.id, "唐冶就业服务站")
    assert booking.channel is Channel.STATION
    session = counter.district.session_of(booking)
    assert (session.status, session.channel) == (ServiceSessionStatus.PLANNED, Channel.STATION)
    assert len(counter.district.rows(Attendance)) == 2
    assert counter.district.one(Need).status is NeedStatus.BOOKED
    assert free(counter, need) == ["14:20", "14:40", "15:00"]
    told = counter.district.one(Job, Job.kind == "notify", Job.subject_id == booking.id)
    counter.store.execute(SYSTEM, messages.tell, told.payload["event"], booking.id, 1, {})
    heard = counter.district.one(Message, Message.event == "booking.given")
    assert heard.account_id == counter.mentor.actor.account_id
    assert "钱大妈" in heard.text


def test_the_clerk_who_gave_it_takes_it_back_until_somebody_has_come(counter) -> None:
    booking = counter.gives(counter.comes())
    counter.undoes(booking)
    row = counter.district.one(Booking)
    assert (row.status, row.end_reason, row.is_excused) == (
        BookingStatus.CANCELLED,
        "b_entry_error",
        True,
    )
    assert counter.district.one(Need).status is NeedStatus.SUBMITTED
    again = counter.gives(counter.comes("吴大爷"))

    counter.district.clock.put(at(f"{TODAY} 13:50"))
    late = counter.gives(counter.comes("郑大姐"), f"{TODAY} 14:20")
    session = counter.district.session_of(late)
    counter.store.execute(
        counter.clerk,
        service_sessions.check_in,
        session.id,
        person_id=late.founder_person_id,
        evidence=Evidence.SIGNATURE,
    )
    with pytest.raises(BuiltUponError) as refused:
        counter.undoes(late)
    assert refused.value.facts["by"] == "in_progress"
    assert counter.district.one(Booking, Booking.id == again.id).status is BookingStatus.ACCEPTED


def test_who_works_there_gives_its_slots_and_nobody_else(counter) -> None:
    need = counter.comes()
    foreign = counter.sets(TODAY, counter.elsewhere, 16 * 60)
    nowhere = counter.sets(TODAY, None, 18 * 60)
    assert free(counter, need) == ["14:00", "14:20", "14:40", "15:00"]
    assert len(free(counter, need, counter.district.officer)) == 12
    for clinic in (foreign, nowhere):
        with pytest.raises(ForbiddenError):
            counter.gives(need, f"{TODAY} 16:00", clinic_id=clinic.id)
    # The slot of another clinic is not had through one's own.
    with pytest.raises(NotFreeError):
        counter.gives(need, f"{TODAY} 16:00")
    with pytest.raises(NotFoundError):
        counter.gives(need, actor=counter.stranger)
    with pytest.raises(NotFoundError):
        counter.gives(need, clinic_id=need.id)
    own = a_need(counter.store, counter.mentor.actor.person_id)
    for actor in (
        a_founder(counter.store),
        counter.mentor.actor,
        staff(counter.store, Role.AUDITOR),
    ):
        with pytest.raises((ForbiddenError, NotFoundError)):
            counter.gives(own, actor=actor)
    assert nothing_booked(counter)
    given = counter.gives(
        need, f"{TODAY} 16:00", actor=counter.district.officer, clinic_id=foreign.id
    )
    assert given.channel is Channel.STATION


def test_only_slots_of_today_that_have_not_begun_are_given(counter) -> None:
    need = counter.comes()
    tomorrow = counter.sets("09-17", counter.place)
    with pytest.raises(NotTodayError):
        counter.gives(need, "09-17 14:00", clinic_id=tomorrow.id)
    for when in ("14:10", "15:20", "13:40"):
        with pytest.raises(NotFreeError) as refused:
            counter.gives(need, f"{TODAY} {when}")
        assert refused.value.code == "availability.in_clinic"
    counter.district.clock.put(at(f"{TODAY} 14:20"))
    assert free(counter, need) == ["14:40", "15:00"]
    for when in ("14:00", "14:20"):
        with pytest.raises(NotFreeError) as refused:
            counter.gives(need, f"{TODAY} {when}")
        assert refused.value.code == "availability.past"
    assert nothing_booked(counter)
    counter.gives(need, f"{TODAY} 14:40")
    counter.district.clock.put(at(f"{TODAY} 15:30"))
    assert free(counter, need) == []


def _full(counter: Counter) -> None:
    def change(uow: Any) -> None:
        uow.load(Expert, counter.mentor.expert.id).monthly_limit = 0

    counter.store.execute(SYSTEM, change)


def _away(counter: Counter) -> None:
    leave = Leave(day(TODAY), day(TODAY), "出差", None)
    counter.store.execute(counter.mentor.actor, leaves.take, counter.mentor.expert.id, leave)


def _closed(counter: Counter) -> None:
    closing = Closing(day(TODAY), day(TODAY), "开会", 14 * 60, 15 * 60)
    expert_id = counter.mentor.expert.id
    counter.store.execute(counter.mentor.actor, availability.close_day, expert_id, closing)


def _paused(counter: Counter) -> None:
    counter.store.execute(counter.district.approver, experts.pause, counter.mentor.expert.id)


def _out_of_term(counter: Counter) -> None:
    def change(uow: Any) -> None:
        term = uow.one(select(Appointment).where(Appointment.expert_id == counter.mentor.expert.id))
        term.ends_on = day("09-15")
        uow.audit("test.changed", term)

    counter.store.execute(SYSTEM, change)


@pytest.mark.parametrize(
    ("cause", "code"),
    [
        (_full, "expert.month_full"),
        (_away, "expert.on_leave"),
        (_closed, "availability.in_clinic"),
        (_paused, "expert.paused"),
        (_out_of_term, "expert.out_of_term"),
    ],
)
def test_every_other_rule_refuses_with_its_reason(
    counter, cause: Callable[[Counter], None], code: str
) -> None:
    need = counter.comes()
    cause(counter)
    with pytest.raises(NotFreeError) as refused:
        counter.gives(need)
    assert refused.value.code == code
    assert "14:00" not in free(counter, need)
    assert nothing_booked(counter)


def test_a_tie_and_a_closed_need_refuse_too(counter) -> None:
    need = counter.comes()
    tie = DeclaredInterest(
        expert_id=counter.mentor.expert.id,
        conflict_type="ci2_board",
        organisation="",
        person_id=need.person_id,
    )
    keep(counter.store, tie)
    with pytest.raises(RecusalError):
        counter.gives(need)
    other = counter.comes("吴大爷")
    counter.store.execute(counter.clerk, needs.withdraw, other.id)
    with pytest.raises(NeedClosedError):
        counter.gives(other)
    assert nothing_booked(counter)


def test_one_person_is_at_one_place_and_what_else_was_asked_for_the_need_ends(counter) -> None:
    need = counter.comes()
    colleague = counter.district.mentor("刘总")
    asked = Choice(
        need_id=need.id, expert_id=colleague.expert.id, starts_at=at("09-18 14:00"), mode="onsite"
    )
    request = counter.store.execute(counter.clerk, desk_entries.book, asked)
    counter.gives(need)
    ended = counter.district.one(Booking, Booking.id == request.id)
    assert (ended.status, ended.end_reason) == (BookingStatus.WITHDRAWN, "s_duplicate")
    second = counter.hears(counter.district.one(Person, Person.id == need.person_id))
    assert free(counter, second) == ["14:20", "14:40", "15:00"]


def test_of_all_who_give_one_slot_at_once_one_does(counter) -> None:
    people = [counter.comes(f"来人{number}") for number in range(4)]
    actors = (counter.clerk, counter.district.officer, counter.clerk, counter.district.approver)
    acts = [
        lambda need=need, actor=actor: counter.gives(need, actor=actor)
        for need, actor in zip(people, actors, strict=True)
    ]
    refused = together(acts)
    assert [type(error) for error in refused] == [TimeTakenError] * 3
    assert len(counter.district.rows(Booking)) == 1
    claims = counter.district.rows(ResourceClaim)
    assert len(claims) == 2
    assert all(claim.is_active for claim in claims)
    assert len(counter.district.rows(ServiceSession)) == 1


def test_a_clinic_changed_between_look_and_press_gives_nothing(counter, monkeypatch) -> None:
    """The clinic is read again with everything else: no notice is waived for another time."""
    need = counter.comes()
    before = timing.load_diaries

    def changed_meanwhile(*args: Any) -> Any:
        diaries = before(*args)
        diary = diaries.by_expert[counter.mentor.expert.id]
        later = replace(diary.clinics[0], slot_minutes=30)
        moved = {counter.mentor.expert.id: replace(diary, clinics=(later,))}
        return replace(diaries, by_expert=moved)

    monkeypatch.setattr(timing, "load_diaries", changed_meanwhile)
    with pytest.raises(ClinicChangedError):
        counter.gives(need)
    assert nothing_booked(counter)
