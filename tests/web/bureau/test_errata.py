"""An erratum on the pages: proposed below the report, checked by another, printed."""

import pytest

from app.domain.actor import Role
from app.domain.calendar import Month
from app.models.erratum import Erratum
from tests.builders import staff

REPORT = "/bureau/reports/2026-08"
ACT = f"{REPORT}/errata"
WORDS = "街道名称写成郭店，应为唐冶 <script>。"


@pytest.fixture
def closed(year, district):
    district.close(Month(2026, 8), "09-25 11:00")
    return district


def test_an_erratum_is_printed_on_the_month_and_on_what_holds_it(closed, desk, enter) -> None:
    refused = desk.post(REPORT, ACT, 422, words=" ").text
    assert 'id="words-e"' in refused
    assert closed.rows(Erratum) == []
    answer = desk.post(REPORT, ACT, words=WORDS)
    assert answer.location == f"{REPORT}#errata"
    page = desk.get(REPORT)
    assert "等复核" not in page.partition('aria-labelledby="errata"')[0]
    assert "要由另一位工作人员复核" in page
    (row,) = closed.rows(Erratum)

    checker = enter(closed.approver)
    act = f"/bureau/errata/{row.id}"
    assert act in checker.get(REPORT)
    form = {"csrf_token": checker.token(REPORT), "version": "1"}
    checker.send(act, 422, verdict="perhaps", **form)
    assert checker.send(act, verdict="approve", **form).location == f"{REPORT}#errata"
    street = enter(staff(closed.store, Role.STREET_LIAISON, street="tangye"))
    for path in (REPORT, "/bureau/reports/stretches/2026-Q3", "/bureau/reports/stretches/2026"):
        for reader in (desk, checker, street):
            page = reader.get(path)
            assert "应为唐冶 &lt;script&gt;" in page
            assert "提出，" in page
            assert act not in page
    assert "应为唐冶" not in desk.get("/bureau/reports/2026-09")
    assert "应为唐冶" not in desk.get("/bureau/reports/stretches/2026-H1")
    assert ACT not in street.get(REPORT)
    street.send(ACT, 403, csrf_token=street.token("/bureau/reports"), words=WORDS)


def test_who_proposed_is_told_that_another_must_check_it(closed, enter) -> None:
    own = enter(closed.approver)
    own.post(REPORT, ACT, words=WORDS)
    (row,) = closed.rows(Erratum)
    form = {"csrf_token": own.token(REPORT), "return_to": REPORT, "version": "1"}
    assert own.send(f"/bureau/errata/{row.id}", verdict="approve", **form).location == REPORT
    assert "提出勘误的人不能自己复核" in own.get(REPORT)


def test_an_open_month_offers_no_erratum(year, desk) -> None:
    page = desk.get("/bureau/reports/2026-09")
    assert "/bureau/reports/2026-09/errata" not in page
    assert 'aria-labelledby="errata"' not in page
