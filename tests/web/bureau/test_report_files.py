"""Reports as files: asked for with one press, made by the job process, opened again, forgotten."""

import io
from datetime import timedelta
from uuid import UUID

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from app.adapters.email import Outbox
from app.domain.actor import SYSTEM, Role
from app.domain.calendar import Month
from app.domain.ids import new_id
from app.domain.job import ClaimedJob
from app.domain.report_file import UNDER_WAY, Made, ReportFileStatus
from app.jobs.registry import registry
from app.jobs.worker import Worker
from app.models.audit_entry import AccessEntry
from app.models.job import Job
from app.models.message import Delivery, Message
from app.models.report_file import ReportFile, ReportFilePart
from app.queries.service_counts import measures
from app.services import report_files
from tests.builders import staff

DESK = "/bureau/report-files"


def asked(desk, stretch: str = "2026-09", written: str = "workbook") -> str:
    fields = {**desk.hidden(DESK), "stretch": stretch, "format": written}
    return str(desk.send(DESK, **fields).location)


def made(district, desk, *what: str) -> bytes:
    page = asked(desk, *what)
    work(district)
    assert "做好了" in desk.get(page)
    answer = desk.client.get(f"{page}/content")
    assert answer.status_code == 200
    assert "attachment" in answer.headers["Content-Disposition"]
    return answer.data


def work(district) -> None:
    Worker(district.store, registry(Outbox(), "http://localhost", "历城创业导师")).work()


def sheets(content: bytes) -> dict[str, list[list[object]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_the_workbook_says_what_the_ledger_says(year, district, desk) -> None:
    district.close(Month(2026, 8), "09-25 11:00")
    content = made(district, desk)
    tables = sheets(content)
    with district.store.read(district.approver) as reader:
        figures = measures(reader, Month(2026, 9)).restated.figures()
    told = {line[0]: line[3] for line in tables["汇总"][1:]}
    assert told["服务场次"] == figures["sessions"] > 0
    assert told["服务人数"] == figures["distinct_persons"]
    assert told["服务时长合计"] == figures["session_hours"]
    records = tables["明细"][1:]
    counted = [line for line in records if line[12] == "计入"]
    assert len(counted) == figures["sessions"]
    assert sum(line[9] for line in counted) == figures["session_minutes"]
    assert all(line[13] for line in records if line[12] == "未计入")
    by_type = [line for line in tables["分项"] if line[0] == "服务类型"]
    assert by_type[-1][1] == "合计"
    assert sum(line[2] for line in by_type[:-1]) == by_type[-1][2] == figures["sessions"]
    book = openpyxl.load_workbook(io.BytesIO(content))
    cells = [cell for sheet in book for row in sheet for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert "导出人" in book["明细"].oddFooter.left.text


def test_a_second_press_leads_to_the_same_file_while_it_is_made(year, district, desk) -> None:
    first = asked(desk)
    assert asked(desk) == first
    assert "正在做" in desk.get(first)
    assert asked(desk, "2026-09", "text") != first
    assert desk.client.get(f"{first}/content").status_code == 404
    work(district)
    assert asked(desk) != first


def test_after_thirty_days_the_bytes_are_gone_and_the_page_says_so(year, district, desk) -> None:
    page = asked(desk)
    work(district)
    assert "做好了" in desk.get(page)
    kept_until = district.one(ReportFile).kept_until
    district.clock.put(kept_until - timedelta(minutes=1))
    work(district)
    assert district.rows(ReportFilePart)
    district.clock.put(kept_until)
    work(district)
    assert not district.rows(ReportFilePart)
    row = district.one(ReportFile)
    assert (row.status, len(row.sha256)) == (ReportFileStatus.FORGOTTEN, 64)


def test_who_takes_a_file_is_noted(year, district, desk) -> None:
    made(district, desk)
    taken = [each for each in district.rows(AccessEntry) if each.subject.endswith("content")]
    assert len(taken) == 1


@pytest.mark.parametrize(
    ("stretch", "written"), [("2026-Q5", "text"), ("2026-12", "workbook"), ("2026", "pigeon")]
)
def test_a_report_that_cannot_be_is_refused_in_words(
    year, district, desk, stretch: str, written: str
) -> None:
    fields = {**desk.hidden(DESK), "stretch": stretch, "format": written}
    assert "没有办成" in desk.send(DESK, 422, **fields).get_data(as_text=True)
    assert not district.rows(ReportFile)


def test_an_auditor_reads_files_and_makes_none(year, district, desk, enter) -> None:
    page = asked(desk)
    work(district)
    auditor = enter(staff(district.store, Role.AUDITOR))
    assert "做成 Excel" not in auditor.get(DESK)
    assert "做好了" in auditor.get(page)
    liaison = enter(staff(district.store, Role.DEPT_LIAISON, department="xzspj"))
    liaison.get(page, 403)


def inbox(district) -> list[str]:
    rows = [m for m in district.rows(Message) if m.event.startswith("report_file.")]
    assert {row.account_id for row in rows} <= {district.officer.account_id}
    return [f"{row.title} {row.href}" for row in rows]


def test_who_asked_is_told_once_that_the_file_is_ready(year, district, desk) -> None:
    page = asked(desk)
    assert inbox(district) == []
    work(district)
    assert inbox(district) == [f"2026-09的报表做好了 {page}"]
    assert "2026-09的报表做好了" in desk.get("/inbox")
    # The process is started anew and takes the same job up once more; then it is given up.
    (job,) = district.rows(Job, Job.kind == report_files.MAKE)
    again = ClaimedJob(
        id=job.id,
        kind=job.kind,
        subject_id=job.subject_id,
        payload={},
        run_at=job.run_at,
        not_after=None,
        attempts=2,
        max_attempts=8,
        owner=new_id(),
    )
    district.store.execute(SYSTEM, report_files.keep, again, Made((b"x",), 0, "0" * 64))
    district.store.execute(SYSTEM, report_files.give_up, again)
    work(district)
    assert len(inbox(district)) == 1
    assert not [row for row in district.rows(Delivery) if row.message_id in told_of(district)]


def test_who_asked_is_told_once_that_it_failed(year, district, desk, monkeypatch) -> None:
    page = asked(desk)

    def broken(*_: object) -> list[object]:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr("app.jobs.make_report.figure_tables", broken)
    while district.one(ReportFile).status in UNDER_WAY:
        work(district)
        district.clock.put(district.clock.now() + timedelta(hours=2))
    work(district)
    assert inbox(district) == [f"2026-09的报表没有做成 {page}"]
    assert "没有做成" in desk.get(page)


def told_of(district) -> set[UUID]:
    return {m.id for m in district.rows(Message) if m.event.startswith("report_file.")}
