"""What roles may do, for whom, and how far they see."""

from uuid import UUID

import pytest

from app.domain.actor import (
    ANONYMOUS,
    PERMISSIONS,
    REACH,
    SYSTEM,
    Actor,
    Permission,
    Reach,
    Role,
    may,
)
from app.domain.ids import ExpertId, new_id


def an_actor(*roles: Role, expert_id: UUID | None = None) -> Actor:
    return Actor(
        roles=frozenset(roles), expert_id=ExpertId(expert_id) if expert_id else None, request_id="7"
    )


@pytest.mark.parametrize("role", Role)
def test_a_role_may_what_its_row_says_and_sees_as_far_as_its_row_says(role: Role) -> None:
    actor = an_actor(role)
    assert {each for each in Permission if may(actor, each)} == PERMISSIONS[role]
    assert actor.reaches == frozenset(filter(None, [REACH[role]]))
    assert actor.is_staff is (role not in (Role.FOUNDER, Role.MENTOR, Role.SYSTEM))
    assert actor.has(role)


def test_several_roles_add_up_and_nobody_may_nothing() -> None:
    both = an_actor(Role.FOUNDER, Role.MENTOR)
    assert may(both, Permission.CONFIRM_OUTCOME)
    assert may(both, Permission.RECORD_OUTCOME)
    assert both.reaches == {Reach.OWN, Reach.SERVED}
    assert not any(may(ANONYMOUS, each) for each in Permission)
    assert all(may(SYSTEM, each) for each in Permission)


def test_a_mentor_acts_for_himself_and_staff_for_every_expert() -> None:
    own, other = new_id(), new_id()
    mentor = an_actor(Role.MENTOR, expert_id=own)
    assert may(mentor, Permission.SET_AVAILABILITY, experts=frozenset({own}))
    assert not may(mentor, Permission.SET_AVAILABILITY, experts=frozenset({other}))
    assert not may(an_actor(Role.MENTOR), Permission.SET_AVAILABILITY, experts=frozenset({other}))
    assert may(an_actor(Role.OFFICER), Permission.SET_AVAILABILITY, experts=frozenset({other}))
    # Who is an officer too acts for others by that role.
    officer = an_actor(Role.MENTOR, Role.OFFICER, expert_id=own)
    assert may(officer, Permission.SET_AVAILABILITY, experts=frozenset({other}))
    assert not may(an_actor(Role.AUDITOR), Permission.SET_AVAILABILITY, experts=frozenset({own}))


def test_the_same_somebody_is_equal_whatever_the_request() -> None:
    assert an_actor(Role.FOUNDER).without_request == Actor(roles=frozenset({Role.FOUNDER}))
