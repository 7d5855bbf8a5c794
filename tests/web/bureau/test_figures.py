"""Every number leads to exactly the rows that sum to it."""

import re
from html import unescape

import pytest
from sqlalchemy import select

from app.domain.actor import SYSTEM, Role
from app.domain.calendar import Month
from app.domain.person import GroupProof
from app.models.person import Venture
from app.services import persons
from app.unit_of_work import UnitOfWork
from tests.builders import a_group, staff

_TILE = re.compile(
    r'<a class="tile" href="(/bureau/sessions[^"]+)">.*?<span class="big">([\d,.]+)<small>',
    re.DOTALL,
)
_LINK = re.compile(r'<a (?:class="small" )?href="(/bureau/sessions\?[^"]*)">(?:<b[^>]*>)?([\d,.]+)')
_FIGURE = re.compile(r'<h1>.*?<span class="num">([\d,.]+)', re.DOTALL)
_ROW = re.compile(r'data-l="计数">(\d+)<')
_MINUTES = re.compile(r'data-l="时长">([\d,]+) 分钟')
_NEXT = re.compile(r'<a class="btn" href="([^"]+)">下一页</a>')
SHOWN = re.compile(r'<th scope="row"><a href="/bureau/sessions/')


def number(text: str) -> float:
    return float(text.replace(",", ""))


def links(page: str) -> list[tuple[str, str]]:
    return [(unescape(href), shown) for href, shown in (*_TILE.findall(page), *_LINK.findall(page))]


def followed(desk, href: str) -> tuple[float, float, int]:
    """Return the figure of the rows' page, what its rows sum to, and how many there are."""
    found, summed, count = None, 0.0, 0
    while href:
        page = desk.get(href)
        found = number(_FIGURE.findall(page)[0])
        is_time = "minutes" in href
        rows = [number(each) for each in (_MINUTES if is_time else _ROW).findall(page)]
        listed = len(SHOWN.findall(page))
        count += listed
        summed += sum(rows) if rows or is_time else listed
        href = next((unescape(each) for each in _NEXT.findall(page)), "")
    assert found is not None
    return found, summed, count


def hours(minutes: float) -> float:
    return int(minutes / 6 + 0.5) / 10


def ensure_sums(desk, page: str, fewest: int) -> None:
    found = links(page)
    assert len(found) >= fewest
    for href, shown in dict.fromkeys(found):
        figure, summed, _ = followed(desk, href)
        is_time = "minutes" in href
        assert figure == (hours(summed) if is_time else summed), href
        # A report prints minutes, a tile hours; the rows say both.
        assert number(shown) in ({figure, summed} if is_time else {figure}), href


def test_every_number_of_the_overview_is_the_sum_of_its_rows(year, desk) -> None:
    ensure_sums(desk, desk.get("/bureau"), 30)
    ensure_sums(desk, desk.get("/bureau?month=2026-08&street=guodian"), 20)


def test_every_number_of_a_report_is_the_sum_of_its_rows(year, district, desk) -> None:
    district.close(Month(2026, 8), "09-25 11:00")
    for month, fewest in (("2026-08", 40), ("2026-09", 40)):
        ensure_sums(desk, desk.get(f"/bureau/reports/{month}"), fewest)
    ensure_sums(desk, desk.get("/bureau/reports"), 1)


def test_every_number_of_a_longer_report_is_the_sum_of_its_rows(year, district, desk) -> None:
    ensure_sums(desk, desk.get("/bureau/reports/stretches/2026-Q3"), 40)
    district.close(Month(2026, 8), "09-25 11:00")
    assert "还有月份没有结账" in desk.get("/bureau/reports/stretches/2026-H1")
    district.close(Month(2026, 9), "10-13 11:00")
    page = desk.get("/bureau/reports/stretches/2026-Q3")
    assert "各月都已结账" in page
    ensure_sums(desk, page, 60)
    assert "还没有结束" in desk.get("/bureau/reports/stretches/2026")
    assert "2026年下半年" in desk.get("/bureau/reports")


@pytest.mark.parametrize("text", ["2026-Q5", "Q3", "2026-13", "0001", "2026-H3", "९९९९"])
def test_a_stretch_nobody_reports_on_is_refused_in_words(district, desk, text: str) -> None:
    assert "这一步没有办成" in desk.get(f"/bureau/reports/stretches/{text}", 422)


def test_who_holds_two_groups_stands_in_both_rows_and_no_sum_is_printed(
    year, district, desk
) -> None:
    for code in ("veteran", "college_graduate"):
        a_group(district.store, year.firm.person, code)
        district.store.execute(
            district.officer,
            persons.verify_group,
            year.firm.person_id,
            code,
            GroupProof.CERTIFICATE,
        )
    for path, period, times in (
        ("2026-08", "month=2026-08", "2"),
        ("stretches/2026-Q3", "stretch=2026-Q3", "3"),
    ):
        page = desk.get(f"/bureau/reports/{path}")
        card = page[page.index('aria-labelledby="labels"') :].partition("</section>")[0]
        assert "可重叠" in card
        assert "合计" not in card
        rows = {
            tuple(sorted(unescape(h).split("?")[1].split("&"))): n for h, n in _LINK.findall(card)
        }
        assert rows == {
            tuple(sorted((period, f"measure={name}", f"label={code}"))): shown
            for name, shown in (("person_times", times), ("distinct_persons", "1"))
            for code in ("veteran", "college_graduate")
        }
        ensure_sums(desk, card, 4)
        listed = desk.get(links(card)[0][0])
        assert "（可重叠）" in listed


def moved(uow: UnitOfWork, name: str, street: str) -> None:
    (venture,) = uow.all(select(Venture).where(Venture.name == name))
    venture.street = street


def test_a_venture_served_in_two_streets_is_told_where_it_was_last(year, district, desk) -> None:
    district.store.execute(SYSTEM, moved, "历城某商贸", "guodian")
    district.served(year.scholar, year.firm, "09-15 10:00", 60)
    page = desk.get("/bureau/reports/stretches/2026-Q3")
    found = dict(links(page))
    guodian = "/bureau/sessions?stretch=2026-Q3&measure=enterprises&last_street=guodian"
    assert found[guodian] == "2"
    # The team keeps the row of the street that the firm has left.
    assert found[guodian.replace("guodian", "tangye")] == "0"
    assert found[guodian.replace("guodian", "tangye").replace("enterprises", "teams")] == "1"
    # The control: by the label of the records themselves the same firm stands in both streets.
    by_record = "/bureau/sessions?stretch=2026-Q3&measure=enterprises&street=tangye"
    assert followed(desk, by_record)[0] == 1
    ensure_sums(desk, page, 40)


def test_the_overview_says_what_was_counted_by_hand(year, desk) -> None:
    page = desk.get("/bureau")
    assert [shown for _, shown in _TILE.findall(page)] == [
        *("5", "5", "3", "5", "2", "1"),
        *("2", "2", "2", "2.4", "1", "1"),
    ]
    assert "2026年服务总览" in page
    assert 'href="/bureau/plan/indicators/T01"' in page


def test_rows_that_do_not_count_are_listed_with_their_reason(year, desk) -> None:
    page = desk.get("/bureau/sessions?month=2026-09&counted=no")
    assert "未计入的记录" in page
    for reason in ("低于最低时长", "未双方确认", "服务对象身份未核验"):
        assert reason in page
    assert followed(desk, "/bureau/sessions?month=2026-09&counted=no") == (3, 3, 3)


def test_the_wait_behind_the_median_is_shown_for_each_meeting(year, desk) -> None:
    page = desk.get("/bureau/sessions?year=2026&measure=first_meetings")
    assert _FIGURE.findall(page) == ["8"]
    assert "等待" in page


@pytest.mark.parametrize(
    "query",
    [
        "month=2026-13",
        "month=" + "9" * 5000,
        "month=0001-01",
        "month=9999-12",
        "year=twenty",
        "year=20261",
        "measure=happiness",
        "measure=sessions&group=women",
        "measure=sessions&label=veteran",
        "measure=person_times&label=veteran&group=veteran",
        "measure=sessions&last_area=unassigned",
        "measure=teams&last_area=unassigned&last_street=unassigned",
        "measure=enterprises&last_street=" + "x" * 500,
        "counted=perhaps",
        "type=party",
        "category=wizard",
        "confirmation=nod",
        "reason=because",
        "basis=hope",
        "street=" + "x" * 500,
    ],
)
def test_a_filter_nobody_knows_is_refused_in_words(district, desk, query: str) -> None:
    page = desk.get(f"/bureau/sessions?{query}", 422)
    assert "这一步没有办成" in page


@pytest.mark.parametrize("query", ["after=x", "after=01990000-0000-7000-8000-000000000001"])
def test_a_page_that_follows_nothing_is_not_found(district, desk, query: str) -> None:
    desk.get(f"/bureau/sessions?{query}", 404)


def test_parameters_of_nobody_are_passed_over(district, desk) -> None:
    assert "没有记录" in desk.get("/bureau/sessions?_external=1&endpoint=x&_anchor=y")


@pytest.mark.parametrize(
    ("role", "status", "place"),
    [
        (Role.OFFICER, 200, {}),
        (Role.APPROVER, 200, {}),
        (Role.AUDITOR, 200, {}),
        (Role.DEPT_LIAISON, 200, {"department": "hrss"}),
        (Role.STREET_LIAISON, 200, {"street": "tangye"}),
        (Role.SYS_ADMIN, 303, {}),
        (Role.AUDIT_ADMIN, 303, {}),
        (Role.SEC_ADMIN, 200, {}),
    ],
)
def test_every_staff_role_begins_at_a_page_of_its_own(store, enter, role, status, place) -> None:
    desk = enter(staff(store, role, **place))
    page = desk.get("/bureau", status)
    assert ("2026年服务总览" in page) is (status == 200 and role is not Role.SEC_ADMIN)
    if role is Role.SEC_ADMIN:
        assert "您的角色没有业务页面" in page


def test_founders_and_mentors_have_no_way_in(year, enter) -> None:
    for actor in (year.firm.actor, year.scholar.actor):
        desk = enter(actor)
        for path in ("/bureau", "/bureau/sessions", "/bureau/needs", "/bureau/mentors"):
            desk.get(path, 403)
        desk.get(f"/bureau/sessions/{year.meetings['first'].id}", 403)
