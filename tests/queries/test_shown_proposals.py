from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from app.domain.actor import SYSTEM, Role
from app.domain.clock import FixedClock
from app.domain.proposal import PlacedBy
from app.domain.service_record import ActualTimes, Ruling, Span
from app.domain.service_session import NoShow
from app.models.booking import Booking
from app.models.need import Need
from app.models.outcome import Dispute, Outcome
from app.models.proposal import Proposal
from app.models.service_session import ServiceSession
from app.queries.shown_proposals import Request, ShownProposal, showings, shown_since
from app.services import bookings, disputes, outcomes, service_sessions
from app.services.outcomes import Record
from app.services.service_sessions import Finish
from app.unit_of_work import Store, UnitOfWork
from tests.builders import a_shortlist, an_expert, staff
from tests.founder_road import statements
from tests.moments import START, at
from tests.road import Road, a_road
from tests.scenes import Plays

WRITTEN = Record("怎么登记？", "先核名，再到大厅提交。", (), "advised")
Step = Callable[["Listed"], object]


class Listed:
    """A need whose list was shown, with its expert at the second place, and what is done then."""

    def __init__(self, store: Store, clock: FixedClock) -> None:
        self.road: Road = a_road(store)
        self.store, self.clock = store, clock
        self.other = an_expert(store, name="赵一")
        self.need: Need = self.road.need()
        a_shortlist(store, self.need, self.other, self.road.expert)

    def do(self, who, use_case, *args, **values):
        return self.store.execute(who, use_case, *args, **values)

    def choice(self):
        return self.road.choice(need_id=self.need.id, may_pass_on=False)

    @property
    def booking(self) -> Booking:
        return self.road.rows(Booking)[-1]

    @property
    def session(self) -> ServiceSession:
        return self.road.rows(ServiceSession)[-1]

    @property
    def outcome(self) -> Outcome:
        return self.road.rows(Outcome)[-1]

    def rows(self) -> list[ShownProposal]:
        with self.store.read(SYSTEM) as reader, statements(self.store) as sent:
            found = shown_since(reader, START - timedelta(days=1))
        assert len(sent) == 3
        return found

    def told(self) -> Request | None:
        """Return what is told of the request to the expert at the second place."""
        (row,) = [row for row in self.rows() if row.expert_id == self.road.expert.id]
        assert row.rank == 2
        return row.request


@pytest.fixture
def plays() -> Plays:
    return {"listed": Listed}


@pytest.fixture
def listed(scene: Listed) -> Listed:
    return scene


def hold(listed: Listed) -> None:
    listed.do(listed.road.founder, bookings.hold, listed.choice())


def release(listed: Listed) -> None:
    hold(listed)
    listed.do(SYSTEM, bookings.release, listed.booking.id)


def request(listed: Listed) -> None:
    listed.do(listed.road.founder, bookings.request_now, listed.choice())


def withdraw(listed: Listed) -> None:
    request(listed)
    listed.do(listed.road.founder, bookings.cancel, listed.booking.id, "f_solved")


def decline(listed: Listed) -> None:
    request(listed)
    listed.do(listed.road.mentor, bookings.decline, listed.booking.id, "m_not_my_field")


def expire(listed: Listed) -> None:
    request(listed)
    listed.clock.put(listed.booking.answer_by)
    listed.do(SYSTEM, bookings.expire, listed.booking.id)


def accept(listed: Listed) -> None:
    request(listed)
    listed.do(listed.road.mentor, bookings.accept, listed.booking.id)


def cancel_by_mentor(listed: Listed) -> None:
    accept(listed)
    listed.do(listed.road.mentor, bookings.cancel, listed.booking.id, "m_illness")


def cancel_by_founder(listed: Listed) -> None:
    accept(listed)
    listed.do(listed.road.founder, bookings.cancel, listed.booking.id, "f_solved")


def miss(who: NoShow) -> Step:
    def step(listed: Listed) -> None:
        accept(listed)
        listed.clock.put(at("09-18 14:40"))
        officer = staff(listed.store)
        listed.do(officer, service_sessions.report_no_show, listed.session.id, who)

    return step


def contest(listed: Listed) -> None:
    miss(NoShow.MENTOR)(listed)
    listed.do(
        listed.road.mentor, service_sessions.contest, listed.session.id, "我到了，等了四十分钟。"
    )


def rule_delivered(listed: Listed) -> None:
    contest(listed)
    (dispute,) = listed.road.rows(Dispute)
    was_there = ActualTimes(Span(at("09-18 14:00"), at("09-18 14:40")))
    approver = staff(listed.store, Role.APPROVER)
    listed.do(
        approver,
        disputes.rule,
        dispute.id,
        Ruling.DELIVERED,
        "查看签到记录后裁定",
        actual=was_there,
    )


def finish(listed: Listed) -> None:
    accept(listed)
    listed.clock.put(at("09-18 15:00"))
    facts = Finish(actual_start=at("09-18 14:00"), actual_end=at("09-18 14:50"))
    listed.do(listed.road.mentor, service_sessions.finish, listed.session.id, facts)


def confirm(*, agrees: bool, rating: int | None) -> Step:
    def step(listed: Listed) -> None:
        finish(listed)
        listed.do(listed.road.mentor, outcomes.record, listed.session.id, WRITTEN)
        listed.do(
            listed.road.founder,
            outcomes.confirm,
            listed.outcome.id,
            agrees=agrees,
            rating=rating,
            remark="时间不对",
        )

    return step


@pytest.mark.parametrize(
    ("step", "told"),
    [
        (lambda _: None, None),
        (hold, None),
        (release, None),
        (request, Request()),
        (withdraw, Request()),
        (decline, Request("declined", "m_not_my_field")),
        (expire, Request("declined", "s_offer_timeout")),
        (accept, Request("accepted")),
        (cancel_by_mentor, Request("accepted", is_held=False)),
        (cancel_by_founder, Request("accepted")),
        (miss(NoShow.MENTOR), Request("accepted", is_held=False)),
        (miss(NoShow.BOTH), Request("accepted", is_held=False)),
        (miss(NoShow.FOUNDER), Request("accepted")),
        (contest, Request("accepted")),
        (rule_delivered, Request("accepted", is_held=True)),
        (finish, Request("accepted", is_held=True)),
        (
            confirm(agrees=True, rating=5),
            Request("accepted", is_held=True, is_confirmed=True, rating=5.0),
        ),
        (confirm(agrees=True, rating=None), Request("accepted", is_held=True, is_confirmed=True)),
        (confirm(agrees=False, rating=None), Request("accepted", is_held=True, is_confirmed=False)),
    ],
)
def test_what_came_of_a_proposal_is_told_as_far_as_it_is_known(listed, step, told) -> None:
    step(listed)
    assert listed.told() == told


def test_who_was_shown_and_not_asked_stands_beside_without_a_request(listed) -> None:
    decline(listed)
    (passed_over,) = [row for row in listed.rows() if row.expert_id == listed.other.id]
    assert passed_over == ShownProposal(
        need_id=listed.need.id,
        expert_id=listed.other.id,
        rank=1,
        parts=[],
        matcher_version="m1",
        propensity=1.0,
        shown_at=START,
        request=None,
    )


def test_who_was_asked_stands_as_he_was_shown_before_that(listed) -> None:
    listed.clock.put(START + timedelta(hours=1))
    decline(listed)
    later = START + timedelta(hours=2)
    a_shortlist(
        listed.store, listed.need, listed.road.expert, listed.other, number=2, shown_at=later
    )
    assert listed.told() == Request("declined", "m_not_my_field")
    (passed_over,) = [row for row in listed.rows() if row.expert_id == listed.other.id]
    assert (passed_over.rank, passed_over.shown_at) == (2, later)


def test_an_answer_tells_more_than_a_later_request_without_one(listed) -> None:
    accept(listed)
    listed.do(listed.road.founder, bookings.cancel, listed.booking.id, "f_time_conflict")
    listed.clock.put(START + timedelta(hours=1))
    again = listed.road.choice("09-21 14:00", need_id=listed.need.id, may_pass_on=False)
    listed.do(listed.road.founder, bookings.request_now, again)
    assert listed.told() == Request("accepted")


def test_whom_the_bureau_arranged_teaches_nothing_of_his_place(listed) -> None:
    def arrange(uow: UnitOfWork) -> None:
        for row in uow.all(select(Proposal).where(Proposal.expert_id == listed.other.id)):
            row.placed_by, row.propensity = PlacedBy.ARRANGED, None

    listed.store.execute(SYSTEM, arrange)
    assert {row.expert_id for row in listed.rows()} == {listed.road.expert.id}


def test_showings_count_needs_of_late_and_leave_the_own_one_out(listed) -> None:
    def counted(since, until, but: UUID):
        with listed.store.read(SYSTEM) as reader:
            return showings(reader, since, until, but)

    second = listed.road.need()
    later = START + timedelta(days=1)
    a_shortlist(listed.store, second, listed.other, shown_at=START)
    a_shortlist(listed.store, second, listed.other, number=2, shown_at=later)
    nobody = UUID(int=0)

    everything = counted(START, later + timedelta(days=1), nobody)
    assert everything == {listed.other.id: 2, listed.road.expert.id: 1}
    assert counted(START, START, nobody) == {}
    assert counted(later, later + timedelta(days=1), nobody) == {listed.other.id: 1}
    assert counted(START, later + timedelta(days=1), second.id) == {
        listed.other.id: 1,
        listed.road.expert.id: 1,
    }
