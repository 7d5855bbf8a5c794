"""Every page of the rooms that count is found by its address and walked, number by number.

A page that is new is found here: its address needs an example or a reason, and each number in a
figure cell has to be a link to rows that sum to it, or be named below with the reason.
"""

import inspect
import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from werkzeug.routing import Rule

from app.domain.actor import Role
from app.domain.calendar import Month
from app.domain.service_record import CorrectionOp
from tests.builders import staff
from tests.scenes import Plays, after
from tests.web.bureau.behind import counted, told
from tests.web.bureau.conftest import Desk
from tests.web.bureau.test_plan_pages import a_plan
from tests.web.bureau.year import Year
from tests.web.figures import Cell, cells, unlinked

OK, ELSEWHERE = 200, (302, 303, 403)
FEWEST_PAGES, FEWEST_NUMBERS = 30, 100
ROOMS = ("counting", "auditing", "reporting", "duty", "plan", "pairing.supply", "pool.terms")
PUBLIC = frozenset({"public.figures", "public.plan"})
_ARGUMENT = re.compile(r"<(?:[^:<>]+:)?(\w+)>")
# Numbers that no rows sum to, by page and column or label.
NO_SUM = {
    "bureau.overview": {
        "人均": "a mean of two numbers beside it",
        "占比": "a share of two numbers beside it",
        "": "shares, and the median of waits that are listed one by one",
    },
    "bureau.ages": {"最长": "the longest wait of the list beside it"},
    "bureau.plan_table": {"按进度应有": "worked out from the target and the days"},
    "bureau.plan_indicator": {
        "进度线": "worked out from the target and the days",
        "计入": "the addends themselves",
    },
    "bureau.duty_board": {
        "次数": "beside the link: target and least of the policy",
        "聘期时长": "beside the link: the least of the policy",
        "结对": "beside the link: the most of the policy",
    },
    "bureau.duty_rows": {"次数": "the addends themselves", "本人时长": "the addends themselves"},
    "bureau.point_list": {"积分": "the addends themselves"},
    "bureau.report": {
        "场次": "changes after closing: the addends themselves and their sum",
        "人次": "changes after closing: the addends themselves and their sum",
        "分钟": "changes after closing: the addends themselves and their sum",
    },
    "bureau.session_list": {"时长": "the addends themselves", "计数": "the addends themselves"},
    "bureau.audit_concentration": {"占比": "a share of two numbers beside it"},
}
NO_SUM["bureau.stretch_report"] = NO_SUM["bureau.report"]
# Beside a number that is a link: a mean a year worked out of it.
MEAN = re.compile("年均")
# What everybody may read tells sums of people whom only the bureau may list.
PUBLISHED = "sums of people whom a visitor may not list; small ones are not told at all"
# Their numbers are followed with scenes of their own in test_every_figure.
FOLLOWED_THERE = frozenset({"bureau.overview", "bureau.report", "bureau.stretch_report"})
FILES = frozenset({"bureau.evidence_bundle"})
# Pages of one thing, which print its facts and no figure cell: nothing to walk.
ONE_THING = frozenset(
    {
        "appeal_id",
        "certificate_id",
        "change_id",
        "correction_id",
        "entry_id",
        "figure_id",
        "file_id",
        "item_id",
        "list_id",
        "preview_id",
        "reference",
        "sample_id",
        "signal_id",
    }
)


@after(a_plan)
def a_closed_plan(year: Year) -> Year:
    """Close August and strike a service of it, so that there are changes beside the figures."""
    year.district.close(Month(2026, 8), "09-25 11:00")
    year.district.correct(year.meetings["guodian"], CorrectionOp.VOID, None)
    return year


@pytest.fixture
def plays() -> Plays:
    return {"closed_plan": a_closed_plan}


@pytest.fixture
def closed_plan(scene: Year) -> Year:
    return scene


def pages(app: Any, year: Year) -> Iterator[tuple[str, str]]:
    """Yield endpoint and address of every page of these rooms that is not about one thing."""
    given = {
        "month": ("2026-08",),
        "stretch": ("2026-Q3",),
        "stage": ("assignment",),
        "part": (),
        "code": ("T01", "T07"),
        "expert_id": (year.scholar.expert.id,),
        "session_id": (year.meetings["first"].id,),
    }
    parts = {
        "bureau.duty_rows": ("year", "term", "absences", "pairings"),
        "bureau.quality_rows": ("recorded", "confirmed"),
    }
    for rule in app.url_map.iter_rules():
        is_page = is_walked(app, rule) and rule.endpoint not in FILES
        if not is_page or rule.arguments & ONE_THING:
            continue
        unknown = rule.arguments - given.keys()
        assert not unknown, f"{rule.rule}: give {sorted(unknown)} an example or a reason"
        found = [rule.rule]
        for name in _ARGUMENT.findall(rule.rule):
            values = parts[rule.endpoint] if name == "part" else given[name]
            argument = re.compile(rf"<(?:[^:<>]+:)?{name}>")
            found = [argument.sub(str(value), path) for path in found for value in values]
        yield from ((rule.endpoint, path) for path in found)


def is_walked(app: Any, rule: Rule) -> bool:
    if "GET" not in (rule.methods or ()):
        return False
    module = inspect.unwrap(app.view_functions[rule.endpoint]).__module__
    rooms = tuple(f"app.web.bureau.{room}" for room in ROOMS)
    return rule.endpoint in PUBLIC or module.startswith(rooms)


def figures(cell: Cell) -> Iterator[tuple[str, str]]:
    """Yield each link of a figure cell that tells a number."""
    for href, text in cell.links:
        if re.search(r"\d", text) and "#" not in href:
            yield unescape(href), text


def walked(desk: Desk, endpoint: str, page: str, seen: dict[str, set[float]]) -> list[str]:
    """Return what is wrong with the numbers of a page."""
    wrong = []
    if endpoint not in PUBLIC:
        bare = unlinked(page, NO_SUM.get(endpoint, {}))
        wrong = [f"no link: {each}" for each in bare if not MEAN.search(each.unlinked)]
    if endpoint in FOLLOWED_THERE:
        return wrong
    for cell in cells(page):
        for href, text in figures(cell):
            if href not in seen:
                seen[href] = counted(desk, href)
            if told(text) not in seen[href]:
                wrong.append(f"{text.strip()} is {seen[href]} at {href}")
    return wrong


def test_every_number_of_every_page_leads_to_rows_that_sum_to_it(closed_plan, app, enter) -> None:
    district = closed_plan.district
    desk, auditor = enter(district.approver), enter(staff(district.store, Role.AUDITOR))
    seen: dict[str, set[float]] = {}
    faults: dict[str, list[str]] = {}
    looked: set[str] = set()
    for endpoint, path in sorted(pages(app, closed_plan)):
        reader = desk if desk.client.get(path).status_code == OK else auditor
        answer = reader.client.get(path)
        if answer.mimetype != "text/html" or answer.status_code in ELSEWHERE:
            continue
        assert answer.status_code == OK, (path, answer.status_code)
        looked.add(endpoint)
        wrong = walked(desk, endpoint, answer.get_data(as_text=True), seen)
        if wrong:
            faults[path] = wrong
    assert faults == {}
    # The control: pages were found and numbers followed, and each reason is still needed.
    assert len(looked) > FEWEST_PAGES
    assert len(seen) > FEWEST_NUMBERS
    assert NO_SUM.keys() | PUBLIC <= looked


def test_a_number_that_leads_to_other_rows_is_a_fault(closed_plan, enter) -> None:
    desk = enter(closed_plan.district.approver)
    page = desk.get("/bureau/quality")
    assert walked(desk, "bureau.quality", page, {}) == []
    wrong = page.replace(">8</a>", ">9</a>").replace("<b>8</b>", "<b>9</b>")
    assert wrong != page
    assert walked(desk, "bureau.quality", wrong, {}) != []
