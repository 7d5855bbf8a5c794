"""An approver lets a mentor serve nobody for a while: bookings, matching and counting follow."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from app.db import StaleVersionError
from app.domain.actor import SYSTEM, Actor, Role
from app.domain.availability import NotFreeError
from app.domain.booking import BookingStatus
from app.domain.calendar import Month
from app.domain.clock import FixedClock
from app.domain.errors import ForbiddenError
from app.domain.stand_down import StandDownOrder, StandDownOverError, StoodDownError
from app.domain.suspension import SuspensionCause
from app.models.booking import Booking
from app.models.proposal import Proposal
from app.models.service_session import ServiceSession
from app.models.stand_down import StandDown
from app.models.suspension import Suspension
from app.models.task import Task
from app.services import proposals, stand_downs
from app.unit_of_work import Store
from tests.acquainted import People, acquainted
from tests.builders import a_need, an_expert, staff
from tests.bundles import ENTRIES, changed, exported, seal, verdict, verifier
from tests.gathering import Hall, open_hall
from tests.journeys.counted import compare, enter
from tests.moments import at
from tests.scenes import Plays
from tests.services.scene import Scene, set_scene
from tests.turns import on_each

FIRST, LAST = date(2026, 9, 21), date(2026, 9, 25)
SEPTEMBER = Month(2026, 9)


class Bureau(Scene):
    """A scene with an approver."""

    approver: Actor

    def order(self, first_on: date = FIRST, last_on: date = LAST) -> StandDown:
        given = StandDownOrder(first_on, last_on, "有人投诉收费，正在核查")
        return self.store.execute(self.approver, stand_downs.order, self.expert.id, given)

    def lift(self, row: StandDown) -> StandDown:
        return self.store.execute(self.approver, stand_downs.lift, row.id)

    def status(self, booking: Booking) -> BookingStatus:
        return self.rows(Booking, Booking.id == booking.id)[0].status


def a_bureau(store: Store, clock: FixedClock) -> Bureau:
    bureau = Bureau(**vars(set_scene(store, clock)))
    bureau.approver = staff(store, Role.APPROVER, name="老田")
    return bureau


@pytest.fixture
def plays() -> Plays:
    return {"bureau": a_bureau, "people": acquainted, "hall": open_hall}


@pytest.fixture
def bureau(scene: Bureau) -> Bureau:
    return scene


@pytest.fixture
def people(scene: People) -> People:
    return scene


@pytest.fixture
def hall(scene: Hall) -> Hall:
    return scene


@on_each
def test_it_holds_back_what_is_booked_closes_its_days_and_tells_the_mentor(bureau) -> None:
    inside, asked = bureau.accepted("09-22 14:00"), bureau.request("09-24 20:00")
    outside = bureau.accepted("09-28 14:00")
    bureau.order()
    bureau.work()

    assert {bureau.status(inside), bureau.status(asked)} == {BookingStatus.SUSPENDED}
    assert bureau.status(outside) is BookingStatus.ACCEPTED
    assert {row.cause for row in bureau.rows(Suspension)} == {SuspensionCause.STAND_DOWN}
    assert len(bureau.rows(Task)) == 2
    assert "暂停服务" in bureau.told(bureau.founder, "booking.suspended")[0].text
    told = bureau.told(bureau.mentor, "stand_down.ordered")[0].text
    assert "9月25日" in told
    assert "投诉" not in told
    with pytest.raises(NotFreeError):
        bureau.request("09-23 14:00")


def test_lifted_early_it_gives_days_and_bookings_back(bureau, clock) -> None:
    booking = bureau.accepted("09-24 14:00")
    row = bureau.order()
    clock.put(at("09-22 08:00"))
    lifted = bureau.lift(row)

    assert (lifted.last_on, lifted.lifted_by_id) == (LAST, bureau.approver.account_id)
    assert bureau.status(booking) is BookingStatus.ACCEPTED
    assert not bureau.rows(Task, Task.closed_at.is_(None))
    assert bureau.request("09-24 20:00").status is BookingStatus.REQUESTED
    bureau.work()
    assert bureau.told(bureau.mentor, "stand_down.lifted")
    with pytest.raises(StandDownOverError):
        bureau.lift(row)
    assert bureau.order(date(2026, 9, 23)).first_on == date(2026, 9, 23)


def test_one_that_has_ended_is_not_lifted_nor_one_from_a_stale_page(bureau, clock) -> None:
    row = bureau.order()
    with pytest.raises(StaleVersionError):
        bureau.store.execute(bureau.approver, stand_downs.lift, row.id, version=9)
    clock.put(at("09-26 08:00"))
    with pytest.raises(StandDownOverError):
        bureau.lift(row)


@pytest.mark.parametrize("who", ["officer", "mentor", "founder"])
def test_nobody_but_an_approver_orders_one(bureau, who) -> None:
    given = StandDownOrder(FIRST, LAST, "核查")
    with pytest.raises(ForbiddenError):
        bureau.store.execute(getattr(bureau, who), stand_downs.order, bureau.expert.id, given)
    assert bureau.rows(StandDown) == []


def test_the_matcher_does_not_name_him_while_it_holds(bureau, clock) -> None:
    an_expert(bureau.store, name="徐总")
    need = a_need(bureau.store, bureau.founder.person_id)

    def named() -> set[Any]:
        with bureau.store.read(SYSTEM) as reader:
            pool = proposals.fit_matcher(reader)
        made = bureau.store.execute(bureau.founder, proposals.refresh, need.id, pool)
        of_round = Proposal.match_round_id == made.id
        return {row.expert_id for row in bureau.rows(Proposal, of_round)}

    assert bureau.expert.id in named()
    row = bureau.order(first_on=bureau_day(clock))
    assert bureau.expert.id not in named()
    bureau.lift(row)
    assert bureau.expert.id in named()


def bureau_day(clock: FixedClock) -> date:
    return clock.now().astimezone(at("09-01 00:00").tzinfo).date()


def test_he_is_not_put_in_front_of_a_lecture_on_its_days(hall) -> None:
    given = StandDownOrder(date(2026, 9, 10), date(2026, 9, 20), "核查")
    hall.store.execute(hall.approver, stand_downs.order, hall.experts[0].id, given)
    with pytest.raises(StoodDownError):
        hall.announced("09-12 09:00")
    assert hall.announced("09-21 09:00").id


def ordered(people: People, moment: str, first: str, last: str) -> StandDown:
    """Order one at the moment; the meeting stays agreed, as if he came all the same."""
    district = people.district
    district.wait_until(moment)
    given = StandDownOrder(date.fromisoformat(first), date.fromisoformat(last), "核查")
    return district.store.execute(
        district.approver, stand_downs.order, people.mentor.expert.id, given
    )


def entered(people: People, start: str) -> ServiceSession:
    """Have the officer enter on paper what was served all the same, confirmed by signature."""
    session = enter(people.district, people.mentor, people.founder, start, 60)
    compare(people.district, staff(people.district.store, name="小韩"), session)
    return session


def test_what_he_serves_all_the_same_does_not_count(people) -> None:
    people.meet("09-17 14:00", 60)
    ordered(people, "09-18 12:00", "2026-09-18", "2026-09-21")
    people.district.wait_until("09-23 09:00")
    before, inside, later = (
        entered(people, start) for start in ("09-18 09:00", "09-21 15:00", "09-22 15:00")
    )
    decisions = [
        people.district.decision(each) for each in (*people.sessions, before, inside, later)
    ]
    assert [each.reason for each in decisions] == [None, None, "mentor_suspended", None]
    assert people.district.measures(SEPTEMBER).own.additive.sessions == 3


def test_what_began_after_it_was_lifted_counts(people) -> None:
    row = ordered(people, "09-18 12:00", "2026-09-18", "2026-09-25")
    people.district.wait_until("09-21 10:00")
    people.district.store.execute(people.district.approver, stand_downs.lift, row.id)
    people.district.wait_until("09-23 09:00")
    held = [entered(people, start) for start in ("09-21 09:00", "09-21 15:00")]
    reasons = [people.district.decision(each).reason for each in held]
    assert reasons == ["mentor_suspended", None]


@on_each
def test_the_bundle_holds_it_and_names_who_shortens_it(people) -> None:
    district = people.district
    ordered(people, "09-18 12:00", "2026-09-18", "2026-09-21")
    district.wait_until("09-23 09:00")
    entered(people, "09-21 15:00")
    seal(district.store)
    district.close(SEPTEMBER, "10-13 09:00")
    seal(district.store)
    files = exported(district.store)
    assert verdict(files) == []

    def shorten(row: Any) -> None:
        row["last_on"] = "2026-09-20"

    named = verdict(_edited(files, shorten))
    assert any("is_suspended was counted as true, the sealed row says false" in n for n in named)


def _edited(files: dict[str, bytes], change: Callable[[Any], None]) -> dict[str, bytes]:
    def edit(entries: list[Any]) -> None:
        for entry in entries:
            body = json.loads(entry.get("body", "{}"))
            if body.get("entity") == "stand_downs":
                change(body["row"])
                entry["body"] = verifier.canonical(body)

    return changed(files, ENTRIES, edit)
