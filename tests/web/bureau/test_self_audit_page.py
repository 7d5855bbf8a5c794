"""What the last look over the books found, on its page and as one line on the first."""

from app.domain.actor import SYSTEM
from app.domain.ids import new_id
from app.domain.self_audit import Check, Finding, stored
from app.models.self_audit import SelfAudit
from app.services import self_audits
from tests.builders import keep
from tests.moments import at


def test_before_the_first_night_the_page_says_when_it_comes(desk) -> None:
    assert "还没有自查过" in desk.get("/bureau/self-audit")
    assert "夜间自查" not in desk.get("/bureau")


def test_sound_books_are_said_to_be_sound_and_the_first_page_is_silent(district, desk) -> None:
    district.store.execute(SYSTEM, self_audits.look_over, None)
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
