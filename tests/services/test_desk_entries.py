"""What a clerk enters for somebody in front of him, and takes back."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.actor import Role
from app.domain.booking import BookingStatus
from app.domain.consent import Purpose
from app.domain.desk_entry import (
    AlreadyUndoneError,
    BuiltUponError,
    EntryKind,
    UndoOverError,
)
from app.domain.errors import ForbiddenError, InvalidInputError, NotFoundError
from app.domain.need import Channel, NeedStatus
from app.domain.person import LikelyDoubleError
from app.models.audit_entry import AuditEntry
from app.models.booking import Booking, ResourceClaim
from app.models.consent import Consent
from app.models.desk_entry import DeskEntry
from app.models.need import Need
from app.models.person import FounderGroup, IdentityLevel, Person, VentureMember
from app.services import board_posts, bookings, desk_entries, needs
from app.services.needs import NeedInput
from tests.builders import staff
from tests.desk import SHEET, WORDS, ServiceDesk, a_desk
from tests.moments import day
from tests.scenes import Plays


@pytest.fixture
def plays() -> Plays:
    return {"desk": a_desk}


@pytest.fixture
def desk(scene: ServiceDesk) -> ServiceDesk:
    return scene


def test_a_walk_in_is_kept_with_his_consent_and_his_own_street(desk) -> None:
    person = desk.registers(document="居民身份证", venture="钱大妈面点铺")

    assert (person.street, person.birth_year) == ("tangye", 1963)
    assert person.identity_level is IdentityLevel.DOCUMENT
    consent = desk.district.one(Consent)
    assert (consent.person_id, consent.purpose, consent.given_on) == (
        person.id,
        Purpose.SERVICE,
        day("09-16"),
    )
    assert consent.taken_by_id == desk.clerk.account_id
    assert desk.district.one(VentureMember).person_id == person.id
    assert desk.district.one(DeskEntry).kind is EntryKind.PERSON


def test_a_sensitive_group_needs_a_consent_of_its_own_and_is_verified_by_what_was_seen(
    desk,
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        desk.registers(group="hardship_employment")
    assert [error.field for error in refused.value.errors] == ["group_given_on"]
    assert desk.district.rows(Person, Person.name == "钱大妈") == []

    person = desk.registers(group="hardship_employment", group_consent=SHEET, group_seen=True)

    group = desk.district.one(FounderGroup)
    assert (group.person_id, group.verified_by_id) == (person.id, desk.clerk.account_id)
    assert {row.purpose for row in desk.district.rows(Consent)} == set(Purpose)


def test_a_group_that_is_not_sensitive_needs_no_sheet_and_waits_for_its_proof(desk) -> None:
    desk.registers(group="veteran")
    assert desk.district.one(FounderGroup).verified_at is None
    with pytest.raises(InvalidInputError):
        desk.registers("别人", phone=None, group="happy_people")


def test_no_group_stands_in_the_trail(desk) -> None:
    desk.registers(group="hardship_employment", group_consent=SHEET)
    assert not any("hardship" in entry.body for entry in desk.district.rows(AuditEntry))


def test_who_looks_like_somebody_known_is_saved_only_after_a_look(desk) -> None:
    first = desk.registers()
    with pytest.raises(LikelyDoubleError) as refused:
        desk.registers("钱 大妈", phone=None)
    assert refused.value.facts["persons"] == [str(first.id)]

    second = desk.registers("钱 大妈", phone=None, others=frozenset({first.id}))
    assert second.id != first.id


def test_a_namesake_beyond_the_clerks_reach_is_not_betrayed(desk) -> None:
    desk.registers()
    elsewhere = desk.registers(actor=desk.stranger)
    assert elsewhere.street == "guodian"


def test_only_a_desk_registers(desk) -> None:
    for actor in (desk.mentor.actor, staff(desk.store, Role.AUDITOR)):
        with pytest.raises(ForbiddenError):
            desk.registers(actor=actor)


def test_the_origin_is_kept_from_the_need_to_the_meeting(desk) -> None:
    booking = desk.books(desk.hears(desk.registers()))
    assert booking.channel is Channel.STATION
    desk.store.execute(desk.mentor.actor, bookings.accept, booking.id)
    assert desk.district.session_of(booking).channel is Channel.STATION


@pytest.mark.parametrize(
    ("role", "channel"), [(Role.STREET_LIAISON, Channel.STREET), (Role.OFFICER, Channel.BUREAU)]
)
def test_without_a_word_the_origin_is_the_clerks_own_counter(desk, role, channel) -> None:
    actor = desk.clerk if role is Role.STREET_LIAISON else desk.district.officer
    person = desk.registers()
    need = desk.store.execute(actor, desk_entries.take_need, NeedInput(text=WORDS), person.id)
    assert need.channel is channel


def test_a_founder_does_not_say_that_he_came_to_a_desk(desk) -> None:
    founder = desk.district.founder("李晓")
    with pytest.raises(InvalidInputError) as refused:
        desk.store.execute(
            founder.actor, needs.submit, NeedInput(text=WORDS, channel=Channel.STATION)
        )
    assert refused.value.errors[0].field == "channel"


def test_a_booking_is_taken_back_with_the_right_reason_and_gives_its_time_back(desk) -> None:
    booking = desk.books(desk.hears(desk.registers()))
    entry = desk.undoes(booking)

    row = desk.district.one(Booking)
    assert (row.status, row.end_reason) == (BookingStatus.WITHDRAWN, "b_entry_error")
    assert not any(claim.is_active for claim in desk.district.rows(ResourceClaim))
    assert desk.district.one(Need).status is NeedStatus.SUBMITTED
    assert entry.undone_at == desk.district.clock.now()
    audited = {entry.action for entry in desk.district.rows(AuditEntry)}
    assert {"booking.withdrawn", "desk_entry.undone"} <= audited


def test_everything_is_taken_back_in_the_order_it_was_built(desk) -> None:
    person = desk.registers(group="veteran")
    need = desk.hears(person)
    with pytest.raises(BuiltUponError):
        desk.undoes(person)
    desk.undoes(need)
    desk.undoes(person)

    row = desk.district.one(Person, Person.id == person.id)
    assert (row.phone, row.birth_year, row.voided_at is None) == (None, None, False)
    assert "钱" not in row.name
    assert desk.district.rows(FounderGroup) == []
    assert len(desk.district.rows(Consent)) == 1
    assert desk.district.one(Need).status is NeedStatus.WITHDRAWN


def test_what_the_mentor_accepted_is_not_taken_back(desk) -> None:
    booking = desk.books(desk.hears(desk.registers()))
    desk.store.execute(desk.mentor.actor, bookings.accept, booking.id)

    with pytest.raises(BuiltUponError) as refused:
        desk.undoes(booking)
    assert refused.value.facts["by"] == "accepted"
    assert desk.district.one(Booking).status is BookingStatus.ACCEPTED


def test_a_need_that_is_booked_or_on_the_board_is_not_taken_back(desk) -> None:
    need = desk.hears(desk.registers())
    text = "想在社区开个面点铺，不知道营业执照怎么办，想找懂登记的人问问。"
    post = desk.store.execute(desk.district.officer, board_posts.draft, need.id, text)
    with pytest.raises(BuiltUponError) as refused:
        desk.undoes(need)
    assert refused.value.facts["by"] == "board_post"
    assert post.need_id == need.id

    booked = desk.hears(desk.registers("吴大爷", phone=None))
    desk.books(booked)
    with pytest.raises(BuiltUponError):
        desk.undoes(booked)


def test_after_ten_minutes_nothing_is_taken_back(desk) -> None:
    booking = desk.books(desk.hears(desk.registers()))
    desk.district.clock.put(desk.district.clock.now() + timedelta(minutes=10))
    with pytest.raises(UndoOverError):
        desk.undoes(booking)
    assert desk.district.one(Booking).status is BookingStatus.REQUESTED


def test_nobody_takes_back_what_another_entered_and_nobody_twice(desk) -> None:
    person = desk.registers()
    entry = desk.district.one(DeskEntry)
    colleague = staff(desk.store, Role.STREET_LIAISON, street="tangye")
    for other in (colleague, desk.stranger, desk.district.officer):
        with pytest.raises(NotFoundError):
            desk.store.execute(other, desk_entries.undo, entry.id)
    retired = replace(desk.clerk, roles=frozenset({Role.DEPT_LIAISON}))
    with pytest.raises(ForbiddenError):
        desk.store.execute(retired, desk_entries.undo, entry.id)
    desk.undoes(person)
    with pytest.raises(AlreadyUndoneError):
        desk.undoes(person)


def test_what_a_founder_does_himself_is_no_desks_entry(desk) -> None:
    founder = desk.district.founder("李晓")
    desk.store.execute(founder.actor, needs.submit, NeedInput(text=WORDS))
    desk.district.accepted(desk.mentor, founder, "09-18 15:00")
    assert desk.district.rows(DeskEntry) == []
