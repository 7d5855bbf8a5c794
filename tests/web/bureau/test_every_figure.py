"""Every number in a figure cell leads to rows that sum to it; a new number without a link fails.

`tests/web/figures.py` finds the numbers by what a cell is, not by what the page should hold.
"""

import re
from collections.abc import Collection
from html import unescape

import pytest

from app.domain.calendar import Month
from app.domain.service_record import CorrectionOp
from tests.web.bureau.behind import counted
from tests.web.bureau.conftest import Desk
from tests.web.bureau.test_figures import number
from tests.web.figures import cells, linked, unlinked

# What is made of numbers that are links themselves, beside it: shares, means, a median of waits.
SHARES = ("人均", "占比", "")
# The addends themselves: their row begins with the link to the record.
ADDENDS = ("时长", "计数", "场次", "人次", "分钟", "我的分钟")
_ROW = re.compile(r"<tr>.*?</tr>", re.DOTALL)
_CELL = re.compile(r'data-l="(场次|人次|分钟|我的分钟|计入分钟)"[^>]*>(?:<b>)?([+\-]?[\d,]+)')
_TOTAL = re.compile(r'<th scope="row"[^>]*>(?:合计)')


@pytest.fixture
def closed(year, district):
    """August closed, then a service of it struck: there are figures, changes and adjustments."""
    district.close(Month(2026, 8), "09-25 11:00")
    district.correct(year.meetings["guodian"], CorrectionOp.VOID, None)
    return district


def changed(desk: Desk, page: str, href: str) -> set[float]:
    """Return the sums of the changes an address of a report leads to, by measure."""
    target = page if href.startswith("#") else desk.get(href)
    section = target[target.index('aria-labelledby="changes"') :].partition("</section>")[0]
    sums: dict[str, float] = {}
    for row in _ROW.findall(section):
        for name, value in _CELL.findall(row):
            sums[name] = sums.get(name, 0) + number(value)
    assert sums, href
    return set(sums.values())


def ensure_all(desk: Desk, path: str, fewest: int, but: Collection[str] = ()) -> None:
    """Follow every number of a page and count what is behind it.

    Raises:
        AssertionError: a number is no link, or its rows come to something else.
    """
    page = desk.get(path)
    assert [cell for cell in unlinked(page, but)] == [], path
    ensure_links(desk, page, fewest)


def ensure_links(desk: Desk, page: str, fewest: int) -> None:
    found = dict.fromkeys((unescape(href), shown) for href, shown in linked(page))
    assert len(found) >= fewest, len(found)
    for href, shown in found:
        if "#changes" not in href:
            assert number(shown) in counted(desk, href), (href, shown)
    for row in (row for row in _ROW.findall(page) if "#changes" in row):
        (_, then), (_, now), (href, by) = linked(row)[-3:]
        # Hours are told of what is summed in minutes; the change is told in minutes.
        is_sum = number(by) in changed(desk, page, unescape(href))
        assert is_sum or number(by) == number(now) - number(then), row


def test_every_number_of_the_overview(year, desk) -> None:
    ensure_all(desk, "/bureau", 30, SHARES)


def test_every_number_of_the_overview_once_a_month_is_closed(closed, desk) -> None:
    ensure_all(desk, "/bureau?month=2026-08", 30, SHARES)


def test_every_number_of_the_ledger_is_an_addend_with_its_record(year, desk) -> None:
    for query in ("", "?month=2026-08&measure=session_minutes", "?month=2026-09&counted=no"):
        page = desk.get(f"/bureau/sessions{query}")
        rows = [row for row in _ROW.findall(page) if "data-l" in row]
        assert rows
        assert all('<th scope="row"><a href="/bureau/sessions/' in row for row in rows)
        assert unlinked(page, ADDENDS) == []


def test_every_number_of_a_closed_report_and_of_the_one_with_its_adjustments(closed, desk) -> None:
    for path in ("/bureau/reports/2026-08", "/bureau/reports/2026-09"):
        ensure_all(desk, path, 35, ADDENDS)
    ensure_all(desk, "/bureau/reports", 1)


def test_the_sum_of_adjustments_is_the_sum_of_their_rows(closed, desk) -> None:
    page = desk.get("/bureau/reports/2026-09")
    section = page[page.index("上期调整") :].partition("</section>")[0]
    rows = [row for row in _ROW.findall(section) if _CELL.search(row)]
    (total,) = (row for row in rows if _TOTAL.search(row))
    addends = [row for row in rows if row is not total]
    assert all("/bureau/sessions/" in row for row in addends)
    for told in ("减少 1 人：赵*", "提出", "复核"):
        assert told in addends[0]
    assert re.search(r'<a href="/bureau/sessions/[0-9a-f-]+">\w+-', addends[0])
    for place, (name, value) in enumerate(_CELL.findall(total)):
        assert number(value) == sum(number(_CELL.findall(row)[place][1]) for row in addends), name
    assert dict(_CELL.findall(total)) == {"场次": "-1", "人次": "-1", "分钟": "-45"}


def test_every_number_of_a_mentors_own_ledger(year, enter) -> None:
    desk = enter(year.scholar.actor)
    ensure_all(desk, "/mentor/sessions?year=2026", 3, ("我的分钟",))
    sheet = desk.get("/mentor/months/2026-08")
    minutes = [number(value) for name, value in _CELL.findall(sheet) if name == "计入分钟"]
    assert f"<b>{int(sum(minutes))}</b>" in sheet
    desk.get("/mentor/sessions?which=some", 404)


def test_a_number_that_is_no_link_is_found_and_nought_is_none() -> None:
    page = '<table><tr><td class="r" data-l="场次">7</td><td class="r">0</td></tr></table>'
    assert [cell.text for cell in unlinked(page)] == ["7"]
    assert unlinked('<td class="r"><a href="/x">7</a></td>') == []
    assert [cell.text for cell in unlinked('<td class="r"><a href="/x">7</a> 3</td>')] == ["7 3"]
    assert [cell.text for cell in cells('<b class="num">5</b><td>9</td>')] == ["5"]


def test_a_link_to_other_rows_is_caught(year, desk) -> None:
    page = desk.get("/bureau")
    ensure_links(desk, page, 30)
    wrong = page.replace("month=2026-08", "month=2026-07")
    assert wrong != page
    with pytest.raises(AssertionError, match="month=2026-07"):
        ensure_links(desk, wrong, 30)
