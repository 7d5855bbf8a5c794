"""抽查 on its pages: drawn, drawn again with the printed script, called about, corrected."""

import re
import subprocess
import sys
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest

from app.domain.actor import Actor
from app.models.audit_entry import AccessEntry
from app.models.sample import Sample, SampleCall
from app.models.service_record import Correction
from tests.sampled import Sampled, told_august
from tests.scenes import Plays
from tests.web.bureau.conftest import Desk

NEW = "/bureau/samples/new"
Enter = Callable[[Actor], Desk]


@pytest.fixture
def plays() -> Plays:
    return {"told": told_august}


@pytest.fixture
def told(scene: Sampled) -> Sampled:
    return scene


@pytest.fixture
def audit(told: Sampled, enter: Enter) -> Desk:
    """The auditor at the pages."""
    return enter(told.auditor)


def drawn(told: Sampled, audit: Desk, **fields: str) -> Sample:
    asked = {"size": "3", "number": "20260926", "basis": "first", **fields}
    audit.post(NEW, **asked)
    return told.district.rows(Sample)[-1]


def record(told: Sampled, sample: Sample) -> str:
    return f"/bureau/samples/{sample.id}/records/{told.year.meetings['first'].id}"


def a_call(told: Sampled, **fields: str) -> dict[str, str]:
    person = str(told.year.firm.person_id)
    at = {"called_on": "2026-09-26", "called_at": "10:30"}
    return {"person": person, **at, "result": "agreed", "said": "", **fields}


def test_the_form_tells_how_many_there_are_and_how_many_are_needed(audit: Desk) -> None:
    page = audit.get(f"{NEW}?confidence=95&margin=5")
    assert "共有 3 条记录" in page
    assert "需要抽 3 条" in page


@pytest.mark.parametrize("by_kind", ["", "1"])
def test_the_printed_script_draws_the_same_list(
    told: Sampled, audit: Desk, tmp_path: Path, by_kind: str
) -> None:
    sample = drawn(told, audit, size="2", by_kind=by_kind)
    page = audit.get(f"/bureau/samples/{sample.id}")
    assert "名单一样" in page
    (script,) = re.findall(r'<pre class="hash">(.*?)</pre>', page, re.DOTALL)
    listed = audit.client.get(f"/bureau/samples/{sample.id}/list.csv")
    (tmp_path / "list.csv").write_bytes(listed.data)

    # The script is what our own page prints.
    told_again = subprocess.run(
        [sys.executable, "-c", unescape(script), str(tmp_path / "list.csv")],
        capture_output=True,
        text=True,
        check=True,
    )
    assert [line.split()[2] for line in told_again.stdout.splitlines()] == sample.session_ids


def test_a_draw_that_cannot_be_keeps_what_was_typed(told: Sampled, audit: Desk) -> None:
    asked = {"size": "4", "number": "12", "basis": "first"}
    page = audit.post(NEW, status=422, **asked).get_data(as_text=True)
    assert "最多抽 3 条" in page
    assert 'value="12"' in page
    assert told.district.rows(Sample) == []


def test_a_second_press_draws_nothing_twice(told: Sampled, audit: Desk) -> None:
    form = {**audit.hidden(NEW), "size": "2", "number": "", "basis": "first"}
    audit.send(NEW, **form)
    audit.send(NEW, **form)
    assert len(told.district.rows(Sample)) == 1


def test_each_number_leads_to_its_rows(told: Sampled, audit: Desk) -> None:
    sample = drawn(told, audit)
    audit.post(record(told, sample), **a_call(told))
    listed = audit.get("/bureau/samples")
    found = re.findall(rf'href="(/bureau/samples/{sample.id}\?found=\w+)">(\d+)<', listed)
    assert sum(int(count) for _, count in found) == sample.size
    for path, count in found:
        rows = re.findall(r'<th scope="row"><a href="/bureau/samples/', audit.get(path))
        assert len(rows) == int(count)


def test_a_difference_leads_an_officer_to_a_correction_that_says_why(
    told: Sampled, audit: Desk, enter: Enter
) -> None:
    sample = drawn(told, audit)
    here = record(told, sample)
    said = {"result": "differs", "differs": "persons", "said": "<b>我没去</b>"}
    audit.post(here, **a_call(told, **said))
    assert "提出更正</a>" not in audit.get(here)

    desk = enter(told.district.officer)
    (path,) = re.findall(r'href="(/bureau/sessions/[^"]+sample_call=[^"]+)"', desk.get(here))
    form = f"{unescape(path)}&operation=remove_attendee"
    page = desk.get(form)
    assert sample.reference in page
    assert "&lt;b&gt;我没去&lt;/b&gt;" in page
    (reason,) = re.findall(r'name="reason"[^>]*>([^<]*)</textarea>', page)
    person = str(told.year.firm.person_id)
    desk.post(form, path.split("?")[0], value=person, reason=unescape(reason))
    proposed = told.district.one(Correction)
    assert proposed.sample_call_id == told.district.one(SampleCall).id
    assert "等待复核" in audit.get(f"/bureau/samples/{sample.id}")


@pytest.mark.parametrize(
    "fields",
    [
        {"result": "differs"},
        {"person": "x"},
        {"person": ""},
        {"called_at": "25:00"},
        {"called_on": "2030-01-01"},
        {"result": "maybe"},
        {"differs": "colour"},
    ],
)
def test_a_call_that_does_not_fit_is_answered_at_its_field(
    told: Sampled, audit: Desk, fields: dict[str, str]
) -> None:
    here = record(told, drawn(told, audit))
    page = audit.post(here, status=422, **a_call(told, **{"said": "写过的话", **fields}))
    assert "写过的话" in page.get_data(as_text=True)
    assert told.district.rows(SampleCall) == []


def test_looks_at_a_sample_are_logged_and_mentors_are_shut_out(
    told: Sampled, audit: Desk, enter: Enter
) -> None:
    sample = drawn(told, audit)
    before = len(told.district.rows(AccessEntry))
    assert "抽查单" in audit.get(f"/bureau/samples/{sample.id}/print")
    assert len(told.district.rows(AccessEntry)) == before + 1
    mentor = enter(told.year.scholar.actor)
    for path in ("/bureau/samples", NEW, record(told, sample)):
        mentor.get(path, 403)
