"""What the rows behind an address come to, for every kind of list a number may lead to."""

import re
from collections.abc import Callable, Mapping

from tests.web.bureau.conftest import Desk
from tests.web.bureau.test_figures import followed, hours, number
from tests.web.bureau.test_plan_pages import followed as followed_in_plan
from tests.web.figures import cells

_HEAD = re.compile(r'<h1[^>]*>.*?<span class="num">([+\-−]?[\d,.]+)', re.DOTALL)
_OWN = re.compile(r'data-l="我的分钟"[^>]*>(?:<b>)?([\d,]+)')
_WAITING = re.compile(r'<tr><th scope="row"><a href="/bureau/(?:sessions|needs)/')
_ONES = re.compile(r'data-l="次数">1<')
_MINUTES = re.compile(r'data-l="本人时长">([\d,]+) 分钟')
_ITEMS = re.compile(r"<li>(?!<a|<span)")
_MENTOR = re.compile(r'href="/bureau/mentors/[0-9a-f-]{36}"')
_ANSWER = re.compile(r'<th scope="row"><a href="/bureau/')
_LENGTH = re.compile(r"(?:(\d+) 小时)?\s*(?:(\d+) 分)?")


def told(text: str) -> float:
    """Return the first number of a text, a length of time in minutes."""
    length = _LENGTH.fullmatch(text.strip())
    if length and any(length.groups()):
        return 60 * int(length[1] or 0) + int(length[2] or 0)
    found = re.search(r"[+\-−]?\d[\d,]*(?:\.\d+)?", text)
    assert found is not None, text
    return number(found[0].replace("−", "-").lstrip("+"))


def counted(desk: Desk, href: str) -> set[float]:
    """Return what the rows behind an address come to; more than one where two units are told.

    Raises:
        AssertionError: the page tells another number than its rows, or nobody can count them.
    """
    for begin, count in _COUNTS.items():
        if re.match(begin, href):
            return count(desk, href)
    raise AssertionError(f"nobody knows how to count the rows of {href}")


def _sessions(desk: Desk, href: str) -> set[float]:
    figure, summed, _ = followed(desk, href)
    assert figure == (hours(summed) if "minutes" in href else summed), href
    return {figure, summed}


def _proof(desk: Desk, href: str) -> set[float]:
    """Count the figure that is proved, and the rows of the same question."""
    proved = number(_HEAD.findall(desk.get(href))[0])
    behind = _sessions(desk, href.replace("/bureau/audit/figure", "/bureau/sessions"))
    assert proved in behind, href
    return behind


def _plan(desk: Desk, href: str) -> set[float]:
    shown, summed = followed_in_plan(desk, href)
    assert shown == summed, href
    return {shown}


def _list(desk: Desk, href: str) -> set[float]:
    page = desk.get(href)
    listed = len(_WAITING.findall(page))
    assert number(_HEAD.findall(page)[0]) == listed, href
    return {float(listed)}


def _services(desk: Desk, href: str) -> set[float]:
    return {float(len(_ONES.findall(desk.get(href))))}


def _term(desk: Desk, href: str) -> set[float]:
    minutes = sum(number(each) for each in _MINUTES.findall(desk.get(href)))
    return {minutes, hours(minutes)}


def _items(desk: Desk, href: str) -> set[float]:
    listed = desk.get(href).partition('id="rows"')[2].partition("</section>")[0]
    return {float(len(_ITEMS.findall(listed)))}


def _points(desk: Desk, href: str) -> set[float]:
    entries = [told(cell.text) for cell in cells(desk.get(href)) if cell.label == "积分"]
    return {sum(entries)}


def _own_sessions(desk: Desk, href: str) -> set[float]:
    own = [number(each) for each in _OWN.findall(desk.get(href))]
    return {float(len(own)), sum(own)}


def _matches(pattern: re.Pattern[str]) -> Callable[[Desk, str], set[float]]:
    return lambda desk, href: {float(len(pattern.findall(desk.get(href))))}


_COUNTS: Mapping[str, Callable[[Desk, str], set[float]]] = {
    r"/bureau/sessions\?": _sessions,
    r"/bureau/audit/figure\?": _proof,
    r"/bureau/plan/indicators/": _plan,
    r"/bureau/(?:ageing|quality)/": _list,
    r"/bureau/duty/[0-9a-f-]+/year": _services,
    r"/bureau/duty/[0-9a-f-]+/term": _term,
    r"/bureau/duty/[0-9a-f-]+/(?:absences|pairings)": _items,
    r"/bureau/duty/[0-9a-f-]+/points": _points,
    r".*/mentor/sessions\?": _own_sessions,
    r"/bureau/mentors\?": _matches(_MENTOR),
    r"/bureau/answers\?": _matches(_ANSWER),
}
