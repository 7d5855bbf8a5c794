import copy
import importlib.util
import os
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.replay import replay
from tests.unit.domain.replay_files import a_random_file, the_cases

REPOSITORY = Path(__file__).parents[3]
FOLDER = Path(os.environ.get("JIEBAN_SHARED", REPOSITORY.parent / "shared")) / "domain"
REFERENCE = FOLDER / "counting_oracle.py"


@pytest.fixture(scope="module")
def reference() -> ModuleType:
    if not REFERENCE.exists():
        pytest.skip(f"NOT COMPARED with the independent reference: {REFERENCE} is missing")
    spec = importlib.util.spec_from_file_location("counting_reference", REFERENCE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_random_files_are_answered_as_an_independent_reference_answers_them(
    reference: ModuleType, seed: int
) -> None:
    file = a_random_file(seed)
    assert replay(file) == reference.Oracle(copy.deepcopy(file)).answer(file["expected"])


def test_the_cases_are_answered_as_an_independent_reference_answers_them(
    reference: ModuleType,
) -> None:
    file = the_cases()
    assert replay(file) == reference.Oracle(copy.deepcopy(file)).answer(file["expected"])
