from app.domain.actor import SYSTEM, Role
from app.domain.task import TaskKind, key_of_year
from app.services import tasks
from tests.builders import staff


def test_a_task_is_listed_counted_and_closed_with_a_note(district, desk) -> None:
    mentor = district.mentor("高源")
    session = district.accepted(mentor, district.founder("王强"), "09-17 15:00")
    task = district.store.execute(
        SYSTEM, tasks.open_once, TaskKind.MENTOR_CANCELLED, session.booking_id
    )
    assert "待办，要有人来决定" in desk.get("/bureau")
    page, path = desk.get("/bureau/tasks"), f"/bureau/tasks/{task.id}"
    assert f'href="{path}"' in page
    assert "王强与高源" in page
    assert f'href="/bureau/needs/{session.need_id}"' in page
    refused = desk.post(path, status=422, note="")
    assert "办理情况" in refused.get_data(as_text=True)
    assert desk.post(path, note="已电话联系王强").location == "/bureau/tasks"
    assert path not in desk.get("/bureau/tasks")
    assert path in desk.get("/bureau/tasks?state=closed")
    assert "已电话联系王强" in desk.get(path)
    desk.post("/bureau/tasks", path, 409, note="再办一次", version="2")


def test_each_task_says_who_acts_and_offers_a_note_to_nobody_else(district, desk, enter) -> None:
    expert = district.mentor("高源").expert
    review = district.store.execute(SYSTEM, tasks.open_once, TaskKind.DISMISSAL_REVIEW, expert.id)
    missing = district.store.execute(
        SYSTEM, tasks.open_once, TaskKind.CALENDAR_MISSING, key_of_year(2027), year=2027
    )
    assert "这件事由复核人办结" in desk.get(f"/bureau/tasks/{review.id}")
    approver = enter(staff(district.store, Role.APPROVER))
    assert 'name="note"' in approver.get(f"/bureau/tasks/{review.id}")
    itself = approver.get(f"/bureau/tasks/{missing.id}")
    assert "2027年" in itself
    assert 'name="note"' not in itself
    assert enter(staff(district.store, Role.STREET_LIAISON, street="x")).get("/bureau/tasks", 403)


def test_without_tasks_the_page_says_so(desk) -> None:
    assert "没有待办" in desk.get("/bureau/tasks")
    assert "还没有办结的事" in desk.get("/bureau/tasks?state=closed")
