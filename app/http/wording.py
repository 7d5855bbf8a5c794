"""The wording of every error code, as the file of translations has it."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

_WORDING = Path(__file__).parents[1] / "translations" / "errors.json"


@cache
def wording() -> Mapping[str, Mapping[str, str]]:
    """Return every code with its text in each language."""
    loaded: Mapping[str, Mapping[str, str]] = json.loads(_WORDING.read_text(encoding="utf-8"))
    return loaded
