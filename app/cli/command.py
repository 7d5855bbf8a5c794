"""How commands end: 0 when the work is done, 1 when the answer is no, 2 when called wrongly."""

import json
from collections.abc import Callable
from typing import Any

import click
from flask.cli import AppGroup

from app.domain.errors import DomainError, InvalidInputError
from app.http.wire import jsonable
from app.http.wording import wording

REFUSED = 1
CALLED_WRONGLY = 2


class CommandGroup(AppGroup):
    """The commands of one noun; a refusal is told on standard error and by the exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; turn a domain error into its exit code."""
        try:
            return super().invoke(ctx)
        except DomainError as error:
            for line in told(error):
                click.echo(line, err=True)
            ctx.exit(CALLED_WRONGLY if isinstance(error, InvalidInputError) else REFUSED)


def as_json(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the option that has one JSON document printed and nothing else."""
    return click.option("--json", "is_json", is_flag=True, help="Print one JSON document.")(command)


def show(value: object, is_json: bool, text: str) -> None:
    """Print the value as JSON, or the text for people."""
    click.echo(json.dumps(jsonable(value), ensure_ascii=False) if is_json else text)


def told(error: DomainError) -> list[str]:
    """Return what is said about a refusal: its code and words, then each faulty field."""
    faults = error.errors if isinstance(error, InvalidInputError) else ()
    lines = [f"{error.code}: {_words(error.code, error.facts)}"]
    return lines + [f"  {f.field}: {f.code}: {_words(f.code, f.facts)}" for f in faults]


def _words(code: str, facts: Any) -> str:
    try:
        return wording()[code]["zh"].format_map({"label": "", **facts})
    except KeyError:
        return json.dumps({name: str(fact) for name, fact in facts.items()}, ensure_ascii=False)
