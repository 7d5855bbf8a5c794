"""What every import command does: read the file, run the use case, answer in counts and faults."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from app.adapters.import_rows import Form
from app.adapters.sheets import LARGEST_FILE, read_rows, write_template
from app.cli.command import REFUSED, CommandGroup, as_json, show
from app.domain.actor import SYSTEM
from app.domain.import_row import ImportRefusedError, ImportReport, RowFault
from app.http.edge import the_store
from app.http.wording import wording

UseCase = Callable[..., ImportReport]
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def add_import(group: CommandGroup, form: Form, use_case: UseCase) -> None:
    """Add `import FILE [--dry-run] [--json]` of a form and its use case."""

    @group.command("import", help=f"Import {form.noun} from a .jsonl, .xlsx or .csv file.")
    @click.argument("path", metavar="FILE", type=FILE)
    @click.option("--dry-run", is_flag=True, help="Check everything and write nothing.")
    @as_json
    @click.pass_context
    def command(context: click.Context, path: Path, *, dry_run: bool, is_json: bool) -> None:
        try:
            rows = read_rows(path.name, _content(path), form.by_name)
            report = the_store().execute(SYSTEM, use_case, rows, dry_run=dry_run)
        except ImportRefusedError as error:
            answer = _answer(ImportReport(), [_told(form, fault) for fault in error.faults])
            show(answer, is_json, _lines(answer))
            context.exit(REFUSED)
        answer = _answer(report, [])
        show(answer, is_json, _lines(answer))


def add_template(group: CommandGroup, form: Form) -> None:
    """Add `template FILE.xlsx` of a form."""

    @group.command("template", help=f"Write a spreadsheet to fill in with {form.noun}.")
    @click.argument("path", metavar="FILE.xlsx", type=click.Path(dir_okay=False, path_type=Path))
    def command(path: Path) -> None:
        if path.suffix.lower() != ".xlsx":
            raise click.BadParameter("the name must end in .xlsx")
        headings = [heading.zh for heading in form.headings]
        path.write_bytes(
            write_template(form.title, headings, [heading.example for heading in form.headings])
        )


def _content(path: Path) -> bytes:
    """Return the file; of one too large only as much as shows that it is."""
    with path.open("rb") as file:
        return file.read(LARGEST_FILE + 1)


def _answer(report: ImportReport, errors: Sequence[dict[str, Any]]) -> dict[str, Any]:
    return {**asdict(report), "errors": errors}


def _told(form: Form, fault: RowFault) -> dict[str, Any]:
    words = wording()[fault.code]["zh"]
    facts = {name: str(fact) for name, fact in fault.facts.items()}
    message = words.format_map({"label": form.label(fault.field), **facts})
    return {"row": fault.row, "field": fault.field, "code": fault.code, "message": message}


def _lines(answer: dict[str, Any]) -> str:
    counts = ", ".join(f"{name} {count}" for name, count in answer.items() if name != "errors")
    faults = [
        f"row {each['row']} {each['field']}: {each['code']}: {each['message']}"
        for each in answer["errors"]
    ]
    return "\n".join([counts, *faults])
