"""Waiting times and quality: every number leads to exactly the rows it counts."""

import re
from html import unescape

from app.models.outcome import Rating
from app.queries.quality import LEAST_BASE

_NUMBER = re.compile(r'<a href="(/bureau/(?:ageing|quality)/[^"]+)">(?:<b>)?([\d,]+)')
_TITLE = re.compile(r'<span class="num">([\d,]+)</span>')
_ROW = re.compile(r'<tr><th scope="row"><a href="/bureau/(?:sessions|needs)/')


def walked(desk, page: str) -> dict[str, int]:
    found = {}
    for href, shown in _NUMBER.findall(page):
        rows = desk.get(unescape(href))
        assert int(_TITLE.findall(rows)[0]) == len(_ROW.findall(rows)) == int(shown), href
        found[unescape(href)] = int(shown)
    return found


def test_every_number_of_the_waiting_times_is_its_list(year, desk) -> None:
    numbers = walked(desk, desk.get("/bureau/ageing"))
    assert len(numbers) == 25
    assert sum(numbers.values()) > 0
    for stage in ("assignment", "reply", "record", "confirmation", "ruling"):
        of_stage = {href: count for href, count in numbers.items() if f"/{stage}" in href}
        assert sum(of_stage.values()) == 2 * of_stage[f"/bureau/ageing/{stage}"]


def test_every_number_of_the_quality_is_its_list(year, district, desk) -> None:
    numbers = walked(desk, desk.get("/bureau/quality?stretch=2026"))
    assert len(numbers) == 12
    ratings = sum(count for href, count in numbers.items() if "/rated_" in href)
    assert ratings == len(district.rows(Rating))
    assert numbers["/bureau/quality/recorded?stretch=2026"] > 0


def test_of_few_ratings_no_share_is_told_and_nobody_is_named(year, district, desk) -> None:
    page = desk.get("/bureau/quality?stretch=2026")
    if len(district.rows(Rating)) < LEAST_BASE:
        assert "不算百分比" in page
    assert set(walked(desk, desk.get("/bureau/quality?stretch=2025-Q1")).values()) == {0}
    desk.get("/bureau/quality/happiness", 422)
    desk.get("/bureau/ageing/forever", 422)
