"""An expert of a panel who cannot come: the others go on, or the whole waits for the bureau."""

from collections import Counter
from datetime import date

import pytest

from app.adapters.email import Outbox
from app.domain.actor import SYSTEM, Role
from app.domain.booking import BookingStatus
from app.domain.dismissal import Ground
from app.domain.leave import Leave
from app.domain.suspension import SuspensionCause
from app.jobs.registry import registry
from app.jobs.worker import Worker
from app.models.account import Account
from app.models.booking import Booking, BookingExpert
from app.models.expert import Appointment
from app.models.leave import ExpertLeave
from app.models.message import Message
from app.models.suspension import Suspension
from app.models.task import Task
from app.queries.suspensions import suspended_page
from app.services import dismissals, experts, leaves
from app.unit_of_work import UnitOfWork
from tests.builders import staff
from tests.moments import at
from tests.panel_meeting import Table, lay_table
from tests.scenes import Plays

DAY = date(2026, 9, 18)


@pytest.fixture
def plays() -> Plays:
    return {"table": lay_table}


@pytest.fixture
def table(scene: Table) -> Table:
    return scene


def take_leave(table: Table, number: int) -> ExpertLeave:
    leave = Leave(DAY, DAY, "出差")
    return table.store.execute(table.mentors[number], leaves.take, table.experts[number].id, leave)


def end_term(table: Table, number: int) -> None:
    def use_case(uow: UnitOfWork) -> None:
        for row in uow.session.query(Appointment).filter_by(expert_id=table.experts[number].id):
            row.ends_on = date(2026, 9, 17)
            uow.audit("test.built", row)

    table.store.execute(SYSTEM, use_case)
    table.clock.put(at("09-17 00:05"))
    for _ in range(2):
        table.store.execute(SYSTEM, experts.watch_terms)


def dismiss(table: Table, number: int) -> None:
    proposal = table.store.execute(
        staff(table.store), dismissals.propose, table.experts[number].id, Ground.SOLICITED, "收费"
    )
    table.store.execute(table.mentors[number], dismissals.hear, proposal.id, "没有意见。")
    approver = staff(table.store, Role.APPROVER)
    table.store.execute(approver, dismissals.approve, proposal.id, "解聘〔2026〕1号")


CAUSES = {"leave": take_leave, "term": end_term, "dismissal": dismiss}


def told(table: Table, event: str) -> Counter[str]:
    """Return how often each of the people was told of it."""
    Worker(table.store, registry(Outbox(), "https://example.org", "历城创业导师")).work()
    names = {account.id: account.name for account in table.rows(Account)}
    return Counter(names[row.account_id] for row in table.rows(Message, Message.event == event))


def names(table: Table, *actors) -> Counter[str]:
    keys = {actor.account_id for actor in actors}
    return Counter(row.name for row in table.rows(Account) if row.id in keys)


@pytest.mark.parametrize("cause", CAUSES)
def test_a_panel_whose_quorum_is_left_goes_on_and_everybody_is_told_once(table, cause) -> None:
    booking = table.agreed()
    CAUSES[cause](table, 2)
    assert table.booking(booking).status is BookingStatus.ACCEPTED
    assert table.booking(booking).ics_sequence == booking.ics_sequence + 1
    assert table.answers(booking)["王律师"] == "replaced"
    assert table.experts[2].id not in table.claimed(booking)
    (seat,) = table.rows(BookingExpert, BookingExpert.expert_id == table.experts[2].id)
    assert seat.is_late is None
    everybody = names(table, table.founder, *table.mentors[:3])
    assert told(table, "booking.member_out") == everybody
    assert table.rows(Suspension) == table.rows(Task) == []


@pytest.mark.parametrize("cause", CAUSES)
def test_below_its_quorum_and_without_alternates_all_are_held_back_and_told_once(
    table, cause
) -> None:
    booking = table.agreed(quorum=3)
    CAUSES[cause](table, 2)
    assert table.booking(booking).status is BookingStatus.SUSPENDED
    # The cause may pass: his seat and his time are kept, and nothing of the try is left.
    assert table.answers(booking)["王律师"] == "accepted"
    assert table.experts[2].id in table.claimed(booking)
    assert [row.cause.value for row in table.rows(Suspension)] == [cause]
    everybody = names(table, table.founder, table.companion, *table.mentors[:3])
    assert told(table, "booking.suspended") == everybody
    assert told(table, "booking.member_out") == Counter()


def test_the_bureau_reads_everybody_of_a_panel_that_is_held_back(table) -> None:
    table.agreed(quorum=3)
    take_leave(table, 2)
    with table.store.read(table.officer) as reader:
        (held,) = suspended_page(reader).items
    assert held.expert == table.experts[0].name
    assert held.others == {each.id: each.name for each in table.experts[1:3]}


def test_an_alternate_is_asked_in_his_place(table) -> None:
    booking = table.agreed(quorum=3, alternates=(3,))
    assert told(table, "booking.requested")["赵投"] == 0
    take_leave(table, 1)
    assert table.booking(booking).status is BookingStatus.ACCEPTED
    assert table.answers(booking)["赵投"] == "invited"
    assert told(table, "booking.requested")["赵投"] == 1
    table.accept(booking, 3)
    assert table.answers(booking)["赵投"] == "accepted"
    assert table.rows(Suspension) == []


@pytest.mark.parametrize("cause", CAUSES)
def test_a_panel_never_goes_on_without_who_leads_it(table, cause) -> None:
    booking = table.agreed(quorum=1, alternates=(3,))
    CAUSES[cause](table, 0)
    assert table.booking(booking).status is BookingStatus.SUSPENDED
    everybody = names(table, table.founder, table.companion, *table.mentors[:3])
    assert told(table, "booking.suspended") == everybody


def test_the_answers_of_those_who_are_left_make_the_meeting(table) -> None:
    booking = table.requested()
    table.accept(booking, 0)
    table.accept(booking, 1)
    take_leave(table, 2)
    assert table.booking(booking).status is BookingStatus.ACCEPTED


def test_who_leads_is_told_also_when_nobody_else_is_left(table) -> None:
    booking = table.agreed(quorum=1)
    take_leave(table, 2)
    take_leave(table, 1)
    assert table.booking(booking).status is BookingStatus.ACCEPTED
    assert told(table, "booking.member_out")["陈教授"] == 2


def test_what_two_leaves_hold_back_stands_again_when_both_are_over(table) -> None:
    booking = table.agreed(quorum=3)
    first, second = take_leave(table, 0), take_leave(table, 1)
    for leave, mentor, status in (
        (first, table.mentors[0], BookingStatus.SUSPENDED),
        (second, table.mentors[1], BookingStatus.ACCEPTED),
    ):
        table.store.execute(mentor, leaves.end, leave.id)
        assert table.booking(booking).status is status
    causes = table.rows(Suspension)
    assert {row.cause for row in causes} == {SuspensionCause.LEAVE}
    assert [row.ref_id for row in causes] == [first.id, second.id]
    assert table.rows(Booking, Booking.status == BookingStatus.SUSPENDED) == []
