import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[3]
SHARED = Path(os.environ.get("JIEBAN_SHARED", ROOT.parent / "shared"))
RUN = 12
Seed = Callable[[str], Any]


@pytest.fixture(scope="module")
def collection() -> dict[str, list[dict[str, Any]]]:
    folder = SHARED / "collection"
    if not folder.is_dir():
        pytest.skip(f"SKIPPED: no collection at {folder}; nothing to compare the seeds with")
    return {
        name: [
            json.loads(line)
            for line in (folder / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
        ]
        for name in ("experts", "needs")
    }


def runs(text: str) -> Iterator[str]:
    return (text[start : start + RUN] for start in range(len(text) - RUN + 1))


@pytest.mark.parametrize(
    ("name", "text", "identities"),
    [("experts", "bio", ["name"]), ("needs", "text", ["founder_name", "venture"])],
)
def test_demo_shares_no_name_and_no_run_of_words_with_the_collection(
    seed: Seed,
    collection: dict[str, list[dict[str, Any]]],
    name: str,
    text: str,
    identities: list[str],
) -> None:
    ours, theirs = seed(f"demo/{name}.jsonl"), collection[name]
    for identity in [*identities, "id"]:
        assert not {row[identity] for row in ours} & {row[identity] for row in theirs}
    known = {run for row in theirs for run in runs(row[text])}
    for row in ours:
        assert not known & set(runs(row[text])), row["id"]


def test_companies_of_the_demo_are_not_those_of_the_collection(
    seed: Seed, collection: dict[str, list[dict[str, Any]]]
) -> None:
    ours = {name for row in seed("demo/experts.jsonl") for name in row["organisation_interests"]}
    theirs = {name for row in collection["experts"] for name in row["organisation_interests"]}
    assert ours
    assert not ours & theirs


def test_vocabularies_hold_the_whole_taxonomy(vocabularies: dict[str, Any]) -> None:
    path = SHARED / "domain" / "taxonomy.json"
    if not path.is_file():
        pytest.skip(f"SKIPPED: no taxonomy at {path}; nothing to compare the vocabularies with")
    taxonomy = json.loads(path.read_text(encoding="utf-8"))
    # What the service itself ends with is added to the reasons; nothing is left out or renamed.
    own = {"b_entry_error", "f_in_writing"}
    for name, held in taxonomy.items():
        rows = [row for row in vocabularies[name]["rows"] if row["code"] not in own]
        assert {**vocabularies[name], "rows": rows} == held
