"""What the last look over the books found, on its page and as one line on the first."""

from app.domain.ids import new_id
from app.domain.self_audit import Check, Finding, stored
from app.models.self_audit import SelfAudit
from tests.builders import keep
from tests.looking import look_over
from tests.moments import at


def test_before_the_first_night_the_page_says_when_it_comes(desk) -> None:
    assert "还没有自查过" in desk.get("/bureau/self-audit")
    assert "夜间自查" not in desk.get("/bureau")


def test_sound_books_are_said_to_be_sound_and_the_first_page_is_silent(district, desk) -> None:
    look_over(district.store)
    assert "没有发现问题" in desk.get("/bureau/self-audit")
    assert "夜间自查" not in desk.get("/bureau")


def test_a_finding_is_a_red_line_that_leads_to_its_row(district, desk) -> None:
    session_id = new_id()
    facts = {"month": "2026-09", "stands": "counted 50", "would_be": "not_counted 0"}
    findings = [
        Finding(Check.COUNT_DIFFERS, str(session_id), facts),
        Finding(Check.SPLIT_DIFFERS, "2026-09", {"by": "street"}),
        Finding(Check.TIME_DOUBLED, str(new_id()), {"kind": "expert"}),
    ]
    kept = SelfAudit(looked_at=at("09-16 03:00"), found=3, findings=stored(findings))
    keep(district.store, kept)
    first = desk.get("/bureau")
    assert "夜间自查发现 3 处不对" in first
    assert 'href="/bureau/self-audit"' in first
    page = desk.get("/bureau/self-audit")
    assert f'href="/bureau/sessions/{session_id}"' in page
    assert 'href="/bureau/reports/2026-09"' in page
    assert "同一个人或场所的时间重叠" in page


def test_the_ledger_says_whether_the_trail_is_whole(district, desk) -> None:
    assert "记录链" not in desk.get("/bureau/sessions")
    keep(district.store, SelfAudit(looked_at=at("09-16 03:00"), found=0, entries=1208, findings=[]))
    assert "核验 1,208 条操作记录，无缺失、无改动。" in desk.get("/bureau/sessions")
    broken = stored([Finding(Check.TRAIL_BROKEN, str(new_id()), {"kind": "row.differs"})])
    kept = SelfAudit(looked_at=at("09-17 03:00"), found=1, entries=1208, findings=broken)
    keep(district.store, kept)
    page = desk.get("/bureau/sessions")
    assert "核验 1,208 条操作记录，有 1 处不符。" in page
    assert "无缺失、无改动" not in page
    assert "操作记录的封存链对不上" in desk.get("/bureau/self-audit")
