from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from app.db import StaleVersionError
from app.domain.actor import SYSTEM, Actor, Role
from app.domain.clock import FixedClock
from app.domain.errors import ForbiddenError, InvalidInputError, NotFoundError
from app.domain.ids import new_id
from app.domain.task import ClosesItselfError, TaskClosedError, TaskEnd, TaskKind
from app.models.audit_entry import AuditEntry
from app.models.task import Task
from app.queries.tasks import task_page
from app.services import audit_entries, tasks
from app.unit_of_work import Store
from tests.builders import a_founder, an_expert, staff
from tests.moments import at
from tests.services.scene import set_scene
from tests.turns import on_each

ABSENT, SUSPENDED = TaskKind.MENTOR_CANCELLED, TaskKind.SUSPENDED_BOOKING
REVIEW = TaskKind.DISMISSAL_REVIEW


def opened(store: Store, kind: TaskKind = ABSENT, actor: Actor = SYSTEM, **values) -> Task:
    subject = values.pop("subject", None) or new_id()
    return store.execute(actor, tasks.open_once, kind, subject, **values)


def kept(store: Store, reader: Actor = SYSTEM) -> list[Task]:
    with store.read(reader) as look:
        return list(look.session.query(Task).order_by(Task.id))


@on_each
def test_a_second_opening_finds_the_open_task_and_keeps_its_date(store: Store) -> None:
    subject = new_id()
    first = opened(store, subject=subject, due_by=at("09-20 10:00"), cause="leave")
    second = opened(store, subject=subject, due_by=at("09-25 10:00"), cause="term")
    assert second.id == first.id
    [task] = kept(store)
    assert (task.due_by, task.facts) == (at("09-20 10:00"), {"cause": "leave"})
    opened(store, REVIEW, subject=subject)
    assert len(kept(store)) == 2


def test_who_causes_a_task_need_not_see_it(store: Store) -> None:
    founder = a_founder(store)
    subject = new_id()
    first = opened(store, actor=founder, subject=subject)
    assert opened(store, actor=founder, subject=subject).id == first.id
    assert kept(store, founder) == []


@on_each
def test_of_many_who_open_a_task_together_one_does(store: Store) -> None:
    subject, together = new_id(), Barrier(6)

    def open_together(_: int) -> Task:
        together.wait()
        return opened(store, REVIEW, subject=subject)

    with ThreadPoolExecutor(6) as pool:
        found = {task.id for task in pool.map(open_together, range(6))}
    assert [task.id for task in kept(store)] == list(found)
    with store.read(SYSTEM) as look:
        entries = look.session.query(AuditEntry).filter_by(action="task.opened").count()
    assert entries == 1


def test_an_officer_closes_a_task_with_what_he_did(store: Store, clock: FixedClock) -> None:
    officer, task = staff(store), opened(store)
    clock.put(at("09-18 10:00"))
    store.execute(officer, tasks.close, task.id, " 已电话联系 ", version=1)
    [closed] = kept(store)
    assert (closed.closed_at, closed.closed_by_id) == (at("09-18 10:00"), officer.account_id)
    assert (closed.ending, closed.note) == (TaskEnd.DONE, "已电话联系")
    with pytest.raises(TaskClosedError):
        store.execute(officer, tasks.close, task.id, "再办一次")
    assert opened(store, subject=task.subject_id).id != task.id
    with store.read(SYSTEM) as reader:
        report = audit_entries.verify(reader, store.audit_key())
    assert report.faults == []


def test_a_note_is_refused_when_it_is_empty_stale_or_not_what_is_asked(store: Store) -> None:
    officer, task = staff(store), opened(store)
    with pytest.raises(InvalidInputError):
        store.execute(officer, tasks.close, task.id, " ")
    with pytest.raises(StaleVersionError):
        store.execute(officer, tasks.close, task.id, "好", version=7)
    with pytest.raises(ClosesItselfError):
        store.execute(officer, tasks.close, opened(store, SUSPENDED).id, "好")
    assert all(each.closed_at is None for each in kept(store))


def test_each_kind_is_closed_by_whom_it_is_for(store: Store) -> None:
    review = opened(store, REVIEW)
    with pytest.raises(ForbiddenError):
        store.execute(staff(store), tasks.close, review.id, "不解聘")
    with pytest.raises(NotFoundError):
        store.execute(a_founder(store), tasks.close, review.id, "不解聘")
    store.execute(staff(store, Role.APPROVER), tasks.close, review.id, "已约谈，不解聘")


def test_a_settled_matter_closes_its_task_once(store: Store) -> None:
    task = opened(store, SUSPENDED)
    settled = store.execute(SYSTEM, tasks.settle, SUSPENDED, task.subject_id)
    assert settled is not None
    assert settled.ending is TaskEnd.SETTLED
    assert store.execute(SYSTEM, tasks.settle, SUSPENDED, task.subject_id) is None


def test_open_tasks_come_by_due_date_and_closed_ones_the_newest_first(
    store: Store, clock: FixedClock
) -> None:
    scene = set_scene(store, clock)
    booking = scene.accepted()
    expert = an_expert(store, name="高源")
    late = opened(store, subject=booking.id, due_by=at("09-30 10:00"))
    soon = opened(store, REVIEW, subject=expert.id, due_by=at("09-16 09:00"))
    done = opened(store)
    store.execute(scene.officer, tasks.close, done.id, "已联系")
    clock.put(at("09-17 10:00"))
    with store.read(scene.officer) as reader:
        first = task_page(reader, limit=1)
        second = task_page(reader, after=first.next, limit=1)
        closed = task_page(reader, is_open=False)
    assert (first.open, second.next) == (2, None)
    assert [row.id for row in (*first.items, *second.items)] == [soon.id, late.id]
    [review], [call], [past] = first.items, second.items, closed.items
    assert (review.about.name, review.by) == ("高源", (Role.APPROVER,))
    assert (review.is_overdue, review.may_close, call.may_close) == (True, False, True)
    assert (call.about.name, call.about.expert) == (booking.reference, "张敏")
    assert (past.closed_by, past.note, past.about) == ("officer", "已联系", None)
