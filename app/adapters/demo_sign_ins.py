"""The sign-ins of the demo district, as its seed file states them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DEMO_ACCOUNTS = Path(__file__).parents[2] / "seeds" / "demo" / "accounts.json"


@dataclass(frozen=True, slots=True)
class DemoSignIns:
    """The logins and the one password they share."""

    password: str
    logins: Sequence[str]


@cache
def demo_sign_ins(path: Path = DEMO_ACCOUNTS) -> DemoSignIns:
    """Return the demo's sign-ins."""
    stated = json.loads(path.read_text(encoding="utf-8"))
    return DemoSignIns(stated["password"], tuple(row["login"] for row in stated["accounts"]))
