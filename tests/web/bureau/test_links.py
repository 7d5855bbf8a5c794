"""No page offers what its reader may not have."""

import re
from collections import defaultdict
from html import unescape

import pytest

from app.domain.actor import Role
from tests.builders import staff
from tests.depth import THOROUGH

FIRST = ("/bureau", "/bureau/sessions", "/bureau/needs", "/bureau/mentors", "/bureau/reports")
_LINK = re.compile(r'href="(/[^"#]*)"')
_NAMED = re.compile(r"[0-9a-f-]{36}|\d+")
# Rows of a table link alike; as many of a kind are followed.
_OF_A_KIND = 3 if THOROUGH else 1
PLACES = {
    Role.DEPT_LIAISON: {"department": "hrss"},
    Role.STREET_LIAISON: {"street": "tangye"},
}


@pytest.mark.parametrize(
    "role",
    [Role.OFFICER, Role.APPROVER, Role.DEPT_LIAISON, Role.STREET_LIAISON, Role.AUDITOR],
)
def test_every_link_of_the_first_pages_opens_for_its_reader(year, enter, role) -> None:
    desk = enter(staff(year.district.store, role, **PLACES.get(role, {})))
    pages = [path for path in FIRST if desk.client.get(path).status_code == 200]
    assert len(pages) >= 3
    kinds: defaultdict[str, list[str]] = defaultdict(list)
    for href in {unescape(href) for path in pages for href in _LINK.findall(desk.get(path))}:
        kinds[_NAMED.sub("…", href)].append(href)
    assert len(kinds) > 10
    for href in (each for some in kinds.values() for each in sorted(some)[:_OF_A_KIND]):
        status = desk.client.get(href, buffered=True).status_code
        assert status in (200, 303, 304), (href, status)
