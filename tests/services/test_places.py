from dataclasses import replace

import pytest
from sqlalchemy import select

from app.adapters.reference_files import read_reference
from app.db import StaleVersionError
from app.domain.actor import SYSTEM, Role
from app.domain.availability import Closing
from app.domain.errors import ForbiddenError, InvalidInputError, NotFoundError
from app.domain.place import (
    Equipment,
    PlaceFacts,
    PlaceKind,
    PlaceNameTakenError,
    PlaceRetiredError,
    Wanted,
)
from app.models.audit_entry import AuditEntry
from app.models.place import Place, PlaceClosing
from app.queries.places import closings_ahead, free_at, list_places, place_diaries, read_place
from app.services import places
from tests.builders import a_mentor, an_expert, staff
from tests.databases import ROOT
from tests.moments import START, at, day

ROOM = PlaceFacts(
    kind=PlaceKind.STATION,
    name="洪家楼社区就业服务站 洽谈间",
    street="hongjialou",
    address="洪家楼南路 1 号",
    seats=6,
    equipment=[Equipment.VIDEO, Equipment.CLOSED_DOOR],
)
CLEANING = Closing(day("09-18"), day("09-21"), "消杀")


@pytest.fixture
def officer(store):
    return staff(store)


@pytest.fixture
def room(store, officer):
    return store.execute(officer, places.add, ROOM)


def rows(store, model):
    with store.read(SYSTEM) as reader:
        return list(reader.session.scalars(select(model).order_by(model.id)))


def actions(store):
    return [row.action for row in rows(store, AuditEntry) if row.entity == "places"]


def free(store, place, on):
    def ask(uow):
        view = read_place(uow, place.id)
        diary = place_diaries(uow, [view], [day(on)], uow.calendar)[place.id]
        return [time.starts_at for time in free_at(diary, uow.calendar, 60, uow.now, [day(on)])]

    return store.execute(SYSTEM, ask)


def test_a_place_added_at_the_desk_is_listed_with_its_hours(store, room) -> None:
    with store.read(SYSTEM) as reader:
        (found,) = [each for each in list_places(reader) if each.id == room.id]
        fitting = list_places(reader, wanted=Wanted(6, frozenset({"video"})))
        assert found in fitting
        assert found not in list_places(reader, wanted=Wanted(7))
        assert found not in list_places(reader, wanted=Wanted(1, frozenset({"projector"})))
    assert found.equipment == ("closed_door", "video")
    assert len(found.hours) == 10
    assert free(store, room, "09-18")[0] == at("09-18 09:00")


def test_two_places_in_use_never_share_a_name(store, officer, room) -> None:
    with pytest.raises(PlaceNameTakenError):
        store.execute(officer, places.add, ROOM)
    other = store.execute(officer, places.add, replace(ROOM, name="另一间"))
    with pytest.raises(PlaceNameTakenError):
        store.execute(officer, places.change, other.id, ROOM)
    store.execute(officer, places.retire, room.id)
    store.execute(officer, places.change, other.id, ROOM)


def test_a_change_from_a_stale_page_is_refused(store, officer, room) -> None:
    store.execute(officer, places.change, room.id, replace(ROOM, seats=8), version=room.version)
    with pytest.raises(StaleVersionError):
        store.execute(officer, places.change, room.id, ROOM, version=room.version)
    with pytest.raises(InvalidInputError):
        store.execute(officer, places.change, room.id, replace(ROOM, seats=0))
    with store.read(SYSTEM) as reader:
        assert read_place(reader, room.id).seats == 8


def test_a_retired_place_is_kept_and_takes_no_more_changes(store, officer, room) -> None:
    store.execute(officer, places.retire, room.id)
    for use_case, *given in (
        (places.change, ROOM),
        (places.retire,),
        (places.close_day, CLEANING),
        (places.reopen_days, []),
    ):
        with pytest.raises(PlaceRetiredError):
            store.execute(officer, use_case, room.id, *given)
    with store.read(SYSTEM) as reader:
        assert room.id not in {each.id for each in list_places(reader)}
        kept = {each.id: each for each in list_places(reader, is_with_retired=True)}
        assert kept[room.id].is_retired
    assert actions(store)[-2:] == ["place.added", "place.retired"]


def test_closed_days_take_their_times_until_they_are_reopened(store, officer, room) -> None:
    store.execute(officer, places.close_day, room.id, CLEANING)
    assert free(store, room, "09-18") == []
    with pytest.raises(InvalidInputError):
        store.execute(officer, places.close_day, room.id, CLEANING)
    with store.read(SYSTEM) as reader:
        shut = closings_ahead(reader, room.id, day("09-19"))
    assert [each.day for each in shut] == [day("09-19"), day("09-20"), day("09-21")]
    keys = [row.id for row in rows(store, PlaceClosing)]
    assert store.execute(officer, places.reopen_days, room.id, keys) == 4
    assert free(store, room, "09-18") != []
    with pytest.raises(NotFoundError):
        store.execute(officer, places.reopen_days, room.id, keys)


def test_only_the_bureau_keeps_places(store, room) -> None:
    for actor in (a_mentor(store, an_expert(store)), staff(store, Role.STREET_LIAISON, street="a")):
        with pytest.raises(ForbiddenError):
            store.execute(actor, places.add, replace(ROOM, name="别的"))
        with pytest.raises(ForbiddenError):
            store.execute(actor, places.retire, room.id)


def test_the_reference_data_is_added_once_and_the_desks_changes_stay(store, officer) -> None:
    known = rows(store, Place)
    assert {"ib_301", "hu_room"} <= {row.code for row in known}
    lecture_hall = next(row for row in known if row.code == "ib_hall")
    smaller = replace(ROOM, name="路演厅", seats=80)
    store.execute(officer, places.change, lecture_hall.id, smaller)
    read = read_reference(ROOT / "seeds" / "reference")["places"]
    assert store.execute(SYSTEM, places.import_places, read) == 0
    assert len(rows(store, Place)) == len(known)
    with store.read(SYSTEM) as reader:
        assert read_place(reader, lecture_hall.id).seats == 80
        with pytest.raises(NotFoundError):
            read_place(reader, officer.account_id)


def test_a_place_offers_nothing_that_has_passed(store, room) -> None:
    found = free(store, room, "09-16")
    assert found
    assert min(found) > START
