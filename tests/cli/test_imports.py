import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from app.adapters.sheets import LARGEST_FILE
from app.domain.actor import SYSTEM
from app.factory import create_app
from app.models.expert import Expert
from app.models.need import Need
from app.unit_of_work import Store
from tests.builders import a_founder, a_need, an_expert
from tests.serving import settings

EXPERT = {"id": "E1", "name": "张敏", "category": "scholar", "bio": "从事知识产权教学十八年。"}
NEED = {
    "id": "N1",
    "founder_name": "李晓",
    "session_type": "consultation",
    "text": "想申请专利，可是不知道成果归谁，也不知道要花多少钱。",
}
COLLECTION = Path(__file__).parents[1] / "unit" / "matching" / "data"


@pytest.fixture
def app(store: Store) -> Flask:
    return create_app(settings(), store=store)


def call(app: Flask, *words: str | Path) -> Result:
    return app.test_cli_runner().invoke(args=[str(word) for word in words])


def answer(result: Result) -> Any:
    return json.loads(result.stdout)


def lines(folder: Path, name: str, *rows: dict[str, Any]) -> Path:
    path = folder / name
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return path


def count(store: Store, model: Any) -> int:
    with store.read(SYSTEM) as reader:
        return reader.session.scalar(select(func.count()).select_from(model)) or 0


@pytest.mark.parametrize(("noun", "row"), [("experts", EXPERT), ("needs", NEED)])
def test_an_import_answers_in_counts(app, store, tmp_path, noun, row) -> None:
    path = lines(tmp_path, "rows.jsonl", row)
    counts = {"created": 0, "updated": 0, "unchanged": 0, "errors": []}

    rehearsed = call(app, noun, "import", path, "--dry-run", "--json")
    assert (rehearsed.exit_code, answer(rehearsed)) == (0, {**counts, "created": 1})
    assert (count(store, Expert), count(store, Need)) == (0, 0)

    assert answer(call(app, noun, "import", path, "--json")) == {**counts, "created": 1}
    assert answer(call(app, noun, "import", path, "--json")) == {**counts, "unchanged": 1}
    assert call(app, noun, "import", path).stdout == "created 0, updated 0, unchanged 1\n"


def test_faults_are_told_by_row_field_code_and_words(app, store, tmp_path) -> None:
    path = lines(tmp_path, "rows.jsonl", EXPERT, {**EXPERT, "id": "E2", "areas": ["火星"]})

    refused = call(app, "experts", "import", path, "--json")

    assert refused.exit_code == 1
    assert answer(refused) == {
        "created": 0,
        "updated": 0,
        "unchanged": 0,
        "errors": [
            {
                "row": 2,
                "field": "areas",
                "code": "import.unknown_word",
                "message": "“服务片区”里的“火星”不在词表中，请对照模板",
            }
        ],
    }
    assert count(store, Expert) == 0
    plain = call(app, "experts", "import", path)
    assert "row 2 areas: import.unknown_word: “服务片区”" in plain.stdout


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.jsonl", b"{", "import.not_json"),
        ("a.xlsx", b"PK", "import.unreadable"),
        ("a.csv", "编号,生肖\nE1,马".encode("gb18030"), "import.unknown_column"),
        ("a.pdf", b"%PDF", "import.unknown_form"),
        ("a.csv", bytes(LARGEST_FILE + 2), "import.file_too_large"),
    ],
)
def test_a_file_that_is_no_table_is_refused_in_the_same_form(app, tmp_path, name, content, code):
    path = tmp_path / name
    path.write_bytes(content)
    refused = call(app, "experts", "import", path, "--json")
    assert refused.exit_code == 1
    assert [each["code"] for each in answer(refused)["errors"]] == [code]


def test_a_file_that_is_not_there_is_a_wrong_call(app, tmp_path) -> None:
    assert call(app, "experts", "import", tmp_path / "none.jsonl", "--json").exit_code == 2


@pytest.mark.parametrize("noun", ["experts", "needs"])
def test_the_template_is_taken_as_it_stands(app, tmp_path, noun) -> None:
    path = tmp_path / "template.xlsx"
    assert call(app, noun, "template", path).exit_code == 0
    assert answer(call(app, noun, "import", path, "--json"))["created"] == 1
    assert call(app, noun, "template", tmp_path / "template.csv").exit_code == 2


def test_a_need_is_matched_by_any_of_its_names(app, store) -> None:
    expert = an_expert(store)
    founder = a_founder(store)
    need = a_need(store, founder.person_id, source_ref="N7")

    for name in ("N7", need.reference, str(need.id)):
        done = call(app, "matching", "propose", "--need", name, "--json")
        assert done.exit_code == 0
        told = answer(done)
        assert [item["expert"]["id"] for item in told["items"]] == [str(expert.id)]
        assert (len(told["items"][0]["first_free"]), told["excluded"]) == (3, [])
    assert call(app, "matching", "propose", "--need", "N7").stdout.startswith("1. 张敏 ")


def test_a_need_nobody_knows_is_refused(app) -> None:
    refused = call(app, "matching", "propose", "--need", "N9", "--json")
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "need.not_found" in refused.stderr
    assert call(app, "matching", "propose", "--need", "N9", "--limit", "0").exit_code == 2


def test_the_matcher_is_measured_without_a_database(tmp_path) -> None:
    nowhere = settings(database_url=f"sqlite:///{tmp_path / 'none' / 'none.db'}")
    done = call(create_app(nowhere), "matching", "evaluate", COLLECTION, "--json")

    assert done.exit_code == 0
    told = answer(done)
    assert set(told) >= {"ndcg10", "mrr", "p1", "hit3", "recall10", "facet_coverage3", "intervals"}
    low, high = told["intervals"]["ndcg10"]
    assert low <= told["ndcg10"] <= high


def test_a_folder_without_a_collection_is_a_wrong_call(app, tmp_path) -> None:
    refused = call(app, "matching", "evaluate", tmp_path, "--json")
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert call(app, "matching", "evaluate", tmp_path, "--fields", "some").exit_code == 2
