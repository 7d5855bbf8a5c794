"""A bad rating opens one ticket, in time reminded of, closed only with a call-back."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.adapters.import_rows import CALENDAR
from app.adapters.sheets import pasted_rows
from app.db import StaleVersionError
from app.domain.actor import SYSTEM, Actor, Role
from app.domain.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from app.domain.ticket import Call, CallResult, HandlerError, IllegalStepError, TicketStatus
from app.models.audit_entry import AuditEntry
from app.models.availability import CalendarDay
from app.models.job import Job
from app.models.outcome import Outcome, Rating
from app.models.ticket import Ticket, TicketTry
from app.queries.mornings import morning
from app.queries.tickets import TicketFilter, ticket_list
from app.queries.tickets import ticket as ticket_page
from app.services import calendars, outcomes, tickets
from app.unit_of_work import unscoped
from tests.builders import staff
from tests.moments import at
from tests.scenes import Plays, after
from tests.services.scene import Scene, set_scene
from tests.turns import on_each

WORST, BAD, FAIR = 1, 2, 3


@after(set_scene)
def recorded(scene: Scene) -> Scene:
    scene.recorded()
    return scene


@after(recorded)
def rated(scene: Scene) -> Scene:
    rate(scene, BAD)
    return scene


@pytest.fixture
def plays() -> Plays:
    return {"bad": rated, "scene": recorded}


@pytest.fixture
def bad(scene: Scene) -> Scene:
    return scene


def rate(scene: Scene, score: int | None) -> Outcome:
    (outcome,) = scene.rows(Outcome)
    return scene.store.execute(
        scene.founder, outcomes.confirm, outcome.id, agrees=True, rating=score, remark="讲得太快"
    )


def the_ticket(scene: Scene) -> Ticket:
    (row,) = scene.rows(Ticket)
    return row


def a_call(scene: Scene, **values: Any) -> Call:
    told = {"called": "李晓", "called_at": scene.clock.now(), "said": "听不懂。", "done": "另约。"}
    return Call(**{**told, "result": CallResult.SATISFIED, **values})


def call(scene: Scene, who: Actor, version: int | None = None, **values: Any) -> Ticket:
    note = a_call(scene, **values)
    return scene.store.execute(who, tickets.note_call, the_ticket(scene).id, note, version=version)


def reminders(scene: Scene) -> list[Any]:
    waiting = scene.rows(Job, Job.kind == tickets.REMIND, Job.state == "ready")
    return sorted(job.run_at for job in waiting)


@pytest.mark.parametrize(("score", "opened"), [(WORST, 1), (BAD, 1), (FAIR, 0), (5, 0), (None, 0)])
def test_only_the_two_worst_ratings_open_a_ticket(scene: Scene, score, opened: int) -> None:
    rate(scene, score)
    assert len(scene.rows(Ticket)) == opened
    assert len(reminders(scene)) == 2 * opened


def test_a_ticket_is_due_at_the_end_of_the_fifteenth_working_day(bad: Scene) -> None:
    row = the_ticket(bad)
    assert row.status is TicketStatus.OPEN
    # From Friday 18 September: the 20th and 10 October are worked, 25-27 and 1-7 October are off.
    assert row.due_at == at("10-16 00:00")
    assert reminders(bad) == [at("10-12 09:00"), at("10-16 09:00")]
    bad.work()
    (message,) = bad.told(bad.officer, "ticket.opened")
    assert message.href == f"/bureau/tickets/{row.id}"
    assert "李晓" not in message.title + message.text
    assert bad.letters(message) == []
    assert bad.told(bad.mentor, "ticket.opened") == bad.told(bad.founder, "ticket.opened") == []
    with bad.store.read(SYSTEM) as reader:
        assert morning(reader).tickets == 1


def test_a_refused_second_rating_opens_no_second_ticket(bad: Scene) -> None:
    with pytest.raises(ConflictError):
        rate(bad, WORST)
    assert len(bad.rows(Ticket)) == len(bad.rows(Rating)) == 1


def test_a_rating_whose_transaction_fails_leaves_no_ticket(scene: Scene) -> None:
    (outcome,) = scene.rows(Outcome)

    def interrupted(uow: Any) -> None:
        outcomes.confirm(uow, outcome.id, agrees=True, rating=WORST)
        raise KeyError("power cut")

    with pytest.raises(KeyError):
        scene.store.execute(scene.founder, interrupted)
    assert scene.rows(Ticket) == scene.rows(Rating) == reminders(scene) == []


def test_officers_are_reminded_before_and_once_after_the_deadline(bad: Scene) -> None:
    bad.clock.put(at("10-12 09:00"))
    bad.work()
    bad.work()
    assert len(bad.told(bad.officer, "ticket.due_soon")) == 1
    assert bad.told(bad.officer, "ticket.overdue") == []
    bad.clock.put(at("10-16 09:00"))
    bad.work()
    bad.work()
    assert len(bad.told(bad.officer, "ticket.due_soon")) == 1
    assert len(bad.told(bad.officer, "ticket.overdue")) == 1
    assert reminders(bad) == []


def test_reminders_that_come_late_together_tell_once_that_it_is_overdue(bad: Scene) -> None:
    bad.clock.put(at("10-19 09:00"))
    bad.work()
    assert bad.told(bad.officer, "ticket.due_soon") == []
    assert len(bad.told(bad.officer, "ticket.overdue")) == 1


def test_who_takes_it_looks_after_it_and_a_second_press_changes_nothing(bad: Scene) -> None:
    key = the_ticket(bad).id
    bad.store.execute(bad.officer, tickets.take, key, version=1)
    first = the_ticket(bad)
    assert (first.status, first.owner_id) == (TicketStatus.TAKEN, bad.officer.account_id)
    bad.store.execute(bad.officer, tickets.take, key, version=1)
    assert the_ticket(bad).version == first.version
    assert len(bad.rows(AuditEntry, AuditEntry.action == "ticket.taken")) == 1
    other = staff(bad.store, name="老田")
    with pytest.raises(StaleVersionError):
        bad.store.execute(other, tickets.take, key, version=1)
    bad.store.execute(other, tickets.take, key, version=first.version)
    assert the_ticket(bad).owner_id == other.account_id


@pytest.mark.parametrize("result", [CallResult.SATISFIED, CallResult.DISSATISFIED])
def test_a_call_that_was_answered_closes_it_and_ends_the_reminders(bad: Scene, result) -> None:
    call(bad, bad.officer, result=result)
    row = the_ticket(bad)
    assert (row.status, row.result, row.said, row.done) == ("closed", result, "听不懂。", "另约。")
    assert row.owner_id == row.closed_by_id == bad.officer.account_id
    bad.clock.put(at("10-16 09:00"))
    bad.work()
    assert bad.told(bad.officer, "ticket.due_soon") == bad.told(bad.officer, "ticket.overdue") == []
    (entry,) = bad.rows(AuditEntry, AuditEntry.action == "ticket.closed")
    assert "听不懂" not in str(entry.body)
    for step in (lambda: call(bad, bad.officer), lambda: take(bad)):
        with pytest.raises(IllegalStepError):
            step()


def take(scene: Scene) -> Ticket:
    return scene.store.execute(scene.officer, tickets.take, the_ticket(scene).id)


def test_a_call_that_reached_nobody_is_kept_and_closes_nothing(bad: Scene) -> None:
    for note in ("", "停机"):
        call(bad, bad.officer, result=CallResult.NOT_REACHED, said=note, done="")
    row = the_ticket(bad)
    assert (row.status, row.tries, row.closed_at) == (TicketStatus.TAKEN, 2, None)
    assert [each.note for each in bad.rows(TicketTry)] == [None, "停机"]
    assert len(reminders(bad)) == 2
    call(bad, bad.officer)
    with bad.store.read(bad.officer) as reader:
        page = ticket_page(reader, row.id)
    assert (len(page.tries), page.remark, page.said) == (2, "讲得太快", "听不懂。")
    assert page.may_work is False


def test_a_second_call_from_the_same_page_is_refused(bad: Scene) -> None:
    call(bad, bad.officer, version=1, result=CallResult.NOT_REACHED)
    with pytest.raises(StaleVersionError):
        call(bad, bad.officer, version=1, result=CallResult.NOT_REACHED)
    assert len(bad.rows(TicketTry)) == 1


def test_a_call_without_its_words_or_before_its_time_closes_nothing(bad: Scene) -> None:
    later = bad.clock.now() + timedelta(minutes=1)
    for values in ({"said": ""}, {"done": " "}, {"called": ""}, {"called_at": later}):
        with pytest.raises(InvalidInputError):
            call(bad, bad.officer, **values)
    assert the_ticket(bad).status is TicketStatus.OPEN


def test_who_served_or_wrote_the_record_can_neither_take_nor_close_it(bad: Scene) -> None:
    expert = Actor(
        account_id=bad.officer.account_id,
        person_id=bad.mentor.person_id,
        roles=frozenset({Role.OFFICER, Role.MENTOR}),
        request_id="7",
    )
    author = Actor(
        account_id=bad.mentor.account_id, roles=frozenset({Role.OFFICER}), request_id="7"
    )
    for somebody in (expert, author):
        with pytest.raises(HandlerError):
            call(bad, somebody)
        with pytest.raises(HandlerError):
            bad.store.execute(somebody, tickets.take, the_ticket(bad).id)
    assert the_ticket(bad).status is TicketStatus.OPEN
    assert call(bad, bad.officer).status is TicketStatus.CLOSED


def test_tickets_are_the_bureaus_alone(bad: Scene) -> None:
    key = the_ticket(bad).id
    street = staff(bad.store, Role.STREET_LIAISON, street="tangye")
    department = staff(bad.store, Role.DEPT_LIAISON, department="hrss")
    for somebody in (bad.mentor, bad.founder, street, department):
        with pytest.raises(NotFoundError):
            bad.store.execute(somebody, tickets.take, key)
        with bad.store.read(somebody) as reader:
            assert ticket_list(reader, TicketFilter.OPEN).open == 0
            with pytest.raises(NotFoundError):
                ticket_page(reader, key)
    auditor = staff(bad.store, Role.AUDITOR)
    with pytest.raises(ForbiddenError):
        bad.store.execute(auditor, tickets.take, key)
    with bad.store.read(auditor) as reader:
        assert ticket_page(reader, key).may_work is False


def test_the_list_tells_open_overdue_and_closed_apart(bad: Scene) -> None:
    def listed(which: TicketFilter) -> tuple[int, int, int]:
        with bad.store.read(bad.officer) as reader:
            found = ticket_list(reader, which)
        return len(found.items), found.open, found.overdue

    assert listed(TicketFilter.OPEN) == (1, 1, 0)
    assert listed(TicketFilter.OVERDUE) == (0, 1, 0)
    bad.clock.put(at("10-16 00:00"))
    assert listed(TicketFilter.OVERDUE) == (1, 1, 1)
    call(bad, bad.officer)
    assert listed(TicketFilter.OVERDUE) == listed(TicketFilter.OPEN) == (0, 0, 0)
    assert listed(TicketFilter.CLOSED) == (1, 0, 0)


def test_a_new_day_off_lengthens_it_with_its_reminders_and_a_worked_day_shortens_nothing(
    bad: Scene,
) -> None:
    fields = [heading.field for heading in CALENDAR.headings]
    approver = staff(bad.store, Role.APPROVER)

    def change(line: str) -> None:
        days = bad.rows(CalendarDay, ~CalendarDay.is_withdrawn, CalendarDay.day >= date(2026, 1, 1))
        known = [f"{row.day}\t{row.kind.value}\t{row.name}\n" for row in days]
        rows = pasted_rows("".join(known) + line, CALENDAR.by_name, fields)
        bad.store.execute(approver, calendars.import_rows, rows)

    change("2026-09-19\tworkday\t调休\n")
    assert the_ticket(bad).due_at == at("10-16 00:00")
    change("2026-09-22\toff\t庆典\n2026-09-23\toff\t庆典\n")
    # Two working days more: Friday the 16th and Monday the 19th.
    assert the_ticket(bad).due_at == at("10-20 00:00")
    assert reminders(bad) == [at("10-14 09:00"), at("10-20 09:00")]
    named = AuditEntry.action == "ticket.deadline_lengthened"
    assert len(bad.rows(AuditEntry, named)) == 1


@on_each
@pytest.mark.parametrize(
    "change",
    [
        "UPDATE tickets SET status = 'closed'",
        "UPDATE tickets SET status = 'closed', closed_at = opened_at, called_at = opened_at,"
        " closed_by_id = owner_id, called = 'x', result = 'satisfied', done = 'y'",
        "UPDATE tickets SET result = 'not_reached'",
        "DELETE FROM tickets",
        "DELETE FROM ticket_tries",
        "UPDATE ticket_tries SET called = 'x'",
    ],
)
def test_the_database_itself_keeps_a_ticket_open_without_a_call(bad: Scene, change: str) -> None:
    call(bad, bad.officer, result=CallResult.NOT_REACHED)
    with pytest.raises(IntegrityError), unscoped(), bad.store.engine.begin() as connection:
        connection.execute(text(change))
    # The control: the same hand may write what the law does not forbid.
    with unscoped(), bad.store.engine.begin() as connection:
        changed = connection.execute(text("UPDATE tickets SET tries = 7"))
    assert changed.rowcount == 1
