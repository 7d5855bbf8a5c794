"""The reference data as files."""

import csv
import json
from pathlib import Path
from typing import Any


def read_reference(folder: Path) -> dict[str, Any]:
    """Return the content of the folder, by the names the import use case knows."""
    with (folder / "calendar_days.csv").open(encoding="utf-8", newline="") as file:
        days = list(csv.DictReader(file))
    return {
        "vocabularies": _json(folder / "vocabularies.json"),
        "calendar_days": days,
        "indicators": _json(folder / "plan_indicators.json"),
        "policies": _json(folder / "counting_policies.json"),
        "duty_policies": _json(folder / "duty_policies.json"),
        "numbers": _json(folder / "policy_numbers.json"),
        "signal_policies": _json(folder / "signal_policies.json"),
        "point_rules": _json(folder / "point_rules.json"),
        "places": _json(folder / "places.json"),
    }


def _json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))
