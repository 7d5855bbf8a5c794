from dataclasses import replace

import pytest
from sqlalchemy import select

from app.domain.actor import SYSTEM, Actor, Role
from app.domain.availability import Mode, NotFreeError
from app.domain.booking import (
    BookingStatus,
    FounderBusyError,
    HoldOverError,
    IllegalTransitionError,
    TimeTakenError,
    TooManyOpenError,
)
from app.domain.clock import FixedClock
from app.domain.errors import ForbiddenError, InvalidInputError, NotFoundError
from app.domain.expert import ExpertCategory, RecusalError
from app.domain.need import NeedClosedError, NeedStatus
from app.models.booking import Booking, ResourceClaim
from app.models.expert import DeclaredInterest, Expert
from app.models.job import Job
from app.models.need import Need
from app.models.person import VentureMember
from app.services import bookings
from app.services.bookings import Choice
from app.unit_of_work import Store, UnitOfWork
from tests.builders import a_founder, a_mentor, a_need, a_venture, an_expert, keep, staff
from tests.moments import at


@pytest.fixture
def founder(store: Store) -> Actor:
    return a_founder(store)


@pytest.fixture
def expert(store: Store) -> Expert:
    return an_expert(store)


def choice(need, expert: Expert, when: str = "09-18 14:00", **values) -> Choice:
    defaults = {
        "need_id": need.id,
        "expert_id": expert.id,
        "starts_at": at(when),
        "mode": Mode.ONSITE,
    }
    return Choice(**{**defaults, **values})


def rows(store: Store, model) -> list:
    with store.read(SYSTEM) as reader:
        return list(reader.session.scalars(select(model).order_by(model.id)))


def test_a_hold_keeps_the_time_for_ten_minutes(store, founder, expert) -> None:
    booking = store.execute(
        founder, bookings.hold, choice(a_need(store, founder.person_id), expert)
    )

    assert booking.status is BookingStatus.ON_HOLD
    assert booking.hold_until == at("09-16 10:10")
    assert booking.ends_at == at("09-18 14:50")
    assert [claim.is_active for claim in rows(store, ResourceClaim)] == [True, True]


def test_a_request_waits_two_working_days_for_its_answer(store, founder, expert, clock) -> None:
    held = store.execute(
        founder, bookings.hold, choice(a_need(store, founder.person_id), expert, "09-22 14:00")
    )

    booking = store.execute(founder, bookings.request, held.id)

    assert (booking.status, booking.answer_by) == (BookingStatus.REQUESTED, at("09-18 10:00"))
    planned = {job.kind: job.run_at for job in rows(store, Job)}
    assert planned["expire_booking"] == at("09-18 10:00")


def test_a_taken_time_is_refused_and_leaves_nothing_behind(store, founder, expert) -> None:
    other = a_founder(store, name="王强")
    store.execute(founder, bookings.request_now, choice(a_need(store, founder.person_id), expert))
    before = len(rows(store, Booking))

    with pytest.raises(TimeTakenError):
        store.execute(
            other, bookings.hold, choice(a_need(store, other.person_id), expert, "09-18 14:30")
        )

    assert len(rows(store, Booking)) == before


def test_a_hold_that_ran_out_gives_way_to_the_next_founder(
    store, founder, expert, clock: FixedClock
) -> None:
    other = a_founder(store, name="王强")
    first = store.execute(founder, bookings.hold, choice(a_need(store, founder.person_id), expert))
    clock.put(at("09-16 10:11"))

    second = store.execute(other, bookings.hold, choice(a_need(store, other.person_id), expert))

    assert second.status is BookingStatus.ON_HOLD
    with pytest.raises((HoldOverError, IllegalTransitionError)):
        store.execute(founder, bookings.request, first.id)


def test_a_hold_that_ran_out_cannot_be_requested(store, founder, expert, clock) -> None:
    held = store.execute(founder, bookings.hold, choice(a_need(store, founder.person_id), expert))
    clock.put(at("09-16 10:10"))

    with pytest.raises(HoldOverError):
        store.execute(founder, bookings.request, held.id)


def test_choosing_another_time_lets_the_first_hold_go(store, founder, expert) -> None:
    need = a_need(store, founder.person_id)
    first = store.execute(founder, bookings.hold, choice(need, expert))

    store.execute(founder, bookings.hold, choice(need, expert, "09-18 15:00"))

    status = {booking.id: booking.status for booking in rows(store, Booking)}
    assert status[first.id] is BookingStatus.RELEASED


def test_a_founder_cannot_be_at_two_meetings_at_once(store, founder, expert) -> None:
    another = an_expert(store, name="刘总")
    store.execute(founder, bookings.request_now, choice(a_need(store, founder.person_id), expert))

    with pytest.raises(FounderBusyError):
        store.execute(
            founder, bookings.hold, choice(a_need(store, founder.person_id), another, "09-18 14:15")
        )


def test_a_founder_holds_two_times_at_the_most(store, founder, expert) -> None:
    for when in ("09-18 14:00", "09-18 16:00"):
        store.execute(
            founder, bookings.hold, choice(a_need(store, founder.person_id), expert, when)
        )

    with pytest.raises(TooManyOpenError):
        store.execute(
            founder, bookings.hold, choice(a_need(store, founder.person_id), expert, "09-18 18:00")
        )


def test_an_official_is_offered_on_a_make_up_sunday_and_refused_on_a_holiday(
    store, founder
) -> None:
    official = an_expert(store, weekly=False, category=ExpertCategory.OFFICIAL)
    need = a_need(store, founder.person_id)

    booking = store.execute(founder, bookings.hold, choice(need, official, "09-20 09:30"))

    assert booking.ends_at == at("09-20 10:20")
    with pytest.raises(NotFreeError) as refusal:
        store.execute(founder, bookings.hold, choice(need, official, "09-25 09:30"))
    assert refusal.value.code == "availability.holiday"


@pytest.mark.parametrize(
    ("when", "code"),
    [
        ("09-16 09:00", "availability.past"),
        ("09-18 14:07", "availability.off_grid"),
        ("09-18 20:30", "availability.closed"),
        ("12-18 14:00", "availability.too_far"),
    ],
)
def test_a_time_that_is_not_offered_is_refused_with_its_cause(
    store, founder, expert, when: str, code: str
) -> None:
    with pytest.raises(NotFreeError) as refusal:
        store.execute(
            founder, bookings.hold, choice(a_need(store, founder.person_id), expert, when)
        )
    assert refusal.value.code == code


def test_a_founder_cannot_book_for_a_strangers_need(store, founder, expert) -> None:
    other = a_founder(store, name="王强")
    with pytest.raises(NotFoundError):
        store.execute(founder, bookings.hold, choice(a_need(store, other.person_id), expert))


def test_a_mentor_may_not_book(store, founder, expert) -> None:
    need = a_need(store, founder.person_id)
    store.execute(founder, bookings.request_now, choice(need, expert))
    with pytest.raises(ForbiddenError):
        store.execute(a_mentor(store, expert), bookings.hold, choice(need, expert, "09-18 17:00"))


def test_a_mentor_who_is_a_founder_too_does_not_book_for_his_clients(
    store, founder, expert
) -> None:
    need = a_need(store, founder.person_id)
    store.execute(founder, bookings.request_now, choice(need, expert))
    both = replace(a_mentor(store, expert), roles=frozenset({Role.MENTOR, Role.FOUNDER}))
    with pytest.raises(ForbiddenError):
        store.execute(both, bookings.hold, choice(need, expert, "09-18 17:00"))
    assert len(rows(store, Booking)) == 1


def test_nobody_but_himself_and_the_bureau_requests_in_a_founders_name(
    store, founder, expert
) -> None:
    held = store.execute(founder, bookings.hold, choice(a_need(store, founder.person_id), expert))
    with pytest.raises(ForbiddenError):
        store.execute(SYSTEM, bookings.request, held.id)
    requested = store.execute(staff(store, Role.OFFICER), bookings.request, held.id)
    assert requested.status is BookingStatus.REQUESTED


def test_a_hold_of_a_need_that_was_closed_meanwhile_is_not_requested(
    store, founder, expert
) -> None:
    need = a_need(store, founder.person_id)
    held = store.execute(founder, bookings.hold, choice(need, expert))

    def close(uow: UnitOfWork) -> None:
        uow.load(Need, need.id).status = NeedStatus.CLOSED

    store.execute(SYSTEM, close)
    with pytest.raises(NeedClosedError):
        store.execute(founder, bookings.request, held.id)
    assert [row.status for row in rows(store, Booking)] == [BookingStatus.ON_HOLD]


@pytest.mark.parametrize("ends_at", [None, at("09-18 15:00")])
def test_an_unknown_kind_of_service_is_refused_whether_or_not_its_length_is_given(
    store, founder, expert, ends_at
) -> None:
    wanted = choice(
        a_need(store, founder.person_id), expert, session_type="seance", ends_at=ends_at
    )
    with pytest.raises(InvalidInputError) as refusal:
        store.execute(founder, bookings.hold, wanted)
    assert [error.field for error in refusal.value.errors] == ["session_type"]


def test_a_place_is_kept_as_far_as_the_column_reaches(store, founder, expert) -> None:
    wanted = choice(a_need(store, founder.person_id), expert, place="楼" * 201)
    assert store.execute(founder, bookings.hold, wanted).place == "楼" * 200


def test_a_stake_in_the_founders_company_forbids_the_booking(store, founder, expert) -> None:
    venture = a_venture(store, founder.person_id, name="鲁泉电子", credit_code="91370112MA3CD4EF5X")
    stake = DeclaredInterest(
        expert_id=expert.id,
        conflict_type="ci4_equity",
        organisation="鲁泉电子",
        credit_code="91370112MA3CD4EF5X",
    )
    keep(store, stake)
    with pytest.raises(RecusalError):
        store.execute(
            founder,
            bookings.hold,
            choice(a_need(store, founder.person_id, venture_id=venture.id), expert),
        )


@pytest.mark.parametrize("named", [None, "远景设计"])
@pytest.mark.parametrize(
    "tie", [{"organisation": "鲁泉电子有限公司"}, {"credit_code": "91370112MA3CD4EF5X"}]
)
def test_a_stake_in_another_venture_of_the_founder_forbids_it_too(
    store, founder, expert, named: str | None, tie: dict[str, str]
) -> None:
    a_venture(store, founder.person_id, name="鲁泉电子", credit_code="91370112MA3CD4EF5X")
    venture = a_venture(store, founder.person_id, name=named) if named else None
    need = a_need(store, founder.person_id, venture_id=venture.id if venture else None)
    stake = {"organisation": "", **tie}
    keep(store, DeclaredInterest(expert_id=expert.id, conflict_type="ci4_equity", **stake))
    with pytest.raises(RecusalError):
        store.execute(founder, bookings.hold, choice(need, expert))
    assert rows(store, Booking) == []


def test_kinship_with_a_partner_in_another_venture_forbids_it(store, founder, expert) -> None:
    other, partner = a_venture(store, founder.person_id), a_founder(store, name="王强")
    keep(store, VentureMember(venture_id=other.id, person_id=partner.person_id))
    kin = {"conflict_type": "ci5_kin", "organisation": "", "person_id": partner.person_id}
    keep(store, DeclaredInterest(expert_id=expert.id, **kin))
    with pytest.raises(RecusalError):
        store.execute(founder, bookings.hold, choice(a_need(store, founder.person_id), expert))


def test_nobody_advises_himself_or_a_venture_he_belongs_to(store, founder, expert) -> None:
    own = a_need(store, expert.person_id)
    with pytest.raises(RecusalError):
        store.execute(staff(store), bookings.hold, choice(own, expert))

    venture = a_venture(store, founder.person_id)
    keep(store, VentureMember(venture_id=venture.id, person_id=expert.person_id))
    with pytest.raises(RecusalError):
        store.execute(founder, bookings.hold, choice(a_need(store, founder.person_id), expert))
