"""The duty board: who needs attention, and the rows behind every number of it."""

import re
from html import unescape

import pytest

from app.domain.actor import Role
from app.models.duty import DutyPolicyRow
from tests.builders import a_mentor, an_expert, staff
from tests.moments import day
from tests.web.bureau.test_figures import followed, number

_NUMBER = re.compile(
    r'<a href="(/bureau/duty/[^"]+/(year|term|absences|pairings)[^"]*)">(?:<b>)?([^<]+)'
)
_HEAD = re.compile(r'<h1>.*?<span class="num">([^<]+)</span>', re.DOTALL)
_ONES = re.compile(r'data-l="次数">1<')
_MINUTES = re.compile(r'data-l="本人时长">([\d,]+) 分钟')
_ITEMS = re.compile(r"<li>(?!<a|<span)")
_MONTH = re.compile(r'<a href="(/bureau/sessions\?[^"]*month=[^"]*)">(\d+)')


def summed(page: str, part: str) -> float:
    main = page.partition('id="rows"')[2]
    if part == "year":
        return len(_ONES.findall(main))
    if part == "term":
        return sum(number(each) for each in _MINUTES.findall(main))
    return len(_ITEMS.findall(main.partition("</section>")[0]))


def minutes_of(text: str) -> float:
    hours = re.search(r"(\d+) 小时", text)
    rest = re.search(r"(\d+) 分", text)
    return 60 * int(hours[1] if hours else 0) + int(rest[1] if rest else 0)


def test_every_number_of_the_board_is_the_sum_of_its_rows(year, desk) -> None:
    found = [
        (unescape(href), part, shown)
        for href, part, shown in _NUMBER.findall(desk.get("/bureau/duty"))
    ]
    assert len(found) == 8
    for href, part, shown in found:
        page = desk.get(href)
        told = minutes_of(shown) if part == "term" else number(shown)
        head = _HEAD.findall(page)[0]
        assert (
            told == (minutes_of(head) if part == "term" else number(head)) == summed(page, part)
        ), href
    by_part = {(part, shown.strip()) for _, part, shown in found}
    # 高源 served three counted ones of 50, 45 and 90 minutes, 田野 two of 60 and 55.
    assert {
        ("year", "3"),
        ("year", "2"),
        ("term", "3 小时 5 分"),
        ("term", "1 小时 55 分"),
    } <= by_part


def test_every_number_of_the_months_leads_to_its_services(year, desk) -> None:
    found = _MONTH.findall(desk.get("/bureau/duty?view=months"))
    assert sorted(shown for _, shown in found) == ["1", "1", "1", "2"]
    for href, shown in found:
        figure, total, _ = followed(desk, unescape(href))
        assert figure == total == number(shown)


def test_the_board_is_filtered_and_sorted(year, district, desk) -> None:
    an_expert(district.store, name="何伟", category="investor")
    unused = desk.get("/bureau/duty?unused=yes")
    assert "何伟" in unused
    assert "高源" not in unused
    assert "今年没用过 1 位" in unused
    assert "高源" not in desk.get("/bureau/duty?category=official")
    assert "田野" in desk.get("/bureau/duty?department=xzspj")
    assert "没有这样的导师" in desk.get("/bureau/duty?colour=red")
    names = re.findall(
        r'/bureau/duty/[^/"?]+\?year=2026">(\S+?)</a>', desk.get("/bureau/duty?order=year")
    )
    assert names == ["何伟", "田野", "高源"]


@pytest.mark.parametrize(
    "query",
    [
        "year=1",
        "category=wizard",
        "colour=blue",
        "order=luck",
        "unused=perhaps",
        "page=0",
        "page=x",
        "view=pie",
        "department=" + "x" * 99,
    ],
)
def test_a_filter_nobody_knows_is_refused(year, desk, query: str) -> None:
    desk.get(f"/bureau/duty?{query}", 422)


def test_a_late_appointment_owes_its_part_of_the_year(district, desk) -> None:
    m9 = an_expert(district.store, name="新聘", term=(day("09-01"), day("12-31")))
    page = desk.get(f"/bureau/duty/{m9.id}")
    assert "至少 1 次，目标 4 次。" in page
    desk.get(f"/bureau/duty/{m9.id}?year=2019", 404)
    desk.get(f"/bureau/duty/{m9.id}/luck", 422)


def test_the_thresholds_are_rows_of_the_database(district, desk) -> None:
    (policy,) = district.rows(DutyPolicyRow)
    assert (policy.code, policy.rules["term_hours"]) == ("LC-DUTY-1", 30)
    an_expert(district.store)
    assert "要求 LC-DUTY-1：每年至少 2 次、目标 10 次" in desk.get("/bureau/duty")


@pytest.mark.parametrize(
    ("role", "place"),
    [(Role.STREET_LIAISON, {"street": "tangye"}), (Role.DEPT_LIAISON, {"department": "hrss"})],
)
def test_who_sees_a_part_of_the_services_sees_no_board(year, enter, role, place) -> None:
    desk = enter(staff(year.district.store, role, **place))
    for path in ("", f"/{year.scholar.expert.id}", f"/{year.scholar.expert.id}/year"):
        desk.get(f"/bureau/duty{path}", 403)


def test_an_auditor_sees_the_board(year, enter) -> None:
    assert "高源" in enter(staff(year.district.store, Role.AUDITOR)).get("/bureau/duty")


def test_a_mentor_reads_his_own_in_plain_words_and_nobody_elses(year, enter) -> None:
    own = enter(year.scholar.actor)
    page = own.get("/mentor/duty")
    assert "今年已服务 3 次，目标 10 次" in page
    assert "3.1" in page  # 185 minutes
    rows = own.get("/mentor/duty/term")
    assert summed(rows, "term") == 185
    own.get("/mentor/duty/luck", 404)
    own.get(f"/bureau/duty/{year.official.expert.id}", 403)
    other = enter(year.official.actor)
    assert "今年已服务 2 次" in other.get("/mentor/duty")
    assert summed(other.get("/mentor/duty/year"), "year") == 2


def test_who_has_no_term_yet_reads_that_nothing_is_owed(district, enter) -> None:
    expert = an_expert(district.store, term=None)
    page = enter(a_mentor(district.store, expert)).get("/mentor/duty")
    assert "这一年不在聘期，没有任务。" in page
