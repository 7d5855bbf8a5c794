"""The rows behind a figure as a file: watermarked, masked, no formula, its hash in the log."""

import csv
import hashlib
import io
import json
import zipfile

import pytest
from sqlalchemy import select

from app.domain.actor import SYSTEM, Role
from app.domain.privacy import mask_numbers
from app.models.account import Account
from app.models.audit_entry import AccessEntry
from app.models.person import Person, Venture
from tests.builders import staff
from tests.web.bureau.conftest import Desk

SEPTEMBER = "/bureau/exports/ledger?month=2026-09"


@pytest.fixture
def auditor(year, enter) -> Desk:
    return enter(staff(year.district.store, Role.AUDITOR, login="zhou", name="周审计"))


def taken(desk: Desk, path: str) -> tuple[str, bytes, dict]:
    """Return the name of the file, the table in it and its manifest."""
    answer = desk.client.get(path)
    assert answer.status_code == 200
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        table = archive.read(manifest["file"])
    name = answer.headers["Content-Disposition"].partition("filename=")[2]
    return name, table, manifest


def rows(table: bytes) -> tuple[list[list[str]], list[dict[str, str]]]:
    """Return the lines above the headings, and the rows under them."""
    lines = list(csv.reader(io.StringIO(table.decode("utf-8-sig"), newline="")))
    start = next(place for place, line in enumerate(lines) if line[0] == "编号")
    return lines[:start], [
        dict(zip(lines[start], line, strict=True)) for line in lines[start + 1 :]
    ]


def test_a_file_says_who_took_it_and_when_and_its_hash_is_in_the_log(year, auditor) -> None:
    name, table, manifest = taken(auditor, SEPTEMBER)
    assert table.startswith(b"\xef\xbb\xbf")
    above, _ = rows(table)
    assert above[0] == ["# 导出账户", "周审计 (zhou)"]
    assert above[1] == ["# 导出时间", manifest["taken_at"]]
    assert name.startswith("ledger-2026-09-zhou-2026")
    assert manifest["sha256"] == hashlib.sha256(table).hexdigest()
    assert (manifest["taken_by"]["login"], manifest["bytes"]) == ("zhou", len(table))
    with year.district.store.read(SYSTEM) as reader:
        looks = reader.session.scalars(select(AccessEntry).order_by(AccessEntry.id)).all()
    assert looks[-1].subject == "/bureau/exports/ledger"
    assert looks[-1].facts["sha256"] == manifest["sha256"]
    assert looks[-1].facts["file"] == name
    assert manifest["sha256"][:16] in auditor.get("/bureau/log/looks?what=/bureau/exports")


@pytest.mark.parametrize("measure", ["sessions", "person_times", "enterprises", "session_minutes"])
def test_the_rows_sum_to_the_figure_and_those_not_counted_say_why(auditor, measure: str) -> None:
    _, table, manifest = taken(auditor, f"{SEPTEMBER}&measure={measure}")
    _, found = rows(table)
    assert sum(int(row["计数"]) for row in found) == manifest["value"] > 0
    assert len(found) == manifest["rows"]
    left_out = [row for row in found if row["计入与否"] == "未计入"]
    assert left_out
    assert all(row["规则"] and row["原因"] and row["计数"] == "0" for row in left_out)


def test_the_file_holds_what_the_page_lists(auditor) -> None:
    page = auditor.get("/bureau/sessions?month=2026-09")
    assert "/bureau/exports/ledger?month=2026-09" in page
    _, table, _ = taken(auditor, SEPTEMBER)
    counted = [row["编号"] for row in rows(table)[1] if row["计数"] != "0"]
    assert counted
    assert all(reference in page for reference in counted)


def test_no_number_of_a_person_and_no_formula_leaves(year, auditor) -> None:
    def spoil(uow) -> None:
        for person in uow.all(select(Person)):
            person.phone = "13812342046"
        for number, venture in enumerate(uow.all(select(Venture))):
            venture.name = f"{'=+-@'[number % 4]}HYPERLINK 370112199001011234 13812342046"

    year.district.store.execute(SYSTEM, spoil)
    _, table, _ = taken(auditor, SEPTEMBER)
    text = table.decode("utf-8-sig")
    assert "13812342046" not in text
    assert "370112199001011234" not in text
    assert "3701**********34" in text
    assert "138 **** 2046" in text
    cells = [cell for line in csv.reader(io.StringIO(text)) for cell in line]
    assert any(cell.startswith("'=HYPERLINK") for cell in cells)
    assert not any(cell.startswith(("=", "+", "-", "@", "\t")) for cell in cells)


def test_each_takes_only_what_he_sees(year, enter) -> None:
    store = year.district.store
    clerk = enter(staff(store, Role.STREET_LIAISON, street="hongjialou"))
    whole = taken(enter(staff(store, Role.OFFICER)), SEPTEMBER)[2]["rows"]
    assert taken(clerk, SEPTEMBER)[2]["rows"] < whole
    enter(staff(store, Role.SYS_ADMIN)).get(SEPTEMBER, 403)
    with store.read(SYSTEM) as reader:
        holders = select(Account.name).join(AccessEntry, AccessEntry.account_id == Account.id)
        assert len(reader.session.scalars(holders).all()) == 2


def test_a_question_nobody_understands_is_refused(auditor) -> None:
    auditor.get("/bureau/exports/ledger?month=2026-13", 422)
    auditor.get("/bureau/exports/ledger?month=2026-09&measure=luck", 422)


def test_every_page_of_the_bureau_is_printed_with_who_and_when(auditor) -> None:
    assert 'class="print-mark" aria-hidden="true">历城创业导师 · 打印：周审计 · ' in auditor.get(
        "/bureau"
    )


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("370112199001011234", "3701**********34"),
        ("37011219900101123x", "3701**********3x"),
        ("电话138 1234 2046。", "电话138 **** 2046。"),
        ("91370112MA3CXXXX0X", "91370112MA3CXXXX0X"),
        ("TZ2026-000123", "TZ2026-000123"),
    ],
)
def test_numbers_of_persons_are_hidden_in_any_text(text: str, masked: str) -> None:
    assert mask_numbers(text) == masked
