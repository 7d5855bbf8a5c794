"""Read a test collection from a folder."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, NamedTuple

from matching.evaluate.measures import Facets, Grades
from matching.types import ExpertProfile, Interest, NeedProfile

Fields = Literal["text", "full"]


class Collection(NamedTuple):
    """Hold a test collection: experts, needs, judgements, and the facets of some needs."""

    experts: tuple[ExpertProfile, ...]
    needs: tuple[NeedProfile, ...]
    grades: Mapping[str, Grades]
    facets: Mapping[str, Facets]


def read_collection(folder: Path, fields: Fields) -> Collection:
    """Read experts.jsonl, needs.jsonl, qrels.tsv and facets.json of a folder.

    With fields "text" a need is its words alone.

    Raises:
        ValueError: a row is not in the form of a collection; its file and line are named.
        OSError: a file cannot be read.
    """
    read_need = _full_need if fields == "full" else _bare_need
    facets = json.loads((folder / "facets.json").read_text(encoding="utf-8"))
    grades: dict[str, dict[str, int]] = {}
    for where, line in _lines(folder / "qrels.tsv"):
        need_id, expert_id, grade = _grade(where, line)
        grades.setdefault(need_id, {})[expert_id] = grade
    return Collection(
        tuple(_expert(*each) for each in _lines(folder / "experts.jsonl")),
        tuple(read_need(*each) for each in _lines(folder / "needs.jsonl")),
        grades,
        {
            need_id: tuple(frozenset(facet["experts"]) for facet in some)
            for need_id, some in facets.items()
        },
    )


def _lines(path: Path) -> Iterator[tuple[str, str]]:
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, start=1):
            if line.strip():
                yield f"{path.name}, line {number}", line.rstrip("\n")


def _grade(where: str, line: str) -> tuple[str, str, int]:
    try:
        need_id, expert_id, grade = line.split("\t")
        return need_id, expert_id, int(grade)
    except ValueError as error:
        raise ValueError(f"{where}: {error}") from error


def _expert(where: str, line: str) -> ExpertProfile:
    try:
        row: dict[str, Any] = json.loads(line)
        return ExpertProfile(
            expert_id=row["id"],
            category=row["category"],
            name=row["name"],
            organisation=row["organisation"],
            title=row["title"],
            bio=row["bio"],
            expertise=tuple(row["expertise"]),
            industries=tuple(row["industries"]),
            stages=tuple(row["stages"]),
            areas=tuple(row["areas"]),
            modes=tuple(row["modes"]),
            languages=tuple(row["languages"]),
            interests=tuple(Interest(name) for name in row["organisation_interests"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{where}: {error!r}") from error


def _bare_need(where: str, line: str) -> NeedProfile:
    full = _full_need(where, line)
    return NeedProfile(full.need_id, full.text)


def _full_need(where: str, line: str) -> NeedProfile:
    try:
        row: dict[str, Any] = json.loads(line)
        return NeedProfile(
            need_id=row["id"],
            text=row["text"],
            industry=row["industry"],
            stage=row["stage"],
            area=row["area"],
            modes=(row["mode"],),
            session_type=row["session_type"],
            venture_name=row["venture"],
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{where}: {error!r}") from error
