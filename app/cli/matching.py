"""`matching evaluate` and `matching propose`."""

from pathlib import Path
from typing import Any, cast

import click
from sqlalchemy import or_, select

from app.cli.command import CALLED_WRONGLY, CommandGroup, as_json, show
from app.domain.actor import SYSTEM
from app.domain.errors import NotFoundError
from app.domain.ids import parse_id
from app.domain.proposal import LONGEST_SHORTLIST, SHORTLIST
from app.http.edge import the_store
from app.models.need import Need
from app.queries.proposals import document, list_for_need
from app.services import proposals
from app.unit_of_work import Reader
from matching.evaluate import Fields, evaluate_folder

group = CommandGroup("matching", help="The matcher: measured, and asked for one need.")


@group.command("evaluate", with_appcontext=False)
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--fields", type=click.Choice(["text", "full"]), default="full", show_default=True)
@as_json
@click.pass_context
def evaluate(context: click.Context, folder: Path, fields: str, *, is_json: bool) -> None:
    """Measure the matcher on a test collection; needs no database."""
    try:
        measured = evaluate_folder(folder, cast(Fields, fields))
    except (ValueError, OSError) as error:
        click.echo(f"the folder holds no collection: {error}", err=True)
        context.exit(CALLED_WRONGLY)
    show(measured, is_json, "\n".join(_lines(measured)))


@group.command("propose")
@click.option("--need", "ref", required=True, help="Reference, source id or id of the need.")
@click.option("--limit", type=click.IntRange(1, LONGEST_SHORTLIST), default=SHORTLIST)
@as_json
def propose(ref: str, limit: int, *, is_json: bool) -> None:
    """Match one need with the pool of today and print the shortlist with reasons."""
    store = the_store()
    with store.read(SYSTEM) as reader:
        need = _need(reader, ref)
        pool = proposals.fit_matcher(reader)
    store.execute(SYSTEM, proposals.refresh, need.id, pool, limit)
    with store.read(SYSTEM) as reader:
        page = list_for_need(reader, need.id, limit)
    names = (f"{row.rank}. {row.expert.name} {row.score:.6f}" for row in page.items)
    show(document(page), is_json, "\n".join(names))


def _need(reader: Reader, ref: str) -> Need:
    named = or_(Need.reference == ref, Need.source_ref == ref, Need.id == parse_id(ref))
    need = reader.session.scalars(select(Need).where(named).limit(1)).first()
    if need is None:
        raise NotFoundError("need.not_found")
    return need


def _lines(measured: dict[str, Any]) -> list[str]:
    return [f"{name} {value}" for name, value in measured.items()]
