"""`periods close`: freeze the figures of a month."""

import click

from app.cli.command import CommandGroup, as_json, show
from app.domain.actor import SYSTEM
from app.domain.calendar import Month
from app.http.edge import the_store
from app.services import periods

group = CommandGroup("periods", help="Reporting months.")


@group.command("close")
@click.argument("month")
@as_json
def close(month: str, *, is_json: bool) -> None:
    """Close a month, such as 2026-09: in order, from its closing day on, once for ever."""
    period = the_store().execute(SYSTEM, periods.close, Month.parse(month))
    told = {
        "month": period.month,
        "policy": period.policy_code,
        "cut_at": period.cut_at,
        "closed_at": period.closed_at,
    }
    show(told, is_json, f"{period.month} closed; cut {period.cut_at.isoformat()}")
