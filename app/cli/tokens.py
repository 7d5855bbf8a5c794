"""`tokens create` and `tokens revoke`."""

import click

from app.cli.command import CommandGroup, as_json, show
from app.domain.actor import SYSTEM
from app.http.edge import the_store
from app.services import accounts

group = CommandGroup("tokens", help="Bearer tokens of the API.")


@group.command("create")
@click.option("--login", required=True)
@as_json
def create(login: str, is_json: bool) -> None:
    """Print a new token of the account; it is never shown again."""
    token = the_store().execute(SYSTEM, accounts.issue_token, login)
    show({"token": token}, is_json, token)


@group.command("revoke")
@click.option("--login", required=True)
@as_json
def revoke(login: str, is_json: bool) -> None:
    """Make every token of the account worthless."""
    ended = the_store().execute(SYSTEM, accounts.revoke_tokens, login)
    show({"revoked": ended}, is_json, str(ended))
