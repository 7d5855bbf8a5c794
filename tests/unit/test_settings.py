from pathlib import Path

import pytest

from app.settings import SettingsError, load


def test_a_model_is_a_folder_on_this_machine(tmp_path: Path) -> None:
    assert load({}, tmp_path).embedding_model is None
    settings = load({"JIEBAN_EMBEDDING_MODEL": str(tmp_path)}, tmp_path)
    assert settings.embedding_model == tmp_path


def test_every_fault_is_named_at_once(tmp_path: Path) -> None:
    given = {"JIEBAN_EMBEDDING_MODEL": "BAAI/bge-small-zh", "JIEBAN_ENGINE": "steam"}
    with pytest.raises(SettingsError) as caught:
        load(given, tmp_path)
    assert "JIEBAN_EMBEDDING_MODEL must be a folder" in caught.value.facts["faults"]
    assert "JIEBAN_ENGINE" in caught.value.facts["faults"]
