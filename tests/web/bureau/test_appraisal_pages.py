"""Appraisals on the pages: what waits, a mark, its correction, and what the mentor reads."""

from datetime import date

from app.domain.actor import Role
from app.domain.policy_number import PolicyNumber
from app.models.appraisal import Appraisal
from app.models.honour import Honour
from tests.builders import staff
from tests.services.test_policy_days import enter as enter_number

LIST = "/bureau/appraisals"
SAID = "准备充分，<b>建议</b>具体。"


def at(year, meeting: str) -> tuple[str, str]:
    """Return the page of a meeting's marks, and where its lead's mark is sent."""
    session = year.meetings[meeting]
    page = f"/bureau/sessions/{session.id}/appraisals"
    return page, f"{page}/{session.lead_expert_id}"


def test_an_officer_marks_a_mentor_and_corrects_it_with_a_reason(year, desk, enter) -> None:
    page, act = at(year, "first")
    assert page in desk.get(LIST)
    assert page in desk.get(f"/bureau/sessions/{year.meetings['first'].id}")
    refused = desk.post(page, act, 422, score="101", words="").text
    for field in ("score", "words"):
        assert f'id="{field}-e"' in refused
    assert 'value="101"' in refused
    assert year.district.rows(Appraisal) == []

    assert desk.post(page, act, score="58", words=SAID).location == page
    (row,) = year.district.rows(Appraisal)
    shown = desk.get(page)
    assert "58 分" in shown
    assert "不合格" in shown
    assert "准备充分，&lt;b&gt;建议" in shown
    again = {key: value for key, value in desk.hidden(page).items() if key != "appraisal"}
    twice = desk.send(act, 409, **again, score="58", words=SAID).get_data(as_text=True)
    assert "已经考评过这位导师" in twice

    form = {"appraisal": str(row.id), "version": "1", "score": "92", "words": "核对了记录。"}
    assert 'id="reason-e"' in desk.post(page, act, 422, **form, reason=" ").text
    desk.post(page, act, **form, reason="<i>看错了人</i>")
    stale = desk.post(page, act, 409, **form, reason="再改").text
    assert "没有办成" in stale
    sheet = desk.get(f"/bureau/duty/{year.scholar.expert.id}")
    for words in (
        "近 2 年 1 次，平均 92.0 分",
        "&lt;i&gt;看错了人",
        "58 分",
        "第 2 版",
        "逾期考评",
    ):
        assert words in sheet

    mentor = enter(year.scholar.actor)
    own = mentor.get("/mentor/duty")
    for words in ("对您的考评", "92 分", "优秀", "核对了记录。", "看错了人", "58 分"):
        assert words in own
    assert year.district.officer.name not in own.partition("对您的考评")[2]
    assert "对您的考评" not in enter(year.official.actor).get("/mentor/duty")
    mentor.get(page, 403)


def test_an_auditor_reads_and_gives_no_mark(year, desk, enter) -> None:
    page, act = at(year, "first")
    auditor = enter(staff(year.district.store, Role.AUDITOR))
    assert "保存考评" not in auditor.get(page)
    auditor.send(act, 403, csrf_token=auditor.token(page), score="90", words=SAID)
    desk.get("/bureau/sessions/00000000-0000-7000-8000-000000000000/appraisals", 404)


def test_low_and_excellent_averages_lead_to_their_next_steps(year, desk, enter) -> None:
    enter_number(year.district, PolicyNumber.SENIOR_EVENTS, 3, date(2026, 9, 1))
    empty = desk.get(LIST)
    assert empty.count("现在没有。") == 2
    for meeting, score in (("first", 95), ("guodian", 95), ("diagnosis", 95), ("second", 40)):
        page, act = at(year, meeting)
        desk.post(page, act, score=str(score), words=SAID)
    listed = desk.get(LIST)
    expert = year.scholar.expert.id
    link = f"/bureau/honours?expert={expert}&amp;kind=senior_mentor"
    assert link in listed
    low = year.official.expert.id
    assert f"/bureau/duty/{low}/dismissal" in listed
    dismissals = desk.get("/bureau/duty/dismissals")
    assert "近 2 年 1 次，平均 40.0 分" in dismissals
    assert "不到 60 分" in desk.get(f"/bureau/duty/{low}/dismissal")

    form = link.replace("&amp;", "&")
    assert '<option value="senior_mentor" selected' in desk.get(form)
    entry = {"given_by": "区人社局", "document": "历人社发〔2026〕15 号", "given_on": "2026-09-20"}
    fields = {"expert": str(expert), "kind": "senior_mentor", **entry}
    desk.post(form, "/bureau/honours", **fields)
    assert link not in desk.get(LIST)
    (honour,) = year.district.rows(Honour)
    chief = enter(year.district.approver)
    chief.post(
        "/bureau/honours", f"/bureau/honours/{honour.id}/check", verdict="confirm", version="1"
    )
    assert "资深创业导师" in enter(year.scholar.actor).get("/mentor/duty")
    refused = desk.post(form, "/bureau/honours", 422, **{**fields, "expert": str(low)}).text
    assert "还不够评资深" in refused
