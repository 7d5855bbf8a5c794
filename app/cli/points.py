"""`points settle`: post what is missing, such as after an update or a new rule."""

import click

from app.cli.command import CommandGroup, as_json, show
from app.domain.actor import SYSTEM
from app.http.edge import the_store
from app.services import points

group = CommandGroup("points", help="Points of experts.")


@group.command("settle")
@click.argument("year", type=click.IntRange(2000, 2100))
@as_json
def settle(year: int, *, is_json: bool) -> None:
    """Bring the points of a year to what its counted services are worth; twice changes nothing."""
    posted = the_store().execute(SYSTEM, points.settle_all, year)
    show({"year": year, "posted": posted}, is_json, f"{posted} entries posted for {year}")
