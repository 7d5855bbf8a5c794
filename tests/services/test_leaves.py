from datetime import date, timedelta

import pytest

from app.domain.actor import Actor
from app.domain.availability import NotFreeError
from app.domain.booking import BookingStatus
from app.domain.errors import ForbiddenError, InvalidInputError, NotFoundError
from app.domain.leave import DeputyError, Leave, LeaveOverError, LeaveOverlapsError
from app.domain.suspension import SuspensionCause
from app.models.audit_entry import AuditEntry
from app.models.booking import Booking
from app.models.leave import ExpertLeave
from app.models.suspension import Suspension
from app.models.task import Task
from app.queries.leaves import deputy_requests
from app.services import bookings, leaves, outcomes
from app.services.outcomes import Record
from tests.builders import a_mentor, an_expert
from tests.moments import at
from tests.scenes import Plays
from tests.services.scene import Scene, set_scene

FIRST, LAST = date(2026, 9, 21), date(2026, 9, 25)


class Team(Scene):
    """A scene with a colleague who can stand in."""

    deputy: Actor

    def take(self, **values) -> ExpertLeave:
        days = {"first_on": FIRST, "last_on": LAST, "reason": "出差", **values}
        actor = days.pop("by", self.mentor)
        return self.store.execute(actor, leaves.take, self.expert.id, Leave(**days))

    def end(self, leave: ExpertLeave) -> ExpertLeave:
        return self.store.execute(self.mentor, leaves.end, leave.id)

    def status(self, booking: Booking) -> BookingStatus:
        return self.rows(Booking, Booking.id == booking.id)[0].status


def a_team(store, clock) -> Team:
    team = Team(**vars(set_scene(store, clock)))
    team.deputy = a_mentor(store, an_expert(store, name="徐总"))
    return team


@pytest.fixture
def plays() -> Plays:
    return {"team": a_team}


@pytest.fixture
def team(scene: Team) -> Team:
    return scene


def test_leave_closes_its_days_and_holds_back_what_is_booked_on_them(team) -> None:
    inside, asked = team.accepted("09-22 14:00"), team.request("09-24 20:00")
    outside = team.accepted("09-28 14:00")
    team.take()
    team.work()
    assert {team.status(inside), team.status(asked)} == {BookingStatus.SUSPENDED}
    assert team.status(outside) is BookingStatus.ACCEPTED
    assert {row.cause for row in team.rows(Suspension)} == {SuspensionCause.LEAVE}
    assert len(team.rows(Task)) == 2
    assert "导师请假" in team.told(team.founder, "booking.suspended")[0].text
    with pytest.raises(NotFreeError):
        team.request("09-23 14:00")


def test_a_leave_ended_early_gives_its_days_and_bookings_back(team, clock) -> None:
    booking = team.accepted("09-24 14:00")
    leave = team.take()
    clock.put(at("09-22 08:00"))
    ended = team.end(leave)
    assert ended.last_on == date(2026, 9, 21)
    assert team.status(booking) is BookingStatus.ACCEPTED
    assert not team.rows(Task, Task.closed_at.is_(None))
    assert team.request("09-24 20:00").status is BookingStatus.REQUESTED
    with pytest.raises(LeaveOverError):
        team.end(leave)


def test_a_leave_taken_back_before_it_begins_has_no_days(team) -> None:
    leave = team.take()
    assert team.end(leave).last_on < FIRST
    assert team.take().first_on == FIRST


@pytest.mark.parametrize(
    "values",
    [
        {"first_on": date(2026, 9, 15)},
        {"last_on": FIRST - timedelta(days=1)},
        {"last_on": FIRST + timedelta(days=400)},
        {"reason": " "},
    ],
)
def test_days_that_cannot_be_taken_are_refused(team, values) -> None:
    with pytest.raises(InvalidInputError):
        team.take(**values)
    assert team.rows(ExpertLeave) == []


def test_leaves_do_not_overlap_and_are_the_experts_or_the_bureaus(team) -> None:
    team.take(by=team.officer)
    with pytest.raises(LeaveOverlapsError):
        team.take(first_on=LAST, last_on=LAST)
    with pytest.raises(ForbiddenError):
        team.take(by=team.deputy, first_on=date(2026, 10, 8), last_on=date(2026, 10, 9))


def test_who_stands_in_is_somebody_else_in_term_and_not_away(team) -> None:
    retired = an_expert(team.store, name="老陈", term=(date(2024, 1, 1), date(2026, 9, 22)))
    for unfit in (team.expert.id, retired.id):
        with pytest.raises(DeputyError):
            team.take(deputy_id=unfit)
    team.take(deputy_id=team.deputy.expert_id)
    away = Leave(LAST, LAST, "探亲", team.expert.id)
    with pytest.raises(DeputyError):
        team.store.execute(team.deputy, leaves.take, team.deputy.expert_id, away)


def test_a_deputy_answers_while_the_leave_lasts_and_the_trail_names_him(team, clock) -> None:
    team.take(deputy_id=team.deputy.expert_id)
    early = team.request("09-28 14:00")
    with pytest.raises(ForbiddenError):
        team.store.execute(team.deputy, bookings.accept_as_deputy, early.id)
    team.store.execute(team.founder, bookings.withdraw, early.id, "f_solved")
    clock.put(at("09-21 09:00"))
    first = team.request("09-29 14:00")
    with team.store.read(team.deputy) as reader:
        assert [row.booking_id for row in deputy_requests(reader)] == [first.id]
    accepted = team.store.execute(team.deputy, bookings.accept_as_deputy, first.id)
    assert (accepted.status, accepted.lead_expert_id) == (BookingStatus.ACCEPTED, team.expert.id)
    [entry] = team.rows(AuditEntry, AuditEntry.action == "booking.deputised")
    assert entry.actor_id == team.deputy.account_id
    asked = team.request("09-29 16:00")
    declined = team.store.execute(team.deputy, bookings.decline_as_deputy, asked.id, "m_overload")
    assert declined.status is BookingStatus.DECLINED


def test_a_deputy_never_records_nor_answers_when_the_leave_is_over(team, clock) -> None:
    team.take(deputy_id=team.deputy.expert_id)
    clock.put(at("09-21 09:00"))
    booking = team.request("09-29 14:00")
    team.store.execute(team.deputy, bookings.accept_as_deputy, booking.id)
    late = team.request("09-29 16:00")
    session = team.session()
    record = Record("怎么登记？", "先核名。", [], "advised")
    with pytest.raises((ForbiddenError, NotFoundError)):
        team.store.execute(team.deputy, outcomes.record, session.id, record)
    clock.put(at("09-26 09:00"))
    with pytest.raises(ForbiddenError):
        team.store.execute(team.deputy, bookings.accept_as_deputy, late.id)
    with pytest.raises(NotFoundError):
        team.store.execute(team.deputy, bookings.accept, late.id)
