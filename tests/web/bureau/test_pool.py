"""The pool, profiles, and taking experts over from a file."""

import io
import json
import re
from html import unescape

import pytest

from app.adapters.import_rows import EXPERTS
from app.adapters.sheets import write_template
from app.domain.actor import Role
from app.models.expert import Expert
from app.web.bureau.pool import imports
from tests.builders import an_expert, staff
from tests.moments import day

ROW = {
    "id": "E9001",
    "name": "钱宁",
    "category": "scholar",
    "organisation": "驻区高校",
    "title": "教授",
    "bio": "从事知识产权教学与研究十八年。",
    "expertise": ["专利布局"],
    "topics": ["ip"],
    "modes": ["onsite"],
}
IMPORT = "/bureau/mentors/import"


def upload(desk, content: bytes, name: str, status: int = 200) -> str:
    fields = {"csrf_token": desk.token(IMPORT), "file": (io.BytesIO(content), name)}
    answer = desk.client.post(IMPORT, data=fields, content_type="multipart/form-data")
    assert answer.status_code == status, answer.get_data(as_text=True)
    return answer.get_data(as_text=True)


def lines(*rows: dict) -> bytes:
    return "\n".join(json.dumps(row, ensure_ascii=False) for row in rows).encode()


def test_the_pool_shows_terms_load_and_pauses(district, desk) -> None:
    an_expert(district.store, name="甲一", is_paused=True, expertise=["专利布局"])
    an_expert(district.store, name="乙二", term=(day("01-01"), day("02-01")))
    page = desk.get("/bureau/mentors")
    for words in ("甲一", "暂停", "乙二", "不在聘期", "2026-02-01", "0 / 8"):
        assert words in page
    assert "乙二" not in desk.get("/bureau/mentors?q=专利")
    assert "甲一" not in desk.get("/bureau/mentors?standing=ended")
    assert "没有这样的导师" in desk.get("/bureau/mentors?category=investor")
    for query in ("category=x", "standing=x", "term=x"):
        desk.get(f"/bureau/mentors?{query}", 422)
    assert "处需要修改" in desk.get("/bureau/mentors?q=" + "长" * 101, 422)
    desk.get("/bureau/mentors?after=x", 404)


def test_a_long_pool_goes_on_page_by_page(district, desk) -> None:
    for number in range(22):
        an_expert(district.store, name=f"导师{number:02}", weekly=False)
    first = desk.get("/bureau/mentors")
    following = unescape(re.findall(r'href="([^"]+)">下一页', first)[0])
    second = desk.get(following)
    names = [set(re.findall(r"导师\d\d", page)) for page in (first, second)]
    assert [len(each) for each in names] == [20, 2]
    assert names[0].isdisjoint(names[1])


def test_a_profile_shows_terms_ties_and_hours_and_can_be_paused(district, desk) -> None:
    expert = an_expert(district.store, name="甲一")
    address = f"/bureau/mentors/{expert.id}"
    page = desk.get(address)
    for words in ("历人社聘〔2025〕1号", "没有申报", "周一", "09:00–21:00", "暂停服务"):
        assert words in page
    desk.post(address, f"{address}/pause", act="pause")
    assert "恢复服务" in desk.get(address)
    desk.post(address, f"{address}/pause", 422, act="vanish")
    desk.get("/bureau/mentors/01990000-0000-7000-8000-000000000001", 404)
    desk.get("/bureau/mentors/x", 404)


def test_who_only_watches_is_offered_no_pause(district, enter) -> None:
    expert = an_expert(district.store, name="甲一")
    auditor = enter(staff(district.store, Role.AUDITOR))
    assert "暂停服务</span>" not in auditor.get(f"/bureau/mentors/{expert.id}")


@pytest.mark.parametrize("form", ["jsonl", "xlsx"])
def test_a_sound_file_is_taken_over_once_the_result_was_read(district, desk, form) -> None:
    headings = [heading.zh for heading in EXPERTS.headings]
    example = [heading.example for heading in EXPERTS.headings]
    content = lines(ROW) if form == "jsonl" else write_template("专家", headings, example)
    page = upload(desk, content, f"experts.{form}")
    assert "检查通过" in page
    assert "新增 1 位" in page
    assert district.rows(Expert) == []
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))
    for _ in range(2):
        answer = desk.send(f"{IMPORT}/confirm", **{k: unescape(v) for k, v in hidden.items()})
        assert answer.location == "/bureau/mentors"
    assert len(district.rows(Expert)) == 1
    assert "已导入：新增 1 位" in desk.get("/bureau/mentors")


def test_a_faulty_row_names_row_column_and_reason_and_nothing_is_written(district, desk) -> None:
    page = upload(desk, lines(ROW, {**ROW, "id": "E9002", "category": "wizard"}), "a.jsonl", 422)
    assert "有 1 处需要修改" in page
    assert re.search(r'class="r">2</th>.*?类别.*?wizard', page, re.DOTALL)
    assert district.rows(Expert) == []


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "a.jsonl"),
        (b"x", "a.txt"),
        (b"PK\x03\x04broken", "a.xlsx"),
        (b"\xff\xfe\x00", "a.csv"),
    ],
)
def test_a_file_that_is_no_table_is_refused_in_words(district, desk, content, name) -> None:
    assert "处需要修改" in upload(desk, content, name, 422)


def test_a_file_too_large_is_refused_at_its_field(district, desk, monkeypatch) -> None:
    monkeypatch.setattr(imports, "LARGEST_FILE", 100)
    page = upload(desk, b" " * 101, "a.jsonl", 422)
    assert "0.0001 MB" in page
    assert "errmsg" in page


def test_without_a_file_the_field_says_so(district, desk) -> None:
    fields = {"csrf_token": desk.token(IMPORT)}
    answer = desk.client.post(IMPORT, data=fields, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "errmsg" in answer.get_data(as_text=True)


@pytest.mark.parametrize("content", ["", "***", "e30="])
def test_a_tampered_confirmation_is_refused(district, desk, content: str) -> None:
    token = desk.token(IMPORT)
    desk.send(f"{IMPORT}/confirm", 422, csrf_token=token, name="a.jsonl", content=content)
    assert district.rows(Expert) == []
