from datetime import timedelta

import pytest

from app.domain.activity import (
    DoorClosedError,
    DoorNotOpenError,
    OverError,
    RegistrationStatus,
    SpeakerError,
)
from app.domain.errors import ForbiddenError, InvalidInputError
from app.domain.service_session import Evidence
from app.models.activity import Activity, Registration
from app.models.person import IdentityLevel, Person
from app.services import activities
from app.services.persons import WalkIn
from tests.gathering import Hall
from tests.moments import at


@pytest.fixture
def lecture(hall: Hall) -> Activity:
    activity = hall.announced()
    hall.clock.put(at("09-12 08:50"))
    return activity


def test_the_same_number_twice_is_one_listener_however_it_is_written(hall, lecture) -> None:
    first = hall.sign_in(lecture, "钱大妈", "138 0000 1111")
    again = hall.sign_in(lecture, "钱秀英", "+86 138-0000-1111")

    assert first.id == again.id
    (person,) = hall.rows(Person, Person.phone == "13800001111")
    assert (person.name, person.identity_level) == ("钱大妈", IdentityLevel.NONE)
    (row,) = hall.rows(Registration)
    assert (row.status, row.evidence, row.identity_level, row.checked_in_at) == (
        RegistrationStatus.WALKED_IN, Evidence.CODE, IdentityLevel.PHONE, at("09-12 08:50"),
    )  # fmt: skip


def test_a_number_that_is_known_belongs_to_whom_it_did_and_changes_nothing(hall, lecture) -> None:
    founder = hall.founder("李晓", phone="138 0000 2222", identity_level=IdentityLevel.DOCUMENT)

    row = hall.sign_in(lecture, "小李", "13800002222")

    assert row.person_id == founder.person_id
    assert row.identity_level is IdentityLevel.DOCUMENT
    (person,) = hall.rows(Person, Person.id == founder.person_id)
    assert (person.name, person.phone) == ("李晓", "138 0000 2222")


def test_of_two_who_share_a_number_the_one_who_bears_the_name_signs_in(hall, lecture) -> None:
    hall.founder("李父", phone="13800003333")
    son = hall.founder("李子", phone="13800003333")

    assert hall.sign_in(lecture, "李子", "13800003333").person_id == son.person_id
    assert hall.sign_in(lecture, "李父", "13800003333").person_id == son.person_id


def test_who_has_a_seat_and_types_his_number_at_the_door_is_one_listener(hall) -> None:
    founder, lecture = hall.founder("李晓", phone="13800004444"), hall.announced()
    hall.join(founder, lecture)
    hall.clock.put(at("09-12 09:05"))

    hall.sign_in(lecture, "李晓", "13800004444")
    code = hall.now_of(lecture).door_code
    hall.store.execute(founder, activities.check_in, lecture.id, code.lower())

    (row,) = hall.rows(Registration)
    assert (row.status, row.checked_in_at) == (RegistrationStatus.JOINED, at("09-12 09:05"))


@pytest.mark.parametrize(
    ("when", "refusal"),
    [
        ("09-12 07:59", DoorNotOpenError),
        ("09-12 08:00", None),
        ("09-12 10:59", None),
        ("09-12 11:00", DoorClosedError),
        ("09-12 11:01", DoorClosedError),
    ],
)
def test_the_code_is_good_from_an_hour_before_until_half_an_hour_after(
    hall, lecture, when, refusal
) -> None:
    hall.clock.put(at(when))
    if refusal is None:
        assert hall.sign_in(lecture, "钱大妈", "13800001111").checked_in_at == at(when)
        return
    with pytest.raises(refusal):
        hall.sign_in(lecture, "钱大妈", "13800001111")
    assert hall.rows(Registration) == []


@pytest.mark.parametrize(
    ("code", "name", "phone", "field"),
    [
        ("000000", "钱大妈", "13800001111", "code"),
        (None, "", "13800001111", "name"),
        (None, "钱大妈", "", "phone"),
        (None, "钱大妈", "电话", "phone"),
    ],
)
def test_what_is_wrong_at_the_door_is_named_and_leaves_nothing(
    hall, lecture, code, name, phone, field
) -> None:
    listener = activities.Listener(name, phone)
    typed = code or hall.now_of(lecture).door_code
    with pytest.raises(InvalidInputError) as refused:
        hall.store.execute(hall.founder(), activities.sign_in, lecture.id, typed, listener)
    assert [fault.field for fault in refused.value.errors] == [field]
    assert hall.rows(Registration) == []


def test_a_renewed_code_leaves_the_one_before_worthless(hall, lecture) -> None:
    old = hall.now_of(lecture).door_code
    hall.store.execute(hall.officer, activities.renew_code, lecture.id)

    with pytest.raises(InvalidInputError):
        hall.store.execute(hall.founder(), activities.check_in, lecture.id, old)
    hall.sign_in(lecture, "钱大妈", "13800001111")


def test_the_speaker_signs_in_nowhere(hall, lecture) -> None:
    with pytest.raises(SpeakerError):
        hall.store.execute(
            hall.mentor(0), activities.check_in, lecture.id, hall.now_of(lecture).door_code
        )


def test_the_keeper_signs_in_who_signed_the_sheet_and_a_number_told_is_no_identity(
    hall, lecture
) -> None:
    founder = hall.founder("李晓")
    seen = WalkIn(name="孙丽", phone="13800005555", document="身份证")
    told = WalkIn(name="周涛", phone="13800006666")

    rows = [
        hall.store.execute(hall.officer, activities.check_in_signed, lecture.id, somebody)
        for somebody in (founder.person_id, seen, told)
    ]

    assert {row.evidence for row in rows} == {Evidence.SIGNATURE}
    assert [row.identity_level for row in rows] == [
        IdentityLevel.PHONE, IdentityLevel.DOCUMENT, IdentityLevel.NONE,
    ]  # fmt: skip


def test_the_sheet_is_typed_in_after_the_door_has_closed_but_not_before_it_opens(
    hall, lecture
) -> None:
    founder = hall.founder("李晓")
    hall.clock.put(at("09-12 07:00"))
    with pytest.raises(DoorNotOpenError):
        hall.store.execute(hall.officer, activities.check_in_signed, lecture.id, founder.person_id)
    hall.clock.put(at("09-14 09:00"))
    hall.store.execute(hall.officer, activities.check_in_signed, lecture.id, founder.person_id)
    assert len(hall.rows(Registration)) == 1


def test_heads_are_counted_up_and_down_and_never_below_none(hall, lecture) -> None:
    version = hall.now_of(lecture).version
    for by, heads in ((1, 1), (1, 2), (-1, 1), (-1, 0), (-1, 0)):
        counted = hall.store.execute(hall.officer, activities.count_heads, lecture.id, by)
        assert counted.anonymous_heads == heads
    # The page of the officer who edits the rest is not stale by it.
    assert hall.now_of(lecture).version == version


def test_only_the_keeper_counts_heads_and_renews_codes(hall, lecture) -> None:
    for act in ((activities.count_heads, 1), (activities.renew_code,)):
        with pytest.raises(ForbiddenError):
            hall.store.execute(hall.founder(), act[0], lecture.id, *act[1:])


def test_once_the_list_is_closed_nobody_signs_in_and_no_head_is_counted(hall, lecture) -> None:
    hall.close(lecture)
    for act in (
        (hall.founder(), activities.check_in, lecture.id, lecture.door_code),
        (hall.officer, activities.count_heads, lecture.id, 1),
    ):
        with pytest.raises(OverError):
            hall.store.execute(*act)
    assert hall.clock.now() < lecture.ends_at + timedelta(minutes=30)
