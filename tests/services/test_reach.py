"""Which rows of the protected tables each kind of account is shown."""

from collections.abc import Collection

import pytest
from sqlalchemy import func, select

from app.domain.actor import Actor, Role
from app.domain.booking import BookingStatus
from app.models.base import Base
from app.models.booking import Booking
from app.models.expert import DeclaredInterest
from app.models.need import Need
from app.models.outcome import Outcome
from app.models.person import Person, PersonAlias, PersonDouble, Venture, VentureMember
from app.models.service_session import Attendance, ServiceSession
from app.services import bookings, outcomes, persons, service_sessions
from app.services.outcomes import Record
from app.services.service_sessions import Finish
from app.unit_of_work import Store
from app.unit_of_work.reach import RULES
from tests.builders import (
    a_founder,
    a_mentor,
    a_need,
    a_person,
    a_venture,
    an_account,
    an_actor,
    an_expert,
    keep,
    staff,
)
from tests.moments import at
from tests.road import Road

SERVED = (Need, Person, Venture, Booking, ServiceSession, Attendance, Outcome)


def seen(store: Store, actor: Actor, models: Collection[type[Base]]) -> dict[str, int]:
    """Return how many rows of each table the actor is shown, tables without any left out."""
    with store.read(actor) as reader:
        counts = {
            model.__tablename__: reader.session.scalar(select(func.count()).select_from(model))
            for model in models
        }
    return {name: number for name, number in counts.items() if number}


@pytest.fixture
def served(road, clock) -> Road:
    """A recorded service, and people without street beside it."""
    a_need(road.store, a_person(road.store, name="吴迪").id, street=None)
    venture = a_venture(road.store, road.founder.person_id, street=None)
    road.accepted(need_id=road.need(venture_id=venture.id).id)
    clock.put(at("09-18 15:00"))
    (session,) = road.rows(ServiceSession)
    held = Finish(actual_start=at("09-18 14:00"), actual_end=at("09-18 14:50"))
    road.store.execute(road.mentor, service_sessions.finish, session.id, held)
    written = Record("注册个体户还是公司", "先办个体户。", [], "advised")
    road.store.execute(road.mentor, outcomes.record, session.id, written)
    return road


@pytest.mark.parametrize(
    "role", [Role.MENTOR, Role.FOUNDER, Role.STREET_LIAISON, Role.DEPT_LIAISON]
)
def test_an_account_that_is_nobodys_and_of_nowhere_sees_no_rows(served: Road, role: Role) -> None:
    assert seen(served.store, Actor(roles=frozenset({role})), RULES) == {}


def test_a_mentor_whose_account_belongs_to_no_expert_sees_nobodys_meeting(served: Road) -> None:
    account = an_account(served.store, Role.MENTOR, person=a_person(served.store, name="刘总"))
    unknown = an_actor(account, Role.MENTOR)
    assert unknown.person_id is not None
    assert seen(served.store, unknown, RULES) == {}


def test_the_mentor_who_served_sees_whom_and_what(served: Road) -> None:
    assert seen(served.store, served.mentor, SERVED) == {
        "needs": 1,
        "persons": 1,
        "ventures": 1,
        "bookings": 1,
        "service_sessions": 1,
        "attendances": 2,
        "outcomes": 1,
    }


def test_a_mentor_who_declined_keeps_no_sight_of_the_founder_and_his_need(road) -> None:
    venture = a_venture(road.store, road.founder.person_id)
    need = road.need(venture_id=venture.id)
    booking = road.requested(need_id=need.id, may_pass_on=False)
    asked = (Need, Person, Venture)
    assert seen(road.store, road.mentor, asked) == {"needs": 1, "persons": 1, "ventures": 1}

    road.store.execute(road.mentor, bookings.decline, booking.id, "m_overload")

    assert road.now(booking).status is BookingStatus.DECLINED
    assert seen(road.store, road.mentor, asked) == {}


def test_who_speaks_for_the_venture_sees_its_meetings_and_who_only_belongs_to_it_does_not(
    road,
) -> None:
    venture = a_venture(road.store, road.founder.person_id)
    contact, member = a_founder(road.store, name="王强"), a_founder(road.store, name="吴迪")
    for person, is_contact in ((contact, True), (member, False)):
        keep(
            road.store,
            VentureMember(venture_id=venture.id, person_id=person.person_id, is_contact=is_contact),
        )
    road.accepted(need_id=road.need(venture_id=venture.id).id)
    meeting = (ServiceSession, Attendance)
    assert seen(road.store, contact, meeting) == {"service_sessions": 1, "attendances": 2}
    assert seen(road.store, member, meeting) == {}


def test_declared_interests_are_shown_to_the_expert_himself_and_the_bureau_alone(road) -> None:
    other = an_expert(road.store, name="刘总")
    for expert in (road.expert, other):
        keep(
            road.store,
            DeclaredInterest(
                expert_id=expert.id, conflict_type="ci4_equity", organisation="鲁泉电子"
            ),
        )
    counts = {
        road.founder: 0,
        road.mentor: 1,
        a_mentor(road.store, other): 1,
        staff(road.store, Role.STREET_LIAISON, street="tangye"): 0,
        staff(road.store, Role.OFFICER): 2,
    }
    for actor, count in counts.items():
        found = seen(road.store, actor, (DeclaredInterest,))
        assert found == ({"declared_interests": count} if count else {}), actor.name


def test_who_was_found_to_be_the_same_person_is_shown_to_the_bureau_alone(road) -> None:
    one, other = a_person(road.store), a_person(road.store, name="李小")
    officer, checker = staff(road.store), staff(road.store, Role.APPROVER)
    double = road.store.execute(
        officer, persons.propose_double, other.id, one.id, "两条记录是同一个身份证号"
    )
    road.store.execute(checker, persons.approve_double, double.id)
    tables = (PersonAlias, PersonDouble)
    for actor in (road.founder, road.mentor, staff(road.store, Role.STREET_LIAISON, street="x")):
        assert seen(road.store, actor, tables) == {}
    assert seen(road.store, officer, tables) == {"person_aliases": 1, "person_doubles": 1}
