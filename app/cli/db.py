"""`db upgrade` and `db check`."""

import click

from app.adapters import schema
from app.cli.command import REFUSED, CommandGroup
from app.http.edge import the_store
from app.unit_of_work import unscoped

group = CommandGroup("db", help="The schema of the database.")


@group.command("upgrade")
def upgrade() -> None:
    """Bring the schema to the newest."""
    with unscoped():
        schema.upgrade(the_store().engine)
    click.echo("schema is the newest")


@group.command("check")
@click.pass_context
def check(context: click.Context) -> None:
    """Exit with 1 when the schema is not the newest."""
    if schema.is_newest(the_store().engine):
        click.echo("schema is the newest")
        return
    click.echo("schema is not the newest: run `db upgrade`", err=True)
    context.exit(REFUSED)
