"""Rows of the log of shown proposals, valid by default, and a small log to learn from."""

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from matching import Adjustment, Fate, Part, Shown
from matching.learn.rates import Rates
from matching.pipeline.state import scale_of
from matching.scorer import PART_CODES, measured

START = datetime(2026, 9, 1, tzinfo=UTC)
METHOD = "method-1"
GOOD = Fate(is_asked=True, answer="accepted", is_held=True, is_confirmed=True, rating=5)
REFUSED = Fate(is_asked=True, answer="declined", reason="m_overload")
CODES = ("alpha", "beta")


def a_shown(need: int = 0, expert_id: str = "E1", **given: Any) -> Shown:
    values = given.pop("parts", {"alpha": 0.2, "beta": 0.1})
    facts: dict[str, Any] = {
        "position": 1,
        "parts": tuple(Part(code, value) for code, value in values.items()),
        "matcher_version": f"{METHOD}-0123456789ab",
        "propensity": 1.0,
        "shown_at": START + timedelta(hours=need),
    }
    return Shown(f"N{need:04d}", expert_id, **(facts | given))


def a_log(needs: int = 120, seed: int = 0, **given: Any) -> list[Shown]:
    """Return lists of four, in which E3 and E4 accept and E1 and E2, mostly above them, do not.

    Founders ask anybody; the score parts are noise around falling scores.
    """
    chance = np.random.default_rng(seed)
    rows = []
    for need in range(needs):
        asked = chance.integers(4)
        for place, expert_id in enumerate(("E1", "E2", "E3", "E4")):
            noise = chance.normal(0.0, 0.01, size=2)
            parts = {"alpha": 0.20 - 0.02 * place + noise[0], "beta": 0.10 + noise[1]}
            fate = Fate()
            if place == asked:
                fate = GOOD if (chance.random() < 0.9) == (place > 1) else REFUSED
            rows.append(
                a_shown(need, expert_id, position=place + 1, parts=parts, fate=fate, **given)
            )
    return rows


def an_adjustment(**given: Any) -> Adjustment:
    """Return what halves every part and lifts X01 above X02."""
    facts: dict[str, Any] = {
        "method": scale_of(measured().weights),
        "part_weights": dict.fromkeys(PART_CODES, -0.5),
        "acceptance_weight": 0.1,
        "rating_weight": 0.0,
        "constant": 0.0,
        "reach": 0.05,
        "acceptance": Rates({"X01": (9, 9), "X02": (0, 9)}, 5.0),
        "rating": Rates({}, 5.0),
    }
    return Adjustment(**(facts | given))
