"""Scenario 12 at the desk: a short term, a dismissal heard and decided, a claim made once."""

import re
from datetime import date

import pytest

from app.domain.actor import Role
from app.models.claim import Claim
from app.models.dismissal import Dismissal, RenewalReason
from tests.builders import staff
from tests.moments import day
from tests.web.bureau.conftest import Desk

PAPER = "历人社聘〔2026〕9号"


@pytest.fixture
def chief(district, enter) -> Desk:
    return enter(district.approver)


def test_a_term_twenty_minutes_short_shows_red_and_is_renewed_only_with_a_reason(
    district, desk, chief
) -> None:
    m7 = district.mentor("郑工", category="scholar", term=(day("01-01"), day("09-30")))
    founder = district.founder("孙丽", name="孙丽网店")
    district.served(m7, founder, "09-10 10:00", 100)
    district.wait_until("09-30 09:00")
    listed = desk.get("/bureau/duty/renewals")
    assert "1 小时 40 分" in listed
    assert "不到 30 小时" in listed
    assert "续聘要写理由" in listed
    assert "评价的不足 5 人，不显示" in listed
    page = f"/bureau/mentors/{m7.expert.id}/term"
    sent = {"document": PAPER, "starts_on": "2026-10-01", "ends_on": "2029-09-30", "act": "renew"}
    assert "本聘期只有 1 小时 40 分，不到 30 小时" in chief.get(page)
    refused = chief.post(page, status=422, **sent).get_data(as_text=True)
    assert "续聘要写明" in refused
    assert PAPER in refused
    chief.post(page, reason="带出两家企业，另有 20 小时政策调研", **sent)
    (kept,) = district.rows(RenewalReason)
    assert (kept.minutes, kept.owed) == (100, 1800)
    assert "没有快到期的聘期" in desk.get("/bureau/duty/renewals")


def test_a_dismissal_is_proposed_heard_and_decided_at_the_pages(year, enter, desk, chief) -> None:
    expert, page = year.scholar.expert, f"/bureau/duty/{year.scholar.expert.id}/dismissal"
    desk.post(page, status=422, ground="dislike", statement="两次没有到")
    desk.post(page, status=422, ground="absences", statement=" ")
    desk.post(page, ground="absences", statement="9月两次约好没有到")
    assert "高源" in desk.get("/bureau/duty/dismissals")
    own = enter(year.scholar.actor)
    assert "9月两次约好没有到" in own.get("/mentor/hearing")
    (row,) = year.district.rows(Dismissal)
    to = f"{page}/{row.id}"
    early = chief.post(page, to, 422, verdict="approve", document=PAPER)
    assert "还没有听取导师的说明" in early.get_data(as_text=True)
    own.post("/mentor/hearing", words="那两天在住院")
    own.post("/mentor/hearing", status=409, words="再补充")
    enter(year.official.actor).get("/mentor/hearing", 404)
    assert "那两天在住院" in desk.get(page)
    desk.send(to, 403, csrf_token=desk.token(page), verdict="approve", document=PAPER)
    chief.post(page, to, 422, verdict="approve", document=" ")
    chief.post(page, to, verdict="approve", document=PAPER)
    assert "已解聘" in desk.get(page)
    assert "2026-09-25" in chief.get(f"/bureau/duty/{expert.id}/certificates")
    assert PAPER in own.get("/mentor/hearing")


def test_a_pairing_is_claimed_for_once_at_the_pages(district, desk, chief) -> None:
    gao_yuan = district.mentor("高源")
    sun_li = district.founder("孙丽", name="孙丽网店", registered_on=date(2025, 11, 20))
    district.served(gao_yuan, sun_li, "09-10 10:00", session_type="tutoring")
    page = f"/bureau/duty/{gao_yuan.expert.id}/claims"
    shown = desk.get(page)
    assert "2026-11-20 起" in shown
    to = f"{page}/ventures/{sun_li.venture.id}"
    sent = {"evidence": "公示系统：存续", "seen_on": "2026-11-20"}
    token = desk.token("/bureau/duty")
    refused = desk.send(to, 422, csrf_token=token, **sent).get_data(as_text=True)
    assert "2026-11-20" in refused
    assert "起可以申领" in refused
    district.wait_until("11-20 09:00")
    desk.post(page, to, status=422, evidence=" ", seen_on="2026-11-20")
    desk.post(page, to, **sent)
    desk.send(to, 303, csrf_token=token, evidence="第二次", seen_on="2026-11-20")
    (row,) = district.rows(Claim)
    assert row.evidence == "公示系统：存续"
    decide = f"{page}/{row.id}"
    desk.send(decide, 403, csrf_token=token, version="1", verdict="approve")
    chief.post(page, decide, verdict="approve")
    assert re.search(r"已批准 · 8,000 元", desk.get(page))


@pytest.mark.parametrize("path", ["renewals", "dismissals"])
def test_the_lists_are_the_bureaus(year, enter, path: str) -> None:
    for who in (
        year.scholar.actor,
        year.firm.actor,
        staff(year.district.store, Role.STREET_LIAISON, street="tangye"),
    ):
        enter(who).get(f"/bureau/duty/{path}", 403)
    assert enter(staff(year.district.store, Role.AUDITOR)).get(f"/bureau/duty/{path}")
