"""Make pools of experts and lists of needs of any size from the demo district, by a seed."""

import json
import random
from pathlib import Path
from typing import Any

from matching import ExpertProfile, NeedProfile
from matching.text import clauses, sentences

DEMO = Path(__file__).parents[1] / "seeds" / "demo"
LEAST_CLAUSE = 6
CLAUSES_OF_A_PROFILE = (4, 8)
TAGS_OF_A_PROFILE = 5
SENTENCES_OF_A_NEED = (2, 4)


def experts_of(count: int, seed: int = 0) -> list[ExpertProfile]:
    """Return profiles whose clauses are made of halves of others, so that hardly two are alike.

    Tags, posts and trades repeat, as they do in a real pool.
    """
    chance = random.Random(seed)
    rows = _rows("experts.jsonl")
    pieces = [piece for row in rows for piece in clauses(row["bio"]) if len(piece) >= LEAST_CLAUSE]
    tags = sorted({tag for row in rows for tag in row["expertise"]})
    made = []
    for number in range(count):
        row, other = chance.choice(rows), chance.choice(rows)
        bio = [
            _crossed(*chance.sample(pieces, 2))
            for _ in range(chance.randint(*CLAUSES_OF_A_PROFILE))
        ]
        made.append(
            ExpertProfile(
                expert_id=f"E{number:06d}",
                category=row["category"],
                name=f"{row['name']}{number}",
                organisation=other["organisation"],
                title=row["title"],
                bio="，".join(bio) + "。",
                expertise=tuple(chance.sample(tags, TAGS_OF_A_PROFILE)),
                industries=tuple(other["industries"]),
                topics=tuple(row["topics"]),
                stages=tuple(row["stages"]),
                areas=tuple(other["areas"]),
                modes=tuple(row["modes"]),
                languages=tuple(row["languages"]),
                capacity=row["monthly_limit"],
                open_load=chance.randint(0, row["monthly_limit"]),
            )
        )
    return made


def needs_of(count: int, seed: int = 0) -> list[NeedProfile]:
    """Return needs whose sentences come from two needs of the demo district."""
    chance = random.Random(seed)
    rows = _rows("needs.jsonl")
    made = []
    for number in range(count):
        row, other = chance.sample(rows, 2)
        said = [*sentences(row["text"]), *sentences(other["text"])]
        size = min(len(said), chance.randint(*SENTENCES_OF_A_NEED))
        made.append(
            NeedProfile(
                need_id=f"N{number:06d}",
                text="。".join(chance.sample(said, size)) + "。",
                industry=row["industry"],
                stage=row["stage"],
                area=row["area"],
                modes=(row["mode"],),
                session_type=row["session_type"],
                venture_name=row["venture"] or "",
            )
        )
    return made


def _crossed(one: str, other: str) -> str:
    return one[: len(one) // 2] + other[len(other) // 2 :]


def _rows(name: str) -> list[dict[str, Any]]:
    lines = (DEMO / name).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line]
