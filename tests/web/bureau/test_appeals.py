"""申诉: a mentor reads why his service does not count, appeals, and is answered."""

import pytest

from app.domain.actor import Role
from app.domain.service_record import CorrectionOp
from app.models.appeal import Appeal
from app.services import corrections
from tests.builders import staff
from tests.web.bureau.conftest import Desk

WHY = "前台有登记，实际谈了 40 分钟。"


@pytest.fixture
def mentor(year, enter) -> Desk:
    return enter(year.official.actor)


@pytest.fixture
def path(year) -> str:
    return f"/mentor/sessions/{year.meetings['short'].id}/appeal"


def appeal(mentor: Desk, path: str, status: int = 303, **fields: str):
    return mentor.post(path, status=status, **{"statement": WHY, **fields})


def page_of(year) -> str:
    return f"/bureau/appeals/{year.district.one(Appeal).id}"


def test_the_ledger_says_why_in_plain_words_and_leads_to_the_appeal(year, mentor, path) -> None:
    page = mentor.get("/mentor/sessions?year=2026")
    assert "短于这类服务的最低时长" in page
    assert path in page
    told = mentor.get(path)
    assert "申诉不会影响对您的评价、派单和续聘" in told
    assert "我不同意，申诉" in told


def test_an_appeal_is_made_answered_and_read_by_the_mentor(year, mentor, desk, path) -> None:
    appeal(mentor, path)
    assert "您的申诉正在办理" in mentor.get(path)
    assert "看申诉" in mentor.get("/mentor/sessions?year=2026")
    listed = desk.get("/bureau/appeals")
    assert "未答复 1 件" in listed
    assert WHY in desk.get(page_of(year))

    desk.post(page_of(year), verdict="explain", answer="前台登记是 20 分钟。")

    told = mentor.get(path)
    assert "维持原结论" in told
    assert "前台登记是 20 分钟。" in told
    assert "已答复" in desk.get("/bureau/appeals?state=answered")
    assert page_of(year) in desk.get(f"/bureau/sessions/{year.meetings['short'].id}")


def test_an_upheld_appeal_names_the_correction(year, mentor, desk, path) -> None:
    appeal(mentor, path)
    session = year.meetings["short"]
    refused = desk.post(page_of(year), status=422, verdict="uphold", answer="属实。")
    assert "采纳申诉要先有更正或电话核实" in refused.get_data(as_text=True)
    fix = year.district.store.execute(
        year.district.officer, corrections.propose, session.id, CorrectionOp.VOID, None, "属实"
    )
    assert str(fix.id) in desk.get(page_of(year))
    desk.post(page_of(year), verdict="uphold", answer="属实，已提出更正。", remedy=str(fix.id))
    assert "已采纳" in desk.get(page_of(year))
    assert "属实，已提出更正。" in mentor.get(path)


def test_what_is_missing_is_named_and_what_was_typed_stays(year, mentor, desk, path) -> None:
    assert "需要修改" in appeal(mentor, path, 422, statement="").get_data(as_text=True)
    appeal(mentor, path)
    page = desk.post(page_of(year), status=422, answer="前台登记是 20 分钟。")
    assert "前台登记是 20 分钟。" in page.get_data(as_text=True)
    desk.post(page_of(year), status=422, verdict="uphold", answer="属实。", remedy="x")


def test_a_counted_service_and_one_of_somebody_else_offer_no_form(year, mentor) -> None:
    counted = f"/mentor/sessions/{year.meetings['team'].id}/appeal"
    assert "这次服务已经计入" in mentor.get(counted)
    assert "已经计入" in mentor.post(counted, status=422, statement=WHY).get_data(as_text=True)
    mentor.get(f"/mentor/sessions/{year.meetings['first'].id}/appeal", 404)


def test_only_the_bureau_and_auditors_read_appeals(year, mentor, enter, path) -> None:
    appeal(mentor, path)
    auditor = enter(staff(year.district.store, Role.AUDITOR))
    assert "答复" in auditor.get(page_of(year))
    auditor.send(page_of(year), 403, csrf_token=auditor.token(page_of(year)))
    liaison = enter(staff(year.district.store, Role.STREET_LIAISON, street="tangye"))
    liaison.get("/bureau/appeals", 403)
    enter(year.team.actor).get(path, 403)


def test_the_founder_reads_whether_it_counts_and_why_not(year, enter) -> None:
    founder = enter(year.team.actor)
    assert "见面的时间短于这类服务的最低时长" in founder.get(
        f"/sessions/{year.meetings['short'].id}/confirm"
    )
    assert "计入 2026年9月的服务" in founder.get(f"/sessions/{year.meetings['team'].id}/confirm")
