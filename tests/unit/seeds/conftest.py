import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

SEEDS = Path(__file__).resolve().parents[3] / "seeds"
Rows = list[dict[str, Any]]


def read(relative: str) -> Any:
    text = (SEEDS / relative).read_text(encoding="utf-8")
    if relative.endswith(".jsonl"):
        return [json.loads(line) for line in text.splitlines()]
    return json.loads(text)


@pytest.fixture(scope="session")
def seed() -> Callable[[str], Any]:
    return read


@pytest.fixture(scope="session")
def vocabularies() -> dict[str, Any]:
    loaded: dict[str, Any] = read("reference/vocabularies.json")
    return loaded


@pytest.fixture(scope="session")
def codes(vocabularies: dict[str, Any]) -> dict[str, set[str]]:
    return {name: {row["code"] for row in terms["rows"]} for name, terms in vocabularies.items()}


@pytest.fixture(scope="session")
def labels(vocabularies: dict[str, Any]) -> dict[str, set[str]]:
    return {name: {row["zh"] for row in terms["rows"]} for name, terms in vocabularies.items()}
