"""The page of who looks after the service: jobs by kind, dead letters, letters once more."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.adapters.email import Outbox
from app.domain.actor import SYSTEM, Role
from app.domain.ids import new_id
from app.domain.job import DeliveryState, JobState
from app.domain.message import Reason
from app.jobs.leader import Leadership
from app.jobs.registry import registry
from app.models.account import Account
from app.models.job import Job, Stoppage
from app.models.message import Delivery, Message
from app.services import job_processes
from tests.builders import keep, staff
from tests.databases import ROOT
from tests.letters import a_job, a_lost_letter
from tests.moments import START

HOUR = timedelta(hours=1)


@pytest.fixture
def operator(store, enter):
    return enter(staff(store, Role.SYS_ADMIN))


def state_of(store, job: Job) -> JobState:
    with store.read(SYSTEM) as reader:
        return reader.session.scalars(select(Job.state).where(Job.id == job.id)).one()


def test_an_empty_page_says_so_and_that_nobody_works(operator) -> None:
    page = operator.get("/bureau/jobs")
    for words in ("没有失败的任务", "没有等着办的任务", "还没有信件", "没有停过", "没有后台进程"):
        assert words in page
    assert 'href="/bureau/jobs"' in page


def test_jobs_are_shown_by_kind_late_ones_and_kinds_nobody_knows_by_name(
    store, clock, operator
) -> None:
    a_job(store, "remind_session")
    a_job(store, "remind_session", run_at=START + 9 * HOUR)
    a_job(store, "remind_session", JobState.EXPIRED)
    a_job(store, "renamed_kind")
    a_lost_letter(store)
    process_id = new_id()
    store.execute(SYSTEM, job_processes.beat, process_id, ["remind_session"])
    assert "现在没有进程牵头" in operator.get("/bureau/jobs")
    Leadership(store, process_id).seek()
    clock.put(START + 2 * HOUR + timedelta(minutes=5))
    page = operator.get("/bureau/jobs")
    assert "最早的等了 2 小时 5 分钟" in page
    assert "有 2 件晚了" in page
    assert f"现在由进程 {str(process_id)[-8:]} 牵头（第 1 任）" in page
    assert "没有进程认识“renamed_kind”" in page
    row = page.partition("提醒见面")[2].partition("</tr>")[0]
    figures = {
        name: part.partition(">")[2].partition("<")[0]
        for name, _, part in (cell.partition('"') for cell in row.split('data-l="')[1:])
    }
    assert figures == {
        "等着": "2",
        "到期": "1",
        "晚了": "1",
        "在办": "0",
        "失败": "0",
        "过期": "1",
        "最早的等了": "2 小时 5 分钟",
    }
    assert 'href="/bureau/outbox?state=unknown"' in page


def test_a_dead_letter_tells_why_and_is_queued_anew_by_one_press(store, operator) -> None:
    error = "Traceback\n  File x\nConnectionError: no route"
    job = a_job(store, "remind_session", JobState.DEAD, attempts=8, last_error=error)
    page = operator.get("/bureau/jobs")
    assert "ConnectionError: no route</p>" in page
    assert "试过 8 次" in page
    path = f"/bureau/jobs/{job.id}/requeue"
    fields = operator.hidden("/bureau/jobs")
    operator.send(path, **fields)
    assert state_of(store, job) is JobState.READY
    # The same press again is answered alike; a press of another page is told what stands.
    operator.send(path, **fields)
    fields["idempotency_key"] = "another"
    assert operator.send(path, **fields).location == "/bureau/jobs"
    assert "可能已经重新排队" in operator.get("/bureau/jobs")
    operator.send(path, 422, **{**fields, "version": "", "idempotency_key": "third"})
    assert state_of(store, job) is JobState.READY


def test_all_dead_letters_of_a_kind_are_queued_anew_by_one_press(store, operator) -> None:
    dead = [a_job(store, "remind_session", JobState.DEAD, attempts=8) for _ in range(2)]
    other = a_job(store, "remind_record", JobState.DEAD, attempts=8)
    page = operator.get("/bureau/jobs")
    assert page.count("全部重新排队</span>") == 1
    assert "没有记下原因" in page
    fields = {**operator.hidden("/bureau/jobs"), "kind": "remind_session"}
    operator.send("/bureau/jobs/requeue", **fields)
    assert "2 件已重新排队" in operator.get("/bureau/jobs")
    assert [state_of(store, job) for job in dead] == [JobState.READY] * 2
    assert state_of(store, other) is JobState.DEAD


def test_a_letter_is_sent_once_more_after_a_question(store, operator) -> None:
    letter = a_lost_letter(store)
    path = f"/bureau/outbox/{letter.id}/resend"
    for page in ("/bureau/jobs", "/bureau/outbox"):
        assert f'href="{path}"' in operator.get(page)
    asked = operator.get(path)
    assert "收信人可能会收到两封" in asked
    assert "请在周五前答复。" in asked
    fields = operator.hidden(path)
    operator.send(path, **fields)
    operator.send(path, **fields)
    assert path not in operator.get("/bureau/outbox")
    assert "没有失败的任务" in operator.get("/bureau/jobs")
    assert "不能再寄" in operator.get(path)
    again = operator.send(path, 409, **{**fields, "idempotency_key": "another"})
    assert "已经有人再寄过了" in again.get_data(as_text=True)
    with store.read(SYSTEM) as reader:
        assert len(reader.session.scalars(select(Delivery)).all()) == 2
    operator.get(f"/bureau/outbox/{new_id()}/resend", 404)


def test_officers_resend_letters_and_do_not_touch_jobs(store, enter) -> None:
    letter = a_lost_letter(store)
    officer = enter(staff(store))
    assert "再寄一次" in officer.get("/bureau/outbox")
    assert 'href="/bureau/jobs"' not in officer.get("/bureau/outbox")
    officer.get("/bureau/jobs", 403)
    officer.get(f"/bureau/outbox/{letter.id}/resend")
    auditor = enter(staff(store, Role.AUDITOR))
    auditor.get(f"/bureau/outbox/{letter.id}/resend", 403)


def test_a_late_message_and_its_letter_say_by_how_much_and_why(store, clock, enter) -> None:
    letter = a_lost_letter(store)
    keep(store, Stoppage(began_at=START, ended_at=START + 2 * HOUR))

    def sent_late(uow) -> Account:
        row, message = uow.load(Delivery, letter.id), uow.load(Message, letter.message_id)
        message.due_at, message.created_at = START, START + 2 * HOUR
        row.state, row.updated_at = DeliveryState.DELIVERED, START + 2 * HOUR
        return uow.load(Account, message.account_id)

    reader = enter(store.execute(SYSTEM, sent_late))
    words = "晚了 2 小时发出：服务在 9月16日 周三 10:00–12:00 停过"
    assert words in reader.get("/inbox")
    assert words in enter(staff(store)).get("/bureau/outbox")


def test_all_letters_of_a_channel_are_sent_once_more_after_a_question(store, operator) -> None:
    for _ in range(2):
        a_lost_letter(store)
    path = "/bureau/outbox/resend?channel=email&state=unknown"
    assert 'href="/bureau/outbox/resend?channel=email&amp;state=unknown"' in operator.get(
        "/bureau/outbox"
    )
    asked = operator.get(path)
    assert "收信人可能会收到两封" in asked
    assert "电子邮件：2 件" in asked
    fields = operator.hidden(path)
    for key in ("one", "one", "another"):
        operator.send("/bureau/outbox/resend", **{**fields, "idempotency_key": key})
    assert "没有可以再寄的信" in operator.get(path)
    with store.read(SYSTEM) as reader:
        assert len(reader.session.scalars(select(Delivery)).all()) == 4
    operator.get("/bureau/outbox/resend?channel=email&state=delivered", 422)
    operator.get("/bureau/outbox/resend?channel=fax&state=failed", 422)
    operator.send("/bureau/outbox/resend", 422, **{**fields, "channel": "fax"})


def test_why_a_letter_waits_and_how_many_is_said_in_words(store, enter) -> None:
    letter = a_lost_letter(store)

    def waits(uow) -> None:
        row = uow.load(Delivery, letter.id)
        row.state, row.reason = DeliveryState.PLANNED, "carrier_away: [Errno 111] refused"
        job = uow.one(select(Job).where(Job.subject_id == row.id))
        job.state, job.run_at = JobState.READY, START - HOUR

    store.execute(SYSTEM, waits)
    words = "1 封邮件在等，从 9月16日 09:00 起"
    for role, pages in (
        (Role.SYS_ADMIN, ("/bureau/outbox", "/bureau/jobs")),
        (Role.OFFICER, ("/bureau", "/bureau/outbox")),
    ):
        desk = enter(staff(store, role))
        for page in pages:
            assert words in desk.get(page), page
    shown = desk.get("/bureau/outbox")
    assert "对方服务器没有应答，会自动再试（[Errno 111] refused）" in shown
    assert words not in enter(staff(store, Role.AUDITOR)).get("/bureau")


def test_every_reason_of_a_delivery_has_words_in_both_languages(app) -> None:
    shown = {}
    for lang in ("zh", "en"):
        with app.test_request_context(headers={"Cookie": f"lang={lang}"}):
            words = app.jinja_env.get_template("bureau/running/job_words.html").module.reason_text
            shown[lang] = {reason: words(f"{reason}: said") for reason in Reason}
    for texts in shown.values():
        assert not [reason for reason, text in texts.items() if f"{reason}: said" == text]
        assert all("said" in text for text in texts.values())
    assert not [reason for reason in Reason if shown["zh"][reason] == shown["en"][reason]]


def test_every_kind_of_job_has_a_name_that_people_read() -> None:
    words = (
        ROOT / "app" / "web" / "templates" / "bureau" / "running" / "job_words.html"
    ).read_text("utf-8")
    kinds = registry(Outbox(), "https://example.org", "历城创业导师")
    assert [kind for kind in kinds if f"'{kind}': _(" not in words] == []
