"""`counts show`, `counts replay`, `counts rebuild`: figures, rules over a file, and columns."""

import json
from pathlib import Path
from typing import Any

import click

from app.cli.command import CommandGroup, as_json, show
from app.domain.actor import SYSTEM
from app.domain.calendar import Month
from app.domain.replay import UnknownReplayInputError
from app.domain.replay import replay as answer
from app.domain.service_record import Measures
from app.http.edge import the_store
from app.queries import service_counts
from app.queries.service_counts import MonthCounts, PostedChange
from app.services.service_records import standing

group = CommandGroup("counts", help="What counts, by month, and the rules over a file.")

# What a person asks first; everything is in the JSON document.
HEADLINE = (
    "sessions",
    "person_times",
    "distinct_persons",
    "session_hours",
    "mentor_hours",
    "enterprises",
    "teams",
)


@group.command("show")
@click.option("--month", required=True, help="Such as 2026-09.")
@as_json
def show_month(month: str, *, is_json: bool) -> None:
    """Show the figures of a month: its own, as reported, restated, and what does not count."""
    with the_store().read(SYSTEM) as reader:
        counts = service_counts.measures(reader, Month.parse(month))
    show(document(counts), is_json, _told(counts))


@group.command("replay")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@as_json
def replay_file(file: Path, *, is_json: bool) -> None:
    """Run the counting rules alone over a file and answer the keys of its `expected`.

    Neither the database nor the values under `expected` are read.
    """
    answers = answer(_read(file))
    show(answers, is_json, json.dumps(answers, ensure_ascii=False, indent=1))


@group.command("rebuild")
@as_json
def rebuild(*, is_json: bool) -> None:
    """Make the columns that long reports are summed from anew from the ledger."""
    made = the_store().execute(SYSTEM, standing.rebuild)
    show({"records": made.records}, is_json, f"{made.records} decisions stand")


def document(counts: MonthCounts) -> dict[str, Any]:
    """Return the figures of a month as they are printed."""
    return {
        "month": counts.month,
        "policy": counts.policy,
        "is_closed": counts.is_closed,
        "cut_at": counts.cut_at,
        "closed_at": counts.closed_at,
        "own": counts.own.figures(),
        "as_reported": _figures(counts.as_reported),
        "restated": counts.restated.figures(),
        "adjustments": [_posted(change) for change in counts.adjustments],
        "pending": counts.pending,
        "not_counted": counts.not_counted,
    }


def _figures(measures: Measures | None) -> dict[str, int | str] | None:
    return None if measures is None else measures.figures()


def _posted(change: PostedChange) -> dict[str, Any]:
    return {
        "month": change.month,
        "additive": change.additive,
        "recomputed": change.recomputed,
        "postings": change.postings,
    }


def _read(file: Path) -> object:
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise UnknownReplayInputError.of("file", str(error)) from error


def _told(counts: MonthCounts) -> str:
    own = counts.restated.figures()
    reported = counts.as_reported.figures() if counts.as_reported else {}
    lines = [f"{counts.month} {counts.policy} {'closed' if counts.is_closed else 'open'}"]
    for name in HEADLINE:
        frozen = f" (as reported {reported[name]})" if reported else ""
        lines.append(f"{name}: {own[name]}{frozen}")
    return "\n".join([*lines, f"not counted: {len(counts.not_counted)}"])
